"""Whether this computer's programs look for servers in the network, and answer who does."""

import os
from typing import Final

VARIABLE: Final = "CHAT_NO_DISCOVERY"
"""In the environment, if it is not empty: what --no-discovery says, for all servers and clients."""


def is_off(*, option: bool = False) -> bool:
    """Tell whether nobody is to be looked for or answered.

    Args:
        option: --no-discovery was given.
    """
    return option or bool(os.environ.get(VARIABLE))
