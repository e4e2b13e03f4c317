"""Environment variables by which one program of ours tells another what nobody else should read."""

import os
from typing import Final

PASSWORD_VARIABLE: Final = "CHAT_PASSWORD"
OPERATOR_PASSWORD_VARIABLE: Final = "CHAT_OPER_PASSWORD"
OPERATOR_TOKEN_VARIABLE: Final = "CHAT_OPERATOR_TOKEN"
"""Of the launcher: what makes its window the operator of its server, on this computer."""
IN_LAUNCHER: Final = "CHAT_IN_LAUNCHER"
"""Set by the launcher for the programs that it starts, and whose output it shows."""


def is_in_launcher() -> bool:
    """Tell whether what this program prints is read in the launcher, where nobody can give it an option."""
    return bool(os.environ.get(IN_LAUNCHER))
