"""Where the laboratory report explains what a check is about: the numbers of its headings."""

from typing import Final

CONNECTION: Final = "3.2"
BLOCKING: Final = "3.3"
THREADS: Final = "3.4"
STREAM: Final = "3.5"
QUEUE: Final = "3.6"
ENDINGS: Final = "3.7"
MANY_CLIENTS: Final = "3.8"
LETTERS: Final = "3.9"
FLOW_CONTROL: Final = "3.10"
IRC_CLIENT: Final = "4.3"
IRC: Final = "4.4"
TRAPS: Final = "5.6"
CONTRACT: Final = "7.3"
FEATURES: Final = "7.4"
