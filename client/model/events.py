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
    CLOSED_BY_SERVER = "closed by server"
    NICK_TAKEN = "nick taken"
    NICK_INVALID = "nick invalid"
    WRONG_PASSWORD = "wrong password"
    BANNED = "banned"
    NO_TLS = "no TLS"
    CERTIFICATE_UNKNOWN = "certificate unknown"
    CERTIFICATE_OF_ANOTHER = "certificate of another host"
    CERTIFICATE_CHANGED = "certificate changed"


# From the connection's threads to the session.


@dataclass(frozen=True, slots=True)
class TransportConnecting:
    attempt: int


@dataclass(frozen=True, slots=True)
class TransportOpened:
    local: str
    remote: str
    number: int = 1
    """Which of its connection's openings this is, from 1: lines are sent with it, so that none meant for
    one connection goes out on the next."""


@dataclass(frozen=True, slots=True)
class TransportReceived:
    messages: Sequence[Message]
    """What one `recv` completed."""
    at: float | None = None
    """When that was, by `time.monotonic`; None: now."""


@dataclass(frozen=True, slots=True)
class TransportClosed:
    problem: Problem
    detail: str
    """The system's own words, for the curious; may be empty."""
    retry_in: float | None
    """Seconds until the next try; `None` if there is none."""
    fingerprint: str = ""
    """Of the certificate that was not accepted: SHA-256 in hexadecimal."""


TransportEvent = TransportConnecting | TransportOpened | TransportReceived | TransportClosed


# From the session to the window.


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    phase: Phase
    problem: Problem | None = None
    text: str = ""
    """A sentence in the user's language: what happened and what to do."""
    retry_in: float | None = None
    fingerprint: str = ""
    """Of the certificate that was not accepted, which the user may trust (`client.net.tls.Tls`)."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The server did not let us in with this nick or password; the session waits for `Session.retry_with`."""

    problem: Problem
    text: str
    suggestion: str = ""
    """A nick that may be free."""


@dataclass(frozen=True, slots=True)
class NickChanged:
    """One's own nick is now this."""

    nick: str


@dataclass(frozen=True, slots=True)
class ConversationOpened:
    conversation: Conversation
    focus: bool
    """The user asked for it: show it."""


@dataclass(frozen=True, slots=True)
class ConversationClosed:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class EntryAdded:
    conversation: Conversation
    entry: Entry


@dataclass(frozen=True, slots=True)
class EntryChanged:
    """The entry's delivery, time or text changed (an echo came, or a sending failed)."""

    conversation: Conversation
    entry: Entry


@dataclass(frozen=True, slots=True)
class EntriesReplaced:
    """Entries were inserted before others (history): show the whole conversation again."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class EntriesPrepended:
    """These entries, oldest first, were put before all others: the user scrolled up."""

    conversation: Conversation
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class MembersChanged:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class TopicChanged:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class UnreadChanged:
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """The server answered our PING after this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ReconnectAsked:
    """The owner of the connection should drop it, if there is one, and connect at once."""


@dataclass(frozen=True, slots=True)
class QuitAsked:
    """The user typed `/quit`: close the connection with this line (`Connection.close`), then the window."""

    line: str


SessionEvent = (
    PhaseChanged
    | Refused
    | NickChanged
    | ConversationOpened
    | ConversationClosed
    | EntryAdded
    | EntryChanged
    | EntriesReplaced
    | EntriesPrepended
    | MembersChanged
    | TopicChanged
    | UnreadChanged
    | RoundTrip
    | ReconnectAsked
    | QuitAsked
)
