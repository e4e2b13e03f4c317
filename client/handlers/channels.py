"""Handlers of rooms: who is in, who comes and goes, topics and modes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from client.handlers.outcomes import HistoryNeeded, RoomsLeft
from client.handlers.presence import ask_who
from client.handlers.table import on
from client.model.conversations import Conversation, Kind, Member
from client.model.events import CardChanged, DeskChanged, MembersChanged, TopicChanged
from client.model.sanitize import clean, is_name, short
from client.model.server_words import in_our_words
from client.model.state import ClientState
from protocol import ircv3, modes
from protocol import numerics as n
from protocol.message import Message, split_source
from translations import _, plural

MAX_MODES: Final = 100
"""Letters of one MODE that are looked at."""
_FLAGS: Final = frozenset("mik")
"""Modes of a room that are kept (`Conversation.flags`)."""
MAX_NAMES_SHOWN: Final = 200


def _with_reason(text: str, reason: str) -> str:
    return f"{text}: {in_our_words(reason)}" if reason else text


@on("JOIN", needs=1)
def _join(state: ClientState, message: Message) -> HistoryNeeded | None:
    names = dict.fromkeys(message.param(0).split(","))
    if state.is_me(message.nick):
        marker = state.next_key()
        entered = tuple(room for name in names if (room := _enter(state, message, name)))
        return HistoryNeeded(entered, marker, since=message.tags.get(ircv3.TAG_TIME, ""))
    nick = clean(message.nick)
    for name in names:
        if (room := state.room(name)) and room.joined:
            state.note_members(room.members, [Member(nick)])
            state.emit(MembersChanged(room))
            text = _("{nick} enters the room").format(nick=nick)
            state.add_entry(room, Kind.JOIN, text, message=message, nick=nick)
    return None


def _enter(state: ClientState, message: Message, name: str) -> Conversation | None:
    """We are in this room now: return it; None if it cannot be shown."""
    if not state.support.is_channel(name) or not is_name(name):
        return None
    focus = state.to_focus is not None and state.record(name) is state.to_focus
    if focus:
        state.to_focus = None
    room = state.open_conversation(name, is_room=True, focus=focus)
    if not room.is_room:
        return None
    room.joined = room.wanted = room.asked.entering = True
    room.asked.joining, room.asked.tries, room.asked.try_at = 0, 0, 0.0
    room.asked.names_coming = {}
    room.members = {state.fold(state.nick): Member(state.nick)}
    room.topic = ""  # if there is one, it is told now
    state.emit(TopicChanged(room))
    text = _("You are in {room}").format(room=clean(name))
    state.add_entry(room, Kind.JOIN, text, message=message, own=True)
    state.emit(MembersChanged(room))
    return room


@on("PART", needs=1)
def _part(state: ClientState, message: Message) -> RoomsLeft | None:
    names = message.param(0).split(",")
    if state.is_me(message.nick):
        return RoomsLeft(tuple(room for name in names if (room := _leave(state, message, name))))
    nick = clean(message.nick)
    for name in names:
        room = state.room(name)
        if room and room.members.pop(state.fold(message.nick), None):
            state.emit(MembersChanged(room))
            text = _with_reason(_("{nick} leaves the room").format(nick=nick), message.param(1))
            state.add_entry(room, Kind.PART, text, message=message, nick=nick)
    return None


def _leave(state: ClientState, message: Message, name: str) -> Conversation | None:
    """We have left this room: return it if it is open."""
    room = state.room(name)
    if room is None:
        if record := state.record(name):
            record.asked.parting = False
        return None
    state.leave(room)
    text = _with_reason(_("You left the room"), message.param(1))
    state.add_entry(room, Kind.PART, text, message=message, nick=clean(message.nick), own=True)
    return room


@on("KICK", needs=2)
def _kick(state: ClientState, message: Message) -> RoomsLeft | None:
    room = state.room(message.param(0))
    if room is None:
        return None
    by, victim, reason = clean(message.nick), message.param(1), message.param(2)
    if reason == message.nick:  # servers fill it in where no reason was given
        reason = ""
    own = state.is_me(victim)
    if own:
        state.leave(room)
        text = _("{nick} removes you from the room").format(nick=by)
    elif room.members.pop(state.fold(victim), None):
        state.emit(MembersChanged(room))
        text = _("{nick} removes {victim} from the room").format(nick=by, victim=short(victim))
    else:
        return None
    state.add_entry(room, Kind.KICK, _with_reason(text, reason), message=message, nick=by)
    return RoomsLeft((room,)) if own else None


@on("QUIT")
def _quit(state: ClientState, message: Message) -> None:
    nick = clean(message.nick)
    text = _with_reason(_("{nick} goes offline").format(nick=nick), message.param(0))
    for room in state.rooms_with(message.nick):
        del room.members[state.fold(message.nick)]
        state.emit(MembersChanged(room))
        state.add_entry(room, Kind.QUIT, text, message=message, nick=nick)
    if state.looked_up and state.is_same(message.nick, state.looked_up.nick):
        state.looked_up.end(is_gone=True)
        state.emit_once(CardChanged())
    state.take_freed_nick(message.nick)


@on("NICK", needs=1)
def _nick(state: ClientState, message: Message) -> None:
    old, new = message.nick, short(message.param(0))
    own = state.is_me(old)
    if not new or new == (state.nick if own else old):  # bip greets with the nick that we have
        return
    if state.looked_up and state.is_same(old, state.looked_up.nick) and is_name(new):
        state.looked_up.rename(new)
        state.emit_once(CardChanged())
    places = state.rooms_with(old)
    for room in places:
        member = room.members.pop(state.fold(old))
        member.nick = clean(new)
        room.members[state.fold(new)] = member
        state.emit(MembersChanged(room))
    if own:
        state.set_nick(new)
        # What we asked for, or what a class's operator wants: we come back so after a reconnect too.
        if state.is_same(new, state.asked_nick) or state.support.has(ircv3.CLASS):
            state.profile = replace(state.profile, nick=new)
        text = _("You are now {nick}").format(nick=clean(new))
        state.rename_talk(old, new)
        places = places or [state.server_talk]
    else:
        state.rename_talk(old, new)
        text = _("{old} is now {new}").format(old=clean(old), new=clean(new))
        private = state.conversation(new)
        if private and not private.is_room:
            places.append(private)
    for place in places:
        state.add_entry(place, Kind.NICK, text, message=message, nick=clean(new), own=own)
    if not own:
        state.take_freed_nick(old)


@on("TOPIC", needs=2)
def _topic(state: ClientState, message: Message) -> None:
    room = state.room(message.param(0))
    if room is None:
        return
    room.topic = clean(message.param(1))
    nick = clean(message.nick)
    if room.topic:
        text = _("{nick} sets the topic: {topic}").format(nick=nick, topic=room.topic)
    else:
        text = _("{nick} clears the topic").format(nick=nick)
    state.emit(TopicChanged(room))
    state.add_entry(room, Kind.TOPIC, text, message=message, nick=nick)


@on(n.RPL_TOPIC, n.RPL_NOTOPIC, needs=3)
def _topic_is(state: ClientState, message: Message) -> None:
    room = state.room(message.param(1))
    if room:
        room.topic = clean(message.param(2)) if message.command == n.RPL_TOPIC else ""
        state.emit(TopicChanged(room))


@on(n.RPL_NAMREPLY, needs=4)
def _names(state: ClientState, message: Message) -> None:
    record = state.record(message.param(2))
    if record is None:
        return
    found: list[Member] = []
    for word in message.param(3).split(" "):
        bare = word.lstrip(state.support.prefix_marks)
        nick = short(split_source(bare).nick)
        if nick:
            marks = state.support.ordered_marks(word[: len(word) - len(bare)])
            found.append(Member(clean(nick), marks))
    state.note_members(record.asked.names_coming, found)


@on(n.RPL_ENDOFNAMES, needs=2)
def _end_of_names(state: ClientState, message: Message) -> None:
    record = state.record(message.param(1))
    if record is None:
        return
    asked = record.asked
    names, asked.names_coming = asked.names_coming, {}
    if record.joined and names:
        for key, member in names.items():
            if known := record.members.get(key):
                member.away, member.bot = known.away, known.bot
        record.members = names
        state.emit(MembersChanged(record))
        if asked.entering:
            asked.entering = False
            ask_who(state, record)
            if state.is_of_class(record):
                asked.modes = True
                state.send("MODE", record.name)
    if asked.names_shown:
        asked.names_shown = False
        _show_names(
            state, state.questions.answer_place or state.room(record.name) or state.answered_in, names
        )


def _show_names(state: ClientState, place: Conversation, names: dict[str, Member]) -> None:
    listed = sorted(names.values(), key=lambda member: state.fold(member.nick))[:MAX_NAMES_SHOWN]
    text = plural("{count} person in the room:", "{count} people in the room:", len(names))
    shown = " ".join(member.prefixes[:1] + member.nick for member in listed)
    state.inform(place, f"{text} {shown}" + (" …" if len(names) > len(listed) else ""))


_MODE_SENTENCES: Final[Mapping[str, Callable[[], str]]] = {
    "+o": lambda: _("{nick} makes {target} an operator of the room"),
    "-o": lambda: _("{nick} takes the operator's rights from {target}"),
    "+v": lambda: _("{nick} gives {target} a voice"),
    "-v": lambda: _("{nick} takes the voice from {target}"),
    "+m": lambda: _("{nick} makes the room quiet: only those who have the word can write"),
    "-m": lambda: _("{nick} lets everybody write in the room"),
    "+i": lambda: _("{nick} locks the room: nobody new enters"),
    "-i": lambda: _("{nick} unlocks the room: everybody may enter"),
    "+b": lambda: _("{nick} bans {target}"),
    "-b": lambda: _("{nick} lifts the ban on {target}"),
}


@on("MODE", needs=2)
def _mode(state: ClientState, message: Message) -> None:
    target, by = message.param(0), clean(message.nick)
    room = state.room(target)
    if room is None:
        if state.is_me(target):
            _note_own_modes(state, message.param(1))
            own = clean(" ".join(message.params[1:]))
            state.inform(state.server_talk, _("Your modes: {modes}").format(modes=own), message)
        return
    rest: list[str] = []
    for change in modes.parse_mode_changes(
        message.param(1)[:MAX_MODES], message.params[2:], state.support.takes_parameter
    ):
        letter, parameter = change.letter, change.param or ""
        if letter in state.support.prefix_modes:
            _set_mark(state, room, letter, parameter, adding=change.adding)
        signed = f"{'+' if change.adding else '-'}{letter}"
        sentence = _MODE_SENTENCES.get(signed)
        if sentence and (parameter or letter in "im"):
            text = sentence().format(nick=by, target=short(parameter))
            state.add_entry(room, Kind.MODE, text, message=message, nick=by)
        else:
            rest.append(f"{signed} {parameter}".strip())
        if letter in _FLAGS:
            (room.flags.add if change.adding else room.flags.discard)(letter)
            state.emit(MembersChanged(room))
    if rest:
        text = _("{nick} sets the room's mode {modes}").format(nick=by, modes=clean(" ".join(rest)))
        state.add_entry(room, Kind.MODE, text, message=message, nick=by)


def _note_own_modes(state: ClientState, changed: str) -> None:
    for change in modes.parse_mode_changes(changed[:MAX_MODES], (), lambda _letter, _adding: False):
        if change.letter == "o":
            state.is_server_operator = change.adding
            state.emit(DeskChanged())
            if change.adding and state.desk.is_watched:
                state.watch_class(on=True)


def _set_mark(state: ClientState, room: Conversation, letter: str, nick: str, *, adding: bool) -> None:
    member = room.members.get(state.fold(nick))
    if member:
        mark = state.support.prefix_marks[state.support.prefix_modes.index(letter)]
        marks = set(member.prefixes) | {mark} if adding else set(member.prefixes) - {mark}
        member.prefixes = state.support.ordered_marks(marks)
        state.emit(MembersChanged(room))
        if adding and state.is_me(nick):
            state.speech.hand_raised = False  # that was what it asked for


@on(n.RPL_CHANNELMODEIS, needs=3)
def _modes_are(state: ClientState, message: Message) -> None:
    room = state.room(message.param(1))
    shown = clean(" ".join(message.params[2:]))
    if room:
        room.flags = set(_FLAGS.intersection(message.param(2)))
        state.emit(MembersChanged(room))
        if room.asked.modes:
            room.asked.modes = False
            return
    state.inform(
        state.questions.answer_place or room or state.answered_in,
        _("The room's modes: {modes}").format(modes=shown),
    )
