"""Handlers of rooms: who is in, who comes and goes, topics and modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client.handlers import presence as people
from client.handlers.table import on
from client.model.conversations import Conversation, Kind, Member
from client.model.events import MembersChanged, TopicChanged
from client.model.sanitize import clean, is_name, short
from client.registration import nick_taken
from protocol import numerics
from protocol.message import Message
from translations import _, plural

if TYPE_CHECKING:
    from client.session import Session

MAX_MEMBERS: Final = 20_000
"""Members of a room that are remembered."""
MAX_MODES: Final = 100
"""Letters of one MODE that are looked at."""
MAX_NAMES_SHOWN: Final = 200


def left(session: Session, conversation: Conversation) -> None:
    """We are not in this room any more."""
    conversation.joined = False
    conversation.members.clear()
    session.emit(MembersChanged(conversation))


def rooms_of(session: Session, nick: str) -> list[Conversation]:
    """Return the rooms in which we see this nick."""
    folded = session.fold(nick)
    return [one for one in session.conversations.values() if folded in one.members]


def _with_reason(text: str, reason: str) -> str:
    return f"{text}: {clean(reason)}" if reason else text


@on("JOIN")
def _join(session: Session, message: Message) -> None:
    for name in dict.fromkeys(message.param(0).split(",")):
        if session.is_me(message.nick):
            _enter(session, message, name)
        elif (room := session.room(name)) and room.joined:
            if len(room.members) < MAX_MEMBERS:
                room.members[session.fold(message.nick)] = Member(clean(message.nick))
            session.emit(MembersChanged(room))
            text = _("{nick} enters the room").format(nick=clean(message.nick))
            session.add_entry(room, Kind.JOIN, text, message=message, nick=clean(message.nick))


def _enter(session: Session, message: Message, name: str) -> None:
    folded = session.fold(name)
    if not session.support.is_channel(name) or not is_name(name):
        return
    focus = folded == session.room_to_focus
    if focus:
        session.room_to_focus = ""
    room = session.open_conversation(name, is_room=True, focus=focus)
    if not room.is_room:
        return
    session.parting.discard(folded)
    room.joined = True
    room.members = {session.fold(session.nick): Member(session.nick)}
    session.wanted_rooms.setdefault(folded, (name, ""))
    session.just_entered.add(folded)
    marker = session.next_key()
    session.add_entry(
        room, Kind.JOIN, _("You are in {room}").format(room=clean(name)), message=message, own=True
    )
    session.emit(MembersChanged(room))
    session.catchup.start(room, marker, since=message.tags.get("time", ""))


@on("PART")
def _part(session: Session, message: Message) -> None:
    for name in message.param(0).split(","):
        room = session.room(name)
        if session.is_me(message.nick):
            session.parting.discard(session.fold(name))
        if room is None:
            continue
        if session.is_me(message.nick):
            session.wanted_rooms.pop(session.fold(name), None)
            left(session, room)
            session.outbox.fail_all(room)
            text = _("You left the room")
        elif room.members.pop(session.fold(message.nick), None):
            session.emit(MembersChanged(room))
            text = _("{nick} leaves the room").format(nick=clean(message.nick))
        else:
            continue
        text = _with_reason(text, message.param(1))
        session.add_entry(room, Kind.PART, text, message=message, nick=clean(message.nick))


@on("QUIT")
def _quit(session: Session, message: Message) -> None:
    nick = clean(message.nick)
    text = _with_reason(_("{nick} goes offline").format(nick=nick), message.param(0))
    for room in rooms_of(session, message.nick):
        del room.members[session.fold(message.nick)]
        session.emit(MembersChanged(room))
        session.add_entry(room, Kind.QUIT, text, message=message, nick=nick)
    session.registration.nick_is_free(message.nick)


@on("NICK")
def _nick(session: Session, message: Message) -> None:
    old, new = message.nick, short(message.param(0))
    if not new:
        return
    own = session.is_me(old)
    rooms = rooms_of(session, old)
    for room in rooms:
        member = room.members.pop(session.fold(old))
        member.nick = clean(new)
        room.members[session.fold(new)] = member
        session.emit(MembersChanged(room))
    if own:
        session.registration.renamed(new)
        session.set_nick(new)
        text = _("You are now {nick}").format(nick=clean(new))
    else:
        text = _("{old} is now {new}").format(old=clean(old), new=clean(new))
        session.rename_private(old, new)
    private = session.conversations.get(session.fold(new))
    if not own and private and not private.is_room:
        rooms.append(private)
    for conversation in rooms or ([session.server_talk] if own else []):
        session.add_entry(conversation, Kind.NICK, text, message=message, nick=clean(new), own=own)
    if not own:
        session.registration.nick_is_free(old)


@on("KICK")
def _kick(session: Session, message: Message) -> None:
    room = session.room(message.param(0))
    if room is None:
        return
    by, victim, reason = clean(message.nick), message.param(1), message.param(2)
    if session.is_me(victim):
        session.wanted_rooms.pop(session.fold(room.name), None)
        left(session, room)
        session.outbox.fail_all(room)
        text = _("{nick} removes you from the room").format(nick=by)
    elif room.members.pop(session.fold(victim), None):
        session.emit(MembersChanged(room))
        text = _("{nick} removes {victim} from the room").format(nick=by, victim=clean(victim))
    else:
        return
    session.add_entry(room, Kind.KICK, _with_reason(text, reason), message=message, nick=by)


@on("TOPIC")
def _topic(session: Session, message: Message) -> None:
    room = session.room(message.param(0))
    if room is None:
        return
    room.topic = clean(message.param(1))
    nick = clean(message.nick)
    if room.topic:
        text = _("{nick} sets the topic: {topic}").format(nick=nick, topic=room.topic)
    else:
        text = _("{nick} clears the topic").format(nick=nick)
    session.emit(TopicChanged(room))
    session.add_entry(room, Kind.TOPIC, text, message=message, nick=nick)


@on(numerics.RPL_TOPIC, numerics.RPL_NOTOPIC)
def _topic_is(session: Session, message: Message) -> None:
    room = session.room(message.param(1))
    if room:
        room.topic = clean(message.param(2)) if message.command == numerics.RPL_TOPIC else ""
        session.emit(TopicChanged(room))


@on(numerics.RPL_TOPICWHOTIME, numerics.RPL_CREATIONTIME)
def _nothing_to_show(session: Session, message: Message) -> None:
    pass


@on(numerics.RPL_NAMREPLY)
def _names(session: Session, message: Message) -> None:
    names = session.names_coming.setdefault(session.fold(message.param(2)), {})
    for word in message.param(3).split():
        bare = word.lstrip(session.support.prefix_marks)
        nick = short(bare.partition("!")[0])
        if nick and len(names) < MAX_MEMBERS:
            marks = session.support.ordered_marks(word[: len(word) - len(bare)])
            names[session.fold(nick)] = Member(clean(nick), marks)
    if len(session.names_coming) > len(session.conversations) + 1:
        # Only a lying server leaves so many lists without an end.
        session.names_coming.clear()


@on(numerics.RPL_ENDOFNAMES)
def _end_of_names(session: Session, message: Message) -> None:
    folded = session.fold(message.param(1))
    names = session.names_coming.pop(folded, {})
    room = session.room(message.param(1))
    if room and room.joined and names:
        for key, member in names.items():
            if known := room.members.get(key):
                member.away, member.bot = known.away, known.bot
        room.members = names
        session.emit(MembersChanged(room))
        if folded in session.just_entered:
            session.just_entered.discard(folded)
            people.ask_who(session, room)
    if folded in session.names_asked:
        session.names_asked.discard(folded)
        listed = sorted(names.values(), key=lambda member: session.fold(member.nick))[:MAX_NAMES_SHOWN]
        text = plural("{count} person in the room:", "{count} people in the room:", len(names))
        shown = " ".join(member.prefixes[:1] + member.nick for member in listed)
        session.inform(
            room or session.asked_in, f"{text} {shown}" + (" …" if len(names) > len(listed) else "")
        )


@on("AWAY")
def _away(session: Session, message: Message) -> None:
    for room in rooms_of(session, message.nick):
        room.members[session.fold(message.nick)].away = bool(message.param(0))
        session.emit(MembersChanged(room))


@on("MODE")
def _mode(session: Session, message: Message) -> None:
    target, by = message.param(0), clean(message.nick)
    room = session.room(target)
    if room is None:
        if session.is_me(target):
            modes = clean(" ".join(message.params[1:]))
            session.inform(session.server_talk, _("Your modes: {modes}").format(modes=modes), message)
        return
    adding = True
    parameters = iter(message.params[2:])
    rest: list[str] = []
    for mode in message.param(1)[:MAX_MODES]:
        if mode in "+-":
            adding = mode == "+"
            continue
        parameter = next(parameters, "") if session.support.takes_parameter(mode, adding) else ""
        sign = "+" if adding else "-"
        if mode in session.support.prefix_modes:
            _mark(session, room, mode, parameter, adding)
        text = _mark_sentence(sign + mode, by, clean(parameter))
        if text:
            session.add_entry(room, Kind.MODE, text, message=message, nick=by)
        else:
            rest.append(f"{sign}{mode} {parameter}".strip())
    if rest:
        text = _("{nick} sets the room's mode {modes}").format(nick=by, modes=clean(" ".join(rest)))
        session.add_entry(room, Kind.MODE, text, message=message, nick=by)


def _mark(session: Session, room: Conversation, mode: str, nick: str, adding: bool) -> None:
    member = room.members.get(session.fold(nick))
    if member:
        mark = session.support.prefix_marks[session.support.prefix_modes.index(mode)]
        marks = set(member.prefixes) | {mark} if adding else set(member.prefixes) - {mark}
        member.prefixes = session.support.ordered_marks(marks)
        session.emit(MembersChanged(room))


def _mark_sentence(mode: str, by: str, target: str) -> str:
    match mode:
        case "+o":
            text = _("{nick} makes {target} an operator of the room")
        case "-o":
            text = _("{nick} takes the operator's rights from {target}")
        case "+v":
            text = _("{nick} gives {target} a voice")
        case "-v":
            text = _("{nick} takes the voice from {target}")
        case "+b":
            text = _("{nick} bans {target}")
        case "-b":
            text = _("{nick} lifts the ban on {target}")
        case _other:
            return ""
    return text.format(nick=by, target=target)


@on(numerics.RPL_CHANNELMODEIS)
def _modes_are(session: Session, message: Message) -> None:
    room = session.room(message.param(1))
    modes = clean(" ".join(message.params[2:]))
    session.inform(room or session.asked_in, _("The room's modes: {modes}").format(modes=modes))


@on("403", "405", "437", "471", "473", "474", "475", "476", "477", "479", "480", "489", "520")
def cannot_enter(session: Session, message: Message) -> None:
    """The server does not let us into a room, or into what only its members may do."""
    name = message.param(1)
    if message.command == "437" and not session.support.is_channel(name):
        nick_taken(session, message)
        return
    text = _join_error(message, clean(name))
    room = session.room(name)
    if (room is None or room.joined) and session.outbox.fail_answered(message, text, name):
        return
    if room is None or not room.joined:
        session.wanted_rooms.pop(session.fold(name), None)
    if room and not room.joined:
        session.outbox.fail_all(room)
    session.complain(room or session.asked_in, text)


def _join_error(message: Message, room: str) -> str:
    texts = {
        "403": _("There is no room {room}."),
        "405": _("You are in too many rooms to enter {room}."),
        "471": _("{room} is full."),
        "473": _("{room} lets in only those who are invited."),
        "474": _("You are banned from {room}."),
        "475": _("{room} has a key. To enter: /join {room} key"),
        "476": _("{room} cannot be the name of a room."),
        "477": _("{room} lets in only registered users."),
        "479": _("{room} cannot be the name of a room."),
        "489": _("{room} lets in only encrypted connections."),
        "520": _("{room} lets in only operators of the server."),
    }
    said = clean(message.params[-1] if message.params else "")
    return texts.get(message.command, said).format(room=room) if message.command in texts else said
