"""A page over the window that lists the keys."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from gui.over_page import OverPage
from gui.toolkit.theme import Look
from program.version import NAME, VERSION
from translations import _


class HelpPage(OverPage):
    """A card in the middle of the window; Esc or its button closes it: `on_close()`.

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
        self._table = ttk.Frame(self._card)
        self._version = ttk.Label(self._card, style="Small.TLabel", text=f"{NAME} {VERSION}")
        self.first = self.button = ttk.Button(self._card, style="Accent.TButton", command=on_close)
        self._card.place(relx=0.5, rely=0.5, anchor="center")
        self._table.grid(row=1, column=0, columnspan=2, sticky="ew")
        self._card.columnconfigure(0, weight=1)
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
            told.grid(row=row, column=1, sticky="w", padx=(em(2), 0), pady=em(0.2))
        self.button.configure(text=_("Close"))
        self._version.grid(row=2, column=0, sticky="w", pady=(em(1.2), 0))
        self.button.grid(row=2, column=1, sticky="e", pady=(em(1.2), 0))
