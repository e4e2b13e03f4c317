"""REDACT: take a message back, from the screens and from the history (IRCv3 draft/message-redaction)."""

import sqlite3

from chatroom.audience import private_talk
from chatroom.channel import Channel
from chatroom.client import Client
from chatroom.command_table import command
from chatroom.history.rows import Row, Talk
from chatroom.state import FailError, ServerState
from program.log import log
from protocol import ircv3
from protocol.message import Message, parse
from protocol.names import fold, is_valid_nick
from translations import _
from translations.system_errors import explain_error


@command("REDACT", 2)
def redact(state: ServerState, client: Client, message: Message) -> None:
    """REDACT <target> <msgid> [reason]: one's own message, or as an operator anybody's in the channel.

    The channel's operator, of what was said since the channel is there; the server's, of everything.
    """
    name, msgid, reason = message.params[0], message.params[1], message.param(2)
    history = state.history
    channel, talk = _find_talk(state, client, name)
    try:
        row = history.read(talk, msgid) if history else None
    except sqlite3.Error as error:
        log.error(_("the history cannot be read: {error}").format(error=explain_error(error)))
        raise FailError("UNKNOWN_MSGID", "The history cannot be read", name, msgid) from None
    if history is None or row is None or row.event:
        raise FailError("UNKNOWN_MSGID", "There is no such message", name, msgid or "*")
    if not (_is_own(client, row) or client.is_operator or _rules(client, channel, row)):
        raise FailError("REDACT_FORBIDDEN", "That is not your message", name, msgid)
    history.delete(row.id)
    place = channel.name if channel else name
    log.info(_("{nick} took back a message in {channel}").format(nick=client.nick, channel=place))
    if (channel and not channel.may_speak(client)) or state.is_muted(client):
        reason = ""
    body = f":{client.source} REDACT {place} {msgid}" + (f" :{reason}" if reason else "")
    told = dict.fromkeys([*(channel.members if channel else _party(state, name, row)), client])
    state.relay([other for other in told if ircv3.MESSAGE_REDACTION in other.capabilities], body)


def _find_talk(state: ServerState, client: Client, name: str) -> tuple[Channel | None, Talk]:
    """Find a private talk, or a whole channel in which the client may take something back."""
    channel = state.find_channel(name)
    if channel and (client in channel.members or client.is_operator):
        return channel, Talk(channel.everybody.history)
    if is_valid_nick(name):  # whether or not somebody has it now
        return None, private_talk(state, client, name)
    raise FailError("INVALID_TARGET", "You cannot redact messages there", name or "*")


def _party(state: ServerState, nick: str, row: Row) -> list[Client]:
    """Return who has this nick, if the private message is theirs too, not of one who had it before."""
    other = state.find_client(nick)
    return [other] if other and {row.sender, row.receiver}.intersection(other.identities) else []


def _is_own(client: Client, row: Row) -> bool:
    if row.sender:
        return row.sender in client.identities
    return fold(parse(row.line).source) == fold(client.known_source)  # stored by version 0.1


def _rules(client: Client, channel: Channel | None, row: Row) -> bool:
    """Tell whether the client is the channel's operator, and the message was said in this channel.

    Not in an earlier channel of the same name: whoever enters an empty room first is its operator.
    """
    return channel is not None and channel.is_operator(client) and row.id > channel.last_before
