"""The line below the input line: who is writing, and what is too long for one message."""

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk
from typing import Final

from gui.toolkit.theme import Look
from translations import _

MOST_NAMED: Final = 3
"""People who are named; of more the others are counted."""


def typing_words(nicks: Sequence[str]) -> str:
    """Say who is writing; "" if nobody is."""
    if len(nicks) == 1:
        return _("{nick} is typing …").format(nick=nicks[0])
    named, more = ", ".join(nicks[:MOST_NAMED]), len(nicks) - MOST_NAMED
    if more > 0:
        return _("Typing: {names} and {count} more …").format(names=named, count=more)
    return _("Typing: {names} …").format(names=named) if nicks else ""


class Foot(ttk.Frame):
    """It is always as high, so that nothing moves when somebody begins to write."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self._look = look
        self._nicks: Sequence[str] = ()
        self._typists = ttk.Label(self, style="Small.TLabel", width=1)
        self._note = ttk.Label(self, style="Small.TLabel")
        self._typists.grid(row=0, column=0, sticky="ew")
        self._note.grid(row=0, column=1, sticky="e")
        self.columnconfigure(0, weight=1)
        self._typists.bind("<Configure>", lambda _: self._show_typists())
        look.follow(self, self._show_typists)

    def show_typists(self, nicks: Sequence[str]) -> None:
        """Say who is writing. May be called often."""
        if list(nicks) != list(self._nicks):
            self._nicks = nicks
            self._show_typists()

    def show_note(self, words: str, *, loud: bool = False) -> None:
        """Say something of what is written, such as that it is too long; "" for nothing."""
        self._note.configure(text=words, style="Error.TLabel" if loud else "Small.TLabel")

    def _show_typists(self) -> None:
        words = typing_words(self._nicks)
        self._typists.configure(text=self._look.shorten(words, "small", self._typists.winfo_width()))
