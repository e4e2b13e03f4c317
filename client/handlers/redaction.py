"""Messages that are taken back (IRCv3 draft/message-redaction): the entry stays, its text goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client.handlers.table import on
from client.model.conversations import SPOKEN, Conversation, Delivery, Entry
from client.model.events import EntryChanged
from client.model.sanitize import clean
from protocol.message import Message
from translations import _

if TYPE_CHECKING:
    from client.session import Session

CAPABILITY: Final = "draft/message-redaction"


def may_redact(session: Session, conversation: Conversation, entry: Entry) -> bool:
    """Tell whether the user may take this message back: one's own, or as the room's operator anybody's."""
    me = conversation.members.get(session.fold(session.nick))
    operator = me is not None and bool(set(me.prefixes) & set(session.support.operator_marks))
    return (
        CAPABILITY in session.capabilities
        and session.ready
        and bool(entry.msgid)
        and entry.kind in SPOKEN
        and entry.delivery is Delivery.SENT
        and not entry.deleted_by
        and (entry.own or operator)
    )


def redact(session: Session, conversation: Conversation, entry: Entry, reason: str = "") -> None:
    """Ask the server to take the message back; it is gone when the server says so."""
    if may_redact(session, conversation, entry):
        session.send("REDACT", conversation.name, entry.msgid, *([reason] if reason else []))


def redact_last(session: Session, conversation: Conversation, reason: str) -> None:
    """Take back the last message of one's own here; say why if that is not possible."""
    if CAPABILITY not in session.capabilities:
        session.complain(conversation, _("This server cannot take messages back."))
        return
    for entry in reversed(conversation.entries):
        if entry.own and may_redact(session, conversation, entry):
            redact(session, conversation, entry, reason)
            return
    session.complain(conversation, _("There is no message of yours here that could be taken back."))


@on("REDACT")
def _redacted(session: Session, message: Message) -> None:
    conversation = session.conversations.get(session.fold(session.talk_of(message)))
    msgid = message.param(1)
    if conversation is None or not msgid:
        return
    for entry in reversed(conversation.entries):
        if entry.msgid == msgid and entry.kind in SPOKEN:
            entry.text = ""
            entry.deleted_by = clean(message.nick) or "—"
            entry.mention = False
            session.emit(EntryChanged(conversation, entry))
            return
