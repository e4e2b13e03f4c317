"""Who is away, who is a bot, who talked with us meanwhile: what a room's list of names does not tell.

After a room's names have come, WHO asks about its members, once and only where they are few; later changes
come by themselves (away-notify, the tag `bot`). With WHOX (354) the answer holds no more than is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client.handlers.table import on
from client.model.conversations import Conversation
from client.model.events import MembersChanged
from client.model.sanitize import clean, is_name, is_sendable
from client.model.server_time import just_before
from protocol import numerics
from protocol.message import Message
from translations import _

if TYPE_CHECKING:
    from client.session import Session

LARGEST_ROOM: Final = 200
"""Members about whom WHO is asked; in larger rooms the answer would be a flood."""
MAX_TALKS: Final = 20
"""Private talks that are opened because they went on while we were away."""
_TOKEN: Final = "77"
_FIELDS: Final = f"%tcnf,{_TOKEN}"
_FAR_FUTURE: Final = "2999-01-01T00:00:00.000Z"


def ask_who(session: Session, room: Conversation) -> None:
    """Ask who in the room is away or a bot."""
    if len(room.members) <= LARGEST_ROOM and is_sendable(room.name):
        session.who_asked.add(session.fold(room.name))
        session.send("WHO", room.name, *([_FIELDS] if session.support.has("WHOX") else []))


@on(numerics.RPL_WHOSPCRPL)
def _whox(session: Session, message: Message) -> None:
    if message.param(1) == _TOKEN and session.fold(message.param(2)) in session.who_asked:
        _note(session, *message.params[2:5])
    else:
        _show(session, message)


@on(numerics.RPL_WHOREPLY)
def _who(session: Session, message: Message) -> None:
    if session.fold(message.param(1)) in session.who_asked:
        _note(session, message.param(1), message.param(5), message.param(6))
    else:
        _show(session, message)


def _note(session: Session, name: str = "", nick: str = "", flags: str = "") -> None:
    room = session.room(name)
    member = room.members.get(session.fold(nick)) if room else None
    if member:
        member.away = "G" in flags
        bot = session.support.get("BOT")
        member.bot = bool(bot) and bot in flags


def _show(session: Session, message: Message) -> None:
    """The user asked, with /raw WHO."""
    session.inform(session.asked_in, clean(" ".join(message.params[1:])))


@on(numerics.RPL_ENDOFWHO)
def _end_of_who(session: Session, message: Message) -> None:
    folded = session.fold(message.param(1))
    if folded in session.who_asked:
        session.who_asked.discard(folded)
        if room := session.room(message.param(1)):
            session.emit(MembersChanged(room))


def note_bot(session: Session, nick: str) -> None:
    """This one is a bot: a message of theirs, or WHOIS, says so (IRCv3 bot mode)."""
    folded = session.fold(nick)
    for room in session.conversations.values():
        member = room.members.get(folded)
        if member and not member.bot:
            member.bot = True
            session.emit(MembersChanged(room))


@on("INVITE")
def _invite(session: Session, message: Message) -> None:
    nick, victim, name = clean(message.nick), message.param(0), message.param(1)
    if session.is_me(victim):
        text = _("{nick} invites you to {room}. To enter: /join {room}").format(nick=nick, room=clean(name))
        session.inform(session.shown or session.server_talk, text, message)
    elif room := session.room(name):  # invite-notify
        text = _("{nick} invites {other} to the room").format(nick=nick, other=clean(victim))
        session.inform(room, text, message)


def ask_for_talks(session: Session) -> None:
    """After a reconnect: ask with whom private talks went on since the last thing that we know."""
    if session.talks_since and session.catchup.available:
        since, until = f"timestamp={just_before(session.talks_since)}", f"timestamp={_FAR_FUTURE}"
        session.send("CHATHISTORY", "TARGETS", since, until, str(MAX_TALKS))


@on("CHATHISTORY")
def _target(session: Session, message: Message) -> None:
    """`CHATHISTORY TARGETS name time`, in a batch (IRCv3 draft/chathistory)."""
    name = message.param(1)
    if (
        message.param(0).upper() == "TARGETS"
        and session.talks_since
        and is_name(name)
        and not session.is_full
        and not session.support.is_channel(name)
        and session.fold(name) not in session.conversations
        and not session.is_me(name)
    ):
        session.catchup.know_time(name, session.talks_since)
        session.open_private(name, focus=False)
