"""Handlers of what a list of names does not tell: who is away, who is a bot, who wrote to us meanwhile.

After a room's names have come, WHO asks about its members, once and only where they are few; later changes
come by themselves (away-notify, the tag `bot`). With WHOX (354) the answer holds no more than is asked for.
"""

from typing import Final

from client.handlers.outcomes import HistoryNeeded
from client.handlers.table import on
from client.model.conversations import Anchor, Conversation
from client.model.events import MembersChanged
from client.model.sanitize import clean, is_name, is_sendable, last_param, short
from client.model.server_time import just_before
from client.model.state import ClientState
from protocol import numerics as n
from protocol.message import Message
from protocol.words import upper
from translations import _

LARGEST_ROOM: Final = 200
"""Members about whom WHO is asked; in larger rooms the answer would be a flood."""
MAX_TALKS: Final = 20
"""Private talks that are opened because they went on while we were away."""
_TOKEN: Final = "77"
_FIELDS: Final = f"%tcnf,{_TOKEN}"
_FAR_FUTURE: Final = "2999-01-01T00:00:00.000Z"


def ask_who(state: ClientState, room: Conversation) -> None:
    """Ask who in the room is away or a bot."""
    if len(room.members) <= LARGEST_ROOM and is_sendable(room.name):
        room.asked.who = True
        state.send("WHO", room.name, last=_FIELDS if state.support.has("WHOX") else "")


def _asked_record(state: ClientState, name: str) -> Conversation | None:
    """Return the room of this name, open or closed since, if we have asked about its members."""
    record = state.record(name)
    return record if record and record.asked.who else None


@on(n.RPL_WHOSPCRPL, needs=2)
def _whox(state: ClientState, message: Message) -> None:
    room = _asked_record(state, message.param(2))
    if room and message.param(1) == _TOKEN:
        _note(state, room, message.param(3), message.param(4))
    else:
        _show(state, message)


@on(n.RPL_WHOREPLY, needs=7)
def _who(state: ClientState, message: Message) -> None:
    if room := _asked_record(state, message.param(1)):
        _note(state, room, message.param(5), message.param(6))
    else:
        _show(state, message)


def _note(state: ClientState, room: Conversation, nick: str, flags: str) -> None:
    member = room.members.get(state.fold(nick))
    if member:
        member.away = "G" in flags
        bot = state.support.get("BOT")
        member.bot = bool(bot) and bot in flags


def _show(state: ClientState, message: Message) -> None:
    """The user asked, with /raw WHO."""
    state.inform(state.answered_in, clean(" ".join(message.params[1:])))


@on(n.RPL_ENDOFWHO)
def _end_of_who(state: ClientState, message: Message) -> None:
    if room := _asked_record(state, message.param(1)):
        room.asked.who = False
        state.emit(MembersChanged(room))


def note_bot(state: ClientState, nick: str) -> None:
    """A message, or WHOIS, says that this person is a bot (IRCv3 bot mode)."""
    for room in state.rooms_with(nick):
        member = room.members[state.fold(nick)]
        if not member.bot:
            member.bot = True
            state.emit(MembersChanged(room))


@on("AWAY")
def _away(state: ClientState, message: Message) -> None:
    for room in state.rooms_with(message.nick):
        room.members[state.fold(message.nick)].away = bool(message.param(0))
        state.emit(MembersChanged(room))


@on("INVITE", needs=2)
def _invite(state: ClientState, message: Message) -> None:
    nick, victim, name = clean(message.nick), message.param(0), message.param(1)
    if state.is_me(victim) and state.is_ignored(message.nick):
        return
    if state.is_me(victim):
        text = _("{nick} invites you to {room}. To enter: /join {room}").format(nick=nick, room=clean(name))
        state.inform(state.shown or state.server_talk, text, message)
    elif room := state.room(name):  # invite-notify
        text = _("{nick} invites {other} to the room").format(nick=nick, other=short(victim))
        state.inform(room, text, message)


@on(n.RPL_INVITELIST, needs=2)
def _invited(state: ClientState, message: Message) -> None:
    state.inform(state.answered_in, _("You are invited to {room}.").format(room=last_param(message)))


def ask_for_talks(state: ClientState) -> None:
    """After a reconnect: ask with whom private talks went on since the last thing that we know."""
    if state.talks_since and state.has_history:
        since, until = f"timestamp={just_before(state.talks_since)}", f"timestamp={_FAR_FUTURE}"
        state.send("CHATHISTORY", "TARGETS", since, until, str(MAX_TALKS))


@on("CHATHISTORY")
def _target(state: ClientState, message: Message) -> HistoryNeeded | None:
    """`CHATHISTORY TARGETS name time`, in a batch (IRCv3 draft/chathistory): a talk went on without us."""
    name = message.param(1)
    if (
        upper(message.param(0)) != "TARGETS"
        or not state.talks_since
        or not state.ready
        or not is_name(name)
        or state.is_full
        or state.support.is_channel(name)
        or state.conversation(name)
        or state.is_ignored(name)
        or state.is_me(name)
    ):
        return None
    marker = state.next_key()
    talk = state.open_conversation(name, is_room=False, focus=False)
    # What was said before that is known.
    talk.anchor = Anchor(stamp=state.talks_since, said=False)
    return HistoryNeeded((talk,), marker, since=state.server_clock.latest)
