"""What the history is made of: rows, places among them, and conversations."""

from typing import NamedTuple


class Row(NamedTuple):
    """One message as it is stored."""

    id: int
    target: str
    """Folded channel name, or `private_target` of the two nicks of a private talk."""
    time: int
    """Milliseconds since the epoch, UTC."""
    line: str
    """As it was relayed, with client-only tags alone: `@+x=1 :nick!user@host PRIVMSG #lab :text`.

    Of a multi-line message (IRCv3 draft/multiline) the lines follow each other, each behind LF, or behind CR
    if it continues the one before.
    """
    event: int
    """Not something said but something that happened: JOIN, TOPIC, … (IRCv3 draft/event-playback)."""
    parties: str
    """Of a private message: the two `nick!user@host`, folded, between line feeds; else empty."""


class Position(NamedTuple):
    """A place in a conversation's history: everything up to it is `<=` it."""

    time: int
    id: int


def private_target(one: str, other: str) -> str:
    """Return the `Row.target` of a private talk between two folded nicks.

    The space in front, which no name has, sets these talks apart from the channels in the index.
    """
    return " " + " ".join(sorted((one, other)))
