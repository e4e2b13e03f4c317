"""CHATHISTORY: old messages for those who ask (IRCv3 draft/chathistory)."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from chatroom.audience import private_talk
from chatroom.client import Client
from chatroom.command_table import command
from chatroom.delivery import Portions
from chatroom.history.ids import END, Place
from chatroom.history.rows import PageQuery, Row, Talk
from chatroom.history.store import History
from chatroom.lines import format_time
from chatroom.replies import send_copy
from chatroom.state import FailError, ServerState
from program.log import log
from protocol import ircv3
from protocol.message import Message
from protocol.names import fold, is_channel
from protocol.words import number, upper
from translations import _
from translations.system_errors import explain_error

_REFERENCES: Final = {"LATEST": 1, "BEFORE": 1, "AFTER": 1, "AROUND": 1, "BETWEEN": 2}
"""How many places in the conversation a subcommand names."""


@command("CHATHISTORY", 1)
def chathistory(state: ServerState, client: Client, message: Message) -> Portions:
    """CHATHISTORY (LATEST | BEFORE | AFTER | AROUND) <target> <reference> <limit>, BETWEEN, TARGETS."""
    subcommand = upper(message.params[0])
    history = state.history
    try:
        if history is None:
            raise FailError("MESSAGE_ERROR", "This server keeps no history")
        if subcommand == "TARGETS":
            state.limit_use(client, "CHATHISTORY", state.config.limits.lists_per_minute)
            yield from _send_targets(state, history, client, message)
        else:
            rows = _read(state, history, client, message)
            kind = f"{ircv3.BATCH_CHATHISTORY} {message.params[1]}"
            yield from send_rows(state, history, client, kind, rows)
    except FailError as error:
        raise FailError(error.code, str(error), subcommand, *error.context) from None
    except sqlite3.Error as error:
        log.error(_("the history cannot be read: {error}").format(error=explain_error(error)))
        raise FailError("MESSAGE_ERROR", "The history cannot be read", subcommand) from None


def _read(state: ServerState, history: History, client: Client, message: Message) -> list[Row]:
    """Return the page that is asked for, oldest message first."""
    subcommand = upper(message.params[0])
    references = _REFERENCES.get(subcommand)
    if references is None:
        raise FailError("INVALID_PARAMS", "Unknown subcommand")
    if len(message.params) < references + 3:
        raise FailError("INVALID_PARAMS", "Insufficient parameters")
    name = message.params[1]
    talk = talk_of(state, client, name)
    at = [_place(history, name, text) for text in message.params[2 : 2 + references]]
    limit = _limit(state, message.params[2 + references])
    events = ircv3.EVENT_PLAYBACK in client.capabilities
    query = PageQuery(talk, limit, events=events)
    place = at[0]
    match subcommand:
        case "LATEST":
            return history.page(query._replace(after=place and place.after))
        case "BEFORE":
            return history.page(query._replace(before=place and place.before))
        case "AFTER":
            return history.page(query._replace(after=place and place.after, newest=False))
        case "AROUND":
            middle = (place or END).before
            before = history.page(query._replace(limit=limit // 2, before=middle))
            rest = query._replace(limit=limit - len(before), after=middle - 1, newest=False)
            return before + history.page(rest)
    first, second = (place or END for place in at)
    if first <= second:
        return history.page(query._replace(after=first.after, before=second.before, newest=False))
    return history.page(query._replace(after=second.after, before=first.before))


def talk_of(state: ServerState, client: Client, name: str) -> Talk:
    """Return the conversation of this name.

    Raises:
        FailError: the client may not read it.
    """
    if is_channel(name):
        channel = state.find_channel(name)
        if channel and client in channel.members:
            return Talk(fold(name))
    elif name and " " not in name:
        return private_talk(state, client, name)
    raise FailError("INVALID_TARGET", "Messages could not be retrieved", name or "*")


def _limit(state: ServerState, text: str) -> int:
    limit = number(text)
    if limit is None:
        raise FailError("INVALID_PARAMS", "Invalid limit", text or "*")
    return min(limit, state.config.limits.chathistory_page)


def _milliseconds(text: str) -> int:
    kind, _, value = text.partition("=")
    moment = milliseconds_of(value) if kind == "timestamp" else None
    if moment is None:
        raise FailError("INVALID_PARAMS", "Invalid timestamp", text or "*")
    return moment


def milliseconds_of(text: str) -> int | None:
    """Return a time (IRCv3 server-time) in milliseconds since the epoch; None if it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return round(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)


def _place(history: History, name: str, text: str) -> Place | None:
    """Return the place that a reference names; None for `*`."""
    if text == "*":
        return None
    kind, _, value = text.partition("=")
    if kind not in ("msgid", "timestamp"):
        raise FailError("INVALID_MSGREFTYPE", "No such message", name, text or "*")
    if kind == "timestamp":
        return history.find_time(_milliseconds(text))
    place = history.find(value)
    if place is None:
        code = "MESSAGE_ERROR" if value else "INVALID_MSGREFTYPE"
        raise FailError(code, "No such message", name, text or "*")
    return place


def send_rows(
    state: ServerState, history: History, client: Client, kind: str, rows: Iterable[Row], tags: str = ""
) -> Portions:
    """Send old messages as a batch; a client without `batch` gets them as they are.

    Args:
        kind: of the batch, and its parameters.
        tags: of the line that begins it, formatted.
    """
    with _batch(state, client, kind, tags) as batch:
        for row in rows:
            own, _space, line = row.line[1:].partition(" ") if row.line[0] == "@" else ("", "", row.line)
            send_copy(state, client, line, row.time / 1000, history.msgid(row.id), own, batch=batch)
            yield


@contextmanager
def _batch(state: ServerState, client: Client, kind: str, tags: str = "") -> Iterator[str]:
    """Open a batch and close it afterwards; its reference is "" for a client without `batch`."""
    batch = state.new_batch() if ircv3.BATCH in client.capabilities else ""
    if batch:
        state.send(client, f":{state.name} BATCH +{batch} {kind}", tags)
    yield batch
    if batch:
        state.send(client, f":{state.name} BATCH -{batch}")


def _send_targets(state: ServerState, history: History, client: Client, message: Message) -> Portions:
    if len(message.params) < 4:
        raise FailError("INVALID_PARAMS", "Insufficient parameters")
    first, second = sorted((_milliseconds(message.params[1]), _milliseconds(message.params[2])))
    limit = _limit(state, message.params[3])
    found = history.conversations(client.channels, client.identities, (first, second), limit)
    with _batch(state, client, ircv3.BATCH_TARGETS) as batch:
        for target, newest in found:
            name = state.channels[target].name if target in client.channels else target[1:]
            line = f":{state.name} CHATHISTORY TARGETS {name} {format_time(newest / 1000)}"
            state.send(client, line, f"{ircv3.TAG_BATCH}={batch}" if batch else "")
            yield
