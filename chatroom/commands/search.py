"""SEARCH: what was said before and holds a text (the extension soju.im/search)."""

import sqlite3
from typing import Final

from chatroom.client import Client
from chatroom.command_table import command
from chatroom.commands.chathistory import milliseconds_of, send_rows, talk_of
from chatroom.delivery import Portions
from chatroom.history.ids import END, Place
from chatroom.history.rows import Stretch, Talk, fit_page
from chatroom.history.search import Scope, Search, Wanted
from chatroom.history.store import History
from chatroom.lines import format_time
from chatroom.state import FailError, ServerState
from program.log import log
from protocol import ircv3
from protocol.message import Message, parse_tags
from protocol.names import fold
from protocol.words import number
from translations import _
from translations.system_errors import explain_error

_ATTRIBUTES: Final = ("in", "from", "after", "before", "text", "limit")


@command("SEARCH", 1)
def search(state: ServerState, client: Client, message: Message) -> Portions:
    r"""SEARCH in=<target>;from=<nick>;text=<some\swords>;after=<time>;before=<time>;limit=<number>.

    Each attribute may be missing.
    """
    limits = state.config.limits
    state.limit_use(client, "SEARCH", limits.searches_per_minute)
    history = state.history
    if history is None:
        raise FailError("INTERNAL_ERROR", "This server keeps no history")
    attributes = parse_tags(message.params[0])
    for name in attributes.keys() - set(_ATTRIBUTES):
        raise FailError("INVALID_PARAMS", "Unknown attribute", name)
    limit = number(attributes["limit"]) if "limit" in attributes else limits.chathistory_page
    if not limit:
        raise FailError("INVALID_PARAMS", "Invalid limit", "limit")
    wanted = Wanted(attributes.get("text", ""), fold(attributes.get("from", "")))
    try:
        found = Search(
            history,
            _scope(state, client, attributes.get("in", "")),
            wanted,
            _stretch(history, attributes),
            limits.search_effort,
            min(limit, limits.chathistory_page),
        )
        yield from found.steps()
        yield from _send(state, history, client, found, attributes)
    except sqlite3.Error as error:
        log.error(_("the history cannot be read: {error}").format(error=explain_error(error)))
        raise FailError("INTERNAL_ERROR", "The history cannot be read") from None


def _scope(state: ServerState, client: Client, target: str) -> Scope:
    """Return where to look: in one conversation, or in all that the client may read."""
    if not target:
        return Scope(frozenset(client.channels), Talk("", client.identities))
    try:
        talk = talk_of(state, client, target)
    except FailError as error:
        raise FailError("INVALID_PARAMS", str(error), "in") from None
    return Scope((), talk) if talk.readers else Scope((talk.target,), None)


def _stretch(history: History, attributes: dict[str, str]) -> Stretch:
    """Return which messages lie behind the one place and before the other."""
    after, before = attributes.get("after"), attributes.get("before")
    return Stretch(
        0 if after is None else _place(history, "after", after, -1).after,
        (END if before is None else _place(history, "before", before, 1)).before,
        newest=after is None,
    )


def _place(history: History, name: str, text: str, beyond: int) -> Place:
    """Return the place of a message (`msgid=…`), or that of a time and so many milliseconds beyond it.

    What was said at the time itself is found, the message is not.
    """
    kind, _equals, msgid = text.partition("=")
    place = history.find(msgid) if kind == "msgid" else None
    moment = None if place else milliseconds_of(text)
    if moment is not None:
        place = history.find_time(moment + beyond)
    if place is None:
        raise FailError("INVALID_PARAMS", "Invalid timestamp", name)
    return place


def _send(
    state: ServerState, history: History, client: Client, found: Search, attributes: dict[str, str]
) -> Portions:
    """Send what was found, oldest first, and until which time was looked if there may be more.

    Somebody may have been thrown out of a room meanwhile, or a message been taken back.
    """
    sound = filter(None, map(history.row, found.found))
    rows = [row for row in sound if row.receiver or row.target in client.channels]
    page = list(fit_page(rows))
    reached = page[-1] if len(page) < len(rows) else found.reached
    if "after" not in attributes:
        page.reverse()
    tags = ""
    if reached is not None and ircv3.MESSAGE_TAGS in client.capabilities:
        time, msgid = format_time(reached.time / 1000), history.msgid(reached.id)
        tags = f"{ircv3.TAG_REACHED}={time};{ircv3.TAG_REACHED_ID}={msgid}"
    yield from send_rows(state, history, client, ircv3.SEARCH, page, tags)
