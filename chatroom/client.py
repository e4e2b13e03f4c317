"""One connected client as the rooms see it."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from chatroom.history.rows import NOBODY, Author
from chatroom.multiline_batch import MultilineBatch
from program.throttle import Throttle
from protocol import ircv3
from protocol.addresses import account_of, is_loopback
from protocol.names import fold

TAKES_TIME: Final = 1
TAKES_TAGS: Final = 2


class Departed(NamedTuple):
    """Somebody who had a nick, and has left or has another one now (WHOWAS)."""

    nick: str
    user: str
    host: str
    realname: str
    time: float


@dataclass(slots=True, weakref_slot=True, eq=False, repr=False)
class Client:
    """A connection's identity, capabilities and outbox; owned by the thread of the `ServerState`."""

    id: int
    host: str
    """What stands for it in `nick!user@host`: the address, or in a class what hides it."""
    address: str
    """Of the other side, spelt as a host. Others must not learn it where `host` differs."""
    port: int
    secure: bool
    """The connection is encrypted (TLS)."""
    signon: float
    last_spoke: float
    """By `steady_time`."""
    nick: str = ""
    user: str = ""
    realname: str = ""
    source: str = ""
    """`nick!user@host`, kept ready because every relayed line begins with it."""
    password: str | None = None
    may_enter: bool = False
    """Its password was looked at, and is right."""
    secret: str = ""
    """Whoever knows it may take over the nick (RECLAIM)."""
    proof: str = ""
    """The hash of the secret by which it proves who it is (RECLAIM); "" if it has none."""
    author: Author = NOBODY
    """As the history knows it; kept ready as `source` is."""
    registered: bool = False
    closed: bool = False
    gone: bool = False
    """The other side has hung up; what it said before is still to be handled."""
    cap_negotiating: bool = False
    cap_version: int = 301
    capabilities: frozenset[str] = frozenset()
    tag_set: int = 0
    """Which tags this client takes: TAKES_TIME | TAKES_TAGS. Clients of one set share one line."""
    modes: set[str] = field(default_factory=set)
    away: str = ""
    channels: dict[str, None] = field(default_factory=dict)
    """The folded names of the rooms that it is in, the latest last (`ServerState.channels_of`)."""
    throttles: dict[str, Throttle] = field(default_factory=dict)
    """Of the commands that may be used only so often a minute."""
    monitoring: dict[str, str] = field(default_factory=dict)
    """The nicks that it watches (MONITOR), by folded nick."""
    multiline: MultilineBatch | None = None
    """The multi-line message that it is sending."""
    answered: int = 0
    """Bytes in the outbox that only this client gets."""
    outbox: list[bytes | bytearray] = field(default_factory=list)
    """Lines that wait for the end of the batch: first the history is committed, then they are sent."""
    ping_sent: bool = False

    @property
    def target(self) -> str:
        """What a numeric calls this client: its nick, or `*` before there is one."""
        return self.nick or "*"

    @property
    def is_operator(self) -> bool:
        return "o" in self.modes

    @property
    def is_local(self) -> bool:
        """Whether it runs on the server's computer."""
        return is_loopback(self.address)

    @property
    def is_private(self) -> bool:
        """Whether nobody else in the network can read what it sends."""
        return self.secure or self.is_local

    @property
    def is_bot(self) -> bool:
        return "B" in self.modes

    @property
    def takes_multiline(self) -> bool:
        """Whether it gets a message of several lines as one batch."""
        return {ircv3.MULTILINE, ircv3.BATCH, ircv3.MESSAGE_TAGS} <= self.capabilities

    @property
    def takes_labels(self) -> bool:
        """Whether answers to it bear the label of its line; several lines of one need a batch."""
        return {ircv3.LABELED_RESPONSE, ircv3.BATCH} <= self.capabilities

    def set_capabilities(self, capabilities: frozenset[str]) -> None:
        self.capabilities = capabilities
        self.tag_set = (TAKES_TIME if ircv3.SERVER_TIME in capabilities else 0) | (
            TAKES_TAGS if ircv3.MESSAGE_TAGS in capabilities else 0
        )

    def update_source(self) -> None:
        """Rebuild `source` and `author` after the nick, the user name or the proof has changed."""
        self.source = f"{self.nick}!{self.user}@{self.host}"
        identity = self.proof or fold(self.known_source)
        self.author = Author(identity, fold(self.nick), account_of(self.address))

    @property
    def known_source(self) -> str:
        """`nick!user@address`: as `source`, but nothing is hidden."""
        return f"{self.nick}!{self.user}@{self.address}"

    @property
    def identities(self) -> tuple[str, ...]:
        """Whose letters it may read and whose lines it may take back: its own, by proof or else by source.

        One who has a proof may also read what was kept under the source alone, since that asks for no proof.
        """
        return tuple(dict.fromkeys((self.author.identity, fold(self.known_source))))
