"""Attendance: who was here, from when to when, and how much each of them said; silent ones too."""

import itertools
import secrets
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from chatroom.classroom.file import LATEST, VISIT
from chatroom.classroom.roster import Roster
from chatroom.classroom.sanctions import Keeper
from chatroom.client import Client

MOST_OF_ADDRESS: Final = 2000
"""Visits from one address that are kept when they have ended; of more, the oldest is forgotten."""
NOTED_SECONDS: Final = 30.0
"""How often it is noted that somebody is still here: so much a server that is killed does not know."""


@dataclass(slots=True)
class Visit:
    """One connection of a person, from the registration to the end."""

    person: str
    """The same text for all visits of one person."""
    nick: str
    """The latest."""
    address: str
    came: float
    seen: float
    """Seconds since the epoch: the first and the last moment."""
    lines: int = 0
    """What was said, whoever heard it."""


class Attendance:
    """Notes visits. Owned by the thread of the `ServerState`."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._mark = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        self._open: dict[Client, tuple[str, Visit]] = {}
        """Each with the key under which it is kept."""
        self._ended: dict[str, deque[str]] = {}
        """The keys of the visits that have ended, by address (`protocol.addresses.account_of`)."""
        self._noted_at = 0.0

    def begin(self, client: Client, person: str, address: str, now: float) -> None:
        """Somebody has come."""
        visit = Visit(person, client.nick, address, now, now)
        self._open[client] = f"{self._mark}-{next(self._numbers)}", visit
        self._note(client, now)

    def count_line(self, client: Client) -> None:
        """Somebody has said something."""
        if client in self._open:
            self._open[client][1].lines += 1

    def end(self, client: Client, now: float) -> None:
        """Somebody has gone."""
        self._note(client, now)
        if client in self._open:
            key, _visit = self._open.pop(client)
            ended = self._ended.setdefault(client.author.account, deque())
            ended.append(key)
            if len(ended) > MOST_OF_ADDRESS:
                self._keeper.forget(VISIT, ended.popleft())

    def look(self, now: float) -> None:
        """Note, now and then, who is still here; for every batch."""
        if abs(now - self._noted_at) >= NOTED_SECONDS:
            self._noted_at = now
            for client in self._open:
                self._note(client, now)

    def begin_anew(self, now: float) -> None:
        """Forget all visits but those that go on, which begin now."""
        for key in self._keeper.read(VISIT):
            self._keeper.forget(VISIT, key)
        self._ended.clear()
        for client, (_key, visit) in self._open.items():
            visit.came, visit.lines = now, 0
            self._note(client, now)

    def _note(self, client: Client, now: float) -> None:
        if client in self._open:
            key, visit = self._open[client]
            visit.nick, visit.seen = client.nick, max(visit.seen, now)
            self._keeper.keep(VISIT, key, asdict(visit))


@dataclass(slots=True)
class Attended:
    """One row of the list: somebody who was here, or was expected."""

    name: str
    """On the roster; "" if it is not there."""
    nicks: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    first: float = 0.0
    last: float = 0.0
    """Seconds since the epoch; 0 if they were not here."""
    seconds: float = 0.0
    """How long they were here, with however many connections at a time."""
    lines: int = 0


def list_attendance(visits: Mapping[str, Mapping[str, Any]], roster: Roster) -> list[Attended]:
    """Return who was here and who was expected, by name, those who are not on the roster last.

    Args:
        visits: as they are kept; what is damaged is passed over.
    """
    found: dict[str, list[Visit]] = {}
    for value in visits.values():
        if visit := _read_visit(value):
            found.setdefault(roster.find(visit.nick) or f"\0{visit.person}", []).append(visit)
    rows = [_attended("" if key.startswith("\0") else key, each) for key, each in found.items()]
    rows += [Attended(name) for name in roster.names if name not in found]
    return sorted(rows, key=lambda row: (not row.name, row.name.casefold() or row.nicks[0].casefold()))


def _read_visit(value: Mapping[str, Any]) -> Visit | None:
    try:
        visit = Visit(**value)
        texts = (visit.person, visit.nick, visit.address)
        numbers = (visit.came, visit.seen, visit.lines)
    except TypeError:
        return None
    sound = all(isinstance(one, str) for one in texts) and all(
        isinstance(one, int | float) for one in numbers
    )
    return visit if sound and 0 <= visit.came <= visit.seen < LATEST else None


def _attended(name: str, visits: Iterable[Visit]) -> Attended:
    row = Attended(name)
    for visit in sorted(visits, key=lambda one: one.came):
        row.nicks = list(dict.fromkeys([*row.nicks, visit.nick]))
        row.addresses = list(dict.fromkeys([*row.addresses, visit.address]))
        row.seconds += max(0.0, visit.seen - max(visit.came, row.last))
        row.first = row.first or visit.came
        row.last = max(row.last, visit.seen)
        row.lines += visit.lines
    return row
