"""REDACT: take a message back, from the screens and from the history (IRCv3 draft/message-redaction)."""

import contextlib
import sqlite3

from chatroom.audience import find_audience
from chatroom.channel import Audience, Channel
from chatroom.client import Client
from chatroom.command_table import command
from chatroom.history.rows import Row
from chatroom.state import FailError, ReplyError, ServerState
from program.log import log
from protocol import ircv3
from protocol.message import Message, parse
from protocol.names import fold
from translations import _


@command("REDACT", 2)
def redact(state: ServerState, client: Client, message: Message) -> None:
    """REDACT <target> <msgid> [reason]: one's own message, or as an operator anybody's in the channel.

    The channel's operator, of what was said since the channel is there; the server's, of everything.
    """
    name, msgid, reason = message.params[0], message.params[1], message.param(2)
    history = state.history
    audience = _find_audience(state, client, name)
    try:
        row = history.read(audience.history, msgid) if history else None
    except sqlite3.Error as error:
        log.error(_("the history cannot be read: {error}").format(error=error))
        raise FailError("UNKNOWN_MSGID", "The history cannot be read", name, msgid) from None
    if (
        history is None
        or row is None
        or row.event
        or (row.parties and f"\n{fold(client.source)}\n" not in row.parties)
    ):
        raise FailError("UNKNOWN_MSGID", "There is no such message", name, msgid or "*")
    is_own = fold(parse(row.line).source) == fold(client.source)
    if not (is_own or client.is_operator or _rules(client, audience.channel, row)):
        raise FailError("REDACT_FORBIDDEN", "That is not your message", name, msgid)
    history.delete(row.id)
    log.info(_("{nick} took back a message in {channel}").format(nick=client.nick, channel=audience.name))
    if audience.channel and not audience.channel.may_speak(client):
        reason = ""
    body = f":{client.source} REDACT {audience.name} {msgid}" + (f" :{reason}" if reason else "")
    told = dict.fromkeys([*audience.members, client])
    state.relay([other for other in told if ircv3.MESSAGE_REDACTION in other.capabilities], body)


def _find_audience(state: ServerState, client: Client, name: str) -> Audience:
    """Find a private talk, or a whole channel in which the client may take something back."""
    with contextlib.suppress(ReplyError):
        audience = find_audience(state, client, name)
        channel = audience.channel
        if channel is None or (
            audience is channel.everybody and (client in channel.members or client.is_operator)
        ):
            return audience
    raise FailError("INVALID_TARGET", "You cannot redact messages there", name or "*")


def _rules(client: Client, channel: Channel | None, row: Row) -> bool:
    """Tell whether the client is the channel's operator, and the message was said in this channel.

    Not in an earlier channel of the same name: whoever enters an empty room first is its operator.
    """
    return channel is not None and channel.is_operator(client) and row.id > channel.last_before
