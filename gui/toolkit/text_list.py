"""A flat list of texts, each with a mark before it and a badge or a cross after it."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic

from gui.toolkit.keys import MENU_KEYS
from gui.toolkit.theme import FontName, Look
from gui.toolkit.virtual_list import KeyT, VirtualList, ignore

_TAIL: Final = 0.5
"""Of the width, which a tail may have behind a text that needs all of it."""
_TEXT: Final = 0.75
"""Of the width, up to which a text is not cut for its tail."""


@dataclass(frozen=True, slots=True)
class TextRow(Generic[KeyT]):
    """One row. Colours are `#rrggbb`; "" means the usual one."""

    key: KeyT | None
    """Finds the row again; None for a heading, which cannot be chosen."""
    text: str
    lead: str = ""
    """A short mark before the text: `#`, `@`."""
    tail: str = ""
    """Words after the text, which are still seen where a long text is shortened."""
    colour: str = ""
    bold: bool = False
    dimmed: bool = False
    badge: str = ""
    loud: bool = False
    """The badge is meant for the user: in the accent colour."""
    faint: bool = False
    """Otherwise the badge is only its text."""
    call: str = ""
    """A second badge, in the accent colour."""
    closable: bool = False


class TextList(VirtualList[TextRow[KeyT], KeyT]):
    """Texts with headings between them, on the ground of the window's sides.

    `on_open(key)`: double click or Return. `on_close(key)`: the row's cross, the middle button or Delete.
    `on_menu(key, x, y)`: the right button or the Menu key, in screen coordinates.
    """

    BAR_STYLE = "Side.Vertical.TScrollbar"
    HOVERS = True

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look)
        self.configure(style="Side.TFrame")
        self.on_open: Callable[[KeyT], object] = ignore
        self.on_close: Callable[[KeyT], object] = ignore
        self.on_menu: Callable[[KeyT, int, int], object] = ignore
        canvas = self.canvas
        canvas.bind("<Double-Button-1>", lambda event: self._open(self.key_at(event.y)))
        canvas.bind("<Button-2>", lambda event: self._close(self.key_at(event.y)))
        canvas.bind("<Button-3>", self._menu_at)
        for key in MENU_KEYS:
            canvas.bind(key, lambda _: self._menu_at_cursor())
        canvas.bind("<Return>", lambda _: self._open(self._cursor))
        canvas.bind("<space>", lambda _: self._cursor is not None and self.on_choose(self._cursor))
        canvas.bind("<Delete>", lambda _: self._close(self._cursor))

    def show(self, rows: Sequence[TextRow[KeyT]], chosen: KeyT | None = None) -> None:
        """Show these rows, one of them chosen; keep the place in the list."""
        self.set_rows(rows, () if chosen is None else (chosen,))
        if self.index_of(self._cursor) is None:
            self.set_cursor(chosen)

    # Drawing.

    def measure_row(self) -> int:
        """Return the height of a row in pixels, in the present fonts."""
        return self._look.line_height() + self._look.em(0.75)

    @property
    def background(self) -> str:
        """The ground of the window's sides."""
        return self._look.palette.side

    @property
    def page_rows(self) -> int:
        """Rows that Page Up and Page Down walk."""
        return 10

    def key_of(self, row: TextRow[KeyT]) -> KeyT | None:
        """Return the row's key; None for a heading."""
        return row.key

    def draw_row(self, row: TextRow[KeyT], y: int, width: int) -> None:
        """Draw a heading, or a row with its ground, its mark, its text and its badge or cross."""
        look, height = self._look, self.row_height
        p, margin, middle = look.palette, look.em(0.5), y + height // 2
        if row.key is None:
            self.draw_text(2 * margin, y + height - look.em(0.4), row.text, p.muted, "heading", "sw")
            return
        self.draw_ground(row.key, margin, y + look.px(1), width - 2 * margin, height - look.px(2))
        left, right = 2 * margin, self._draw_end(row, width - 2 * margin, middle)
        if row.lead:
            self.draw_text(left + look.em(0.5), middle, row.lead, p.muted, anchor="center")
        left += look.em(1.4)
        font: FontName = "bold" if row.bold else "body"
        colour = p.muted if row.dimmed else row.colour or p.text
        room, tail = right - left, ""
        if row.tail:
            needed = look.fonts[font].measure(row.text[:100])
            least = 0 if needed <= room * _TEXT else int(room * _TAIL)
            tail = look.shorten(row.tail, "small", max(least, room - needed))
            room -= look.fonts["small"].measure(tail)
        text = look.shorten(row.text, font, room)
        self.draw_text(left, middle, text, colour, font)
        if tail:
            self.draw_text(left + look.fonts[font].measure(text), middle, tail, p.muted, "small")

    def _draw_end(self, row: TextRow[KeyT], right: int, middle: int) -> int:
        """Draw the cross or the badge; return where the text must end."""
        look, p = self._look, self._look.palette
        if row.closable and row.key == self._hover:
            cross = look.icon("close", p.muted, look.em(1.1))
            self.canvas.create_image(right, middle, image=cross, anchor="e")
            return right - look.em(1.5)
        for badge, is_loud in ((row.badge, row.loud), (row.call, True)):
            if badge:
                right = self._draw_badge(badge, right, middle, is_loud=is_loud, is_faint=row.faint)
        return right

    def _draw_badge(self, badge: str, right: int, middle: int, *, is_loud: bool, is_faint: bool) -> int:
        look, p = self._look, self._look.palette
        high = look.line_height("heading")
        wide = max(look.fonts["heading"].measure(badge) + look.em(0.8), high)
        fill, ink = (p.accent, p.on_accent) if is_loud else (p.badge, p.on_badge)
        if is_faint and not is_loud:
            ink = p.muted
        else:
            self.draw_box(right - wide, middle - high // 2, wide, high, fill)
        self.draw_text(right - wide / 2, middle, badge, ink, "heading", "center")
        return right - wide - look.em(0.4)

    # Mouse and keyboard.

    def clicked(self, key: KeyT, x: int) -> None:
        """Close the row at its cross, else choose it."""
        right = self.canvas.winfo_width() - self._look.em(1)
        if not (right - self._look.em(1.5) <= x <= right and self._close(key)):
            super().clicked(key, x)

    def _open(self, key: KeyT | None) -> None:
        if key is not None:
            self.on_open(key)

    def _close(self, key: KeyT | None) -> bool:
        """Close the row if it can be closed; tell whether that is so."""
        index = self.index_of(key)
        if key is None or index is None or not self.rows[index].closable:
            return False
        self.on_close(key)
        return True

    def _menu_at(self, event: "tk.Event[tk.Canvas]") -> None:
        key = self.key_at(event.y)
        if key is not None:
            self.set_cursor(key)
            self.on_menu(key, event.x_root, event.y_root)

    def _menu_at_cursor(self) -> None:
        index = self.index_of(self._cursor)
        if index is not None and self._cursor is not None:
            below = (index + 1) * self.row_height - self._top
            x = self.canvas.winfo_rootx() + self._look.em(2)
            self.on_menu(self._cursor, x, self.canvas.winfo_rooty() + below)
