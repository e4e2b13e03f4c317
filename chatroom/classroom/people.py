"""Who somebody is, across lost connections and other nicks; and what is known of each of them.

A person is known again by what was proved with RECLAIM; one who has proved nothing, by address and nick.
"""

import itertools
import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chatroom.classroom.sanctions import Keeper, Marks, Sanction
from chatroom.client import Client
from chatroom.passwords import hash_secret
from protocol.names import fold

MOST_PEOPLE: Final = 3000
"""Who is remembered; whoever has been gone for longest is forgotten."""
MOST_NAMES: Final = 100
"""Nicks, identities and proofs of one person that are remembered."""
FLOOD_LINES: Final = 20
FLOOD_SECONDS: Final = 10.0
"""Whoever says more lines in this time is paused."""
PAUSE_SECONDS: Final = 30.0
_MINUTE: Final = 60.0
_KEPT_AS: Final = "person"
MUTED: Final = "You are muted: only operators hear you, with a raised hand or a private message"


@dataclass(slots=True, weakref_slot=True, eq=False)
class Person:
    """One person, here or gone."""

    id: int
    nick: str
    """The latest."""
    account: str
    """The latest address (`protocol.addresses.account_of`)."""
    key: str
    """A text that stands for the person beyond the server's end, whatever else is proved later."""
    first_heard: float
    last_heard: float
    """Seconds since the epoch: when they came first, and said or did something last."""
    proofs: set[str] = field(default_factory=set)
    nicks: set[str] = field(default_factory=set)
    """Folded, all of them."""
    identities: set[str] = field(default_factory=set)
    """As the history knows them (`Author.identity`)."""
    clients: dict[Client, None] = field(default_factory=dict)
    """Their connections."""
    hand_since: float | None = None
    """When they raised a hand, in seconds since the epoch."""
    voices: set[str] = field(default_factory=set)
    """Folded names of the rooms of the class in which they have voice."""
    returns_to: set[str] = field(default_factory=set)
    """Folded names of the locked rooms into which they may come back."""
    mute: Sanction | None = None
    paused_until: float = 0.0
    """By `steady_time`."""
    lines: deque[float] = field(default_factory=lambda: deque(maxlen=int(FLOOD_LINES * 10)))
    """When they said the last lines, by `steady_time`."""

    @property
    def is_here(self) -> bool:
        return bool(self.clients)

    @property
    def is_operator(self) -> bool:
        """Whether one of their connections is an operator of the server."""
        return any(client.is_operator for client in self.clients)

    @property
    def client(self) -> Client | None:
        """The newest connection; None if they are gone."""
        return next(reversed(self.clients), None)

    @property
    def marks(self) -> Marks:
        """By what the person is known again."""
        return Marks(frozenset(self.proofs), self.account, fold(self.nick))

    def is_muted(self, now: float) -> bool:
        """Tell whether a mute holds; `now` in seconds since the epoch."""
        return self.mute is not None and self.mute.until > now

    def silence(self, now: float, steady: float) -> tuple[str, str, str]:
        """Return a code, its parameter, and a sentence that say whether the person may speak now."""
        if self.mute and self.is_muted(now):
            seconds = "*" if self.mute.until == math.inf else str(whole_seconds(self.mute.until - now))
            return "MUTED", seconds, MUTED
        if paused := self.pause_seconds(steady):
            text = f"Too many messages at once; you may write again in {paused} seconds"
            return "PAUSED", str(paused), text
        return "UNMUTED", "*", "You may speak again"

    def is_flooding(self, steady: float) -> bool:
        """Tell whether they may not say another line: they are paused, from now on or already."""
        lines = self.lines
        if steady < self.paused_until:
            return True
        if len(lines) < FLOOD_LINES or steady - lines[-FLOOD_LINES] >= FLOOD_SECONDS:
            return False
        self.paused_until = steady + PAUSE_SECONDS
        return True

    def pause_seconds(self, steady: float) -> int:
        """Return for how many seconds they are still paused; 0 if they are not."""
        return max(0, math.ceil(self.paused_until - steady))

    def is_paused_since(self, steady: float) -> bool:
        """Tell whether the line that was said at this moment is why they are paused."""
        return self.paused_until == steady + PAUSE_SECONDS

    def end_pause(self, steady: float) -> bool:
        """Let them speak at once; tell whether they were paused."""
        if not self.pause_seconds(steady):
            return False
        self.paused_until = 0.0
        self.lines.clear()
        return True

    def lines_a_minute(self, steady: float) -> int:
        """Return how many lines they said in the last minute."""
        return len(self.lines) - bisect_right(self.lines, steady - _MINUTE)


def whole_seconds(left: float) -> int:
    """Return seconds, rounded up; what a sum of floats is off by is not a second more."""
    return math.ceil(round(left, 3))


def marks_of(client: Client) -> Marks:
    """Return by what the person behind a connection is known again."""
    proofs = {client.proof, hash_secret(client.secret)} if client.secret else set()
    return Marks(frozenset(proofs), client.author.account, fold(client.nick))


class People:
    """Everybody who is or was here. Owned by the thread of the `ServerState`."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._numbers = itertools.count(1)
        self._all: dict[int, Person] = {}
        """By id, who has been gone for longest first."""
        self._of: dict[Client, Person] = {}
        self._by_proof: dict[str, Person] = {}
        self._by_place: dict[tuple[str, str], Person] = {}
        """Those who proved nothing, by address and nick."""
        for key, value in keeper.read(_KEPT_AS).items():
            self._recall(key, value)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._all.values())

    def of(self, client: Client) -> Person | None:
        """Return who this is; None for a connection that is not registered."""
        return self._of.get(client)

    def named(self, nick: str) -> Person | None:
        """Return who has this nick, or had it last."""
        folded = fold(nick)
        found = [one for one in self._all.values() if fold(one.nick) == folded]
        latest = max(found, key=lambda one: (one.is_here, one.last_heard), default=None)
        return latest or next((one for one in reversed(self._all.values()) if folded in one.nicks), None)

    def at(self, account: str) -> list[Person]:
        """Return who is here from this address."""
        return [one for one in self._all.values() if one.is_here and one.account == account]

    def hands(self) -> list[Person]:
        """Return those here who have raised a hand, the first first."""
        raised = [one for one in self._all.values() if one.hand_since is not None and one.is_here]
        return sorted(raised, key=lambda one: one.hand_since or 0.0)

    def enter(self, client: Client, now: float) -> Person:
        """A connection is registered: return who that is, known or new."""
        marks = marks_of(client)
        known = next((self._by_proof[one] for one in marks.proofs if one in self._by_proof), None)
        if known is None and not marks.proofs:
            known = self._by_place.get((marks.account, marks.nick))
        person = known or self._add(
            Person(
                next(self._numbers),
                client.nick,
                marks.account,
                client.proof or f"{marks.account} {marks.nick}",
                now,
                now,
            )
        )
        if len(person.proofs) < MOST_NAMES:
            person.proofs |= marks.proofs
        person.account = marks.account
        person.clients[client] = None
        person.last_heard = now
        self._of[client] = person
        self.note_name(client)
        return person

    def note_name(self, client: Client) -> None:
        """A connection has a nick, perhaps a new one."""
        if person := self._of.get(client):
            person.nick = client.nick
            if len(person.nicks) < MOST_NAMES:
                person.nicks.add(fold(client.nick))
            if len(person.identities) < MOST_NAMES:
                person.identities |= set(client.identities)
            self._index(person)

    def clear(self) -> None:
        """Forget everybody."""
        for person in self._all.values():
            person.voices.clear()
            person.returns_to.clear()
            self.keep(person)
        for index in (self._all, self._of, self._by_proof, self._by_place):
            index.clear()

    def leave(self, client: Client) -> None:
        """A connection has ended."""
        person = self._of.pop(client, None)
        if person:
            person.clients.pop(client, None)
            if not person.is_here:
                self._all[person.id] = self._all.pop(person.id)

    def keep(self, person: Person) -> None:
        """Keep what the person may do beyond the server's end."""
        if person.voices or person.returns_to:
            value = {
                "nick": person.nick,
                "account": person.account,
                "proofs": sorted(person.proofs),
                "voices": sorted(person.voices),
                "returns_to": sorted(person.returns_to),
            }
            self._keeper.keep(_KEPT_AS, person.key, value)
        else:
            self._keeper.forget(_KEPT_AS, person.key)

    def _recall(self, key: str, value: Mapping[str, Any]) -> None:
        names = [value.get("nick"), value.get("account")]
        lists = [value.get(name) for name in ("proofs", "voices", "returns_to")]
        if not all(isinstance(one, str) for one in names):
            return
        if not all(isinstance(one, list) and all(isinstance(text, str) for text in one) for one in lists):
            return
        nick, account = map(str, names)
        proofs, voices, returns_to = (set(one or ()) for one in lists)
        person = Person(next(self._numbers), nick, account, key, 0.0, 0.0, proofs, {fold(nick)})
        person.voices, person.returns_to = voices, returns_to
        self._index(self._add(person))

    def _add(self, person: Person) -> Person:
        if len(self._all) >= MOST_PEOPLE:
            oldest = next((one for one in self._all.values() if not one.is_here), None)
            if oldest:
                self._forget(oldest)
        self._all[person.id] = person
        return person

    def _index(self, person: Person) -> None:
        for proof in person.proofs:
            self._by_proof[proof] = person
        if not person.proofs:
            self._by_place[person.account, fold(person.nick)] = person

    def _forget(self, person: Person) -> None:
        del self._all[person.id]
        self._by_proof = {key: one for key, one in self._by_proof.items() if one is not person}
        self._by_place = {key: one for key, one in self._by_place.items() if one is not person}
