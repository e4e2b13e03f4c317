"""Verbs against persons: kick, ban, unban, bans."""

import math
from collections.abc import Iterable

from chatroom.classroom.people import Person, marks_of
from chatroom.classroom.sanctions import BAN, KICK, MUTE, Sanction
from chatroom.commands.membership import remove
from chatroom.commands.verbs.table import (
    Actor,
    Given,
    Sentence,
    Sentences,
    VerbError,
    channels_of_class,
    classroom_of,
    find_student,
    say,
    take_minutes,
    verb,
)
from chatroom.state import ServerState
from program.log import log
from protocol import numerics as n
from protocol.addresses import is_loopback
from protocol.text import cut_characters, visible
from translations import _, later

_WHAT = {
    BAN: later("banned from the server"),
    KICK: later("kept out of the rooms of the class"),
    MUTE: later("muted"),
}


@verb("kick", 1)
def kick(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Remove a person from the rooms of the class, and keep them out for some minutes."""
    classroom, person = classroom_of(state), find_student(state, given.words[0])
    words = given.words[1:]
    minutes = take_minutes(words)
    reason = cut_characters(" ".join(words), state.config.limits.kick_length)
    inside = [
        (channel, one)
        for channel in channels_of_class(state, ())
        for one in person.clients
        if one in channel.members
    ]
    if not inside and minutes is None:
        raise VerbError("NOT_IN_ROOM", later("{nick} is in no room of the class."), nick=person.nick)
    if minutes is not None:
        held = classroom.may_hold_address(person)
        classroom.decide(KICK, person, minutes, actor.nick, state.time, is_of_address=held, reason=reason)
    for channel, client in inside:
        remove(state, actor.client, actor.source, channel, client, reason or actor.nick)
    if minutes is None:
        yield say(
            later("{nick} is out, and may come in again. To keep somebody out: {by}kick {nick} 10"),
            nick=person.nick,
        )
    else:
        yield say(later("{nick} is out, and stays out for {minutes} min."), nick=person.nick, minutes=minutes)


@verb("ban", 1)
def ban(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """End a person's connection, and keep them off the server, for some minutes or for ever."""
    classroom, person = classroom_of(state), find_student(state, given.words[0])
    words = given.words[1:]
    whom = words.pop(0).lower() if words and words[0].lower() in ("one", "all") else ""
    minutes = take_minutes(words)
    neighbours = classroom.neighbours(person)
    is_own = is_loopback(person.account)
    if neighbours and not whom:
        raise VerbError(
            "ADDRESS_SHARED",
            later(
                "{nick} shares the address {address} with {others}. That person alone: {by}ban {nick} one; "
                "everybody at the address: {by}ban {nick} all"
            ),
            nick=person.nick,
            address=person.account,
            others=", ".join(one.nick for one in neighbours),
        )
    if whom == "all" and (is_own or any(one.is_operator for one in neighbours)):
        text = later("From {address} an operator comes too: that address cannot be banned.")
        raise VerbError("ADDRESS_OF_OPERATOR", text, address=person.account)
    is_of_address = whom == "all" or (not whom and not is_own)
    keep_off(state, actor, person, minutes, " ".join(words), is_of_address=is_of_address)
    if not is_of_address:
        yield say(
            later("The address {address} is not banned, because others may have it."), address=person.account
        )
    if minutes is None:  # the last sentence is what a desk shows
        yield say(later("{nick} is banned. To take it back: {by}unban {nick}"), nick=person.nick)
    else:
        yield say(later("{nick} is banned for {minutes} min."), nick=person.nick, minutes=minutes)


def keep_off(
    state: ServerState, actor: Actor, person: Person, minutes: int | None, why: str, *, is_of_address: bool
) -> None:
    """Ban a person from the server, for some minutes or (None) for ever; end the connections of all whom the
    ban holds."""
    reason = cut_characters(why, state.config.limits.kick_length)
    sanction = classroom_of(state).decide(
        BAN, person, minutes, actor.nick, state.time, is_of_address=is_of_address, reason=reason
    )
    log.info(
        _("{nick} banned {target}: {reason}").format(
            nick=actor.nick, target=person.nick, reason=visible(reason) or "–"
        )
    )
    for client in list(state.connected):
        if client.registered and not client.is_operator and sanction.covers(marks_of(client)):
            reason = (
                f"Banned by {actor.nick} ({sanction.reason})"
                if sanction.reason
                else f"Banned by {actor.nick}"
            )
            state.reply(client, n.ERR_YOUREBANNEDCREEP, classroom_of(state).why_refused(client, state.time))
            state.close(client, reason, "Connection closed")  # what was decided is nobody else's business


@verb("unban", 1)
def unban(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Let a person in again: to the server, and to the rooms of the class."""
    classroom, name = classroom_of(state), given.words[0]
    held = classroom.sanctions.named((BAN, KICK), name, state.time)
    if person := classroom.people.named(name):  # who may have another nick now than when it was decided
        found = (classroom.sanctions.find(kind, person.marks, state.time) for kind in (BAN, KICK))
        held += [one for one in found if one and one.is_about(person.marks)]
    if not held:
        raise VerbError("NOT_BANNED", later("Nobody called {nick} is banned. All bans: {by}bans"), nick=name)
    for sanction in held:
        classroom.take_back(sanction)
    log.info(_("{nick} lets {target} in again").format(nick=actor.nick, target=name))
    yield say(later("{nick} may come in again."), nick=name)


@verb("bans")
def bans(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """List what holds against whom."""
    found = list(classroom_of(state).sanctions.current(state.time))
    for sanction in found:
        yield say(
            later("{nick}: {marks} (by {setter})"),
            nick=sanction.name,
            marks=list(_describe(sanction, state.time)),
            setter=sanction.setter,
        )
    if not found:
        yield say(later("Nobody is banned or muted."))


def _describe(sanction: Sanction, now: float) -> Iterable[Sentence]:
    yield Sentence(_WHAT[sanction.kind])
    if sanction.is_of_address:
        yield say(later("everybody at {address}"), address=sanction.account)
    if sanction.until == math.inf:
        yield say(later("without an end"))
    else:
        yield say(later("for {minutes} min more"), minutes=sanction.minutes_left(now))
    if sanction.reason:
        yield say(later("because: {why}"), why=sanction.reason)
