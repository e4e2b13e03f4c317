"""A bubble that points at something in the window, and says what it is."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk
from typing import Final

from gui.toolkit import keys
from gui.toolkit.theme import Look
from translations import _

_WIDTH: Final = 24.0
_GAP: Final = 1.2
"""Of the text, and between the bubble and what it points at; in ems."""


@dataclass(frozen=True, slots=True)
class BubbleWords:
    """What a bubble says, in the language in use."""

    title: str
    text: str
    place: str
    """Which of several it is."""
    go_on: str
    """What its button says."""
    is_last: bool


class Bubble:
    """Stands above or below a widget, around which it draws a line, and goes where the widget goes.

    What is typed while its button has the keyboard goes to `on_type(text)`. It ends where the widget is no
    more to be seen.

    Args:
        window: the widget's.
        on_next: its button was pressed.
        on_end: the user wants no more of it, or there is nothing left to point at.
    """

    def __init__(
        self,
        window: tk.Tk | tk.Toplevel,
        look: Look,
        target: tk.Misc,
        words: Callable[[], BubbleWords],
        on_next: Callable[[], object],
        on_end: Callable[[], object],
        on_type: Callable[[str], object],
    ) -> None:
        self._window, self._look, self._target, self._words = window, look, target, words
        self._lines = [tk.Frame(window, borderwidth=0) for _ in range(5)]
        """Around the widget, and from there to the bubble."""
        self.frame = tk.Frame(window, borderwidth=0)
        self._card = ttk.Frame(self.frame)
        self._title = ttk.Label(self._card, style="Title.TLabel")
        self._text = ttk.Label(self._card, justify="left")
        self._place = ttk.Label(self._card, style="Small.TLabel")
        self.skip = ttk.Button(self._card, command=on_end)
        self.button = ttk.Button(self._card, style="Accent.TButton", command=on_next)
        self._title.grid(row=0, column=0, columnspan=3, sticky="w")
        self._text.grid(row=1, column=0, columnspan=3, sticky="w")
        self._place.grid(row=2, column=0, sticky="w")
        self.skip.grid(row=2, column=1, sticky="e")
        self.button.grid(row=2, column=2, sticky="e")
        self._card.columnconfigure(0, weight=1)
        for button in (self.skip, self.button):
            button.bind("<Key>", lambda event: (text := keys.typed(event)) and text != " " and on_type(text))
        self._tag = f"Bubble{self.frame}"
        for widget in (window, target):
            widget.bindtags((*widget.bindtags(), self._tag))
        window.bind_class(self._tag, "<Configure>", lambda _: self._stand())
        window.bind_class(self._tag, "<Unmap>", lambda _: on_end())
        look.follow(self.frame, self._restyle)
        self.button.focus_set()

    def close(self) -> None:
        """Take it away."""
        for widget in (self._window, self._target):
            if widget.winfo_exists():
                widget.bindtags([tag for tag in widget.bindtags() if tag != self._tag])
        for event in ("<Configure>", "<Unmap>"):
            self._window.unbind_class(self._tag, event)
        for part in (*self._lines, self.frame):
            part.destroy()

    def _restyle(self) -> None:
        em, palette, words = self._look.em, self._look.palette, self._words()
        for part in (*self._lines, self.frame):
            part.configure(background=palette.accent)
        self._card.configure(padding=em(1.1))
        thin = self._look.px(2)
        self._card.grid(row=0, column=0, padx=thin, pady=thin)
        self._title.configure(text=words.title)
        self._text.configure(text=words.text, wraplength=em(_WIDTH))
        self._text.grid_configure(pady=(em(0.4), em(1)))
        self._place.configure(text=words.place)
        self.skip.configure(text=_("Skip"))
        self.button.configure(text=words.go_on)
        for button in (self.skip, self.button):
            button.grid_configure(padx=(em(0.6), 0))
        if words.is_last:
            self.skip.grid_remove()
        self._stand()

    def _stand(self) -> None:
        """Take the place beside the widget."""
        window, target, look = self._window, self._target, self._look
        wide, high = window.winfo_width(), window.winfo_height()
        left, top = target.winfo_rootx() - window.winfo_rootx(), target.winfo_rooty() - window.winfo_rooty()
        right, bottom = left + target.winfo_width(), top + target.winfo_height()
        self.frame.update_idletasks()
        width, height = self.frame.winfo_reqwidth(), self.frame.winfo_reqheight()
        gap, edge, thin = look.em(_GAP), look.em(0.5), look.px(2)
        middle = (left + right) // 2
        is_above = top > high - bottom
        x = max(edge, min(middle - width // 2, wide - width - edge))
        y = max(edge, top - gap - height) if is_above else min(bottom + gap, high - height - edge)
        start, end = (y + height, top) if is_above else (bottom, y)
        along = max(x + thin, min(middle, x + width - thin))
        places = (
            (left, top, right - left, thin),
            (left, bottom - thin, right - left, thin),
            (left, top, thin, bottom - top),
            (right - thin, top, thin, bottom - top),
            (along, start, thin, max(1, end - start)),
        )
        for line, (at_x, at_y, line_width, line_height) in zip(self._lines, places, strict=True):
            line.place(x=at_x, y=at_y, width=line_width, height=line_height)
        self.frame.place(x=x, y=y)
