"""A field, and below it a list of what fits what is typed there: for the list of rooms and the palette."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import ttk
from typing import Final

from gui.over_page import OverPage
from gui.toolkit.field import BoxedEntry
from gui.toolkit.text import wrap
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import VirtualList, ignore
from translations import _

WIDTH: Final = 46.0
HEIGHT: Final = 34.0
"""Of the card, in ems, where the window has room for it."""
_MOST_OF_MORE: Final = 0.6
"""Of the width that is left beside the text."""


@dataclass(frozen=True, slots=True)
class PickRow:
    """One row: a mark, the text, more words behind it, and something at the right edge."""

    number: int
    """Its place in the list, from 0."""
    text: str
    lead: str = ""
    more: str = ""
    right: str = ""
    ticked: bool = False


class PickList(VirtualList[PickRow, int]):
    """Rows that are found by their number. `on_open(number)`: clicked, or Enter."""

    HOVERS = True

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look)
        self.walking_chooses = False
        self.on_open: Callable[[int], object] = ignore
        for key in ("<Return>", "<KP_Enter>"):
            self.canvas.bind(key, lambda _: self.open_cursor())

    def show(self, rows: Sequence[PickRow]) -> None:
        """Show these rows from the first on, which the cursor is at."""
        self.set_rows(rows, ())
        self.set_cursor(0 if rows else None)
        self._scroll_to(0)

    def renew(self, rows: Sequence[PickRow], cursor: int | None) -> None:
        """Show these rows in place of others; what is seen of the list stays where it is."""
        self.set_rows(rows, ())
        self.set_cursor(cursor)

    @property
    def cursor(self) -> int | None:
        """The number of the row that Enter opens."""
        return self._cursor if self._cursor is not None and self._cursor < len(self.rows) else None

    def open_cursor(self) -> str:
        """Open the row at the cursor, if there is one; return "break" for Tk."""
        if self.cursor is not None:
            self.on_open(self.cursor)
        return "break"

    def clicked(self, key: int, x: int) -> None:
        """Open the row."""
        self.set_cursor(key)
        self.on_open(key)

    def set_cursor(self, key: int | None) -> None:
        """Let the arrow keys go on from this row, and show that Enter opens it."""
        self._selected = () if key is None else (key,)
        super().set_cursor(key)

    def index_of(self, key: int | None) -> int | None:
        """Return where a row stands: its key is its number."""
        return key if key is not None and 0 <= key < len(self.rows) else None

    def key_of(self, row: PickRow) -> int:
        """Return the row's number: every row can be chosen."""
        return row.number

    def measure_row(self) -> int:
        """Return the height of a row in pixels, in the present fonts."""
        return self._look.line_height() + self._look.em(0.8)

    @property
    def background(self) -> str:
        """The card's ground."""
        return self._look.palette.window

    def draw_row(self, row: PickRow, y: int, width: int) -> None:
        """Draw a row with its ground, its mark and its three texts."""
        look, p = self._look, self._look.palette
        self.draw_ground(row.number, 0, y + look.px(1), width, self.row_height - look.px(2))
        middle, left, right = y + self.row_height // 2, look.em(2), width - look.em(0.7)
        if row.ticked:
            tick = look.icon("tick", p.accent, look.em(1.1))
            self.canvas.create_image(look.em(1), middle, image=tick, anchor="center")
        elif row.lead:
            self.draw_text(look.em(1), middle, row.lead, p.muted, anchor="center")
        if row.right:
            shown = look.shorten(row.right, "small", width // 2)
            self.draw_text(right, middle, shown, p.muted, "small", "e")
            right -= look.fonts["small"].measure(shown) + look.em(1)
        room = right - left
        more = look.fonts["small"].measure(row.more) + look.em(0.8) if row.more else 0
        text = look.shorten(row.text, "body", max(room - min(more, int(room * _MOST_OF_MORE)), 0))
        self.draw_text(left, middle, text, p.text)
        left += look.fonts["body"].measure(text) + look.em(0.8)
        if row.more and right > left:
            self.draw_text(left, middle, look.shorten(row.more, "small", right - left), p.muted, "small")


class PickerPage(OverPage):
    """A card in the middle of the window: a title, the field, the list, and a line below it.

    The keys of the list work in the field. To be overridden: `title`, `filter`, `open`.
    """

    def __init__(self, master: tk.Misc, look: Look, on_close: Callable[[], object]) -> None:
        super().__init__(master, on_close)
        self._look = look
        self._card = ttk.Frame(self, style="Card.TFrame")
        self._title = ttk.Label(self._card, style="Title.TLabel")
        self._box = BoxedEntry(self._card, look, (0.7, 0.5))
        self.first = self.entry = self._box.entry
        self.list = PickList(self._card, look)
        self.list.on_open = self.open
        self.note = ttk.Label(self._card, style="Small.TLabel", justify="left")
        wrap(self.note)
        self.foot = ttk.Frame(self._card)
        """For buttons."""
        self.close_button = ttk.Button(self.foot, command=on_close)
        self.close_button.grid(row=0, column=9)
        self._filtered = ""
        self._card.columnconfigure(0, weight=1)
        self._card.rowconfigure(2, weight=1)
        self.entry.bind("<Up>", lambda _: self.list.walk(-1))
        self.entry.bind("<Down>", lambda _: self.list.walk(1))
        self.entry.bind("<Prior>", lambda _: self.list.walk(-self.list.page_rows))
        self.entry.bind("<Next>", lambda _: self.list.walk(self.list.page_rows))
        for key in ("<Return>", "<KP_Enter>"):
            self.entry.bind(key, lambda _: self._enter())
        for event in ("<Key>", "<<Paste>>", "<<PasteSelection>>", "<<Cut>>", "<<Clear>>"):
            self.entry.bind(event, lambda _: self.after_idle(self._typed), add="+")
        self.bind("<Configure>", lambda _: self._fit())
        look.follow(self, self._restyle)

    def title(self) -> str:
        """Return the title."""
        raise NotImplementedError

    def filter(self, typed: str) -> None:
        """Show in the list what fits."""
        raise NotImplementedError

    def open(self, number: int) -> None:
        """The user has chosen a row."""
        raise NotImplementedError

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return self.entry.get().strip()

    def _enter(self) -> str:
        self._typed()
        return self.list.open_cursor()

    def _typed(self) -> None:
        if self.winfo_exists() and self.typed != self._filtered:
            self._filtered = self.typed
            self.filter(self.typed)

    def _fit(self) -> None:
        look, margin = self._look, self._look.em(2)
        width = min(look.em(WIDTH), self.winfo_width() - margin)
        height = min(look.em(HEIGHT), self.winfo_height() - margin)
        self._card.place(relx=0.5, rely=0.5, anchor="center", width=max(1, width), height=max(1, height))

    def _restyle(self) -> None:
        em = self._look.em
        self._card.configure(padding=em(1.4))
        self._title.configure(text=self.title())
        self._title.grid(row=0, column=0, sticky="w", pady=(0, em(0.7)))
        self._box.grid(row=1, column=0, sticky="ew", pady=(0, em(0.7)))
        self.list.grid(row=2, column=0, sticky="nsew")
        self.note.grid(row=3, column=0, sticky="ew", pady=em(0.7))
        self.foot.grid(row=4, column=0, sticky="e")
        self.close_button.configure(text=_("Close"))
        self.filter(self.typed)
        self._fit()
