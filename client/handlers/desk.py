"""Handlers of what the server tells an operator's desk: PERSON, CLASSROOM (docs/protocol.md, *A class*)."""

import math
from typing import Final

from client.handlers.table import on
from client.model.desk import MAX_PEOPLE, DeskPerson
from client.model.events import DeskChanged
from client.model.sanitize import clean
from client.model.state import ClientState
from protocol.class_words import FOREVER, FORGOTTEN, tag
from protocol.message import Message
from protocol.words import number

_LONGEST_MOMENT: Final = 11
"""Digits."""


@on("PERSON", needs=2)
def _person(state: ClientState, message: Message) -> None:
    tags = {name: clean(value) for name, value in message.tags.items()}
    key, people = message.param(0), state.desk.people

    def of(name: str) -> str:
        return tags.get(tag(name), "")

    if of("state") == FORGOTTEN:
        people.pop(key, None)
    elif key in people or len(people) < MAX_PEOPLE:
        people[key] = DeskPerson(
            id=key,
            nick=clean(message.param(1)),
            rooms=_names(of("rooms")),
            state=of("state"),
            hand=number(of("hand")) or 0,
            muted_until=math.inf if of("muted") == FOREVER else _until(state, of("muted")),
            paused_until=_until(state, of("paused")),
            address=of("address"),
            heard=_moment(of("heard")),
            lines=number(of("lines")) or 0,
            roster=of("roster"),
            client=of("client"),
            has_word=bool(of("voice")),
        )
    state.emit(DeskChanged())


@on("CLASSROOM")
def _classroom(state: ClientState, message: Message) -> None:
    tags = {name: clean(value) for name, value in message.tags.items()}
    desk = state.desk
    desk.quiet, desk.locked, desk.rooms = (
        _names(tags.get(tag(name), "")) for name in ("quiet", "locked", "rooms")
    )
    desk.private = tags.get(tag("private"), "")
    desk.here = number(tags.get(tag("here"), "")) or 0
    desk.expected = number(tags.get(tag("expected"), "")) or 0
    desk.is_recorded = tag("recorded") in tags
    state.emit(DeskChanged())


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


def _moment(text: str) -> int:
    """Return a moment in seconds since the epoch, which are more than `number` takes."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_MOMENT
    return int(text) if is_one else 0


def _until(state: ClientState, seconds: str) -> float:
    left = number(seconds)
    return state.timer() + left if left else 0.0
