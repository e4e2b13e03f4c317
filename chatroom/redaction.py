"""REDACT: take a message back, from the screens and from the history (IRCv3 draft/message-redaction)."""

import logging

from chatroom.client import Client
from chatroom.commands import command
from chatroom.history import Row
from chatroom.messages import find_audience
from chatroom.state import ServerState
from protocol.message import Message, parse
from protocol.names import fold
from translations import _

log = logging.getLogger("chat.server")


@command("REDACT", 2)
def redact(state: ServerState, client: Client, message: Message) -> None:
    """REDACT <target> <msgid> [reason]: one's own message, or as an operator anybody's in the channel."""
    name, msgid, reason = message.params[0], message.params[1], message.param(2)
    history = state.journal.history
    audience = find_audience(state, client, name, "", quiet=True)
    if audience is None or (audience.channel and client not in audience.channel.members):
        state.fail(client, "REDACT", "INVALID_TARGET", name or "*", "You cannot redact messages there")
        return
    row = history.read(audience.history, msgid) if history else None
    if (
        history is None
        or row is None
        or row.event
        or (row.parties and fold(client.source) not in row.parties)
    ):
        state.fail(client, "REDACT", "UNKNOWN_MSGID", name, msgid or "*", "There is no such message")
        return
    by_operator = client.is_operator or (
        audience.channel is not None and audience.channel.is_operator(client)
    )
    if not (by_operator or _is_own(client, row)):
        state.fail(client, "REDACT", "REDACT_FORBIDDEN", name, msgid, "That is not your message")
        return
    history.delete(row.id)
    log.info(_("{nick} took back a message in {channel}").format(nick=client.nick, channel=audience.name))
    body = f":{client.source} REDACT {audience.name} {msgid}" + (f" :{reason}" if reason else "")
    told = [*audience.members] if audience.channel else [*audience.members, client]
    state.relay([other for other in told if "draft/message-redaction" in other.capabilities], body)


def _is_own(client: Client, row: Row) -> bool:
    return fold(parse(row.line).source) == fold(client.source)
