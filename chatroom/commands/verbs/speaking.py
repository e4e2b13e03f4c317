"""Verbs about speaking: quiet, open, hands, voice, unvoice, mute, unmute, private, announce."""

import math
import secrets
from collections.abc import Iterator

from chatroom.channel import Channel
from chatroom.classroom.people import Person
from chatroom.classroom.sanctions import MUTE
from chatroom.client import TAKES_TAGS, Client
from chatroom.commands.modes import set_flag, set_rank
from chatroom.commands.verbs.table import (
    Actor,
    Given,
    Sentences,
    VerbError,
    channels_of_class,
    classroom_of,
    find_person,
    find_student,
    misused,
    say,
    take_minutes,
    verb,
)
from chatroom.lines import encode, fit
from chatroom.state import ServerState
from chatroom.throttle import steady_time
from program.log import log
from protocol import ircv3
from protocol.class_words import DOWN, PRIVATE
from protocol.text import visible
from translations import _, later

ANNOUNCEMENT_BYTES = 4
"""Random bytes in the id of an announcement."""


def _set_flag(state: ServerState, actor: Actor, given: Given, letter: str, *, on: bool) -> Iterator[Channel]:
    """Set or unset a flag of the rooms that are meant; yield each of them."""
    for channel in channels_of_class(state, given.words[:1]):
        if set_flag(state, channel, letter, on=on):
            sign = "+" if on else "-"
            state.tell_channel(actor.client, channel, f":{actor.source} MODE {channel.name} {sign}{letter}")
            log.info(
                _("{nick} set the modes of {channel}: {modes}").format(
                    nick=actor.nick, channel=channel.name, modes=sign + letter
                )
            )
        yield channel


@verb("quiet")
def quiet(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Let nobody speak but operators and those with voice."""
    for channel in _set_flag(state, actor, given, "m", on=True):
        yield say(
            later("{room} is quiet: only you and those who have the word may speak."), room=channel.name
        )


@verb("open")
def open_(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Let everybody speak again."""
    for channel in _set_flag(state, actor, given, "m", on=False):
        yield say(later("{room} is open: everybody may speak."), room=channel.name)


@verb("lock")
def lock(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Let nobody new enter."""
    for channel in _set_flag(state, actor, given, "i", on=True):
        yield say(later("{room} is locked: who is in may come back, nobody else enters."), room=channel.name)


@verb("unlock")
def unlock(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Let everybody enter again."""
    for channel in _set_flag(state, actor, given, "i", on=False):
        yield say(later("{room} is unlocked: everybody may enter."), room=channel.name)


@verb("hands")
def hands(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """List the raised hands, or lower some or all of them."""
    people = classroom_of(state).people
    if not given.words:
        for place, person in enumerate(people.hands(), 1):
            minutes = int(state.time - (person.hand_since or state.time)) // 60
            yield say(
                later("{place}. {nick}, for {minutes} min"), place=place, nick=person.nick, minutes=minutes
            )
        if not people.hands():
            yield say(later("No hand is raised."))
        return
    if given.words[0].lower() != DOWN:
        raise misused("hands")
    nicks = given.words[1:]
    lowered = [find_person(state, nick) for nick in nicks] if nicks else people.hands()
    for person in lowered:
        lower_hand(state, person)
    yield say(later("Hands lowered: {count}"), count=len(lowered))


def lower_hand(state: ServerState, person: Person) -> None:
    """Lower a person's hand, and tell them."""
    if person.hand_since is None:
        return
    person.hand_since = None
    for client in person.clients:
        tags = f"{ircv3.TAG_HAND}={DOWN}" if client.tag_set & TAKES_TAGS else ""
        state.send(client, f":{state.name} NOTICE {client.nick} :Your hand was lowered", tags)


@verb("voice", 1)
def voice(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Give persons the word; it holds through lost connections, and lowers the hand."""
    for person in [find_person(state, nick) for nick in given.words]:
        _give_voice(state, actor, person, on=True)
        yield say(later("{nick} has the word. To take it back: {by}unvoice {nick}"), nick=person.nick)


@verb("unvoice", 1)
def unvoice(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Take the word back."""
    for person in [find_person(state, nick) for nick in given.words]:
        _give_voice(state, actor, person, on=False)
        yield say(later("{nick} has the word no more."), nick=person.nick)


def _give_voice(state: ServerState, actor: Actor, person: Person, *, on: bool) -> None:
    classroom = classroom_of(state)
    channels = channels_of_class(state, ())
    inside = [(channel, one) for channel in channels for one in person.clients if one in channel.members]
    for channel, client in inside:
        if set_rank(state, channel, client, "v", on=on):
            body = f":{actor.source} MODE {channel.name} {'+' if on else '-'}v {client.nick}"
            state.tell_channel(actor.client, channel, body)
    if not on:
        person.voices.clear()
    elif not inside:
        person.voices |= set(classroom.rooms)
    person.hand_since = None
    classroom.people.keep(person)


@verb("mute", 1)
def mute(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Let nobody but operators hear a person, for some minutes or for ever."""
    classroom, person = classroom_of(state), find_student(state, given.words[0])
    minutes = take_minutes(given.words[1:])
    is_of_address = classroom.may_hold_address(person)
    sanction = classroom.decide(MUTE, person, minutes, actor.nick, state.time, is_of_address=is_of_address)
    log.info(_("{nick} muted {target}").format(nick=actor.nick, target=person.nick))
    state.tell_of_silence(person)
    if sanction.until == math.inf:
        yield say(later("{nick} is muted, under any nick. To end it: {by}unmute {nick}"), nick=person.nick)
    else:
        yield say(later("{nick} is muted for {minutes} min."), nick=person.nick, minutes=minutes)


@verb("unmute", 1)
def unmute(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Let a person speak again, after a mute or a pause."""
    classroom = classroom_of(state)
    person = classroom.people.named(given.words[0])
    whom = given.words[1].lower() if given.words[1:] else ""
    held = classroom.sanctions.named((MUTE,), given.words[0], state.time)
    freed: list[Person] = []
    if person and (held_now := classroom.sanctions.find(MUTE, person.marks, state.time)):
        if held_now.is_about(person.marks) or whom == "all":
            held = [*held, held_now]
        elif whom == "one":
            freed = classroom.free_address(held_now)
        else:
            raise VerbError(
                "ADDRESS_SHARED",
                later(
                    "{nick} is muted only because {other} is, at the same address. All there but {other} may "
                    "speak again: {by}unmute {nick} one; {other} too: {by}unmute {nick} all"
                ),
                nick=person.nick,
                other=held_now.name,
            )
    name = person.nick if person else given.words[0]
    was_paused = person is not None and person.end_pause(steady_time())
    if not held and not freed and not was_paused:
        raise VerbError("NOT_MUTED", later("{nick} is not muted."), nick=name)
    freed += [one for sanction in held for one in classroom.take_back(sanction)]
    for one in {*freed, person} if person else freed:
        state.tell_of_silence(one)
    log.info(_("{nick} let {target} speak again").format(nick=actor.nick, target=name))
    yield say(later("{nick} may speak again."), nick=name)


@verb("private", 1)
def private(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Say to whom students may write privately."""
    who = given.words[0].lower()
    if who not in PRIVATE:
        raise misused("private")
    classroom_of(state).set_private(who)
    log.info(_("{nick} set who may be written to privately: {who}").format(nick=actor.nick, who=who))
    if who == "all":
        yield say(later("Private messages go to everybody."))
    elif who == "teacher":
        yield say(later("Private messages go to operators only."))
    else:
        yield say(later("Private messages go to nobody; operators may still write them."))


@verb("announce", 1)
def announce(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Say something to everybody: to each room, where it is kept, and to those who are in none."""
    count = tell_all(state, actor, given.text)
    yield say(later("Announced to {count} people."), count=count)


def tell_all(state: ServerState, actor: Actor, text: str) -> int:
    """Announce a text to everybody; return to how many besides its author.

    In each room it is an ordinary NOTICE, and in the history; our windows show those with one id as one.
    """
    tags = f"{ircv3.TAG_ANNOUNCEMENT}={secrets.token_hex(ANNOUNCEMENT_BYTES)}"
    author, told = actor.client, set[Client]()
    echoes = author is not None and ircv3.ECHO_MESSAGE in author.capabilities
    for channel in list(state.channels.values()):
        body = fit(f":{actor.source} NOTICE {channel.name} :{text}")
        msgid = state.store(author, channel.everybody, body, tags)
        state.relay(channel.members, body, skip=None if echoes else author, msgid=msgid, tags=tags)
        told.update(channel.members)
    for client in state.clients.values():
        if client.registered and client not in told and client is not author:
            told.add(client)
            own = tags if client.tag_set & TAKES_TAGS else ""
            state.delivery.put(client, encode(fit(f":{actor.source} NOTICE {client.nick} :{text}"), own))
    log.info(_("{nick} announced to all: {text}").format(nick=actor.nick, text=visible(text)))
    return len(told - {author})
