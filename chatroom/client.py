"""One connected client as the rooms see it."""

from typing import Final, NamedTuple

from chatroom.multiline_batch import MultilineBatch
from chatroom.throttle import Throttle
from protocol import ircv3

TAKES_TIME: Final = 1
TAKES_TAGS: Final = 2


class Departed(NamedTuple):
    """Somebody who had a nick, and has left or has another one now (WHOWAS)."""

    nick: str
    user: str
    host: str
    realname: str
    time: float


class Client:
    """A connection's identity, capabilities and outbox; owned by the thread of the `ServerState`."""

    __slots__ = (
        "answered",
        "away",
        "cap_negotiating",
        "cap_version",
        "capabilities",
        "channels",
        "closed",
        "host",
        "id",
        "last_spoke",
        "modes",
        "monitoring",
        "multiline",
        "nick",
        "outbox",
        "password",
        "ping_sent",
        "port",
        "realname",
        "registered",
        "secret",
        "secure",
        "signon",
        "source",
        "tag_set",
        "throttles",
        "user",
    )

    def __init__(self, number: int, host: str, port: int, now: float) -> None:
        self.id = number
        self.host = host
        """The address of the other side, as it stands in `nick!user@host`."""
        self.port = port
        self.nick = ""
        self.user = ""
        self.realname = ""
        self.source = ""
        """`nick!user@host`, kept ready because every relayed line begins with it."""
        self.password: str | None = None
        self.secret = ""
        """Whoever knows it may take over the nick (RECLAIM)."""
        self.secure = False
        """The connection is encrypted (TLS)."""
        self.registered = False
        self.closed = False
        self.cap_negotiating = False
        self.cap_version = 301
        self.capabilities: frozenset[str] = frozenset()
        self.tag_set = 0
        """Which tags this client takes: TAKES_TIME | TAKES_TAGS. Clients of one set share one line."""
        self.modes: set[str] = set()
        self.away = ""
        self.channels: dict[str, None] = {}
        """The folded names of the rooms that it is in, the latest last (`ServerState.channels_of`)."""
        self.throttles: dict[str, Throttle] = {}
        """Of the commands that may be used only so often a minute."""
        self.monitoring: dict[str, str] = {}
        """The nicks that it watches (MONITOR), by folded nick."""
        self.multiline: MultilineBatch | None = None
        """The multi-line message that it is sending."""
        self.answered = 0
        """Bytes in the outbox that only this client gets."""
        self.outbox: list[bytes | bytearray] = []
        """Lines that wait for the end of the batch: first the history is committed, then they are sent."""
        self.signon = now
        self.last_spoke = now
        self.ping_sent = False

    @property
    def target(self) -> str:
        """What a numeric calls this client: its nick, or `*` before there is one."""
        return self.nick or "*"

    @property
    def is_operator(self) -> bool:
        return "o" in self.modes

    @property
    def is_bot(self) -> bool:
        return "B" in self.modes

    @property
    def takes_multiline(self) -> bool:
        """Whether it gets a message of several lines as one batch."""
        return ircv3.MULTILINE in self.capabilities and bool(self.tag_set & TAKES_TAGS)

    def set_capabilities(self, capabilities: frozenset[str]) -> None:
        self.capabilities = capabilities
        self.tag_set = (TAKES_TIME if ircv3.SERVER_TIME in capabilities else 0) | (
            TAKES_TAGS if ircv3.MESSAGE_TAGS in capabilities else 0
        )

    def update_source(self) -> None:
        """Rebuild `source` after the nick or the user name has changed."""
        self.source = f"{self.nick}!{self.user}@{self.host}"
