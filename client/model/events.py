"""Values that travel between the client's threads and layers.

`Transport…` events are put into the queue by the receiving thread; the Tk thread takes them out and feeds
them to the session. The other events are what the session tells the window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from client.model.conversations import Conversation, Entry
from protocol.message import Message


class Phase(Enum):
    """Where the session stands."""

    OFFLINE = "offline"
    CONNECTING = "connecting"
    REGISTERING = "registering"
    ONLINE = "online"
    WAITING = "waiting"
    """The connection was lost; the client will try again by itself."""


class Problem(Enum):
    """Why there is no connection, or why the server does not let us in."""

    BAD_ADDRESS = "bad address"
    UNKNOWN_HOST = "unknown host"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    LOST = "lost"
    EXHAUSTED = "exhausted"
    """This computer gives no thread, descriptor or memory for it."""
    CLOSED_BY_SERVER = "closed by server"
    CLOSED_SILENTLY = "closed without a word"
    NOT_LET_IN = "lost before we were let in"
    """The server has never said anything on plain text; it may expect TLS."""
    NICK_TAKEN = "nick taken"
    NICK_INVALID = "nick invalid"
    WRONG_PASSWORD = "wrong password"
    BANNED = "banned"
    NO_TLS = "no TLS"
    TLS_WANTED = "TLS wanted"
    """The server speaks TLS, and we did not."""
    TLS_TOO_OLD = "TLS too old"
    TLS_FAILED = "TLS failed"
    CERTIFICATE_EXPIRED = "certificate expired"
    CERTIFICATE_NOT_YET_VALID = "certificate not yet valid"
    CERTIFICATE_UNKNOWN = "certificate unknown"
    CERTIFICATE_OF_ANOTHER = "certificate of another host"
    CERTIFICATE_CHANGED = "certificate changed"


class TransportEvent:
    """What the connection's receiving thread tells the session."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TransportConnecting(TransportEvent):
    """A connection is being tried."""


@dataclass(frozen=True, slots=True)
class TransportOpened(TransportEvent):
    """There is a connection."""

    number: int = 1
    """Which of its connection's openings this is, from 1: lines are sent with it, so that none meant for
    one connection goes out on the next."""


@dataclass(frozen=True, slots=True)
class TransportReceived(TransportEvent):
    messages: Sequence[Message]
    """What one `recv` completed."""
    at: float | None = None
    """When that was, by `time.monotonic`; None: now."""


@dataclass(frozen=True, slots=True)
class TransportClosed(TransportEvent):
    """There is no connection any more, or there was none."""

    problem: Problem
    detail: str
    """The system's own words, for the curious; may be empty."""
    retry_in: float | None
    """Seconds until the next try; `None` if there is none."""
    fingerprint: str = ""
    """Of the certificate that was not accepted: SHA-256 in hexadecimal."""


class SessionEvent:
    """What the session tells the window."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ConversationEvent(SessionEvent):
    """Something about this conversation has changed."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class PhaseChanged(SessionEvent):
    phase: Phase
    problem: Problem | None = None
    text: str = ""
    """A sentence in the user's language: what happened and what to do."""
    retry_in: float | None = None
    fingerprint: str = ""
    """Of the certificate that was not accepted, which the user may trust (`client.net.tls.Tls`)."""


@dataclass(frozen=True, slots=True)
class Refused(SessionEvent):
    """The server did not let us in with this nick or password; the session waits for `Session.retry_with`."""

    problem: Problem
    text: str
    suggestion: str = ""
    """A nick that may be free."""


@dataclass(frozen=True, slots=True)
class NickChanged(SessionEvent):
    """One's own nick is now this."""

    nick: str


@dataclass(frozen=True, slots=True)
class ConversationOpened(ConversationEvent):
    focus: bool
    """The user asked for it: show it."""


class ConversationClosed(ConversationEvent):
    """It is shown no more."""


@dataclass(frozen=True, slots=True)
class EntryAdded(ConversationEvent):
    entry: Entry


@dataclass(frozen=True, slots=True)
class Heard(ConversationEvent):
    """Somebody else has said this now, or while we were away: it may call the user (`client.attention`)."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class EntryChanged(ConversationEvent):
    """The entry's delivery, time or text changed (an echo came, or a sending failed)."""

    entry: Entry


class EntriesReplaced(ConversationEvent):
    """Entries were inserted before others (history): show the whole conversation again."""


@dataclass(frozen=True, slots=True)
class EntriesPrepended(ConversationEvent):
    """These entries, oldest first, were put before all others: the user scrolled up."""

    entries: tuple[Entry, ...]


class MembersChanged(ConversationEvent):
    """Who is in the room, how they are marked, or who may speak."""


class TopicChanged(ConversationEvent):
    """Its topic, or the name of a private talk."""


class UnreadChanged(ConversationEvent):
    """How much of it the user has not seen."""


@dataclass(frozen=True, slots=True)
class ClassAnswered(SessionEvent):
    """What the server says of a verb of the class that was used; it stands in a transcript too."""

    text: str
    failed: bool


class ListingChanged(SessionEvent):
    """What is known of the server's rooms has changed (`ClientState.listing`)."""


class CardAsked(SessionEvent):
    """The user wants to see the card of a person (`ClientState.looked_up`)."""


class CardChanged(SessionEvent):
    """More is known of that person."""


class DeskChanged(SessionEvent):
    """What is known of the class has changed (`ClientState.desk`)."""


@dataclass(frozen=True, slots=True)
class Announced(SessionEvent):
    """Somebody announces something to everybody on the server: once, in however many rooms it is said."""

    nick: str
    text: str
    time: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class IgnoredChanged(SessionEvent):
    """What this person says is hidden from now on, or is shown again."""

    nick: str
    ignored: bool


@dataclass(frozen=True, slots=True)
class MutedChanged(SessionEvent):
    """What is said in the room or talk of this name does not call the user any more, or does again."""

    name: str
    muted: bool


@dataclass(frozen=True, slots=True)
class RoundTrip(SessionEvent):
    """The server answered our PING after this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ReconnectAsked(SessionEvent):
    """The owner of the connection should drop it, if there is one, and connect at once."""


@dataclass(frozen=True, slots=True)
class LeaveAsked(SessionEvent):
    """The user typed `/part` where something waits to be sent, which would be given up."""

    conversation: Conversation
    reason: str


@dataclass(frozen=True, slots=True)
class QuitAsked(SessionEvent):
    """The user typed `/quit`: the owner of the connection says good-bye, and closes the window."""

    reason: str
