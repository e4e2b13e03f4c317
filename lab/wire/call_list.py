"""The table of socket calls: a list with a heading that stays at its end while calls are added."""

import tkinter as tk
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from gui.toolkit import keys
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import VirtualList, ignore
from lab.wire.call_text import format_clock, without_tags
from lab.wire.model import RowKey, WireRow
from protocol.text import cut_characters, visible_bytes
from translations import _, plural

_SHOWN: Final = 400
"""Characters of a line that can stand in a row."""


class _Columns(NamedTuple):
    """Where the columns stand, in pixels: left edges, but of `size` the right one."""

    clock: int
    thread: int
    call: int
    size: int
    rest: int
    line: int
    """Of a line below its call."""


class CallList(VirtualList[WireRow, RowKey]):
    """Rows with time, thread, call and bytes, and the lines below; mouse and keyboard choose.

    `on_copy()`: Ctrl+C.
    """

    BAR_STAYS = True
    WHEEL_ROWS = 3
    FOLLOWS_END = True

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look)
        self.on_copy: Callable[[], object] = ignore
        self.head = tk.Canvas(self, highlightthickness=0, borderwidth=0)
        self.head.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.canvas.bind("<Control-KeyPress>", self._copy_key)
        self.canvas.bind("<Configure>", lambda _: self._keep_in_view(), add="+")

    def show(self, rows: Sequence[WireRow], selected: Sequence[RowKey]) -> None:
        """Show these rows; stay at the end if the end was seen, else at the rows that were seen.

        Args:
            rows: may be the same list as before, longer; it is read when it is drawn.
            selected: the marked rows' keys; the first is where the arrow keys go on.
        """
        if rows is not self.rows and not self._following and rows and 0 < self.top < len(self.rows):
            seen = self.rows[self.top].key
            self._top = bisect_left(rows, seen, key=self.key_of) * self.row_height
        self.set_rows(rows, frozenset(selected))
        if selected:
            self.set_cursor(selected[0])

    def shift(self, gone: int) -> None:
        """Keep in view what is seen, after so many rows at the beginning have gone."""
        self._top = max(0, self._top - gone * self.row_height)

    @property
    def top(self) -> int:
        """Index of the first row that is seen."""
        return self._top // self.row_height

    def see(self, key: RowKey) -> None:
        """Scroll to a row, if it is there, and stay where it is."""
        super().see(key)
        self._following = False

    def follow(self) -> None:
        """Go to the end, and stay there while calls are added."""
        self._following = True
        self.draw_soon()

    def _keep_in_view(self) -> None:
        """See the chosen row after the list has become smaller."""
        if self._cursor and not self._following:
            self.see(self._cursor)

    # Drawing.

    def measure_row(self) -> int:
        """Return the height of a row in pixels, in the present fonts."""
        return max(self._look.line_height("small"), self._look.line_height("mono")) + self._look.em(0.3)

    @property
    def background(self) -> str:
        """The ground of the lines; calls have one of their own."""
        return self._look.palette.window

    def key_of(self, row: WireRow) -> RowKey:
        """Return the number of the call, and of the line among its lines."""
        return row.key

    def index_of(self, key: RowKey | None) -> int | None:
        """Return where a row stands; the rows are in the order of their keys."""
        if key is None:
            return None
        at = bisect_left(self.rows, key, key=self.key_of)
        return at if at < len(self.rows) and self.rows[at].key == key else None

    def before_drawing(self, seen: Sequence[WireRow]) -> None:
        """Make the columns as wide as what is seen, and draw their heading."""
        look = self._look
        small, heading, gap = look.fonts["small"].measure, look.fonts["heading"].measure, look.em(0.9)
        clock = look.em(0.6)
        thread = clock + max(small("00:00:00.000000"), heading(_("Time"))) + gap
        longest = max((row.record.call.thread for row in seen), key=len, default="")
        call = thread + max(small(longest[:22]), heading(_("Thread")), small("receiver")) + gap
        size = call + max(small("↓ connect"), heading(_("Call"))) + gap
        size += max(small("00000"), heading(_("Bytes")))
        self._columns = _Columns(clock, thread, call, size, size + gap, clock + look.em(1.2))
        self._draw_head()

    def _draw_head(self) -> None:
        look, head, p = self._look, self.head, self._look.palette
        head.configure(background=p.side, height=look.line_height("heading") + look.em(0.5))
        head.delete("all")
        words = (_("Time"), _("Thread"), _("Call"), _("Bytes"), _("What the program saw"))
        middle = head.winfo_reqheight() // 2
        for x, text in zip(self._columns, words, strict=False):
            side: Literal["e", "w"] = "e" if x == self._columns.size else "w"
            room = self.canvas.winfo_width() - x if side == "w" else x
            told = look.shorten(text, "heading", max(0, room))
            head.create_text(x, middle, text=told, anchor=side, fill=p.muted, font=look.fonts["heading"])

    def draw_row(self, row: WireRow, y: int, width: int) -> None:
        """Draw a call, or a line below its call."""
        self.draw_band(row.key, y, width, usual=self._look.palette.side if row.line is None else "")
        middle = y + self.row_height // 2
        if row.line is None:
            self._draw_call(row, middle, width)
        else:
            self._draw_line(row.record.lines[row.line].raw, middle, width)

    def _draw_call(self, row: WireRow, y: int, width: int) -> None:
        look, call, columns, p = self._look, row.record.call, self._columns, self._look.palette
        arrow = {"recv": "↓ ", "send": "↑ "}.get(call.name, "• ")
        colour = {"recv": p.success, "send": p.accent}.get(call.name, p.warning)
        self.draw_text(columns.clock, y, format_clock(call.time, 6), p.muted, "small")
        self.draw_text(columns.thread, y, call.thread[:22], p.text, "small")
        self.draw_text(columns.call, y, arrow + call.name, colour, "small")
        if call.name in ("recv", "send"):
            self.draw_text(columns.size, y, str(len(call.data)), p.text, "small", "e")
        told = look.shorten(summary(row), "small", width - columns.rest - look.em(0.5))
        self.draw_text(columns.rest, y, told, p.muted, "small")

    def _draw_line(self, raw: bytes, y: int, width: int) -> None:
        look, p, x = self._look, self._look.palette, self._columns.line
        text = cut_characters(visible_bytes(without_tags(raw.rstrip(b"\r\n"))), _SHOWN)
        text = look.shorten(text, "mono", width - x - look.em(1.8))
        self.draw_text(x, y, "└", p.muted, "small")
        self.draw_text(x + look.em(1.1), y, text, p.text, "mono")

    # Mouse and keyboard.

    def clicked(self, key: RowKey, x: int) -> None:
        """Choose the row, and stay where it is."""
        self.canvas.focus_set()
        self._following = False
        super().clicked(key, x)

    def _copy_key(self, event: "tk.Event[tk.Misc]") -> str | None:
        if keys.letter(event) != "c":
            return None
        self.on_copy()
        return "break"


def summary(row: WireRow) -> str:
    """Return in a few words what a call did."""
    call, count = row.record.call, len(row.record.lines)
    if call.name not in ("recv", "send"):
        return call.connection
    if call.name == "recv" and not call.data:
        return _("the other side has closed the connection")
    told = [plural("{count} whole line", "{count} whole lines", count) if count else _("no whole line yet")]
    left = len(call.held_after)
    if left and call.name == "recv":
        told.append(plural("{count} byte stayed in the buffer", "{count} bytes stayed in the buffer", left))
    elif left:
        told.append(plural("{count} byte was not taken", "{count} bytes were not taken", left))
    return " · ".join(told)
