"""The rooms of the server, as far as it has told (LIST: RFC 2812 section 3.2.6)."""

from dataclasses import dataclass, field
from typing import Final

from client.model.isupport import ISupport

MAX_ROOMS: Final = 15_000
"""Rooms that are kept; large networks have more."""
LONGEST_TOPIC: Final = 200
"""Characters of a topic that are kept."""


@dataclass(frozen=True, slots=True)
class ListedRoom:
    """A room as the server lists it."""

    name: str
    folded: str
    """The name as it is compared."""
    people: int
    topic: str = ""


@dataclass(slots=True)
class Listing:
    """The last answer to LIST, which may still be coming."""

    rooms: list[ListedRoom] = field(default_factory=list)
    """In the server's order."""
    is_coming: bool = False
    """The server has been asked, and has not said that this is all."""
    is_cut: bool = False
    """There are more rooms than are kept, or than were asked for."""
    problem: str = ""
    """Why the server does not tell them, as a sentence."""
    _is_old: bool = False
    """What stands in `rooms` is of the answer before."""

    def begin(self, *, for_all: bool) -> None:
        """The server is asked. The rooms that are known are kept until it answers."""
        self.is_coming = self._is_old = True
        self.is_cut, self.problem = not for_all, ""

    def add(self, room: ListedRoom) -> None:
        """The server names a room."""
        self._forget_old()
        if len(self.rooms) < MAX_ROOMS:
            self.rooms.append(room)
        else:
            self.is_cut = True

    def end(self, problem: str = "") -> None:
        """The server has named all, or says why it does not."""
        if not problem:
            self._forget_old()
        self.is_coming = False
        self.problem = problem

    def _forget_old(self) -> None:
        if self._is_old:
            self.rooms.clear()
            self._is_old = False


def condition(support: ISupport) -> str:
    """Return what to ask for behind LIST; "" for all rooms.

    A large network without SAFELIST may end the connection over a list that it cannot send in time. Where it
    knows conditions on the number of people (ELIST=U), rooms with one person in them are then left out.
    """
    is_risky = "U" in support.get("ELIST").upper() and not support.has("SAFELIST")
    return ">1" if is_risky else ""
