"""What is known of rooms and private talks: members, transcript, and what was asked about them."""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from protocol import ircv3
from protocol.message import Message

MAX_ENTRIES: Final = 2000
"""Entries that a conversation keeps; older ones can be fetched from the server's history."""
MAX_BACK: Final = 2000
"""Entries that it keeps in addition while the user is reading older ones."""
DROP: Final = 100
"""When there are too many, this many extra go at once, so that the window need not move for each."""
MAX_HELD: Final = 5000
"""Live messages held for one conversation; if more come, the oldest are in the pages still to be fetched."""


class Kind(Enum):
    """What a transcript entry is; the window chooses its looks by it."""

    MESSAGE = "message"
    ACTION = "action"
    NOTICE = "notice"
    JOIN = "join"
    PART = "part"
    QUIT = "quit"
    NICK = "nick"
    KICK = "kick"
    TOPIC = "topic"
    MODE = "mode"
    INFO = "info"
    ERROR = "error"


SPOKEN: Final = frozenset({Kind.MESSAGE, Kind.ACTION, Kind.NOTICE})
"""What somebody said, as against what happened."""


class Delivery(Enum):
    """Where a message of one's own is: until the server echoes it, it is `SENDING`."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(slots=True)
class Entry:
    """One transcript entry. Of MESSAGE, ACTION and NOTICE `text` is what was said; of the others it is a
    whole sentence in the user's language. `text` holds no control characters but `\\n` (multi-line code)."""

    key: int
    """Unique in its session; stays the same when the entry changes."""
    kind: Kind
    time: float
    """Seconds since the epoch, UTC: the server's time if it sends one."""
    nick: str
    text: str
    own: bool = False
    mention: bool = False
    delivery: Delivery = Delivery.SENT
    msgid: str = ""
    nonce: str = ""
    """Marks a message of one's own, so that its echo and its copy in the history are recognised."""
    deleted_by: str = ""
    """The nick of whoever took the message back; its text is then empty."""


@dataclass(slots=True)
class Member:
    """Somebody in a room. `prefixes` are the status marks, highest first, such as `@+`."""

    nick: str
    prefixes: str = ""
    away: bool = False
    bot: bool = False


@dataclass(slots=True)
class Gap:
    """What was said while we were away, as far as it has been fetched (see `client.history`)."""

    name: str
    """The name by which it was asked for: the other person may take a new nick meanwhile."""
    marker: int
    """Entries with this key and later came after the gap."""
    anchor: str
    """`msgid=…` or `timestamp=…` of the last thing that is known; empty if nothing is."""
    since: str
    """`timestamp=…` of our entering, the anchor if no message is known in the end."""
    unread: bool
    """What is found counts as unread: we had been here before."""
    asked_at: float = 0.0
    pages: int = 0
    found: list[Message] = field(default_factory=list)
    held: deque[Message] = field(default_factory=lambda: deque(maxlen=MAX_HELD))
    """Live messages that came meanwhile."""


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A page of older messages has been asked for and has not begun to arrive."""

    name: str
    """The name by which it was asked for."""
    asked_at: float


@dataclass(slots=True)
class Asked:
    """What has been asked about a conversation on the current connection, and the answers so far."""

    names_coming: dict[str, Member] = field(default_factory=dict)
    """The list of members of which the end has not come, by folded nick."""
    names_shown: bool = False
    """The user asked who is in the room: the list is to be shown."""
    entering: bool = False
    """We have just entered: the first list of members has not come."""
    who: bool = False
    """We asked about the members (WHO): the answers are not the user's."""
    parting: bool = False
    """The user has closed it: what still comes is not shown."""
    gap: Gap | None = None
    page: PageQuestion | None = None
    beginning: str = ""
    """The msgid before which the server has nothing."""


@dataclass(slots=True, eq=False)
class Conversation:
    """A room (`#lab`), a private talk (a nick), or, with the name "", the talk with the server itself."""

    name: str
    is_room: bool
    joined: bool = False
    wanted: bool = False
    """The user wants to be in this room, after a reconnect too."""
    key: str = ""
    """The room's key, with which it is entered."""
    topic: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    """By folded nick. Of a private talk: empty."""
    entries: deque[Entry] = field(default_factory=deque)
    """Whoever adds some calls `trim`."""
    reading_back: bool = False
    """The user has scrolled up."""
    unread: int = 0
    mentions: int = 0
    anchor: str = ""
    """`msgid=…` or `timestamp=…` of the latest thing that is known here: the next gap begins behind it."""
    asked: Asked = field(default_factory=Asked)

    @property
    def is_catching_up(self) -> bool:
        """Tell whether what was said while we were away is being fetched."""
        return self.asked.gap is not None

    def give_up(self) -> None:
        """The user does not want to be in this room any more, or cannot be."""
        self.wanted, self.key = False, ""

    def connection_ended(self) -> None:
        """Forget everything that was true of this connection only; this is the one place that does so."""
        self.asked = Asked()
        if self.is_room:
            self.joined = False
            self.members.clear()

    def remember_latest(self, message: Message) -> None:
        """This live message is the latest thing that is known here; not so while there is a gap before it."""
        if self.asked.gap:
            return
        if message.tags.get(ircv3.TAG_MSGID):
            self.anchor = f"msgid={message.tags[ircv3.TAG_MSGID]}"
        elif message.tags.get(ircv3.TAG_TIME):
            self.anchor = f"timestamp={message.tags[ircv3.TAG_TIME]}"

    def trim(self) -> None:
        """Drop the oldest entries if there are too many."""
        extra = len(self.entries) - MAX_ENTRIES - (MAX_BACK if self.reading_back else 0)
        if extra > 0:
            for _ in range(extra + DROP):
                self.entries.popleft()
