"""What an operator has decided against persons: mutes, bans, and being kept out of the class's rooms.

A sanction holds on to the person, not to the nick: to what proves who somebody is (RECLAIM), to the address,
unless others share it, and to the nick at that address, for clients that prove nothing. It MUST NOT hold by a
nick that its person has taken besides: that may be a neighbour's.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from chatroom.classroom.file import SANCTION
from protocol.names import fold
from protocol.words import MOST as MOST_NUMBER
from protocol.words import number

BAN: Final = "ban"
"""Off the server."""
KICK: Final = "kick"
"""Out of the rooms of the class."""
MUTE: Final = "mute"
_KINDS: Final = (BAN, KICK, MUTE)
MOST: Final = 2000
"""Sanctions that are kept; the oldest is forgotten."""

MOST_MARKS: Final = 200
"""Nicks, or proofs, by which one sanction holds."""


class Keeper(Protocol):
    """What keeps things beyond the server's end (`chatroom.classroom.file.ClassFile`)."""

    def read(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return all that is kept of a kind, by key."""
        ...

    def keep(self, kind: str, key: str, value: Mapping[str, Any]) -> None:
        """Keep a value, in place of what was kept under this key."""
        ...

    def forget(self, kind: str, key: str) -> None:
        """Keep nothing under this key."""
        ...


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a person is known again."""

    proofs: frozenset[str]
    """Hashes of what was proved with RECLAIM; empty for a client that knows no RECLAIM."""
    account: str
    """The address (`protocol.addresses.account_of`)."""
    nick: str
    """Folded."""


@dataclass(slots=True, eq=False)
class Sanction:
    """One decision."""

    id: int
    kind: str
    name: str
    """The nick of the person when it was decided."""
    proofs: frozenset[str]
    account: str
    is_of_address: bool
    """It holds everybody at the address."""
    nicks: frozenset[str]
    """Folded; whoever has one of them at the address is held."""
    until: float
    """Seconds since the epoch; infinity for ever."""
    setter: str
    time: float
    reason: str = ""

    def covers(self, marks: Marks) -> bool:
        """Tell whether the person is held by it."""
        return self.is_about(marks) or (self.is_of_address and marks.account == self.account)

    def is_about(self, marks: Marks) -> bool:
        """Tell whether it was decided against this person, not against others at the address."""
        is_proved = not self.proofs.isdisjoint(marks.proofs)
        return is_proved or (marks.account == self.account and marks.nick in self.nicks)

    def minutes_left(self, now: float) -> int:
        """Return for how many minutes it still holds, if it does not hold for ever."""
        return math.ceil((self.until - now) / 60)


class Sanctions:
    """All that hold. Owned by the thread of the `ServerState`."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._all: dict[int, Sanction] = {}
        for key, value in keeper.read(SANCTION).items():
            if sanction := _parsed(key, value):
                self._all[sanction.id] = sanction
        self._numbers = itertools.count(max(self._all, default=0) + 1)

    def add(
        self,
        kind: str,
        name: str,
        marks: Marks,
        *,
        is_of_address: bool,
        until: float,
        setter: str,
        time: float,
        reason: str = "",
    ) -> Sanction:
        """Decide against a person; what was decided before of this kind is replaced."""
        for old in [one for one in self._all.values() if one.kind == kind and one.is_about(marks)]:
            self.remove(old)
        while len(self._all) >= MOST:
            self.remove(next(iter(self._all.values())))
        sanction = Sanction(
            next(self._numbers),
            kind,
            name,
            marks.proofs,
            marks.account,
            is_of_address,
            frozenset({marks.nick}),
            until,
            setter,
            time,
            reason,
        )
        self._all[sanction.id] = sanction
        self._keep(sanction)
        return sanction

    def extend(self, marks: Marks) -> None:
        """Whoever proves to be held is held by what else they prove now, too."""
        for one in self._all.values():
            if not (one.proofs.isdisjoint(marks.proofs) or marks.proofs <= one.proofs):
                self._add_marks(one, one.nicks, marks.proofs)

    def rename(self, marks: Marks, nick: str) -> None:
        """Whoever is held under these marks is held under another nick (folded), too."""
        for one in self._all.values():
            if one.is_about(marks) and nick not in one.nicks:
                self._add_marks(one, frozenset({nick}), frozenset())

    def _add_marks(self, sanction: Sanction, nicks: frozenset[str], proofs: frozenset[str]) -> None:
        if max(len(sanction.nicks), len(sanction.proofs)) < MOST_MARKS:
            sanction.nicks |= nicks
            sanction.proofs |= proofs
            self._keep(sanction)

    def remove(self, sanction: Sanction) -> None:
        """Take a decision back."""
        self._all.pop(sanction.id, None)
        self._keeper.forget(SANCTION, str(sanction.id))

    def narrow(self, sanction: Sanction) -> None:
        """Let it hold no more than the person, wherever it held everybody at the address."""
        sanction.is_of_address = False
        self._keep(sanction)

    def clear(self) -> None:
        """Take all decisions back."""
        for sanction in list(self._all.values()):
            self.remove(sanction)

    def find(self, kind: str, marks: Marks, now: float) -> Sanction | None:
        """Return the decision of this kind that holds the person now."""
        return next((one for one in self.current(now) if one.kind == kind and one.covers(marks)), None)

    def named(self, kinds: Iterable[str], nick: str, now: float) -> list[Sanction]:
        """Return the decisions of these kinds against somebody who had this nick."""
        return [one for one in self.current(now) if one.kind in kinds and fold(nick) in one.nicks]

    def current(self, now: float) -> Iterator[Sanction]:
        """Yield what holds now, the oldest first; what is over is forgotten."""
        for sanction in list(self._all.values()):
            if sanction.until <= now:
                self.remove(sanction)
            else:
                yield sanction

    def _keep(self, sanction: Sanction) -> None:
        value = {
            "kind": sanction.kind,
            "name": sanction.name,
            "proofs": sorted(sanction.proofs),
            "account": sanction.account,
            "is_of_address": sanction.is_of_address,
            "nicks": sorted(sanction.nicks),
            "until": None if sanction.until == math.inf else sanction.until,
            "setter": sanction.setter,
            "time": sanction.time,
            "reason": sanction.reason,
        }
        self._keeper.keep(SANCTION, str(sanction.id), value)


def _parsed(key: str, value: Mapping[str, Any]) -> Sanction | None:
    """Return a sanction as it was kept; None if something else has changed it."""
    texts = [value.get(name) for name in ("kind", "name", "account", "setter", "reason")]
    lists = [value.get(name) for name in ("proofs", "nicks")]
    times = [value.get("time"), math.inf if value.get("until", 0) is None else value.get("until")]
    if not (
        0 < (found := number(key) or 0) < MOST_NUMBER
        and all(isinstance(text, str) for text in texts)
        and texts[0] in _KINDS
        and all(isinstance(one, list) and all(isinstance(text, str) for text in one) for one in lists)
        and all(isinstance(time, int | float) for time in times)
    ):
        return None
    kind, name, account, setter, reason = map(str, texts)
    proofs, nicks = (frozenset(one or ()) for one in lists)
    time, until = (float(one or 0) for one in times)
    is_of_address = value.get("is_of_address") is True
    return Sanction(found, kind, name, proofs, account, is_of_address, nicks, until, setter, time, reason)
