"""A room: its members, modes, topic and lists (RFC 2811); and who hears what is said there."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from weakref import WeakSet

from chatroom.client import Client
from chatroom.mode_table import LIST_MODES, PREFIXES
from protocol import ircv3
from protocol.names import fold
from protocol.user_masks import UserMask

NEW_MODES: Final = frozenset("nt")
"""Of a room that is new."""
MUTE: Final = "m:"
"""Before a mask of list b or e: it is about speaking, not about entering (005 EXTBAN)."""


@dataclass(slots=True, eq=False)
class ListEntry:
    """One mask of a list, with who set it and when (367)."""

    mask: str
    """In full, with `MUTE` before it if it is about speaking."""
    setter: str
    time: float
    account: str
    """Whose it is (`ServerState.mask_counts`)."""
    caught: WeakSet[object] = field(default_factory=WeakSet)
    """Clients, and in a class persons, whom a ban has matched once: it holds them under other nicks too."""
    knows_addresses: bool = False
    """It matches addresses that are hidden: set by an operator of the server. Others' MUST NOT, since one who
    tries addresses would learn whose they are."""
    _ready: UserMask = field(init=False)

    def __post_init__(self) -> None:
        self._ready = UserMask(self.mask.removeprefix(MUTE))

    @property
    def kind(self) -> str:
        """`MUTE`, or "" for a mask about entering."""
        return MUTE if self.mask.startswith(MUTE) else ""

    def covers(self, client: Client) -> bool:
        """Tell whether this entry is about the client."""
        return (
            client in self.caught
            or self._ready.matches(client.source)
            or (self.knows_addresses and self._ready.matches(client.known_source))
        )

    def catch(self, client: Client, person: object) -> None:
        """Hold the client from now on, if the mask matches it and its nick is what it is known by.

        Args:
            person: whose connection it is, in a class (else None); they are held on other connections too.
        """
        if not self.mask.removeprefix(MUTE).startswith("*!") and (
            person in self.caught or self.covers(client)
        ):
            self.caught |= {client} if person is None else {client, person}


class Audience(NamedTuple):
    """Who hears a message, and where the history keeps it."""

    name: str
    """The target as it stands in the relayed line."""
    members: Collection[Client]
    """Who hears it, besides the sender's echo."""
    channel: "Channel | None"
    history: str
    """`Row.target`."""
    receiver: str = ""
    """`Row.receiver`."""

    def hearers(self, sender: Client) -> list[Client]:
        """Return who gets the line: the audience, and the sender only as an echo (see `is_to_oneself`)."""
        hearers = [member for member in self.members if member is not sender]
        if ircv3.ECHO_MESSAGE in sender.capabilities:
            hearers.append(sender)
        return hearers

    def is_to_oneself(self, sender: Client) -> bool:
        """Tell whether the sender hears it as anybody does, besides the echo."""
        return self.channel is None and sender in self.members


@dataclass(slots=True, eq=False)
class Channel:
    """A channel that at least one client is on, or one of the class. Whoever creates it is its operator."""

    name: str
    created: float
    last_before: int
    """`Row.id` of the newest message of all when the channel began; 0 without a history."""
    of_class: bool = False
    """It is a room of the class: it stays when it is empty, and who comes first is nobody's operator."""
    members: dict[Client, str] = field(default_factory=dict)
    """Member modes of each client: "", "v", "o" or "ov"."""
    everybody: Audience = field(init=False)
    """The audience of a message to the channel, which changes with `members`."""
    modes: set[str] = field(default_factory=lambda: set(NEW_MODES))
    key: str = ""
    limit: int = 0
    topic: str = ""
    topic_setter: str = ""
    topic_time: float = 0.0
    lists: dict[str, list[ListEntry]] = field(default_factory=lambda: {mode: [] for mode in LIST_MODES})

    def __post_init__(self) -> None:
        self.everybody = Audience(self.name, self.members, self, fold(self.name))

    def is_operator(self, client: Client) -> bool:
        """Tell whether the client is an operator here; see also `is_ruled_by`."""
        return "o" in self.members.get(client, "")

    def is_ruled_by(self, client: Client) -> bool:
        """Tell whether the client may do here what operators may: the server's may everywhere."""
        return client.is_operator or self.is_operator(client)

    def prefix(self, client: Client, *, every: bool) -> str:
        """Return the client's marks: the highest, or (capability multi-prefix) every one."""
        modes = self.members.get(client, "")
        marks = "".join(mark for mode, mark in PREFIXES.items() if mode in modes)
        return marks if every else marks[:1]

    def set_member_mode(self, client: Client, mode: str, *, on: bool) -> bool:
        """Give or take `o` or `v`; tell whether that changed anything."""
        modes = self.members[client]
        if (mode in modes) == on:
            return False
        self.members[client] = "".join(m for m in PREFIXES if (m in modes if m != mode else on))
        return True

    def is_listed(self, mode: str, client: Client, kind: str = "") -> bool:
        """Tell whether an entry of the list is about the client; of the kind `MUTE`, one about speaking."""
        return any(entry.kind == kind and entry.covers(client) for entry in self.lists[mode])

    def catch(self, client: Client, person: object) -> None:
        """Hold the client, which comes to the door under this nick, to its bans under any other nick too."""
        for entry in self.lists["b"]:
            entry.catch(client, person)

    def is_banned(self, client: Client) -> bool:
        """Tell whether the client may not enter; if it is inside, it may not speak either."""
        return not client.is_operator and self.is_listed("b", client) and not self.is_listed("e", client)

    def is_muted(self, client: Client) -> bool:
        return (
            not client.is_operator
            and self.is_listed("b", client, MUTE)
            and not self.is_listed("e", client, MUTE)
        )

    def is_visible_to(self, client: Client) -> bool:
        """Tell whether the client may know that the channel exists (mode `s`)."""
        return "s" not in self.modes or client in self.members or client.is_operator

    def shows(self, member: Client, client: Client) -> bool:
        """Tell whether the client may know that the member is here (channel mode `s`, user `i`)."""
        return self.is_visible_to(client) and (
            "i" not in member.modes or client in self.members or client is member
        )

    def may_speak(self, client: Client) -> bool:
        """Tell whether the client may send to the channel (modes `n`, `m`, `b`)."""
        modes = self.members.get(client)
        if modes:
            return True
        if (modes is None and "n" in self.modes) or "m" in self.modes:
            return client.is_operator
        return not (self.lists["b"] and (self.is_banned(client) or self.is_muted(client)))

    def mode_string(self, *, with_key: bool) -> tuple[str, ...]:
        """Return the parameters of 324: the flags, then limit and key; the key only for members."""
        flags = "+" + "".join(sorted(self.modes))
        params: list[str] = []
        if self.key:
            flags += "k"
            params.append(self.key if with_key else "*")
        if self.limit:
            flags += "l"
            params.append(str(self.limit))
        return (flags, *params)
