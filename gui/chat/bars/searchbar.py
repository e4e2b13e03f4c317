"""The bar that searches the transcript: Enter goes to the match above, Shift+Enter to the one below."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from gui.chat.transcript.transcript import Transcript
from gui.toolkit.field import BoxedEntry
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import ignore
from translations import _

_SILENT_KEYS: Final = ("Return", "Up", "Down", "Escape", "Shift_L", "Shift_R", "Control_L", "Control_R")
"""Keys that do not change the text of the field."""


class SearchBar(ttk.Frame):
    """Searches a transcript; hides itself when it is closed."""

    def __init__(self, master: tk.Misc, look: Look, transcript: Transcript) -> None:
        super().__init__(master)
        self._look = look
        self._transcript = transcript
        transcript.on_found = self._say
        self.on_server: Callable[[str], object] = ignore
        """The user wants to find the text in all that was ever said."""
        self.is_open = False
        """It can be seen."""
        self._box = BoxedEntry(self, look, (0.7, 0.4), width=24)
        self.entry = self._box.entry
        self._found = ttk.Label(self, style="Small.TLabel", anchor="e")
        self._buttons = {
            "previous": ttk.Button(self, style="Icon.TButton", command=lambda: self.step(-1)),
            "next": ttk.Button(self, style="Icon.TButton", command=lambda: self.step(1)),
            "close": ttk.Button(self, style="Icon.TButton", command=self.close),
        }
        """By their icons."""
        self.server_button = ttk.Button(
            self, style="Link.TButton", command=lambda: self.on_server(self.entry.get())
        )
        self._box.grid(row=0, column=0, sticky="ew")
        self._found.grid(row=0, column=1, sticky="ew")
        self.server_button.grid(row=0, column=2)
        for column, button in enumerate(self._buttons.values(), 3):
            button.grid(row=0, column=column)
        self.columnconfigure(0, weight=1)
        self.entry.bind("<KeyRelease>", self._typed)
        for up, down in (("<Return>", "<Shift-Return>"), ("<Up>", "<Down>")):
            self.entry.bind(up, lambda _: self.step(-1))
            self.entry.bind(down, lambda _: self.step(1))
        for widget in (self.entry, self.server_button, *self._buttons.values()):
            widget.bind("<Escape>", lambda _: self.close())
        look.follow(self, self._restyle)

    def open(self) -> None:
        """Show the bar and search the transcript."""
        self.is_open = True
        self.grid()
        self.entry.focus_set()
        self.entry.select_range(0, "end")
        self.search()

    def close(self) -> str:
        """Hide the bar, unmark the matches, and give the focus back."""
        if self.is_open:
            self.is_open = False
            self._transcript.find("")
        self.grid_remove()
        self.event_generate("<<SearchClosed>>")
        return "break"

    def search(self) -> None:
        """Search for the text of the field and show the last (newest) match."""
        self._transcript.find(self.entry.get())

    def step(self, step: int) -> str:
        """Show the next (1) or the previous (-1) match, cyclically."""
        self._transcript.find_next(step)
        return "break"

    def _typed(self, event: "tk.Event[tk.Entry]") -> None:
        if event.keysym not in _SILENT_KEYS:
            self.search()

    def _say(self) -> None:
        number, count = self._transcript.found_now
        if count:
            text = _("{number} of {count}").format(number=number, count=count)
        elif not self.entry.get():
            text = ""
        else:
            text = "…" if self._transcript.is_searching else _("Nothing found")
        self._found.configure(text=text)

    def _restyle(self) -> None:
        look, em = self._look, self._look.em
        self.configure(padding=(em(1.2), em(0.5), em(0.7), em(0.5)))
        self._found.configure(padding=(em(0.8), 0))
        self.server_button.configure(text=_("on the server"))
        for icon, button in self._buttons.items():
            button.configure(image=look.icon(icon, look.palette.muted))
        self._say()
