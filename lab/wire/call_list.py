"""The table of socket calls: a canvas that draws only the rows that are seen, however many there are."""

import time
import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import Final

from gui.toolkit import keys
from gui.toolkit.theme import Look
from lab.wire.model import Row
from protocol.text import visible
from translations import _, plural

_SHOWN: Final = 400
"""Characters of a line that can stand in a row."""


class CallList(ttk.Frame):
    """Rows with time, thread, call and bytes, and the lines below; mouse and keyboard choose.

    `on_choose(row)`: a row was clicked or walked to. `on_copy()`: Ctrl+C.
    """

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self.on_choose: Callable[[Row], object] = lambda row: None
        self.on_copy: Callable[[], object] = lambda: None
        self.empty: Callable[[], str] = lambda: ""
        """Words for a table without rows."""
        self._look = look
        self._rows: Sequence[Row] = ()
        self._selected: frozenset[tuple[int, int]] = frozenset()
        self._cursor: tuple[int, int] | None = None
        self._top = 0
        self._following = True
        self._focused = False
        self._pending: str | None = None
        self.head = tk.Canvas(self, highlightthickness=0, borderwidth=0)
        self.canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, takefocus=True)
        self._bar = ttk.Scrollbar(self, command=self._bar_moved)
        self.head.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.canvas.grid(row=1, column=0, sticky="nsew")
        self._bar.grid(row=1, column=1, sticky="ns")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self._bind_events()
        look.follow(self, self._restyle)
        self.bind("<Destroy>", self._on_destroy, add="+")

    def _bind_events(self) -> None:
        canvas = self.canvas
        canvas.bind("<Configure>", lambda _: self._draw_soon())
        canvas.bind("<Button-1>", self._clicked)
        for key, step in (("<Up>", -1), ("<Down>", 1)):
            canvas.bind(key, lambda _, step=step: self._walk(step))  # type: ignore[misc]
        canvas.bind("<Prior>", lambda _: self._walk(1 - self._fitting))
        canvas.bind("<Next>", lambda _: self._walk(self._fitting - 1))
        canvas.bind("<Home>", lambda _: self._walk(-len(self._rows)))
        canvas.bind("<End>", lambda _: self._walk(len(self._rows)))
        canvas.bind("<FocusIn>", lambda _: self._set_focused(True))
        canvas.bind("<FocusOut>", lambda _: self._set_focused(False))
        canvas.bind("<MouseWheel>", lambda event: self._scroll(-3 if event.delta > 0 else 3))
        canvas.bind("<Button-4>", lambda _: self._scroll(-3))
        canvas.bind("<Button-5>", lambda _: self._scroll(3))
        canvas.bind("<Control-KeyPress>", self._copy_key)

    def _on_destroy(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self and self._pending:
            self.after_cancel(self._pending)
            self._pending = None

    # For the owner.

    def show(self, rows: Sequence[Row], selected: Sequence[tuple[int, int]]) -> None:
        """Show these rows; stay at the end if the end was seen, else at the rows that were seen.

        Args:
            rows: may be the same list as before, longer; it is read when it is drawn.
            selected: the marked rows' keys; the first is where the arrow keys go on.
        """
        if not self._following and self._rows and rows and 0 < self._top < len(self._rows):
            seen = self._rows[self._top].key if self._rows is not rows else None
            if seen is not None:
                self._top = next((at for at, row in enumerate(rows) if row.key >= seen), len(rows))
        self._rows = rows
        self._selected = frozenset(selected)
        self._cursor = selected[0] if selected else self._cursor
        self._draw_soon()

    def shift(self, gone: int) -> None:
        """The first rows of the list have gone: keep what is seen."""
        self._top = max(0, self._top - gone)

    def see(self, key: tuple[int, int]) -> None:
        """Scroll to a row, if the filters show it."""
        index = self._index(key)
        if index is not None:
            self._top = min(self._top, index)
            self._top = max(self._top, index - self._fitting + 1)
            self._following = self._top + self._fitting >= len(self._rows)
            self._draw_soon()

    @property
    def top(self) -> int:
        """Index of the first row that is seen."""
        return self._top

    # Drawing.

    @property
    def _height(self) -> int:
        return max(self._look.line_height("small"), self._look.line_height("mono")) + self._look.em(0.3)

    @property
    def _fitting(self) -> int:
        return max(1, self.canvas.winfo_height() // self._height)

    def _restyle(self) -> None:
        look = self._look
        self.canvas.configure(background=look.palette.window)
        self.head.configure(background=look.palette.side, height=look.line_height("heading") + look.em(0.5))
        self._draw_soon()

    def _draw_soon(self) -> None:
        if self._pending is None:
            self._pending = self.after_idle(self._draw)

    def _columns(self) -> tuple[int, int, int, int, int, int]:
        """Return the left edges of time, thread, call, and the right edge of bytes, the left of the rest."""
        look = self._look
        measure, gap = look.fonts["small"].measure, look.em(0.9)
        clock = look.em(0.6)
        thread = clock + max(measure("00:00:00.000000"), look.fonts["heading"].measure(_("Time"))) + gap
        longest = max((row.record.call.thread for row in self._seen()), key=len, default="")
        names = max(measure(longest[:22]), look.fonts["heading"].measure(_("Thread")), measure("receiver"))
        call = thread + names + gap
        size = call + max(measure("↓ connect"), look.fonts["heading"].measure(_("Call"))) + gap
        size += max(measure("00000"), look.fonts["heading"].measure(_("Bytes")))
        return clock, thread, call, size, size + gap, clock + look.em(1.2)

    def _seen(self) -> Sequence[Row]:
        return self._rows[self._top : self._top + self._fitting + 1]

    def _draw(self) -> None:
        self._pending = None
        canvas, look, height = self.canvas, self._look, self._height
        p, total, fitting = look.palette, len(self._rows), self._fitting
        if self._following:
            self._top = total - fitting
        self._top = max(0, min(self._top, total - fitting))
        self._bar.set(self._top / max(1, total), min(1.0, (self._top + fitting) / max(1, total)))
        columns = self._columns()
        self._draw_head(columns)
        canvas.delete("all")
        width = canvas.winfo_width()
        if not total:
            canvas.create_text(
                width // 2,
                canvas.winfo_height() // 2,
                text=self.empty(),
                fill=p.muted,
                font=look.fonts["body"],
                width=width - 2 * look.em(1),
                justify="center",
            )
        for number, row in enumerate(self._seen()):
            y = number * height
            if row.key in self._selected:
                canvas.create_rectangle(0, y, width, y + height, fill=p.selected, width=0)
            elif row.line is None:
                canvas.create_rectangle(0, y, width, y + height, fill=p.side, width=0)
            if row.key == self._cursor and self._focused:
                thick = look.px(2)
                canvas.create_rectangle(
                    thick / 2, y + 1, width - thick / 2, y + height - 1, outline=p.accent, width=thick
                )
            if row.line is None:
                self._draw_call(row, y + height // 2, columns, width)
            else:
                self._draw_line(row, y + height // 2, columns[5], width)

    def _draw_head(self, columns: tuple[int, ...]) -> None:
        look = self._look
        self.head.delete("all")
        words = (_("Time"), _("Thread"), _("Call"), _("Bytes"), _("What the program saw"))
        middle = self.head.winfo_reqheight() // 2
        for number, (x, text) in enumerate(zip(columns, words, strict=False)):
            self.head.create_text(
                x,
                middle,
                text=text,
                anchor="e" if number == 3 else "w",
                fill=look.palette.muted,
                font=look.fonts["heading"],
            )

    def _draw_call(self, row: Row, y: int, columns: tuple[int, ...], width: int) -> None:
        look, call, canvas = self._look, row.record.call, self.canvas
        p = look.palette
        small = look.fonts["small"]
        arrow = {"recv": "↓ ", "send": "↑ "}.get(call.name, "• ")
        colour = {"recv": p.success, "send": p.accent}.get(call.name, p.warning)
        clock = time.strftime("%H:%M:%S", time.localtime(call.time)) + f".{int(call.time % 1 * 1e6):06}"
        canvas.create_text(columns[0], y, text=clock, anchor="w", fill=p.muted, font=small)
        canvas.create_text(columns[1], y, text=call.thread[:22], anchor="w", fill=p.text, font=small)
        canvas.create_text(columns[2], y, text=arrow + call.name, anchor="w", fill=colour, font=small)
        if call.name in ("recv", "send"):
            canvas.create_text(columns[3], y, text=str(len(call.data)), anchor="e", fill=p.text, font=small)
        told = look.shorten(summary(row), "small", width - columns[4] - look.em(0.5))
        canvas.create_text(columns[4], y, text=told, anchor="w", fill=p.muted, font=small)

    def _draw_line(self, row: Row, y: int, x: int, width: int) -> None:
        look, p = self._look, self._look.palette
        assert row.line is not None
        raw = row.record.lines[row.line].raw.rstrip(b"\r\n")
        text = visible(without_tags(raw).decode("utf-8", "backslashreplace"))[:_SHOWN]
        text = look.shorten(text, "mono", width - x - look.em(1.8))
        self.canvas.create_text(x, y, text="└", anchor="w", fill=p.muted, font=look.fonts["small"])
        self.canvas.create_text(
            x + look.em(1.1), y, text=text, anchor="w", fill=p.text, font=look.fonts["mono"]
        )

    # Mouse and keyboard.

    def _index(self, key: tuple[int, int] | None) -> int | None:
        if key is None:
            return None
        return next((at for at, row in enumerate(self._rows) if row.key == key), None)

    def _set_focused(self, focused: bool) -> None:
        self._focused = focused
        self._draw_soon()

    def _clicked(self, event: "tk.Event[tk.Canvas]") -> None:
        self.canvas.focus_set()
        index = self._top + event.y // self._height
        if index < len(self._rows):
            self._following = False
            self._choose(index)

    def _choose(self, index: int) -> None:
        row = self._rows[index]
        self._cursor = row.key
        self.on_choose(row)

    def _walk(self, step: int) -> str:
        if self._rows:
            at = self._index(self._cursor)
            last = len(self._rows) - 1
            index = max(0, min(last, at + step if at is not None else last))
            self._choose(index)
            self.see(self._rows[index].key)
        return "break"

    def _copy_key(self, event: "tk.Event[tk.Misc]") -> str | None:
        if keys.letter(event) != "c":
            return None
        self.on_copy()
        return "break"

    def _scroll(self, rows: int) -> None:
        self._top = max(0, self._top + rows)
        self._following = self._top + self._fitting >= len(self._rows)
        self._draw_soon()

    def _bar_moved(self, action: str, amount: str, unit: str = "") -> None:
        if action == "moveto":
            self._scroll(int(float(amount) * len(self._rows)) - self._top)
        elif unit:
            self._scroll(int(amount) * (self._fitting if unit == "pages" else 1))


def without_tags(raw: bytes) -> bytes:
    """Return a line with `@…` in place of its tags, which would hide what it says."""
    if not raw.startswith(b"@") or b" " not in raw:
        return raw
    return "@… ".encode() + raw.partition(b" ")[2]


def summary(row: Row) -> str:
    """Return in a few words what a call did."""
    call, count = row.record.call, len(row.record.lines)
    if call.name not in ("recv", "send"):
        return call.connection
    if call.name == "recv" and not call.data:
        return _("the other side has closed the connection")
    told = [plural("{count} whole line", "{count} whole lines", count) if count else _("no whole line yet")]
    if call.held_after:
        left = len(call.held_after)
        if call.name == "recv":
            told.append(
                plural("{count} byte stayed in the buffer", "{count} bytes stayed in the buffer", left)
            )
        else:
            told.append(plural("{count} byte was not taken", "{count} bytes were not taken", left))
    return " · ".join(told)
