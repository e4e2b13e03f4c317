"""What is known of rooms and private talks: members, transcript, and what was asked about them."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from math import inf
from sys import getsizeof
from typing import Final

from client.model.costs import OBJECT
from client.model.formatting.run import Runs
from protocol.message import Message

MAX_ENTRIES: Final = 2000
"""Entries that a conversation keeps; older ones can be fetched from the server's history."""
MAX_BACK: Final = 2000
"""Entries that it keeps in addition while the user is reading older ones."""
MAX_SIZE: Final = 4 * 1024 * 1024
"""Bytes that the entries of a conversation may take, if there are not many of them."""
_FREED: Final = 0.05
"""The part of its space that is freed when it is full."""
DROP: Final = 100
"""When there are too many, this many extra go at once, so that the window need not move for each."""
MAX_HELD: Final = 256 * 1024
"""Bytes of live messages held for one conversation; if more come, the oldest go."""


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
    SERVICE = "service"
    """What a server, a service or a bouncer says in the form of a message."""
    INFO = "info"
    ERROR = "error"


SPOKEN: Final = frozenset({Kind.MESSAGE, Kind.ACTION, Kind.NOTICE})
"""What somebody said, as against what happened."""
FROM_MESSAGES: Final = SPOKEN | {Kind.SERVICE}
"""What has come as PRIVMSG or NOTICE."""


WALLOPS: Final = "wallops"


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
    runs: Runs = ()
    """Parts of `text` that its author made bold or coloured by IRC's codes."""
    delivery: Delivery = Delivery.SENT
    msgid: str = ""
    server_timed: bool = False
    """`time` is the server's."""
    nonce: str = ""
    """Marks a message of one's own, so that its echo and its copy in the history are recognised."""
    audience: str = ""
    """Of what not everybody in the room reads: the mark of the lowest rank that does, such as `@`
    (STATUSMSG); or `WALLOPS`."""
    deleted_by: str = ""
    """The nick of whoever took the message back; its text is then empty."""
    by_teacher: bool = False
    """Its author was a teacher in this room when it came."""
    reply_to: str = ""
    """The id of the message that it answers (IRCv3 `+draft/reply`)."""
    announced: bool = False
    """It is an announcement to everybody on the server, which no `/ignore` hides."""

    @property
    def cost(self) -> int:
        """About how many bytes of memory it takes."""
        texts = (self.text, self.nick, self.reply_to)
        return OBJECT * (1 + len(self.runs)) + sum(map(getsizeof, texts))


@dataclass(slots=True)
class Member:
    """Somebody in a room. `prefixes` are the status marks, highest first, such as `@+`."""

    nick: str
    prefixes: str = ""
    away: bool = False
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the server's history of a conversation."""

    msgid: str = ""
    """Of the message that stands there; servers that have no ids go by the time alone."""
    stamp: str = ""
    """The server's time of it."""
    said: bool = True
    """A message stands there, which the history should have; else it is only a time."""

    def __bool__(self) -> bool:
        return bool(self.msgid or self.stamp)


class Way(Enum):
    """How a gap is being filled."""

    BY_ID = "after a message"
    BY_TIME = "after a time"
    CHECK = "the latest message: is it known?"
    BACK = "backwards from the latest message"


@dataclass(slots=True)
class Gap:
    """What was said while we were away, as far as it has been fetched (see `client.history`)."""

    conversation: "Conversation"
    name: str
    """The name by which it was asked for: the other person may take a new nick meanwhile."""
    marker: int
    """Entries with this key and later came after the gap."""
    way: Way
    place: Anchor
    """The last thing that is known: first of the transcript, then of what was found."""
    seen_before: bool
    """We had been here before, so what is found counts as unread, and what is not found is missing."""
    proven: bool
    """What was found joins what was known: the server knows where we were."""
    joined: bool = False
    """A page held something that is known."""
    question: str = ""
    """The reference of the last question."""
    asked_at: float = 0.0
    limit: int = 0
    """Messages that are asked for at once."""
    pages: int = 0
    coming: bool = False
    """The answer to the last question has begun."""
    by_id: bool = True
    """Messages are named by their ids, as long as the server knows them, rather than by their times."""
    asked_otherwise: bool = False
    """Backwards, both have been tried."""
    found: deque[Message] = field(default_factory=deque)
    """What came after the place, oldest first."""
    found_cost: int = 0
    """Bytes of what was found, either way."""
    dropped: bool = False
    """The oldest of it were too many to be kept."""
    back: list[Message] = field(default_factory=list)
    """What came before the latest message, oldest first."""
    oldest: Message | None = None
    """Up to where the pages have come backwards."""
    newest: Anchor = Anchor()
    """The latest message of all, where they began."""
    held: deque[Message] = field(default_factory=deque)
    """Live messages that came meanwhile."""
    held_cost: int = 0
    lost: bool = False
    """More came live than could be held."""
    carried: list[Message] = field(default_factory=list)
    """Messages that a gap on an earlier connection held when that was lost."""

    def rename(self, old: str, new: str, fold: Callable[[str], str]) -> None:
        """Somebody has another nick: what is held of and for them bears it from now on."""
        for index, held in enumerate(self.held):
            source = new + held.source[len(held.nick) :] if fold(held.nick) == fold(old) else held.source
            params = (new, *held.params[1:]) if fold(held.param(0)) == fold(old) else held.params
            self.held[index] = held._replace(source=source, params=params)


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
    modes: bool = False
    """We asked for the room's modes: the answer is not the user's."""
    who: bool = False
    """We asked about the members (WHO): the answers are not the user's."""
    joining: int = 0
    """We have asked to be let in, and there is no answer yet: how many PINGs had been sent before; else 0."""
    tries: int = 0
    """How often the room has refused us for a while."""
    try_at: float = 0.0
    """When we try again (`ClientState.timer`); 0: we do not."""
    parting: bool = False
    """The user has closed it: what still comes is not shown."""
    gap: Gap | None = None
    page: PageQuestion | None = None
    beginning: str = ""
    """The reference before which the server has nothing."""
    by_time: bool = False
    """Older pages are asked for by time: the server does not know the ids."""


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
    flags: set[str] = field(default_factory=set)
    """Which of its modes `m` (moderated), `i` (by invitation) and `k` (a key) are set, as far as the server
    has told."""
    members: dict[str, Member] = field(default_factory=dict)
    """By folded nick. Of a private talk: empty."""
    entries: deque[Entry] = field(default_factory=deque)
    """Whoever adds some calls `trim`; who does more than append one, `count` before that."""
    size: int = 0
    """Bytes that the entries take."""
    space: int = MAX_SIZE
    """Bytes that they may take."""
    reading_back: bool = False
    """The user has scrolled up."""
    unread: int = 0
    mentions: int = 0
    """Of them, those that name the user."""
    new_from: int | None = None
    """The key of the first entry that the user had not seen when he came here; None: he had seen all."""
    read_before: float = inf
    """Before when all was read the last time that the program ran (seconds since the epoch), until the first
    look into the history; infinity: nothing that is found there is new."""
    anchor: Anchor = Anchor()
    """The latest thing that is known here: the next gap begins behind it."""
    carried: list[Message] = field(default_factory=list)
    """What was held when the connection was lost: if no history brings it, it is shown all the same."""
    may_lack: bool = False
    """We were away, and there is no history: the next message that is no playback stands behind a hole."""
    asked: Asked = field(default_factory=Asked)
    typists: dict[str, float] = field(default_factory=dict)
    """By folded nick, until when somebody counts as writing (`ClientState.timer`), if he is still here."""

    @property
    def is_catching_up(self) -> bool:
        """Tell whether what was said while we were away is being fetched."""
        return self.asked.gap is not None

    @property
    def is_awaited(self) -> bool:
        """Tell whether the user wants to be in this room and is not."""
        return self.wanted and not self.joined

    def give_up(self) -> None:
        """The user does not want to be in this room any more, or cannot be."""
        self.wanted, self.key = False, ""

    def connection_ended(self) -> None:
        """Forget everything that was true of this connection only; this is the one place that does so."""
        self.asked = Asked()
        self.typists.clear()
        if self.is_room:
            self.joined = False
            self.flags.clear()
            self.members.clear()

    def count(self) -> None:
        """Entries have come and gone: sum up what they take."""
        self.size = sum(entry.cost for entry in self.entries)

    def trim(self) -> None:
        """Drop the oldest entries if there are too many, or if they take too much."""
        extra = len(self.entries) - MAX_ENTRIES - (MAX_BACK if self.reading_back else 0)
        for _ in range(extra + DROP if extra > 0 else 0):
            self.size -= self.entries.popleft().cost
        if self.size > self.space:
            self.count()  # some may have changed
            while self.size > self.space * (1 - _FREED) and len(self.entries) > 1:
                self.size -= self.entries.popleft().cost
