"""Verbs about who may speak: mute, unmute."""

import math

from chatroom.classroom.sanctions import MUTE
from chatroom.commands.verbs.table import (
    Actor,
    Given,
    Sentences,
    VerbError,
    classroom_of,
    find_person,
    find_student,
    say,
    take_minutes,
    verb,
)
from chatroom.state import ServerState
from program.log import log
from translations import _, later


@verb("mute", 1)
def mute(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Let nobody but operators hear a person, for some minutes or for ever."""
    classroom, person = classroom_of(state), find_student(state, given.words[0])
    minutes = take_minutes(given.words[1:])
    is_of_address = classroom.may_hold_address(person)
    sanction = classroom.decide(MUTE, person, minutes, actor.nick, state.time, is_of_address=is_of_address)
    log.info(_("{nick} muted {target}").format(nick=actor.nick, target=person.nick))
    if sanction.until == math.inf:
        yield say(later("{nick} is muted, under any nick. To end it: unmute {nick}"), nick=person.nick)
    else:
        yield say(later("{nick} is muted for {minutes} min."), nick=person.nick, minutes=minutes)


@verb("unmute", 1)
def unmute(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Let a person speak again."""
    classroom, person = classroom_of(state), find_person(state, given.words[0])
    held = classroom.sanctions.find(MUTE, person.marks, state.time)
    if held is None:
        raise VerbError("NOT_MUTED", later("{nick} is not muted."), nick=person.nick)
    classroom.take_back(held)
    log.info(_("{nick} let {target} speak again").format(nick=actor.nick, target=person.nick))
    yield say(later("{nick} may speak again."), nick=person.nick)
