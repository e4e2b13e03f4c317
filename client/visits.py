"""Rooms and private talks of the last time, which are opened again. Sans-I/O."""

from collections.abc import Sequence
from dataclasses import replace

from client.model.conversations import Conversation
from client.model.state import ClientState
from client.settings import MAX_VISITS, Settings, Visit


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


def remember(kept: Settings, server: str, nick: str, visit: Visit) -> Settings:
    """Return the settings with this visit as the latest."""
    name = visitor(server, nick)
    others = [(one, where) for one, where in kept.visits.items() if one != name]
    return replace(kept, visits=dict([*others, (name, visit)][-MAX_VISITS:]))
