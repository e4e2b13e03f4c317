"""CTCP: actions, requests and answers inside of a PRIVMSG or NOTICE (modern.ircdocs.horse/ctcp)."""

from typing import Final, NamedTuple

from protocol.words import upper

DELIMITER: Final = "\x01"
ACTION: Final = "ACTION"
ACTION_PREFIX: Final = f"{DELIMITER}{ACTION} "
"""How the text of an action (`/me`) begins on the wire."""


class Ctcp(NamedTuple):
    """What stood between the delimiters."""

    command: str
    """In upper case, such as `ACTION`, `VERSION` or `PING`."""
    text: str


def parse_ctcp(text: str) -> Ctcp | None:
    """Return the CTCP in a message's text, or None if it is plain text. The last delimiter may be missing."""
    if not text.startswith(DELIMITER):
        return None
    command, _space, rest = text.strip(DELIMITER).partition(" ")
    return Ctcp(upper(command), rest)


def format_ctcp(command: str, text: str) -> str:
    """Return a message's text that carries this CTCP."""
    return f"{DELIMITER}{command} {text}{DELIMITER}"
