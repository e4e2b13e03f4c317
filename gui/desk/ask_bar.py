"""A line in which the teacher writes what a verb needs: an announcement, another nick."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.toolkit.field import BoxedEntry
from gui.toolkit.theme import Look
from translations import _


class AskBar(ttk.Frame):
    """Hidden until something is asked. Enter answers, Esc does not. `on_closed()`: it is hidden again."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Striking.TFrame")
        self.on_closed: Callable[[], object] = lambda: None
        self._look = look
        self._words: Callable[[], str] = str
        self._answer: Callable[[str], object] = lambda text: None
        self._label = ttk.Label(self, style="StrikingBold.TLabel")
        self._box = BoxedEntry(self, look, (0.7, 0.4), style="Striking")
        self.entry = self._box.entry
        self.button = ttk.Button(self, style="Striking.TButton", command=self.submit)
        self._cancel = ttk.Button(self, style="Striking.TButton", command=self.close)
        self.entry.bind("<Return>", lambda _: self.submit())
        for widget in (self.entry, self.button, self._cancel):
            widget.bind("<Escape>", lambda _: self.close())
        self.columnconfigure(1, weight=1)
        look.follow(self, self._restyle)

    def ask(self, words: Callable[[], str], text: str, answer: Callable[[str], object]) -> None:
        """Ask for a text; `words()` says for what, `answer(text)` gets it if there is any."""
        self._words, self._answer = words, answer
        self.entry.delete(0, "end")
        self.entry.insert(0, text)
        self.entry.select_range(0, "end")
        self._restyle()
        self.grid()
        self.entry.focus_set()

    def submit(self) -> None:
        """Take what is written as the answer."""
        text = self.entry.get().strip()
        if text:
            self.close()
            self._answer(text)

    def close(self) -> None:
        """Ask no more."""
        self.grid_remove()
        self.on_closed()

    def _restyle(self) -> None:
        em = self._look.em
        self.configure(padding=(em(1), em(0.5)))
        self._label.configure(text=self._words())
        self.button.configure(text=_("Do it"))
        self._cancel.configure(text=_("Cancel"))
        self._label.grid(row=0, column=0, padx=(0, em(0.8)))
        self._box.grid(row=0, column=1, sticky="ew")
        self.button.grid(row=0, column=2, padx=(em(0.8), 0))
        self._cancel.grid(row=0, column=3, padx=(em(0.5), 0))
