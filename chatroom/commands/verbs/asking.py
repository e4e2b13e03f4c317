"""Verbs that only ask: who, absent, help."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime

from chatroom.classroom.people import Person
from chatroom.commands.verbs.table import (
    VERBS,
    Actor,
    Given,
    Sentence,
    Sentences,
    VerbError,
    channels_of_class,
    classroom_of,
    say,
    usage_of,
    verb,
)
from chatroom.state import ServerState
from chatroom.throttle import steady_time
from protocol.class_words import USAGE
from protocol.names import fold
from translations import later


@verb("who")
def who(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """List who is here, by nick: rooms, address, hand, mute."""
    people = classroom_of(state).people
    channels = channels_of_class(state, given.words[:1]) if given.words else None
    here = [
        one
        for one in people
        if one.is_here and (channels is None or any(client in channels[0].members for client in one.clients))
    ]
    for person in sorted(here, key=lambda one: fold(one.nick)):
        rooms = " ".join(channel.name for client in person.clients for channel in state.channels_of(client))
        yield say(
            later("{nick}: {marks}"),
            nick=person.nick,
            marks=[
                say(later("{address} in {rooms}"), address=person.account, rooms=rooms or "–"),
                *_describe(state, person),
            ],
        )
    yield say(later("Here: {count}"), count=len(here))


def _describe(state: ServerState, person: Person) -> Iterable[Sentence]:
    people, steady = classroom_of(state).people, steady_time()
    if person.client and person.client.is_operator:
        yield say(later("operator"))
    if person.hand_since is not None:
        yield say(later("hand {place}"), place=people.hands().index(person) + 1)
    if person.voices:
        yield say(later("has the word"))
    if person.mute and person.is_muted(state.time):
        if person.mute.until == math.inf:
            yield say(later("muted"))
        else:
            minutes = person.mute.minutes_left(state.time)
            yield say(later("muted for {minutes} min more"), minutes=minutes)
    if seconds := person.pause_seconds(steady):
        yield say(later("paused for {seconds} s more"), seconds=seconds)
    heard = datetime.fromtimestamp(person.last_heard, UTC).astimezone().strftime("%H:%M")
    yield say(later("heard {time}, {lines} lines a minute"), time=heard, lines=person.lines_a_minute(steady))


@verb("absent")
def absent(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Say who of the roster is not here."""
    classroom = classroom_of(state)
    names, expected = classroom.absent(), len(classroom.roster.names)
    if not expected:
        raise VerbError("NO_ROSTER", later("There is no list of names: it is chosen when the class begins."))
    yield say(later("Here: {count} of {expected}."), count=expected - len(names), expected=expected)
    for name in names:
        yield say(later("Absent: {name}"), name=name)


@verb("help")
def help_(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """List the verbs, or say how one of them is used."""
    wanted = given.words[0].lower() if given.words else ""
    if wanted and wanted not in VERBS:
        raise VerbError("UNKNOWN_VERB", later("There is no word {word}. All of them: {by}help"), word=wanted)
    for name in USAGE:
        if name in VERBS and wanted in ("", name):
            yield usage_of(name)
