"""Where the laboratory report explains what a check is about: the numbers of its headings."""

from typing import Final

SOCKET: Final = "3.1"
CONNECTION: Final = "3.2"
BLOCKING: Final = "3.3"
THREADS: Final = "3.4"
STREAM: Final = "3.5"
QUEUE: Final = "3.6"
PROTOCOL: Final = "4.1"
EXCHANGE: Final = "4.2"
"""An example of an exchange."""
LEAVING: Final = "6.7"
CRASH: Final = "6.8"
OWN_PROGRAM: Final = "6.10"
