"""What came of a line of the server's, where more is to be done than to change the state.

Handlers return these values; `client.session` passes them on to whom they concern.
"""

from dataclasses import dataclass

from client.model.conversations import Conversation


@dataclass(frozen=True, slots=True)
class HistoryNeeded:
    """We are in these rooms and talks now, and what was said in them before is to be fetched."""

    conversations: tuple[Conversation, ...]
    marker: int
    """Entries with this key and later came after our entering."""
    since: str
    """The server's time of it; may be empty."""


@dataclass(frozen=True, slots=True)
class TalkBegun:
    """Somebody we had no private talk with wrote: it is open now, and the message still to be handled."""

    talk: Conversation
    marker: int


@dataclass(frozen=True, slots=True)
class RoomsLeft:
    """We are not in these rooms any more, or were not let in: nothing can be said there."""

    rooms: tuple[Conversation, ...]


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """The server refused something: a question for its history, a message of ours, or something else."""

    sentence: str
    target: str
    """To which a message of ours may have gone."""
    place: Conversation | None
    """Where the sentence is shown if it was something else; None: nowhere."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The server takes a message to `target` only after a while: it is to be sent again then."""

    target: str
    seconds: float
    sentence: str
    place: Conversation | None
    """Where the sentence is shown if it is about something else."""


Outcome = HistoryNeeded | TalkBegun | RoomsLeft | RequestRefused | Postponed
