"""Messages that are taken back (IRCv3 draft/message-redaction): the entry stays, its text goes."""

from client.handlers.table import on
from client.model.conversations import SPOKEN, Conversation, Delivery, Entry
from client.model.events import EntryChanged
from client.model.sanitize import clean
from client.model.state import ClientState
from protocol import ircv3
from protocol.message import Message
from translations import _


def may_redact(state: ClientState, conversation: Conversation, entry: Entry) -> bool:
    """Tell whether the user may take this message back: one's own, or as the room's operator anybody's."""
    return (
        ircv3.MESSAGE_REDACTION in state.capabilities
        and state.ready
        and bool(conversation.name and entry.msgid)
        and entry.kind in SPOKEN
        and entry.delivery is Delivery.SENT
        and not entry.deleted_by
        and (entry.own or state.is_operator(conversation))
    )


def redact(state: ClientState, conversation: Conversation, entry: Entry, reason: str = "") -> None:
    """Ask the server to take the message back; it is gone when the server says so."""
    if may_redact(state, conversation, entry):
        state.send("REDACT", conversation.name, entry.msgid, last=reason)


def redact_last(state: ClientState, conversation: Conversation, reason: str) -> None:
    """Take back the last message of one's own here; say why if that is not possible."""
    if ircv3.MESSAGE_REDACTION not in state.capabilities:
        state.complain(conversation, _("This server cannot take messages back."))
        return
    for entry in reversed(conversation.entries):
        if entry.own and may_redact(state, conversation, entry):
            redact(state, conversation, entry, reason)
            return
    state.complain(conversation, _("There is no message of yours here that could be taken back."))


@on("REDACT")
def _redacted(state: ClientState, message: Message) -> None:
    conversation = state.conversation(state.conversation_name(message))
    msgid = message.param(1)
    if conversation is None or not msgid:
        return
    for entry in reversed(conversation.entries):
        if entry.msgid == msgid and entry.kind in SPOKEN:
            entry.text, entry.runs = "", ()
            entry.deleted_by = clean(message.nick) or "—"
            entry.mention = False
            state.emit(EntryChanged(conversation, entry))
            return
