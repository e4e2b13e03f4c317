"""Netsplits: the servers of a network lose each other, and many people go, and come back, at once.

Each split is one sentence in each room (IRCv3 batches `netsplit` and `netjoin`). Where the server sends no
batch, a QUIT whose reason is the names of two servers tells of one.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from client.model.conversations import Conversation, Kind, Member
from client.model.events import MembersChanged
from client.model.sanitize import clean
from client.model.state import ClientState
from protocol import ircv3
from protocol.message import Message
from translations import _

PATIENCE: Final = 20.0
"""Seconds after the last line of a batch, after which its end is not waited for."""
PAUSE: Final = 2.0
"""The same for a split without a batch."""
MAX_SPLITS: Final = 50
"""Splits that may be coming at the same time; beyond that each QUIT is shown alone."""
MAX_NAMED: Final = 30
"""People whom one sentence names."""
_TWO_SERVERS: Final = re.compile(r"[\w*-]+(?:\.[\w*-]+)+ [\w*-]+(?:\.[\w*-]+)+", re.ASCII)


@dataclass(slots=True)
class _Split:
    servers: str
    back: bool
    patience: float
    at: float
    message: Message
    """The last line, for its time."""
    nicks: dict[str, list[str]] = field(default_factory=dict)
    """Those that are named, by folded room."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many they are."""


class Splits:
    """The splits that are being told of."""

    def __init__(self, state: ClientState) -> None:
        self._state = state
        self._coming: dict[str, _Split] = {}

    def connection_lost(self) -> None:
        """What has begun does not end: say what is known."""
        self._finish(list(self._coming))

    def finish_late(self) -> None:
        """To be called about once a second: say what of no more is heard."""
        now = self._state.timer()
        self._finish([key for key, split in self._coming.items() if split.at + split.patience < now])

    def take(self, message: Message) -> bool:
        """If this line belongs to a split, note it and return True."""
        match message.command:
            case "BATCH" if message.param(0).startswith("+") and message.param(1) in ("netsplit", "netjoin"):
                self._begin(message.param(0)[1:], message.params[2:4], message, PATIENCE)
                return True
            case "BATCH" if message.param(0)[1:] in self._coming:
                self._finish([message.param(0)[1:]])
                return True
            case "QUIT" | "JOIN" if not self._state.is_me(message.nick):
                return self._note(message)
        return False

    def _begin(self, key: str, servers: tuple[str, ...], message: Message, patience: float) -> None:
        if len(self._coming) < MAX_SPLITS:
            names = " – ".join(map(clean, servers))
            back = message.param(1) == "netjoin"
            self._coming[key] = _Split(names, back, patience, self._state.timer(), message)

    def _note(self, message: Message) -> bool:
        reason = message.param(0)
        key = message.tags.get(ircv3.TAG_BATCH) or reason
        unbatched = message.command == "QUIT" and key == reason and _TWO_SERVERS.fullmatch(reason)
        if unbatched and key not in self._coming:
            self._begin(key, tuple(reason.split()), message, PAUSE)
        split = self._coming.get(key)
        if split is None or split.back != (message.command == "JOIN"):
            return False
        split.at, split.message = self._state.timer(), message
        nick = clean(message.nick)
        for room in self._rooms_of(message):
            folded = self._state.fold(message.nick)
            if split.back:
                self._state.note_members(room.members, [Member(nick)])
            else:
                del room.members[folded]
            name = self._state.fold(room.name)
            split.counts[name] += 1
            if split.counts[name] <= MAX_NAMED:
                split.nicks.setdefault(name, []).append(nick)
            self._state.emit(MembersChanged(room))
        if not split.back:
            self._state.take_freed_nick(message.nick)
        return True

    def _rooms_of(self, message: Message) -> list[Conversation]:
        if message.command == "QUIT":
            return self._state.rooms_with(message.nick)
        rooms = (self._state.room(name) for name in message.param(0).split(","))
        return [room for room in rooms if room and room.joined]

    def _finish(self, keys: list[str]) -> None:
        for key in keys:
            split = self._coming.pop(key)
            text = (
                _("The servers are connected again ({servers}), and back are: {nicks}")
                if split.back
                else _("Servers have lost each other ({servers}), and gone with that are: {nicks}")
            )
            for name, nicks in split.nicks.items():
                if room := self._state.room(name):
                    more = split.counts[name] - len(nicks)
                    named = ", ".join(nicks) + (f" … +{more}" if more else "")
                    said = text.format(servers=split.servers, nicks=named)
                    kind = Kind.JOIN if split.back else Kind.QUIT
                    self._state.add_entry(room, kind, said, message=split.message)
