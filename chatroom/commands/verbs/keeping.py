"""Verbs about what is kept: save, new."""

import sqlite3

from chatroom.channel import NEW_MODES, Channel
from chatroom.commands.modes import set_flag, set_rank, tell_changes
from chatroom.commands.verbs.table import (
    Actor,
    Given,
    Sentences,
    VerbError,
    channels_of_class,
    classroom_of,
    say,
    verb,
)
from chatroom.history.file import HistoryError
from chatroom.state import ServerState
from chatroom.throttle import steady_time
from program.log import log
from protocol.modes import ModeChange
from translations import _, later
from translations.system_errors import explain_error


@verb("save")
def save(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Write what was said and who was here into a folder of the archive; the class goes on."""
    classroom_of(state)
    if state.history is None:
        raise VerbError("NO_HISTORY", later("This server keeps no history: there is nothing to save."))
    try:
        folder = state.save_class()
    except OSError as error:
        raise _cannot_be_kept(error) from None
    yield say(later("What was said and who was here is written to {path}"), path=folder)


@verb("new")
def new(state: ServerState, actor: Actor, given: Given) -> Sentences:
    """Close the class: move its history into the archive, and begin anew, with nothing decided or said."""
    classroom = classroom_of(state)
    if state.history and state.history.problem:
        text = later("The history cannot be written now, and so not be closed: {problem}")
        raise VerbError("HISTORY_TROUBLE", text, problem=state.history.problem)
    steady = steady_time()
    silent = [one for one in classroom.people if one.silence(state.time, steady)[0] != "UNMUTED"]
    clients = [client for one in silent for client in one.clients]
    try:
        folder = state.begin_anew(given.text)
    except (OSError, sqlite3.Error, HistoryError) as error:
        raise _cannot_be_kept(error) from None
    for person in dict.fromkeys(map(state.person_of, clients)):
        if person:
            state.tell_of_silence(person)
    for channel in channels_of_class(state, ()):
        _clear(state, actor, channel)
    log.info(_("{nick} began a new class").format(nick=actor.nick))
    if folder:
        yield say(later("The class is closed; what was said and who was here is in {path}"), path=folder)
    yield say(later("A new class begins: {group}"), group=classroom.group or "–")


def _clear(state: ServerState, actor: Actor, channel: Channel) -> None:
    """Let a room be as a new one is, and tell who is in it."""
    flags = {letter: letter in NEW_MODES for letter in sorted(channel.modes ^ NEW_MODES)}
    done = [ModeChange(on, letter, None) for letter, on in flags.items()]
    for letter, on in flags.items():
        set_flag(state, channel, letter, on=on)
    done += [ModeChange(False, "k", "*")] * bool(channel.key) + [ModeChange(False, "l", None)] * bool(
        channel.limit
    )
    channel.key, channel.limit = "", 0
    for letter, entries in channel.lists.items():
        done += [ModeChange(False, letter, entry.mask) for entry in entries]
        for entry in entries:
            state.forget_mask(entry)
        entries.clear()
    for member in channel.members:
        if set_rank(state, channel, member, "v", on=False):
            done.append(ModeChange(False, "v", member.nick))
    if done:
        tell_changes(state, actor.client, actor.source, channel, done)
    if channel.topic:
        channel.topic = ""
        state.tell_channel(actor.client, channel, f":{actor.source} TOPIC {channel.name} :")
    classroom_of(state).keep_room(channel)


def _cannot_be_kept(error: Exception) -> VerbError:
    text = later("The archive cannot be written: {problem}")
    return VerbError("ARCHIVE_TROUBLE", text, problem=explain_error(error))
