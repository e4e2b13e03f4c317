"""What a window shows: conversations (rooms and private talks), their members and transcript entries."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

MAX_ENTRIES: Final = 2000
"""Entries that a conversation keeps; older ones are in the server's history."""
MAX_BACK: Final = 2000
"""Entries that it keeps besides while the user reads what is not the newest."""
DROP: Final = 100
"""So many more of the oldest go at once when there are too many: a window need not move for each."""


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
"""What people said; the other kinds tell what happened."""


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
    """The nick of who has taken the message back; its text is gone then."""


@dataclass(slots=True)
class Member:
    """Somebody in a room. `prefixes` are the status marks, highest first, such as `@+`."""

    nick: str
    prefixes: str = ""
    away: bool = False
    bot: bool = False


@dataclass(slots=True)
class Conversation:
    """A room (`#lab`), a private talk (a nick), or, with the name "", the talk with the server itself."""

    name: str
    is_room: bool
    joined: bool = False
    topic: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    """By folded nick. Of a private talk: empty."""
    entries: deque[Entry] = field(default_factory=deque)
    """Whoever adds some calls `trim`."""
    reading_back: bool = False
    """The user has scrolled up."""
    unread: int = 0
    mentions: int = 0

    def trim(self) -> None:
        """Drop the oldest entries if there are too many."""
        extra = len(self.entries) - MAX_ENTRIES - (MAX_BACK if self.reading_back else 0)
        if extra > 0:
            for _ in range(extra + DROP):
                self.entries.popleft()

    def sorted_members(self, order: str = "@+", fold: Callable[[str], str] = str.casefold) -> list[Member]:
        """Return the members, those with status marks (in `order`) first, then by nick."""

        def rank(member: Member) -> tuple[int, str]:
            mark = member.prefixes[:1]
            return (order.index(mark) if mark and mark in order else len(order), fold(member.nick))

        return sorted(self.members.values(), key=rank)
