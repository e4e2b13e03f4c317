"""Rooms and private talks of the last time, which are opened again. Sans-I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import Final

from client.model.conversations import Conversation
from client.model.state import ClientState
from client.settings import MAX_VISITS, Settings, Visit

_INSTANT: Final = 0.001
"""Seconds: servers tell the time in milliseconds."""


def visitor(server: str, nick: str) -> str:
    """Return under which name a visit is remembered: several people may use one computer.

    Args:
        server: `HOST:PORT`.
    """
    return f"{server} {nick.casefold()}"


def begin(settings: Settings, server: str, nick: str, rooms: Sequence[str]) -> Visit:
    """Return what to open at a server: what was open the last time, and the rooms that the user names now.

    A room is shown if he has named it himself, rather than left the one that is offered to him.
    """
    kept = settings.visits.get(visitor(server, nick), Visit()) if settings.come_back else Visit()
    known = {name.casefold() for name in kept.rooms}
    named = rooms[0] if rooms and rooms[0] != offered_room(settings) else kept.shown
    return replace(
        kept, rooms=(*kept.rooms, *(one for one in rooms if one.casefold() not in known)), shown=named
    )


def offered_room(settings: Settings) -> str:
    """Return the room that is offered to whoever is about to connect."""
    return (*settings.rooms, "#lab")[0]


def visit_of(state: ClientState, shown: Conversation | None) -> Visit:
    """Return where the user is, to be remembered: `shown` is what the window shows."""
    rooms = tuple(room.name for room in state.wanted_rooms)
    talks = tuple(one.name for one in state.conversations.values() if one.name and not one.is_room)
    place = state.to_focus or shown  # the former is shown as soon as it can be
    return Visit(rooms, talks, place.name if place else "")


def read_in(state: ClientState) -> Mapping[str, float]:
    """Return before when all was read, by the names of rooms and private talks (see `Visit.read`)."""
    places = [*state.wanted_rooms, *(one for one in state.conversations.values() if not one.is_room)]
    moments = {place.name: _read_before(place) for place in places if place.name}
    return {name: moment for name, moment in moments.items() if moment < inf}


def _read_before(conversation: Conversation) -> float:
    """Return before when all was read here; infinity where nobody knows."""
    entries = conversation.entries
    if conversation.read_before < inf:
        return conversation.read_before
    if conversation.unread:
        return next((one.time for one in entries if one.key == conversation.new_from), inf)
    return next((one.time + _INSTANT for one in reversed(entries) if one.server_timed), inf)


def remember(kept: Settings, server: str, nick: str, visit: Visit) -> Settings:
    """Return the settings with this visit as the latest."""
    name = visitor(server, nick)
    others = [(one, where) for one, where in kept.visits.items() if one != name]
    return replace(kept, visits=dict([*others, (name, visit)][-MAX_VISITS:]))
