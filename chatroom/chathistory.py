"""CHATHISTORY: old messages for those who ask (IRCv3 draft/chathistory)."""

from datetime import UTC, datetime
from typing import Final, NamedTuple

from chatroom.client import MESSAGE_TAGS, SERVER_TIME, Client
from chatroom.commands import command
from chatroom.history import History, Position, Row, private_target
from chatroom.state import ServerState, format_time
from protocol.message import Message
from protocol.names import fold, is_channel

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
    history = state.journal.history
    try:
        if history is None:
            raise RequestError("MESSAGE_ERROR", "This server keeps no history")
        if subcommand == "TARGETS":
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
        rows = select(history, conversation, positions, limit)
    except RequestError as error:
        state.fail(client, "CHATHISTORY", error.code, subcommand, *error.context, str(error))
    else:
        _send_batch(state, client, conversation.name, rows)


def _conversation(state: ServerState, client: Client, name: str) -> Conversation:
    if is_channel(name):
        channel = state.find_channel(name)
        if channel is None or client not in channel.members:
            raise RequestError("INVALID_TARGET", "Messages could not be retrieved", name)
        return Conversation(channel.name, fold(name), "")
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
        raise RequestError(
            "INVALID_MSGREFTYPE" if not value else "MESSAGE_ERROR", "No such message", text or "*"
        )
    return position


def _behind(position: Position | None) -> Position | None:
    """`after` a time means after everything of that millisecond."""
    return position._replace(id=_LAST_ID) if position and position.id == 0 else position


def _latest(history: History, of: Conversation, at: list[Position | None], limit: int) -> list[Row]:
    return history.page(of.target, limit, after=_behind(at[0]), party=of.party)


def _before(history: History, of: Conversation, at: list[Position | None], limit: int) -> list[Row]:
    return history.page(of.target, limit, before=at[0], party=of.party)


def _after(history: History, of: Conversation, at: list[Position | None], limit: int) -> list[Row]:
    return history.page(of.target, limit, after=_behind(at[0]), newest=False, party=of.party)


def _around(history: History, of: Conversation, at: list[Position | None], limit: int) -> list[Row]:
    middle = at[0] or Position(_END_OF_TIME, 0)
    before = history.page(of.target, limit // 2, before=middle, party=of.party)
    from_middle = Position(middle.time, middle.id - 1)
    return before + history.page(
        of.target, limit - len(before), after=from_middle, newest=False, party=of.party
    )


def _between(history: History, of: Conversation, at: list[Position | None], limit: int) -> list[Row]:
    first, second = (position or Position(_END_OF_TIME, 0) for position in at)
    if first <= second:
        return history.page(
            of.target, limit, after=_behind(first), before=second, newest=False, party=of.party
        )
    return history.page(of.target, limit, after=_behind(second), before=first, party=of.party)


_SELECTORS: Final = {
    "LATEST": _latest,
    "BEFORE": _before,
    "AFTER": _after,
    "AROUND": _around,
    "BETWEEN": _between,
}


def _send_batch(state: ServerState, client: Client, name: str, rows: list[Row]) -> None:
    """Send old messages as a batch; a client without `batch` gets them as they are."""
    batch = state.new_batch() if "batch" in client.capabilities else ""
    if batch:
        state.send(client, f":{state.name} BATCH +{batch} chathistory {name}")
    history = state.journal.history
    for row in rows:
        tags: list[str] = [f"batch={batch}"] if batch else []
        if client.tag_set & SERVER_TIME:
            tags.append(f"time={format_time(row.time / 1000)}")
        if client.tag_set & MESSAGE_TAGS and history:
            tags.append(f"msgid={history.mark}-{row.id}")
            if row.tags:
                tags.append(row.tags)
        state.send_tagged(client, row.line, ";".join(tags))
    if batch:
        state.send(client, f":{state.name} BATCH -{batch}")


def _targets(state: ServerState, client: Client, history: History, message: Message) -> None:
    if len(message.params) < 4:
        raise RequestError("INVALID_PARAMS", "Insufficient parameters")
    first, second = sorted((_milliseconds(message.params[1]), _milliseconds(message.params[2])))
    limit = _limit(state, message.params[3])
    found = history.targets(client.channels, fold(client.source), first, second, limit)
    batch = state.new_batch() if "batch" in client.capabilities else ""
    if batch:
        state.send(client, f":{state.name} BATCH +{batch} draft/chathistory-targets")
    own = fold(client.nick)
    for target, newest in found:
        name = client.channels[target].name if target in client.channels else _other_party(target, own)
        line = f":{state.name} CHATHISTORY TARGETS {name} {format_time(newest / 1000)}"
        state.send_tagged(client, line, f"batch={batch}" if batch else "")
    if batch:
        state.send(client, f":{state.name} BATCH -{batch}")


def _other_party(target: str, own: str) -> str:
    one, other = target.split(" ")
    return other if one == own else one
