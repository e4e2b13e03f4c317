"""A bar of one line that says what holds now, until it is closed: whom one answers, whose words are shown."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.toolkit.theme import Look
from gui.toolkit.tooltip import Tooltip
from translations import _


class NoteBar(ttk.Frame):
    """`on_closed()`: the user has closed it, by its cross or with Esc."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Side.TFrame")
        self.on_closed: Callable[[], object] = lambda: None
        self._look = look
        self._head: Callable[[], str] = lambda: ""
        self._words: Callable[[], str] = lambda: ""
        self.head = ttk.Label(self, style="SideBold.TLabel")
        self.words = ttk.Label(self, style="Side.TLabel", width=1)
        self.button = ttk.Button(self, style="SideIcon.TButton", command=self.close)
        Tooltip(self.button, look, lambda: _("Close") + "  Esc")
        self.button.bind("<Escape>", lambda _: self.close())
        self.bind("<Configure>", lambda _: self._shorten())
        self.head.grid(row=0, column=0, sticky="w")
        self.words.grid(row=0, column=1, sticky="ew")
        self.button.grid(row=0, column=2)
        self.columnconfigure(1, weight=1)
        look.follow(self, self._restyle)

    @property
    def is_open(self) -> bool:
        """Tell whether it can be seen."""
        return bool(self.winfo_manager())

    def open(self, head: Callable[[], str], words: Callable[[], str] = lambda: "") -> None:
        """Show these texts, which are made when they are shown; of the second as much as has room."""
        self._head, self._words = head, words
        self.grid()
        self._shorten()

    def hide(self) -> None:
        """What it says does not hold any more."""
        self.grid_remove()

    def close(self) -> None:
        """Do as the user who closes it."""
        self.hide()
        self.on_closed()

    def _shorten(self) -> None:
        look = self._look
        room = self.winfo_width() - self.button.winfo_reqwidth() - look.em(3.2)
        head = look.shorten(self._head(), "bold", room)
        self.head.configure(text=head)
        room -= look.fonts["bold"].measure(head)
        self.words.configure(text=look.shorten(self._words(), "body", room) if room > 0 else "")

    def _restyle(self) -> None:
        look, em = self._look, self._look.em
        self.configure(padding=(em(1.2), em(0.2), em(0.7), em(0.2)))
        self.words.grid(padx=(em(0.6), 0))
        self.button.configure(image=look.icon("close", look.palette.muted))
        self._shorten()
