"""A page over the window that lists the keys."""

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from tkinter import ttk
from typing import Final, Literal

from gui.over_page import OverPage
from gui.toolkit.theme import Look
from program.version import NAME, VERSION
from translations import _

_Unit = Literal["units", "pages"]
_SCROLL_KEYS: Final[tuple[tuple[str, int, _Unit], ...]] = (
    ("<Up>", -1, "units"),
    ("<Down>", 1, "units"),
    ("<Prior>", -1, "pages"),
    ("<Next>", 1, "pages"),
)


class HelpPage(OverPage):
    """A card in the middle of the window; Esc or its button closes it: `on_close()`.

    Where the window is too low for all keys the arrow keys, Page Up and Page Down scroll them.

    `rows()` gives the keys and what they do, in the current language.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        rows: Callable[[], Sequence[tuple[str, str]]],
        on_close: Callable[[], object],
    ) -> None:
        super().__init__(master, on_close)
        self._look = look
        self._rows = rows
        self._card = ttk.Frame(self, style="Card.TFrame")
        self._title = ttk.Label(self._card, style="Title.TLabel")
        self._canvas = tk.Canvas(self._card, highlightthickness=0, borderwidth=0)
        self._bar = ttk.Scrollbar(self._card, command=self._canvas.yview)
        self._canvas.configure(yscrollcommand=self._bar.set)
        self._table = ttk.Frame(self._canvas)
        self._canvas.create_window(0, 0, anchor="nw", window=self._table)
        self._version = ttk.Label(self._card, style="Small.TLabel", text=f"{NAME} {VERSION}")
        self.first = self.button = ttk.Button(self._card, style="Accent.TButton", command=on_close)
        self._card.place(relx=0.5, rely=0.5, anchor="center")
        self._canvas.grid(row=1, column=0, columnspan=2, sticky="ew")
        self._bar.grid(row=1, column=2, sticky="ns")
        self._card.columnconfigure(0, weight=1)
        for key, amount, unit in _SCROLL_KEYS:
            self.button.bind(key, partial(self._scroll, amount, unit))
        for widget in (self, self._table):
            widget.bind("<Configure>", lambda _: self._fit(), add="+")
        look.follow(self, self._restyle)

    def _restyle(self) -> None:
        em = self._look.em
        self._card.configure(padding=em(1.8))
        self._title.configure(text=_("Keys"))
        self._title.grid(row=0, column=0, columnspan=2, sticky="w", pady=(0, em(0.8)))
        for label in self._table.winfo_children():
            label.destroy()
        for row, (key, meaning) in enumerate(self._rows()):
            ttk.Label(self._table, style="Bold.TLabel", text=key).grid(row=row, column=0, sticky="w")
            told = ttk.Label(self._table, text=meaning)
            told.grid(row=row, column=1, sticky="w", padx=(em(2), em(0.8)), pady=em(0.2))
        for widget in (self._canvas, self._table, *self._table.winfo_children()):
            widget.bind("<MouseWheel>", lambda event: self._scroll(-2 if event.delta > 0 else 2, "units"))
            widget.bind("<Button-4>", partial(self._scroll, -2, "units"))
            widget.bind("<Button-5>", partial(self._scroll, 2, "units"))
        self._canvas.configure(background=self._look.palette.window, yscrollincrement=em(1.6))
        self.button.configure(text=_("Close"))
        self._version.grid(row=2, column=0, sticky="w", pady=(em(1.2), 0))
        self.button.grid(row=2, column=1, sticky="e", pady=(em(1.2), 0))

    def _scroll(self, amount: int, unit: _Unit, _event: object = None) -> str:
        if self._bar.winfo_manager():
            self._canvas.yview_scroll(amount, unit)
        return "break"

    def _fit(self) -> None:
        """Make the table as high as it is, or as the window has room for."""
        table, canvas = self._table, self._canvas
        width, height = table.winfo_reqwidth(), table.winfo_reqheight()
        # Not the card's height without the table's: until Tk is idle, the card knows the height of before.
        others = self._title.winfo_reqheight() + self.button.winfo_reqheight() + self._look.em(6)
        shown = max(1, min(height, self.winfo_height() - others))
        canvas.configure(width=width, height=shown, scrollregion=(0, 0, width, height))
        if shown < height:
            self._bar.grid()
        else:
            self._bar.grid_remove()
