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
        self._excess = ttk.Label(self, style="Error.TLabel")
        self._typists.grid(row=0, column=0, sticky="ew")
        self._excess.grid(row=0, column=1, sticky="e")
        self.columnconfigure(0, weight=1)
        self._typists.bind("<Configure>", lambda _: self._show_typists())
        look.follow(self, self._show_typists)

    def show_typists(self, nicks: Sequence[str]) -> None:
        """Say who is writing. May be called often."""
        if list(nicks) != list(self._nicks):
            self._nicks = nicks
            self._show_typists()

    def show_excess(self, words: str) -> None:
        """Say by how much what is written is too long; "" if it is not."""
        if words != self._excess.cget("text"):
            self._excess.configure(text=words)

    def _show_typists(self) -> None:
        words = typing_words(self._nicks)
        self._typists.configure(text=self._look.shorten(words, "small", self._typists.winfo_width()))
