"""CHATHISTORY: old messages for those who ask (IRCv3 draft/chathistory)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, NamedTuple

from chatroom.client import TAKES_TAGS, TAKES_TIME, Client
from chatroom.command_table import command
from chatroom.history.pages import PageQuery
from chatroom.history.rows import Position, Row, private_target
from chatroom.history.store import History
from chatroom.lines import format_time
from chatroom.multiline_batch import separate_lines, split_stored, tags_of_line
from chatroom.replies import send_multiline
from chatroom.state import ServerState
from program.log import log
from protocol import ircv3
from protocol.message import Message
from protocol.names import fold, is_channel
from translations import _

_LAST_ID: Final = 2**62
_END_OF_TIME: Final = 2**62


class RequestError(Exception):
    """The request cannot be served: code and text of a FAIL."""

    def __init__(self, code: str, text: str, *context: str) -> None:
        super().__init__(text)
        self.code = code
        self.context = context


class Conversation(NamedTuple):
    """Whose messages are asked for."""

    name: str
    target: str
    party: str


@command("CHATHISTORY", 1)
def chathistory(state: ServerState, client: Client, message: Message) -> None:
    """CHATHISTORY (LATEST | BEFORE | AFTER | AROUND) <target> <reference> <limit>, BETWEEN, TARGETS."""
    subcommand = message.params[0].upper()
    history = state.history
    try:
        if history is None:
            raise RequestError("MESSAGE_ERROR", "This server keeps no history")
        if subcommand == "TARGETS":
            if state.refuse_too_frequent(client, "CHATHISTORY", state.config.limits.lists_per_minute):
                return
            _targets(state, client, history, message)
            return
        select = _SELECTORS.get(subcommand)
        if select is None:
            raise RequestError("INVALID_PARAMS", "Unknown subcommand")
        selectors = 2 if subcommand == "BETWEEN" else 1
        if len(message.params) < selectors + 3:
            raise RequestError("INVALID_PARAMS", "Insufficient parameters")
        conversation = _conversation(state, client, message.params[1])
        positions = [_position(history, conversation, text) for text in message.params[2 : 2 + selectors]]
        limit = _limit(state, message.params[2 + selectors])
        events = ircv3.EVENT_PLAYBACK in client.capabilities
        query = PageQuery(conversation.target, limit, party=conversation.party, events=events)
        rows = select(history, query, positions)
    except RequestError as error:
        state.fail(client, "CHATHISTORY", error.code, subcommand, *error.context, str(error))
    except sqlite3.Error as error:
        state.fail(client, "CHATHISTORY", "MESSAGE_ERROR", subcommand, "The history cannot be read")
        log.error(_("the history cannot be read: {error}").format(error=error))
    else:
        _send_batch(state, client, conversation.name, rows)


def _conversation(state: ServerState, client: Client, name: str) -> Conversation:
    if is_channel(name):
        channel = state.find_channel(name)
        if channel is None or client not in channel.members:
            raise RequestError("INVALID_TARGET", "Messages could not be retrieved", name)
        return Conversation(name, fold(name), "")
    if not name or " " in name:
        raise RequestError("INVALID_TARGET", "Messages could not be retrieved", name or "*")
    return Conversation(name, private_target(fold(client.nick), fold(name)), fold(client.source))


def _limit(state: ServerState, text: str) -> int:
    most = state.config.limits.chathistory_page
    if not (text.isascii() and text.isdecimal()):
        raise RequestError("INVALID_PARAMS", "Invalid limit", text or "*")
    return min(int(text[:9]), most)


def _milliseconds(text: str) -> int:
    kind, _, value = text.partition("=")
    if kind == "timestamp":
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            return round(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)
    raise RequestError("INVALID_PARAMS", "Invalid timestamp", text or "*")


def _position(history: History, conversation: Conversation, text: str) -> Position | None:
    """Return the place that a selector names; None for `*`."""
    if text == "*":
        return None
    kind, _, value = text.partition("=")
    if kind != "msgid":
        # Id 0 stands before all messages of that millisecond; `_latest` and `_after` step behind them.
        return Position(_milliseconds(text), 0)
    position = history.find(conversation.target, value)
    if position is None:
        code = "MESSAGE_ERROR" if value else "INVALID_MSGREFTYPE"
        raise RequestError(code, "No such message", conversation.name, text or "*")
    return position


def _behind(position: Position | None) -> Position | None:
    """`after` a time means after everything of that millisecond."""
    return position._replace(id=_LAST_ID) if position and position.id == 0 else position


def _latest(history: History, query: PageQuery, at: list[Position | None]) -> list[Row]:
    return history.page(query._replace(after=_behind(at[0])))


def _before(history: History, query: PageQuery, at: list[Position | None]) -> list[Row]:
    return history.page(query._replace(before=at[0]))


def _after(history: History, query: PageQuery, at: list[Position | None]) -> list[Row]:
    return history.page(query._replace(after=_behind(at[0]), newest=False))


def _around(history: History, query: PageQuery, at: list[Position | None]) -> list[Row]:
    middle = at[0] or Position(_END_OF_TIME, 0)
    before = history.page(query._replace(limit=query.limit // 2, before=middle))
    just_before = middle._replace(id=middle.id - 1)
    rest = query._replace(limit=query.limit - len(before), after=just_before, newest=False)
    return before + history.page(rest)


def _between(history: History, query: PageQuery, at: list[Position | None]) -> list[Row]:
    first, second = (position or Position(_END_OF_TIME, 0) for position in at)
    if first <= second:
        return history.page(query._replace(after=_behind(first), before=second, newest=False))
    return history.page(query._replace(after=_behind(second), before=first))


_SELECTORS: Final = {
    "LATEST": _latest,
    "BEFORE": _before,
    "AFTER": _after,
    "AROUND": _around,
    "BETWEEN": _between,
}


def _send_batch(state: ServerState, client: Client, name: str, rows: list[Row]) -> None:
    """Send old messages as a batch; a client without `batch` gets them as they are."""
    with _batch(state, client, f"{ircv3.BATCH_CHATHISTORY} {name}") as batch:
        for row in rows:
            _send_row(state, client, row, batch)


@contextmanager
def _batch(state: ServerState, client: Client, kind: str) -> Iterator[str]:
    """Open a batch and close it afterwards; its reference is "" for a client without `batch`."""
    batch = state.new_batch() if ircv3.BATCH in client.capabilities else ""
    if batch:
        state.send(client, f":{state.name} BATCH +{batch} {kind}")
    yield batch
    if batch:
        state.send(client, f":{state.name} BATCH -{batch}")


def _send_row(state: ServerState, client: Client, row: Row, batch: str) -> None:
    tags = [f"batch={batch}"] if batch else []
    if client.tag_set & TAKES_TIME:
        tags.append(f"time={format_time(row.time / 1000)}")
    own_tags, _space, line = row.line[1:].partition(" ") if row.line[0] == "@" else ("", "", row.line)
    first, rest = list(tags), list(tags)
    if client.tag_set & TAKES_TAGS and state.history:
        first += [own_tags] if own_tags else []
        first.append(f"msgid={state.history.mark}-{row.id}")
        rest += [own_tags] if tags_of_line(1, own_tags) else []
    head, lines = split_stored(line)
    if not lines:
        state.send(client, line, ";".join(first))
    elif batch and client.takes_multiline:
        send_multiline(state, client, head, lines, ";".join(first), last_tags=f"batch={batch}")
    else:
        for number, text in enumerate(separate_lines(head, lines)):
            state.send(client, text, ";".join(rest if number else first))


def _targets(state: ServerState, client: Client, history: History, message: Message) -> None:
    if len(message.params) < 4:
        raise RequestError("INVALID_PARAMS", "Insufficient parameters")
    first, second = sorted((_milliseconds(message.params[1]), _milliseconds(message.params[2])))
    limit = _limit(state, message.params[3])
    found = history.conversations(client.channels, fold(client.source), (first, second))[:limit]
    own = fold(client.nick)
    with _batch(state, client, ircv3.BATCH_TARGETS) as batch:
        for target, newest in found:
            name = state.channels[target].name if target in client.channels else _other_party(target, own)
            line = f":{state.name} CHATHISTORY TARGETS {name} {format_time(newest / 1000)}"
            state.send(client, line, f"batch={batch}" if batch else "")


def _other_party(target: str, own: str) -> str:
    one, other = target.split()
    return other if one == own else one
