"""Handlers of what is said: PRIVMSG, NOTICE, and the CTCP requests and answers in them."""

from typing import Final

from client.handlers.outcomes import TalkBegun
from client.handlers.presence import note_bot
from client.handlers.table import on
from client.model.conversations import Conversation
from client.model.events import MembersChanged
from client.model.sanitize import clean, is_name, is_sendable
from client.model.spoken import is_server, is_service, spoken
from client.model.state import ClientState
from program.version import NAME, VERSION
from protocol import ircv3
from protocol.class_words import DOWN, UP
from protocol.ctcp import ACTION, Ctcp, format_ctcp, parse_ctcp
from protocol.message import Message
from protocol.text import cut_characters
from translations import _

CTCP_WINDOW: Final = 10.0
"""Seconds in which no more than `MAX_CTCP_ANSWERS` go out: nobody can make us flood the server."""


_TYPING_SECONDS: Final = {ircv3.TYPING_ACTIVE: 6.0, ircv3.TYPING_PAUSED: 30.0}
"""How long somebody counts as writing of whom no more is heard."""


@on("PRIVMSG", "NOTICE", needs=2)
def _message(state: ClientState, message: Message) -> TalkBegun | None:
    """Show what was said, unless it was shown before. The echoes of what we said here do not come so far."""
    own = bool(message.source) and state.is_me(message.nick)
    place = _place(state, message, own=own)
    if place is None or isinstance(place, TalkBegun):
        return place
    request = parse_ctcp(message.param(1))
    if request and request.command != ACTION:
        if not own and state.remember_message(message):
            _take_ctcp(state, message, request)
    elif entry := state.entry_of_message(message):
        _note_hand(state, message, own=own)
        if ircv3.TAG_BOT in message.tags or ircv3.TAG_DRAFT_BOT in message.tags:
            note_bot(state, message.nick)
        to_everybody = place is state.server_talk and message.param(0)[:1] in ("*", "$")
        entry.mention |= (
            to_everybody and state.ready
        )  # before that the server may not know what we are called
        state.append_entry(place, entry)
        state.note_typing(place, message.nick, 0)
        state.tell_announcement(entry, message)
        if place.name:
            state.remember_latest(place, message)
    return None


@on("TAGMSG", needs=1)
def _tags(state: ClientState, message: Message) -> None:
    """Note who is writing (IRCv3 typing); other tags without a text have nothing to show."""
    sign = message.tags.get(ircv3.TAG_TYPING) or message.tags.get(ircv3.TAG_DRAFT_TYPING)
    place = state.conversation(state.conversation_name(message))
    if sign and place and not state.is_me(message.nick):
        state.note_typing(place, message.nick, _TYPING_SECONDS.get(sign, 0))


def _note_hand(state: ClientState, message: Message, *, own: bool) -> None:
    """Our hand is up, or it was lowered by us or, as the server says, by a teacher."""
    sign = message.tags.get(ircv3.TAG_HAND)
    if sign in (UP, DOWN) and (own or is_server(message.source)):
        state.speech.hand_raised = sign == UP
        for room in state.conversations.values():
            if state.may_raise_hand(room):
                state.emit(MembersChanged(room))


def _place(state: ClientState, message: Message, *, own: bool) -> Conversation | TalkBegun | None:
    """Return the conversation that a live message belongs to; a private talk is opened for it.

    None: it is the late echo, or the last words, of one that the user has just closed.
    """
    name = state.conversation_name(message)
    if state.support.is_channel(name):
        return state.room(name) or (None if state.is_parting(name) else state.server_talk)
    if is_server(message.source) or not is_name(name):
        return state.server_talk
    if talk := state.conversation(name):
        return talk
    if own and state.is_parting(name):
        return None
    if state.is_ignored(name):
        return None
    # A notice opens no window, nor does a service, a part of a bouncer, or a CTCP request.
    service = is_service(message.source) and not own
    if message.command == "NOTICE" or service or spoken(message) is None or state.is_full:
        return state.server_talk
    marker = state.next_key()
    return TalkBegun(state.open_conversation(name, is_room=False, focus=False), marker)


def _take_ctcp(state: ClientState, message: Message, request: Ctcp) -> None:
    if "\n" in message.param(1):  # of several lines (draft/multiline): that is no request
        return
    nick = message.nick
    if state.is_ignored(nick):
        return
    if message.command == "NOTICE":
        text = _("{nick} answers {question}: {text}")
        said = text.format(nick=clean(nick), question=clean(request.command), text=clean(request.text))
        state.inform(state.answered_in, said)
        return
    answers = {"VERSION": f"{NAME} {VERSION}", "PING": cut_characters(request.text, 100)}
    if (
        request.command in answers
        and is_sendable(nick)
        and state.is_me(message.param(0))
        and not _answered_enough(state)
    ):
        state.ctcp_answers.append(state.timer())
        state.send("NOTICE", nick, format_ctcp(request.command, answers[request.command]))


def _answered_enough(state: ClientState) -> bool:
    times = state.ctcp_answers
    return len(times) == times.maxlen and state.timer() - times[0] < CTCP_WINDOW
