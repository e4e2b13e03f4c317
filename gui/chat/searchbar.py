"""The bar that searches the transcript: Enter goes to the match above, Shift+Enter to the one below."""

import tkinter as tk
from tkinter import ttk
from typing import Final

from gui.chat.transcript import Transcript
from gui.toolkit.field import BoxedEntry
from gui.toolkit.theme import Look
from translations import _

_SILENT_KEYS: Final = ("Return", "Up", "Down", "Escape", "Shift_L", "Shift_R", "Control_L", "Control_R")
"""Keys that do not change the text of the field."""


class SearchBar(ttk.Frame):
    """Searches whichever transcript it was opened for; hides itself when it is closed."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self._look = look
        self._transcript: Transcript | None = None
        self._count = self._index = 0
        self._box = BoxedEntry(self, look, (0.7, 0.4), width=24)
        self.entry = self._box.entry
        self._found = ttk.Label(self, style="Small.TLabel", anchor="e")
        self._buttons = {
            "previous": ttk.Button(self, style="Icon.TButton", command=lambda: self.step(-1)),
            "next": ttk.Button(self, style="Icon.TButton", command=lambda: self.step(1)),
            "close": ttk.Button(self, style="Icon.TButton", command=self.close),
        }
        """By their icons."""
        self._box.grid(row=0, column=0, sticky="ew")
        self._found.grid(row=0, column=1, sticky="ew")
        for column, button in enumerate(self._buttons.values(), 2):
            button.grid(row=0, column=column)
        self.columnconfigure(0, weight=1)
        self.entry.bind("<KeyRelease>", self._typed)
        for up, down in (("<Return>", "<Shift-Return>"), ("<Up>", "<Down>")):
            self.entry.bind(up, lambda _: self.step(-1))
            self.entry.bind(down, lambda _: self.step(1))
        for widget in (self.entry, *self._buttons.values()):
            widget.bind("<Escape>", lambda _: self.close())
        look.follow(self, self._restyle)

    def open(self, transcript: Transcript) -> None:
        """Show the bar and search this transcript."""
        if self._transcript is not None and self._transcript is not transcript:
            self._transcript.find("")
        self._transcript = transcript
        self.grid()
        self.entry.focus_set()
        self.entry.select_range(0, "end")
        self.search()

    def close(self) -> str:
        """Hide the bar, unmark the matches, and give the focus back."""
        if self._transcript is not None:
            self._transcript.find("")
            self._transcript = None
        self.grid_remove()
        self.event_generate("<<SearchClosed>>")
        return "break"

    @property
    def is_open(self) -> bool:
        """Whether the bar can be seen."""
        return self._transcript is not None

    def search(self) -> None:
        """Search for the text of the field and show the last (newest) match."""
        if self._transcript is not None:
            self._count = self._transcript.find(self.entry.get())
            self._index = self._count - 1
            self.step(0)

    def step(self, step: int) -> str:
        """Show the next (1), the previous (-1) or the same (0) match, cyclically."""
        if self._transcript is not None:
            if self._transcript.changed:
                self._count = self._transcript.find(self.entry.get())
                self._index = self._transcript.found_now
            if self._count:
                self._index = (self._index + step) % self._count
                self._transcript.show_found(self._index)
            self._say()
        return "break"

    def _typed(self, event: "tk.Event[tk.Entry]") -> None:
        if event.keysym not in _SILENT_KEYS:
            self.search()

    def _say(self) -> None:
        if not self.entry.get():
            text = ""
        elif not self._count:
            text = _("Nothing found")
        else:
            text = _("{number} of {count}").format(number=self._index + 1, count=self._count)
        self._found.configure(text=text)

    def _restyle(self) -> None:
        look, em = self._look, self._look.em
        self.configure(padding=(em(1.2), em(0.5), em(0.7), em(0.5)))
        self._found.configure(padding=(em(0.8), 0))
        for icon, button in self._buttons.items():
            button.configure(image=look.icon(icon, look.palette.muted))
        self._say()
