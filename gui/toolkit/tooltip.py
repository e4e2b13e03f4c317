"""A few words about the widget under the pointer."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from gui.toolkit.theme import Look
from protocol.text import cut_characters

DELAY: Final = 500
"""Milliseconds that the pointer must rest."""
MAX_TEXT: Final = 500
"""Characters: a topic may be much longer, and X11 cannot make a window for it."""


class Tooltip:
    """Shows `words()` below a widget, or above it, while the pointer rests on it."""

    def __init__(self, widget: tk.Misc, look: Look, words: Callable[[], str], *, above: bool = False) -> None:
        self._widget, self._look, self._words, self._above = widget, look, words, above
        self._pending: str | None = None
        self._tip: tk.Toplevel | None = None
        widget.bind("<Enter>", self._wait, add="+")
        for event in ("<Leave>", "<Button>", "<Destroy>"):
            widget.bind(event, self._hide, add="+")

    def _wait(self, _: object) -> None:
        self._hide(None)
        self._pending = self._widget.after(DELAY, self._show)

    def _show(self) -> None:
        self._pending = None
        look = self._look
        p, em = look.palette, look.em
        self._tip = tip = tk.Toplevel(self._widget, background=p.text, borderwidth=0)
        tip.overrideredirect(True)
        tk.Label(
            tip,
            text=cut_characters(self._words(), MAX_TEXT),
            wraplength=em(36),
            justify="left",
            background=p.text,
            foreground=p.window,
            font=look.fonts["small"],
            padx=em(0.6),
            pady=em(0.3),
        ).pack()
        tip.update_idletasks()
        x = self._widget.winfo_rootx() + (self._widget.winfo_width() - tip.winfo_reqwidth()) // 2
        x = max(0, min(x, tip.winfo_screenwidth() - tip.winfo_reqwidth()))
        y = self._widget.winfo_rooty()
        y += -tip.winfo_reqheight() - look.px(3) if self._above else self._widget.winfo_height() + look.px(3)
        tip.geometry(f"+{x}+{y}")

    def _hide(self, _: object) -> None:
        if self._pending:
            self._widget.after_cancel(self._pending)
            self._pending = None
        if self._tip is not None:
            self._tip.destroy()
            self._tip = None
