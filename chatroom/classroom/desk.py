"""What an operator's desk is told of everybody: a line for each person, only when it changes.

1. Nobody but operators who asked (`CLASS WATCH`) MUST get such a line.
2. While nobody watches, nothing MUST be computed.
3. A watcher MUST get at most LINES_A_SECOND lines a second; what has waited longest goes first.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from chatroom.classroom.people import People, Person, whole_seconds
from chatroom.classroom.roster import Roster
from chatroom.classroom.sanctions import MUTE, Sanction
from chatroom.client import Client
from protocol import ircv3
from protocol.class_words import ABSENT, FOREVER, FORGOTTEN, GONE, HERE, NOBODY, STRANGER, tag
from protocol.message import format_tags

LINES_A_SECOND: Final = 100
PAUSE: Final = 1.0
"""Seconds from one look at what has changed to the next."""


class PersonRow(NamedTuple):
    """What a desk knows of a person. Two rows are the same if nothing has to be told."""

    nick: str
    rooms: str = ""
    """Names, with commas."""
    state: str = HERE
    hand: int = 0
    """The place among the raised hands; 0: it is down."""
    muted_until: float = 0.0
    """Seconds since the epoch; infinity for ever."""
    paused_until: float = 0.0
    """By `steady_time`."""
    address: str = ""
    heard: int = 0
    """Seconds since the epoch."""
    lines: int = 0
    """In the last minute."""
    roster: str = ""
    """The name on the list of those who are expected."""
    client: str = ""
    """`bot` for a bot."""
    voice: bool = False
    """They have the word in a room of the class."""
    barred_until: float = 0.0
    """As `muted_until`: off the server, or out of the rooms of the class."""

    def tags(self, now: float, steady: float) -> dict[str, str]:
        """Return the tags of its line; what is empty is left out."""
        values = {
            "rooms": self.rooms,
            "state": self.state,
            "hand": str(self.hand or ""),
            "muted": _left(self.muted_until, now),
            "barred": _left(self.barred_until, now),
            "paused": _left(self.paused_until, steady),
            "address": self.address,
            "heard": str(self.heard or ""),
            "lines": str(self.lines or ""),
            "roster": self.roster,
            "client": self.client,
            "voice": "1" if self.voice else "",
        }
        return {tag(name): value for name, value in values.items() if value}


class RoomRow(NamedTuple):
    """What a desk knows of the class as a whole."""

    quiet: str
    locked: str
    """Names of rooms, with commas."""
    private: str
    rooms: str
    here: int
    expected: int
    """How many the list names; 0 if there is none."""
    recorded: bool

    def tags(self) -> dict[str, str]:
        """Return the tags of its line; what is empty is left out."""
        values = {
            "quiet": self.quiet,
            "locked": self.locked,
            "private": self.private,
            "rooms": self.rooms,
            "here": str(self.here),
            "expected": str(self.expected or ""),
        }
        tags = {tag(name): value for name, value in values.items() if value}
        return tags | ({tag("recorded"): ""} if self.recorded else {})


def _left(until: float, now: float) -> str:
    if until == math.inf:
        return FOREVER
    return str(whole_seconds(until - now)) if until > now else ""


def person_rows(
    people: People,
    roster: Roster,
    rooms_of: Callable[[Client], str],
    sanctions: Iterable[Sanction],
    now: float,
    steady: float,
) -> dict[int, PersonRow]:
    """Return a row for everybody who is or was here, but operators, by the person's id.

    Those on the roster who have never been here follow, with numbers below 0.

    Args:
        rooms_of: the names of a client's rooms, with commas.
        sanctions: all that hold now.
    """
    bars = [sanction for sanction in sanctions if sanction.kind != MUTE]
    hands = {person.id: place for place, person in enumerate(people.hands(), 1)}
    rows = {
        person.id: _row(person, roster, rooms_of, bars, hands.get(person.id, 0), now, steady)
        for person in people
        if person.last_heard and not person.is_operator
    }
    seen = {row.roster for row in rows.values()}
    absent = {
        -number: PersonRow(NOBODY, state=ABSENT, roster=name)
        for number, name in enumerate(roster.names, 1)
        if name not in seen
    }
    return rows | absent


def count_here(rows: Iterable[PersonRow]) -> int:
    """Return how many are here: of those who are expected, where there is a list of them."""
    here = [row for row in rows if row.state == HERE]
    return len({row.roster for row in here}) if any(row.roster for row in here) else len(here)


def _row(
    person: Person,
    roster: Roster,
    rooms_of: Callable[[Client], str],
    bars: Iterable[Sanction],
    hand: int,
    now: float,
    steady: float,
) -> PersonRow:
    client, name = person.client, roster.find(person.nick)
    is_stranger = bool(roster.names) and not name
    return PersonRow(
        person.nick,
        ",".join(filter(None, map(rooms_of, person.clients))),
        GONE if not client else STRANGER if is_stranger else HERE,
        hand,
        person.mute.until if person.mute and person.is_muted(now) else 0.0,
        person.paused_until if person.paused_until > steady else 0.0,
        person.account,
        int(person.last_heard),
        person.lines_a_minute(steady),
        name,
        "bot" if client and client.is_bot else "",
        bool(person.voices),
        max((bar.until for bar in bars if bar.covers(person.marks)), default=0.0),
    )


class Desk:
    """Who watches, and what each of them was told. Owned by the thread of the `ServerState`."""

    def __init__(self) -> None:
        self._told: dict[Client, dict[int, PersonRow]] = {}
        """By watcher: each person's row, the latest told last."""
        self._told_of_rooms: dict[Client, RoomRow] = {}
        self._next_at = 0.0

    def watch(self, client: Client) -> None:
        """Tell the client from now on; it knows nothing yet."""
        self._told[client] = {}
        self._told_of_rooms.pop(client, None)

    def unwatch(self, client: Client) -> None:
        """Tell the client nothing any more."""
        self._told.pop(client, None)
        self._told_of_rooms.pop(client, None)

    @property
    def watchers(self) -> list[Client]:
        """Who is to be told; whoever may not be any more is forgotten."""
        for client in list(self._told):
            if client.closed or not client.is_operator or ircv3.DESK not in client.capabilities:
                self.unwatch(client)
        return list(self._told)

    def seconds_to_next(self, steady: float) -> float:
        """Return after how long to look what has changed; infinity while nobody watches."""
        return max(0.0, self._next_at - steady) if self._told else math.inf

    def begin_look(self, steady: float) -> None:
        """Note that it is looked now."""
        self._next_at = steady + PAUSE

    def changes(
        self, watcher: Client, rows: Mapping[int, PersonRow], now: float, steady: float
    ) -> Iterator[tuple[str, str]]:
        """Yield tags and text of each line about persons that a watcher lacks, and note it as told."""
        told = self._told.get(watcher)
        if told is None:
            return
        for number in [number for number in told if number not in rows]:
            if row := told.pop(number, None):
                yield format_tags({tag("state"): FORGOTTEN}), f"PERSON {number} {row.nick}"
        new = [number for number in rows if number not in told]
        changed = [number for number, row in told.items() if rows.get(number, row) != row]
        for number in new + changed:
            row = rows[number]
            told.pop(number, None)
            told[number] = row
            yield format_tags(row.tags(now, steady)), f"PERSON {number} {row.nick}"

    def change_of_rooms(self, watcher: Client, row: RoomRow) -> str | None:
        """Return the tags of the line about the class, if a watcher is to be told, and note it as told."""
        if self._told_of_rooms.get(watcher) == row:
            return None
        self._told_of_rooms[watcher] = row
        return format_tags(row.tags())
