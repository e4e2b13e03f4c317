"""A card of the launcher: what a button starts."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.toolkit.text import wrap
from gui.toolkit.theme import Look


class Choice(ttk.Frame):
    """A card: a picture, what it does, and a button; `extra`, made by the owner, stands above the button."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        picture: str,
        words: Callable[[], tuple[str, str, str]],
        run: Callable[[], object],
    ) -> None:
        super().__init__(master, style="Card.TFrame")
        self._look, self._picture, self._words = look, picture, words
        self._is_flat = False
        self._icon = ttk.Label(self)
        self._title = ttk.Label(self, style="Title.TLabel")
        self._text = ttk.Label(self, style="Muted.TLabel", justify="left")
        self.extra: tk.Widget | None = None
        self.button = ttk.Button(self, style="Accent.TButton", command=run)
        self.rowconfigure(2, weight=1)
        self._text.configure(wraplength=look.em(15.5))
        wrap(self._text)
        look.follow(self, self._restyle)

    def lie(self, *, flat: bool) -> None:
        """Take little height, or little width."""
        self._is_flat = flat
        self._lay_out()

    def _lay_out(self) -> None:
        em, flat = self._look.em, self._is_flat
        middle = int(flat)
        self.configure(padding=em(0.6 if flat else 1.3))
        self.columnconfigure(middle, weight=1)
        self.columnconfigure(1 - middle, weight=0)
        across = 2 if flat else 1
        self._text.grid(row=2, column=middle, columnspan=across, sticky="new")
        if self.extra:
            self.extra.grid(row=3, column=middle, columnspan=across, sticky="w", pady=(em(0.6), 0))
        if flat:
            self._icon.grid(row=0, column=0, rowspan=4, sticky="nw", padx=(0, em(1)))
            self._title.grid(row=0, column=1, sticky="w", pady=(0, em(0.3)))
            self.button.grid(row=0, column=2, sticky="e", padx=(em(0.5), 0), pady=(0, em(0.3)))
        else:
            self._icon.grid(row=0, column=0, rowspan=1, sticky="w", padx=0)
            self._title.grid(row=1, column=0, sticky="w", pady=(em(0.7), em(0.3)))
            self.button.grid(row=4, column=0, sticky="ew", padx=0, pady=(em(1), 0))

    def _restyle(self) -> None:
        look = self._look
        self._icon.configure(image=look.icon(self._picture, look.palette.accent, look.em(2.2)))
        title, text, button = self._words()
        self._title.configure(text=title)
        self._text.configure(text=text)
        self.button.configure(text=button)
        self._lay_out()
