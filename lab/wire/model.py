"""What the wire view shows, without its window: calls, the lines that they completed, and filters."""

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from client.model.conversations import FROM_MESSAGES, Entry
from client.model.costs import OBJECT, cost_of
from lab.wire.call_lines import Line, LineCutter
from lab.wire.ring import NumberedCall, Ring
from protocol.ircv3 import nonce_of
from protocol.message import Message
from protocol.names import STATUS_MARKS, fold
from sockets.tap import Call

MAX_RECORDS: Final = 5000
MAX_LINES: Final = 20_000
"""Calls, and lines of the protocol, that a view keeps; of more, the oldest go."""
MAX_SIZE: Final = 32 * 1024 * 1024
"""Bytes of memory that they may take: a line of nine thousand bytes may hold four thousand tags."""
CALLS_AT_ONCE: Final = 250
"""Calls that `WireModel.take_calls` handles at most at a time, so that a flood never delays the window."""
LINES_AT_ONCE: Final = 1000
"""After this many lines `take_calls` leaves the remaining calls for the next time."""
_MAX_SECONDS_APART: Final = 5.0
"""Between an entry and the line that it came from, where no id identifies them."""

Direction = Literal["", "in", "out"]
RowKey = tuple[int, int]
"""A call's number, and the index of one of its lines, or -1 for the call itself."""


@dataclass(frozen=True, slots=True)
class Record:
    """A call with its number and the lines that it completed."""

    number: int
    call: Call
    lines: tuple[Line, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of memory that it takes, about."""
        call = self.call
        moved = len(call.data) + len(call.held_before) + len(call.held_after)
        lines = (len(line.raw) + (cost_of(line.message) if line.message else OBJECT) for line in self.lines)
        return OBJECT + moved + sum(lines)

    @property
    def incoming(self) -> bool:
        """Whether the call received."""
        return self.call.name in ("recv", "accept")


class WireRow(NamedTuple):
    """One row of the table: a call (`line` is None), or one of its lines below it."""

    record: Record
    line: int | None = None

    @property
    def key(self) -> RowKey:
        """Identifies the row, whatever the filters show."""
        return self.record.number, -1 if self.line is None else self.line

    @property
    def lines(self) -> tuple[Line, ...]:
        """The line itself; of a call, all that it completed."""
        return self.record.lines if self.line is None else (self.record.lines[self.line],)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown."""

    hide_pings: bool = False
    conversation: str = ""
    """Show only what concerns this room or nick; "" shows everything."""
    direction: Direction = ""

    def shows_line(self, line: Line) -> bool:
        """Tell whether a line is shown."""
        message = line.message
        if message is None:
            return not self.conversation
        if self.hide_pings and message.command in ("PING", "PONG"):
            return False
        if not self.conversation:
            return True
        named = (name.lstrip(STATUS_MARKS) for param in message.params[:3] for name in param.split(","))
        return fold(self.conversation) in map(fold, (message.nick, *named))

    def rows_of(self, record: Record) -> list[WireRow]:
        """Return the rows of a call; a call all of whose lines are hidden is hidden with them."""
        moves = record.call.name in ("recv", "send")
        if moves and self.direction and record.incoming != (self.direction == "in"):
            return []
        shown = [WireRow(record, index) for index, line in enumerate(record.lines) if self.shows_line(line)]
        if not shown and (record.lines or (moves and self.conversation)):
            return []
        return [WireRow(record), *shown]


class WireModel:
    """Takes calls from a ring and makes the rows of the table. For the window's thread only."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self.records: deque[Record] = deque()
        self.paused = False
        self.filters = Filters()
        self.typed = ""
        """The line by hand that was begun and not sent: it outlives its view."""
        self.rows: list[WireRow] = []
        self.selected: tuple[RowKey, ...] = ()
        """The keys of the selected rows; the first has the details."""
        self.dropped_rows = 0
        """How many rows have gone from the beginning of `rows` to keep the bounds."""
        self._waiting: deque[NumberedCall] = deque()
        self._cursor = 0
        self._lines = self._size = 0
        self._cutter = LineCutter()

    def take_calls(self) -> bool:
        """Take the calls that have come, as many as the bounds allow; tell whether there were any."""
        if self.paused:
            return False
        if not self._waiting:
            fresh, self._cursor = self.ring.calls_since(self._cursor)
            self._waiting.extend(fresh)
        lines, taken = 0, 0
        while self._waiting and taken < CALLS_AT_ONCE and lines < LINES_AT_ONCE:
            number, call = self._waiting.popleft()
            record = Record(number, call, self._cutter.completed_lines(call))
            self.records.append(record)
            self.rows += self.filters.rows_of(record)
            lines += len(record.lines)
            taken += 1
            self._size += record.size
        self._lines += lines
        if taken:
            self._drop_oldest()
        return taken > 0

    def clear(self) -> None:
        """Forget what has been seen until now."""
        self.ring.clear()
        self.records.clear()
        self.rows.clear()
        self._waiting.clear()
        self._lines = self._size = 0
        self.selected = ()

    def set_filters(self, filters: Filters) -> None:
        """Choose the rows anew."""
        self.filters = filters
        self.rows = [row for record in self.records for row in filters.rows_of(record)]

    def shown_calls(self) -> list[Call]:
        """Return the calls that the filters show, oldest first."""
        return [row.record.call for row in self.rows if row.line is None]

    def find_row(self, key: RowKey) -> WireRow | None:
        """Return a row, shown or not; None if it has been forgotten."""
        number, line = key
        at = bisect_left(self.records, number, key=lambda record: record.number)
        if at == len(self.records) or self.records[at].number != number:
            return None
        return WireRow(self.records[at], None if line < 0 else line)

    @property
    def details_row(self) -> WireRow | None:
        """The row that has the details, if it is still remembered."""
        return self.find_row(self.selected[0]) if self.selected else None

    def find_lines(self, entry: Entry) -> tuple[RowKey, ...]:
        """Return the keys of the lines that carried an entry of the transcript, oldest first."""
        found: list[RowKey] = []
        batches: set[str] = set()
        for record in self.records:
            for index, line in enumerate(record.lines):
                message = line.message
                if message is None:
                    continue
                belongs = message.tags.get("batch") in batches
                if belongs or carries(message, entry, record.call.time):
                    found.append((record.number, index))
                    if message.command == "BATCH" and message.param(0).startswith("+"):
                        batches.add(message.param(0)[1:])
        return tuple(found)

    @property
    def _too_large(self) -> bool:
        return self._size > MAX_SIZE and len(self.records) > 1

    def _drop_oldest(self) -> None:
        while len(self.records) > MAX_RECORDS or self._lines > MAX_LINES or self._too_large:
            oldest = self.records.popleft()
            self._lines -= len(oldest.lines)
            self._size -= oldest.size
        first = bisect_left(self.rows, self.records[0].number, key=lambda row: row.record.number)
        del self.rows[:first]
        self.dropped_rows += first


def carries(message: Message, entry: Entry, seen_at: float) -> bool:
    """Tell whether a line carried an entry: by msgid, else by nonce, else by text and nick."""
    tags = message.tags
    if entry.msgid and tags.get("msgid"):
        return tags["msgid"] == entry.msgid
    if entry.nonce and (nonce := nonce_of(tags)):
        return nonce == entry.nonce
    if entry.kind in FROM_MESSAGES:
        said = message.command in ("PRIVMSG", "NOTICE") and len(message.params) > 1
        text = message.param(1).removeprefix("\x01ACTION ").rstrip("\x01")
        whose = message.nick == entry.nick or (entry.own and not message.source)
        return said and text == entry.text and whose and bool(text)
    return (
        message.command == entry.kind.name
        and (not entry.nick or entry.nick in (message.nick, *message.params[:2]))
        and abs(entry.time - seen_at) < _MAX_SECONDS_APART
    )


def find_entry(entries: Sequence[Entry], line: Line, seen_at: float) -> Entry | None:
    """Return the latest of the entries that this line carried, if any."""
    message = line.message
    if message is None:
        return None
    return next((entry for entry in reversed(entries) if carries(message, entry, seen_at)), None)
