"""A bar with a title and buttons, in as many rows as they need."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from gui.toolkit.theme import Look

_MOST_ROWS: Final = 5
"""Rows that the buttons may take in a narrow window with a large font."""

Commands = dict[str, tuple[Callable[[], str], Callable[[], object]]]
"""Of each button: its text at this moment, and what it does."""


class ButtonBar(ttk.Frame):
    """The last button stands at the right end of the first row. For the Tk thread only."""

    def __init__(self, master: tk.Misc, look: Look, commands: Commands) -> None:
        super().__init__(master, style="Side.TFrame")
        self._look = look
        self._commands = commands
        self._rows = [ttk.Frame(self, style="Side.TFrame") for _row in range(_MOST_ROWS)]
        self._placed: list[list[ttk.Button]] = []
        self._title = ttk.Label(self, style="SideHeading.TLabel")
        self.buttons = {
            name: ttk.Button(self, style="SideIcon.TButton", width=-1, command=command)
            for name, (_text, command) in commands.items()
        }
        self.bind("<Configure>", lambda _: self.fit())

    def set_title(self, text: str) -> None:
        """Show this text before the buttons."""
        self._title.configure(text=text)

    def name_buttons(self) -> None:
        """Bring the buttons' texts up to date."""
        for name, (text, _command) in self._commands.items():
            self.buttons[name].configure(text=text())
        self.fit()

    def fit(self) -> None:
        """Put the buttons into one row, or as many as they need."""
        room = self.winfo_width() - self._look.em(1.2)
        if room <= 1:
            return
        *buttons, last = self.buttons.values()
        left = room - self._title.winfo_reqwidth() - last.winfo_reqwidth()
        rows: list[list[ttk.Button]] = [[]]
        for button in buttons:
            left -= button.winfo_reqwidth()
            if left < 0 and len(rows) < _MOST_ROWS:
                rows.append([])
                left = room - button.winfo_reqwidth()
            rows[-1].append(button)
        if rows == self._placed:
            return
        self._placed = rows
        for widget in (*self._rows, *self.buttons.values()):
            widget.pack_forget()
        self._title.pack(in_=self._rows[0], side="left")
        for frame, row in zip(self._rows, [[*rows[0], last], *rows[1:]], strict=False):
            frame.pack(fill="x")
            for button in reversed(row):
                button.pack(in_=frame, side="right")
