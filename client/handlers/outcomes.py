"""What came of a line of the server's, where more is to be done than to change the state.

Handlers return these values; `client.session` passes them on to whom they concern.
"""

from dataclasses import dataclass

from client.model.conversations import Conversation
from protocol.message import Message


class Outcome:
    """What came of a line: one of the classes below."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RegistrationLine(Outcome):
    """The server speaks about capabilities, or refuses our nick or password."""

    message: Message


@dataclass(frozen=True, slots=True)
class BatchLine(Outcome):
    """A batch begins or ends."""

    message: Message


@dataclass(frozen=True, slots=True)
class Welcomed(Outcome):
    """The server let us in."""


@dataclass(frozen=True, slots=True)
class GreetingEnded(Outcome):
    """The server has said all that it says at first: rooms can be entered."""


@dataclass(frozen=True, slots=True)
class PongReceived(Outcome):
    """The server answered a PING."""

    token: str


@dataclass(frozen=True, slots=True)
class WeRenamed(Outcome):
    """The server calls us by this nick now."""

    nick: str


@dataclass(frozen=True, slots=True)
class NickFreed(Outcome):
    """Somebody gave this nick up. If there is a private talk with them, it goes on under their new one."""

    nick: str
    talk: Conversation | None = None


@dataclass(frozen=True, slots=True)
class RoomsEntered(Outcome):
    """We are in these rooms now."""

    rooms: tuple[Conversation, ...]
    marker: int
    """Entries with this key and later came after our entering."""
    since: str
    """The server's time of it; may be empty."""


@dataclass(frozen=True, slots=True)
class RoomsLeft(Outcome):
    """We are not in these rooms any more, or were not let in: nothing can be said there."""

    rooms: tuple[Conversation, ...]


@dataclass(frozen=True, slots=True)
class TalkBegun(Outcome):
    """Somebody we had no private talk with wrote: it is open now, and the message still to be handled."""

    talk: Conversation
    marker: int


@dataclass(frozen=True, slots=True)
class TalkFound(Outcome):
    """A private talk with this nick went on while we were away."""

    nick: str


@dataclass(frozen=True, slots=True)
class RequestRefused(Outcome):
    """The server refused something. If that was a message of ours, it has failed."""

    message: Message
    sentence: str
    target: str
    """To which a message of ours may have gone."""
    place: Conversation | None
    """Where the sentence is shown if it was no message of ours; None: nowhere."""


@dataclass(frozen=True, slots=True)
class HistoryRefused(Outcome):
    """The server does not answer a question for its history."""

    refusal: RequestRefused
    """What it is if we had asked nothing."""
