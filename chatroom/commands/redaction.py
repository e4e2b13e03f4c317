"""REDACT: take a message back, from the screens and from the history (IRCv3 draft/message-redaction)."""

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from chatroom.channel import Channel
from chatroom.client import Client
from chatroom.command_table import command
from chatroom.history.rows import Row, private_target
from chatroom.state import ServerState
from program.log import log
from protocol import ircv3
from protocol.message import Message, parse
from protocol.names import fold, is_channel
from translations import _


@command("REDACT", 2)
def redact(state: ServerState, client: Client, message: Message) -> None:
    """REDACT <target> <msgid> [reason]: one's own message, or as an operator anybody's in the channel.

    The channel's operator, of what was said since the channel is there; the server's, of everything.
    """
    name, msgid, reason = message.params[0], message.params[1], message.param(2)
    history = state.history
    place = _find_place(state, client, name)
    if place is None:
        state.fail(client, "REDACT", "INVALID_TARGET", name or "*", "You cannot redact messages there")
        return
    try:
        row = history.read(place.history, msgid) if history else None
    except sqlite3.Error as error:
        state.fail(client, "REDACT", "UNKNOWN_MSGID", name, msgid, "The history cannot be read")
        log.error(_("the history cannot be read: {error}").format(error=error))
        return
    if (
        history is None
        or row is None
        or row.event
        or (row.parties and f"\n{fold(client.source)}\n" not in row.parties)
    ):
        state.fail(client, "REDACT", "UNKNOWN_MSGID", name, msgid or "*", "There is no such message")
        return
    if not (client.is_operator or place.is_ruled_by(client, row) or _is_own(client, row)):
        state.fail(client, "REDACT", "REDACT_FORBIDDEN", name, msgid, "That is not your message")
        return
    history.delete(row.id)
    log.info(_("{nick} took back a message in {channel}").format(nick=client.nick, channel=place.name))
    body = f":{client.source} REDACT {place.name} {msgid}" + (f" :{reason}" if reason else "")
    told = dict.fromkeys([*place.members, client])
    state.relay([other for other in told if ircv3.MESSAGE_REDACTION in other.capabilities], body)


class _Place(NamedTuple):
    """A conversation in which something can be taken back."""

    name: str
    history: str
    members: Collection[Client]
    channel: Channel | None

    def is_ruled_by(self, client: Client, row: Row) -> bool:
        """Tell whether the client is the channel's operator, and the message was said in this channel.

        Not in an earlier channel of the same name: whoever enters an empty room first is its operator.
        """
        channel = self.channel
        # What bears the very time of the channel's beginning may be older: the clock may have been set back.
        return channel is not None and channel.is_operator(client) and row.time > int(channel.created * 1000)


def _find_place(state: ServerState, client: Client, name: str) -> _Place | None:
    channel = state.find_channel(name)
    if channel and (client in channel.members or client.is_operator):
        return _Place(channel.name, fold(channel.name), channel.members.keys(), channel)
    other = None if is_channel(name) else state.find_client(name)
    return (
        _Place(other.nick, private_target(fold(client.nick), fold(other.nick)), (other,), None)
        if other
        else None
    )


def _is_own(client: Client, row: Row) -> bool:
    return fold(parse(row.line).source) == fold(client.source)
