"""Handlers of what is said: PRIVMSG and NOTICE, echoes, CTCP, and copies of it from the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client.handlers.presence import note_bot
from client.handlers.table import on
from client.model.conversations import Conversation, Delivery, Entry, Kind
from client.model.events import EntryChanged
from client.model.sanitize import clean, is_name, is_sendable
from client.model.server_time import time_of
from client.outbox import NONCE_TAG, Outgoing
from program.version import NAME, VERSION
from protocol.message import Message
from translations import _

if TYPE_CHECKING:
    from client.session import Session

CTCP_BURST: Final = 3
"""CTCP requests that are answered within `CTCP_WINDOW` seconds: nobody can make us flood the server."""
CTCP_WINDOW: Final = 10.0


def _content(message: Message) -> tuple[Kind, str] | None:
    """Return what was said, cleaned; None if it is a CTCP request or answer."""
    kind = Kind.NOTICE if message.command == "NOTICE" else Kind.MESSAGE
    text = message.param(1)
    if text.startswith("\x01"):
        word, _space, rest = text.strip("\x01").partition(" ")
        if word.upper() != "ACTION":
            return None
        kind, text = Kind.ACTION, rest
    return kind, "\n".join(map(clean, text.split("\n"))) if "\n" in text else clean(text)


@on("PRIVMSG", "NOTICE")
def _said(session: Session, message: Message) -> None:
    own = session.is_me(message.nick) and bool(message.source)
    if own and (item := session.outbox.take_echo(message)):
        _confirm(session, item, message)
        session.catchup.know(item.conversation, message)
        return
    conversation = _place(session, message, own=own)
    if conversation is None:
        return
    if session.catchup.takes(message) or not _is_new(session, message):
        return
    content = _content(message)
    if content is None:
        if not own:
            _ctcp(session, message)
        return
    kind, text = content
    if "bot" in message.tags or "draft/bot" in message.tags:
        note_bot(session, message.nick)
    session.add_entry(conversation, kind, text, message=message, nick=clean(message.nick), own=own)
    if conversation.name:
        session.catchup.know(conversation, message)


def _is_new(session: Session, message: Message) -> bool:
    new_id = session.is_new(message)
    new_nonce = session.is_new_nonce(message.tags.get(NONCE_TAG, ""))
    return new_id and new_nonce


def _confirm(session: Session, item: Outgoing, message: Message) -> None:
    _is_new(session, message)
    entry = item.entry
    entry.delivery = Delivery.SENT
    entry.time = time_of(message, entry.time)
    entry.msgid = message.tags.get("msgid", "")
    session.emit(EntryChanged(item.conversation, entry))


def _place(session: Session, message: Message, *, own: bool) -> Conversation | None:
    """Return the conversation that a live message belongs to; a private talk is opened for it.

    None: it is the late echo, or the last words, of one that the user has just closed.
    """
    name = session.talk_of(message)
    if session.support.is_channel(name):
        return session.room(name) or (None if session.fold(name) in session.parting else session.server_talk)
    from_server = "!" not in message.source and ("." in message.source or not message.source)
    if from_server or not is_name(name):
        return session.server_talk
    conversation = session.conversations.get(session.fold(name))
    if conversation is None:
        if own and session.fold(name) in session.parting:
            return None
        # A notice, often a service's, opens no window; nor does a CTCP request.
        if message.command == "NOTICE" or _content(message) is None:
            return session.server_talk
        conversation = session.open_private(name, focus=False)
    return conversation


def _ctcp(session: Session, message: Message) -> None:
    if "\n" in message.param(1):  # of several lines (draft/multiline): that is no request
        return
    word, _space, rest = message.param(1).strip("\x01").partition(" ")
    word = word.upper()
    nick = message.nick
    if message.command == "NOTICE":
        text = _("{nick} answers {question}: {text}")
        session.inform(
            session.asked_in, text.format(nick=clean(nick), question=clean(word), text=clean(rest))
        )
        return
    answers = {"VERSION": f"{NAME} {VERSION}", "PING": rest[:100]}
    if (
        word in answers
        and is_sendable(nick)
        and session.is_me(message.param(0))
        and session.may_answer_ctcp(CTCP_BURST, CTCP_WINDOW)
    ):
        session.send("NOTICE", nick, f"\x01{word} {answers[word]}\x01")


def recall(
    session: Session,
    conversation: Conversation,
    message: Message,
    *,
    unread: bool = False,
    again: bool = False,
) -> Entry | None:
    """Return the entry of a message from the history; None if it is in the transcript already, or is none.

    Args:
        unread: count it as unread.
        again: it may have been there before, and have left.

    A message of one's own whose echo never came is recognised by its nonce: its entry becomes `SENT`.
    """
    if message.command not in ("PRIVMSG", "NOTICE"):
        return None
    item = session.outbox.take_from_history(message)
    if item:
        _confirm(session, item, message)
        return item.entry if item.conversation is conversation else None
    content = _content(message)
    if content is None or not (_is_new(session, message) or again):
        return None
    kind, text = content
    own = session.is_me(message.nick)
    entry = session.make_entry(kind, text, message=message, nick=clean(message.nick), own=own)
    if unread:
        session.count_unread(conversation, entry)
    return entry
