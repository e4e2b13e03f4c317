"""An extract of the wire, which two pages hold: what people did, without PING and what clients negotiate."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lab.wire.call_lines import Line, LineCutter
from protocol import numerics as n
from protocol.message import Message
from sockets.tap import Call

MOST_ROWS: Final = 12
MOST_LINES: Final = 20
"""Calls, and lines of the protocol in them: about half a page, and two pages if all are as long as may be."""
_ROWS_BEFORE: Final = 5
"""Rows of the registration that may stand before the first message."""
_SPEECH: Final = frozenset({"PRIVMSG", "NOTICE"})
_SHOWN: Final = _SPEECH | {
    *("PASS", "NICK", "USER", "JOIN", "PART", "QUIT", "KICK", "TOPIC", "ERROR", "FAIL"),
    *(n.RPL_WELCOME, n.RPL_NAMREPLY, n.ERR_NICKNAMEINUSE, n.ERR_ERRONEUSNICKNAME),
}
"""Commands and numerics that the extract shows: not PING, CAP, the history, and the server's own data."""


@dataclass(frozen=True, slots=True)
class Row:
    """A call, and the lines that it completed, as far as they are shown."""

    call: Call
    lines: tuple[Line, ...] = ()

    @property
    def client(self) -> str:
        """The client's address, whose end of the connection this or the other one is."""
        return self.call.local or self.call.connection

    @property
    def from_server(self) -> bool:
        """Whether its lines went from the server to a client."""
        return (self.call.name == "recv") == bool(self.call.local)

    @property
    def messages(self) -> list[Message]:
        """The lines as messages."""
        return [line.message for line in self.lines if line.message]

    @property
    def speaks(self) -> bool:
        """Whether a message is among its lines."""
        return any(message.command in _SPEECH for message in self.messages)


def find_rows(calls: Iterable[Call]) -> list[Row]:
    """Return the calls that are worth showing, in the order of time."""
    cutter = LineCutter()
    found = []
    for call in sorted(calls, key=lambda call: call.time):
        lines = cutter.completed_lines(call)
        shown = tuple(line for line in lines if line.message and line.message.command in _SHOWN)
        if shown or call.name not in ("recv", "send", "listen"):
            found.append(Row(call, shown))
    return found


def answers(rows: Iterable[Row], *commands: str) -> Iterator[tuple[Row, Message]]:
    """Yield what the server has sent of these commands and numerics."""
    for row in rows:
        if row.from_server:
            yield from ((row, message) for message in row.messages if message.command in commands)


def choose_rows(rows: Sequence[Row], chosen: Sequence[Call]) -> list[Row]:
    """Return what the student has chosen, else the first exchange among the rows: at most `MOST_ROWS`.

    The first exchange is how the one who speaks first was let in, and what he and another client then said.
    """
    if chosen:
        return _bounded(find_rows(chosen))
    first = next((index for index, row in enumerate(rows) if row.speaks), len(rows))
    clients = list(dict.fromkeys(row.client for row in [*rows[first:], *rows]))
    before = [row for row in rows[:first] if row.client in clients[:1]][:_ROWS_BEFORE]
    after = [row for row in rows[first:] if row.client in clients[:2]]
    return _bounded([*before, *after])


def _bounded(rows: Sequence[Row]) -> list[Row]:
    """Return as many rows as the extract may have; of a row that has too many lines, the first."""
    found: list[Row] = []
    left = MOST_LINES
    for row in rows[:MOST_ROWS]:
        if left > 0:
            found.append(Row(row.call, row.lines[:left]))
            left -= max(1, len(row.lines))
    return found
