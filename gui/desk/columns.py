"""The columns of the desk's table: what stands in them, and by what they are sorted. No widgets."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from client.model.desk import DeskPerson
from gui.clock import clock
from protocol.class_words import ABSENT, GONE, HERE, NOBODY, STRANGER
from translations import Texts, _, translate


@dataclass(frozen=True, slots=True)
class Now:
    """The moment for which a cell is written."""

    timer: float
    """By the client's `timer`."""
    time: float
    """Seconds since the epoch, by the server's clock."""


class Column(Enum):
    """A column, and which part of what is left of the width it has, beside what its texts need."""

    HAND = "hand", 0
    NAME = "name", 10
    ROSTER = "roster", 12
    STATE = "state", 0
    SILENCE = "silence", 0
    ROOMS = "rooms", 7
    HEARD = "heard", 0
    LINES = "lines", 0
    ADDRESS = "address", 0

    @property
    def share(self) -> int:
        """0 where it has what its longest text needs."""
        return self.value[1]


_TITLES: Final[Texts] = {
    "HAND": "Hand",
    "NAME": "Name",
    "ROSTER": "On the list",
    "STATE": "State",
    "SILENCE": "Silence",
    "ROOMS": "Rooms",
    "HEARD": "Heard",
    "LINES": "A minute",
    "ADDRESS": "Address",
}
STATES: Final[Texts] = {HERE: "here", GONE: "gone", ABSENT: "absent", STRANGER: "not on the list"}
_ORDER: Final = (HERE, STRANGER, ABSENT, GONE)
_MINUTE: Final = 60
_HOUR: Final = 3600


def title(column: Column) -> str:
    """Return what stands above a column."""
    return translate(_TITLES[column.name])


def name_of(person: DeskPerson) -> str:
    """Return the nick, or for who has never been here the name on the list."""
    return person.nick if person.nick != NOBODY else person.roster


def text_of(column: Column, person: DeskPerson, now: Now) -> str:
    """Return what stands in a cell; of the hand, only its place."""
    match column:
        case Column.HAND:
            return str(person.hand or "")
        case Column.NAME:
            return person.nick if person.nick != NOBODY else "–"
        case Column.ROSTER:
            return person.roster
        case Column.STATE:
            return translate(STATES[person.state]) if person.state in STATES else ""
        case Column.SILENCE:
            return _silence(person, now)
        case Column.ROOMS:
            return " ".join(person.rooms)
        case Column.HEARD:
            return _heard(person.heard, now.time)
        case Column.LINES:
            return str(person.lines or "")
        case Column.ADDRESS:
            return person.address


def _silence(person: DeskPerson, now: Now) -> str:
    left = person.barred_until - now.timer
    if left == math.inf:
        return _("kept out, no end")
    if left > 0:
        return _("kept out, {minutes} min").format(minutes=math.ceil(left / _MINUTE))
    left = person.muted_until - now.timer
    if left == math.inf:
        return _("muted, no end")
    if left > 0:
        return _("muted, {minutes} min").format(minutes=math.ceil(left / _MINUTE))
    left = person.paused_until - now.timer
    return _("paused, {seconds} s").format(seconds=math.ceil(left)) if left > 0 else ""


def _heard(heard: int, now: float) -> str:
    if not heard:
        return ""
    ago = max(0, int(now) - heard)
    if ago < _MINUTE:
        return _("{seconds} s ago").format(seconds=ago)
    if ago < _HOUR:
        return _("{minutes} min ago").format(minutes=ago // _MINUTE)
    return clock(heard)


def in_order(people: Sequence[DeskPerson], column: Column, *, backwards: bool) -> list[DeskPerson]:
    """Return the people sorted by a column; who is equal there, by name."""
    by_name = sorted(people, key=lambda person: name_of(person).casefold())
    return sorted(by_name, key=_KEYS[column], reverse=backwards)


def _state(person: DeskPerson) -> int:
    return _ORDER.index(person.state) if person.state in _ORDER else len(_ORDER)


_KEYS: Final[dict[Column, Callable[[DeskPerson], Any]]] = {
    # Raised hands first, then who has the word, then all who are here.
    Column.HAND: lambda person: (person.hand or math.inf, not person.has_word, _state(person)),
    Column.NAME: lambda person: name_of(person).casefold(),
    Column.ROSTER: lambda person: (not person.roster, person.roster.casefold()),
    Column.STATE: _state,
    Column.SILENCE: lambda person: -max(person.barred_until, person.muted_until, person.paused_until),
    Column.ROOMS: lambda person: (not person.rooms, person.rooms),
    Column.HEARD: lambda person: -person.heard,
    Column.LINES: lambda person: -person.lines,
    Column.ADDRESS: lambda person: (not person.address, _address_key(person.address)),
}


def _address_key(address: str) -> tuple[tuple[int, str], ...]:
    """Sort 10.0.0.9 before 10.0.0.10."""
    pieces = address.replace(":", ".").split(".")
    return tuple((int(one), "") if one.isdecimal() else (math.inf, one) for one in pieces)  # type: ignore[misc]
