"""Announcements to everybody, above the transcript until they are closed."""

import tkinter as tk
from collections import deque
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from client.model.events import Announced
from gui.clock import clock
from gui.toolkit.text import wrap
from gui.toolkit.theme import Look
from protocol.text import cut_characters
from translations import _, plural

LONGEST: Final = 1000
"""Characters that are shown: X11 draws no label that is higher than 32,767 pixels."""
MOST: Final = 50
"""Announcements that wait to be closed; the oldest go."""


class Banner(ttk.Frame):
    """Shows the newest announcement; closed, the one before. `on_closed()`: none is left."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Striking.TFrame")
        self.on_closed: Callable[[], object] = lambda: None
        self._look = look
        self._waiting: deque[Announced] = deque(maxlen=MOST)
        self._head = ttk.Label(self, style="StrikingBold.TLabel", justify="left")
        self._text = ttk.Label(self, style="Striking.TLabel", justify="left")
        self.button = ttk.Button(self, style="Striking.TButton", command=self.close)
        wrap(self._head)
        wrap(self._text)
        self.columnconfigure(0, weight=1)
        look.follow(self, self._restyle)

    @property
    def is_open(self) -> bool:
        """Something is announced and not closed."""
        return bool(self._waiting)

    @property
    def words(self) -> str:
        """What is announced."""
        return self._waiting[-1].text if self._waiting else ""

    def announce(self, announced: Announced) -> None:
        """Show an announcement until it is closed."""
        self._waiting.append(announced)
        self._show()

    def close(self) -> None:
        """Close the announcement that is shown."""
        had_focus = self.focus_get() is self.button
        if self._waiting:
            self._waiting.pop()
        self._show()
        if had_focus and not self._waiting:
            self.on_closed()

    def clear(self) -> None:
        """Close them all: their session has ended."""
        self._waiting.clear()
        self._show()

    def _show(self) -> None:
        if not self._waiting:
            self.grid_remove()
            return
        newest, more = self._waiting[-1], len(self._waiting) - 1
        head = _("{time}  Announcement of {nick}").format(time=clock(newest.time), nick=newest.nick)
        if more:
            head += "   " + plural("and {count} before it", "and {count} before it", more)
        self._head.configure(text=head)
        self._text.configure(text=cut_characters(newest.text, LONGEST))
        self.grid()

    def _restyle(self) -> None:
        em = self._look.em
        self.configure(padding=(em(1.2), em(0.6)))
        self.button.configure(text=_("Close"))
        self._head.grid(row=0, column=0, sticky="ew")
        self._text.grid(row=1, column=0, sticky="ew", pady=(em(0.2), 0))
        self.button.grid(row=0, column=1, rowspan=2, padx=(em(1), 0))
        self._show()
