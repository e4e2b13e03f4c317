"""Handlers of what the server tells an operator's desk: PERSON, CLASSROOM (docs/protocol.md, *A class*)."""

import math
from collections.abc import Callable
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
    of, key, people = _values(message), message.param(0), state.desk.people
    if of("state") == FORGOTTEN:
        people.pop(key, None)
    elif key in people or len(people) < MAX_PEOPLE:
        people[key] = DeskPerson(
            id=key,
            nick=clean(message.param(1)),
            rooms=_names(of("rooms")),
            state=of("state"),
            hand=number(of("hand")) or 0,
            muted_until=_until(state, of("muted")),
            barred_until=_until(state, of("barred")),
            paused_until=_until(state, of("paused")),
            address=of("address"),
            heard=_moment(of("heard")),
            lines=number(of("lines")) or 0,
            roster=of("roster"),
            has_word=bool(of("voice")),
        )
    state.emit(DeskChanged())


@on("CLASSROOM")
def _classroom(state: ClientState, message: Message) -> None:
    desk, of = state.desk, _values(message)
    desk.quiet, desk.locked, desk.rooms = map(_names, (of("quiet"), of("locked"), of("rooms")))
    desk.private = of("private")
    desk.here = number(of("here")) or 0
    desk.expected = number(of("expected")) or 0
    desk.is_recorded = tag("recorded") in message.tags
    state.emit(DeskChanged())


def _values(message: Message) -> Callable[[str], str]:
    """Return what gives the value of a tag of the class, clean; "" if the line has none of that name."""
    return lambda name: clean(message.tags.get(tag(name), ""))


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


def _moment(text: str) -> int:
    """Return a moment in seconds since the epoch, which are more than `number` takes."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_MOMENT
    return int(text) if is_one else 0


def _until(state: ClientState, seconds: str) -> float:
    if seconds == FOREVER:
        return math.inf
    left = number(seconds)
    return state.timer() + left if left else 0.0
