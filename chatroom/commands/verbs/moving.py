"""Verbs that change what others see of a person: rename, move, wipe."""

import sqlite3
from typing import Final

from chatroom.audience import split_rank
from chatroom.classroom.people import Person, marks_of
from chatroom.classroom.sanctions import KICK
from chatroom.client import Client
from chatroom.commands.membership import leave, put_in
from chatroom.commands.registration import rename as give_nick
from chatroom.commands.verbs.table import (
    Actor,
    Given,
    Sentences,
    VerbError,
    channels_of_class,
    classroom_of,
    find_student,
    misused,
    say,
    verb,
)
from chatroom.history.rows import Row
from chatroom.state import ServerState
from program.log import log
from protocol import ircv3
from protocol.message import parse, split_source
from protocol.names import fold, is_channel, is_valid_nick
from translations import _, later
from translations.system_errors import explain_error

WIPED_AT_ONCE: Final = 200
"""Messages of the history that are looked at, and that may be deleted, before others have their turn."""
MOST_SHOWN: Final = 2000
"""Of the messages that are wiped, the newest, which clients may still show, are taken back there too."""


@verb("rename", 2)
def rename(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Give a person another nick; what was decided against them holds under it too."""
    person, wanted = find_student(state, given.words[0]), given.words[1]
    client = _present(person)
    old = client.nick
    if not is_valid_nick(wanted, ascii_only=state.config.ascii_nicks):
        raise VerbError("INVALID_NICK", later("{nick} cannot be a nick."), nick=wanted)
    if state.clients.get(fold(wanted), client) is not client:
        raise VerbError("NICK_IN_USE", later("The nick {nick} is taken."), nick=wanted)
    if not classroom_of(state).operators.may_have(client, wanted):
        raise VerbError("NICK_RESERVED", later("The nick {nick} is reserved for operators."), nick=wanted)
    classroom_of(state).sanctions.rename(person.marks, fold(wanted))
    give_nick(state, client, wanted)
    yield say(later("{old} is now {new}."), old=old, new=wanted)


def _present(person: Person) -> Client:
    if person.client is None:
        raise VerbError("NOT_HERE", later("{nick} is not here now."), nick=person.nick)
    return person.client


@verb("move", 2)
def move(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Put persons into one room of the class, and take them out of the others."""
    *nicks, room = given.words
    target = channels_of_class(state, (room if is_channel(room) else f"#{room}",))[0]
    others = [one for one in channels_of_class(state, ()) if one is not target]
    moved = [(person, _present(person)) for person in (find_student(state, nick) for nick in nicks)]
    for person, client in moved:
        if held := classroom_of(state).sanctions.find(KICK, marks_of(client), state.time):
            text = later("{nick} is kept out of the rooms of the class. To let them in: {by}unban {other}")
            raise VerbError("KEPT_OUT", text, nick=person.nick, other=held.name)
    for person, client in moved:
        for _step in put_in(state, client, target):
            yield None
        for channel in others:
            if client in channel.members:
                leave(state, client, channel, f"Moved to {target.name}")
        yield say(later("{nick} is in {room} now."), nick=person.nick, room=target.name)


@verb("wipe", 1)
def wipe(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Delete all that a person said: from the history, and from the screens of who understands REDACT.

    The log says who did it and when, never what was said.
    """
    if len(given.words) > 1:
        raise misused("wipe")
    history, nick = state.history, given.words[0]
    person = classroom_of(state).people.named(nick)
    if history is None:
        raise VerbError("NO_HISTORY", later("This server keeps no history: there is nothing to delete."))
    identities = frozenset(person.identities) if person else frozenset()
    before, shown, count, found = history.last_id + 1, 0, 0, False
    try:
        while newest := history.last_before(before):
            after = max(newest - WIPED_AT_ONCE, 0)
            for row in history.said_between(after, newest + 1, identities):
                if not person and fold(split_source(parse(_head(row)).source).nick) != fold(nick):
                    continue
                history.delete(row.id)
                found = True
                count += not row.event
                if not row.event and shown < MOST_SHOWN:
                    shown += 1
                    _take_back(state, actor, row, history.msgid(row.id))
            before = after + 1
            yield None
            while history.deleting >= WIPED_AT_ONCE and not history.problem:
                yield None  # the next batch deletes them
    except sqlite3.Error as error:
        log.error(_("the history cannot be read: {error}").format(error=explain_error(error)))
        raise VerbError(
            "HISTORY", later("The history cannot be read; look at the server's console.")
        ) from None
    if not person and not found:
        raise VerbError("NO_SUCH_NICK", later("Nobody called {nick} is or was here."), nick=nick)
    name = person.nick if person else nick
    log.info(
        _("{nick} deleted all that {target} said: {count}").format(nick=actor.nick, target=name, count=count)
    )
    yield say(later("Deleted of {nick}: {count} messages, for ever."), nick=name, count=count)


def _head(row: Row) -> str:
    return row.line.partition("\n")[0]


def _take_back(state: ServerState, actor: Actor, row: Row, msgid: str) -> None:
    """Take a message back from the screens of those who have seen it: in the room, or the two who talked."""
    line = parse(_head(row))
    if not row.receiver:
        rank, name = split_rank(line.param(0))
        channel = state.find_channel(name)
        if channel is None:
            return
        told = [
            member
            for member, modes in channel.members.items()
            if not rank or "o" in modes or (modes and rank == "+") or row.sender in member.identities
        ]
        body = f":{actor.source} REDACT {channel.name} {msgid}"
    else:
        told = [one for one in state.connected if not {row.sender, row.receiver}.isdisjoint(one.identities)]
        author = next((one for one in told if row.sender in one.identities), None)
        receiver = next((one for one in told if row.receiver in one.identities), None)
        source = author.source if author else line.source
        body = f":{source} REDACT {receiver.nick if receiver else line.param(0)} {msgid}"
    state.relay([one for one in told if ircv3.MESSAGE_REDACTION in one.capabilities], body)
