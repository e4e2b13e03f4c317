"""Text that the program writes and the user cannot, its scrollbar, and the ring that shows its focus."""

import tkinter as tk
from collections.abc import Iterator
from contextlib import contextmanager
from tkinter import ttk
from typing import Any, Final

from gui.toolkit.theme import Look


def add_scrollbar_over(text: tk.Text) -> ttk.Scrollbar:
    """Put a scrollbar over the right margin of a Text while there is more to see; its width stays."""
    bar = ttk.Scrollbar(text.master, command=text.yview)

    def place(first: float | str, last: float | str) -> None:
        bar.set(first, last)
        if float(first) > 0 or float(last) < 1:
            bar.place(in_=text, relx=1.0, anchor="ne", relheight=1.0)
        else:
            bar.place_forget()

    text.configure(yscrollcommand=place)
    return bar


def add_ring(text: tk.Text, look: Look) -> None:
    """Show the focus of a Text by a ring that takes no space from it, so that its lines reach its edges."""
    sides: dict[tk.Frame, dict[str, Any]] = {
        tk.Frame(text.master, borderwidth=0): {"relx": x, "rely": y, "anchor": anchor, **size}
        for x, y, anchor, size in (
            (0.0, 0.0, "nw", {"relwidth": 1.0}),
            (0.0, 1.0, "sw", {"relwidth": 1.0}),
            (0.0, 0.0, "nw", {"relheight": 1.0}),
            (1.0, 0.0, "ne", {"relheight": 1.0}),
        )
    }

    def show() -> None:
        thin = look.px(2)
        for side, place in sides.items():
            side.configure(background=look.palette.accent, width=thin, height=thin)
            side.place(in_=text, **place)

    def hide() -> None:
        for side in sides:
            side.place_forget()

    text.bind("<FocusIn>", lambda _: show(), add="+")
    text.bind("<FocusOut>", lambda _: hide(), add="+")


def add_scrollbar(text: tk.Text | tk.Canvas, row: int = 0) -> ttk.Scrollbar:
    """Put a scrollbar right of a Text or Canvas in column 0 of a grid, there while there is more to see.

    Its column keeps its width while the bar is hidden: a text that wraps anew because the bar came, and needs
    no bar then, would never come to rest.
    """
    bar = ttk.Scrollbar(text.master, command=text.yview)
    bar.grid(row=row, column=1, sticky="ns")
    shown = True

    def place(first: float | str, last: float | str) -> None:
        nonlocal shown
        bar.set(first, last)
        wanted = float(first) > 0 or float(last) < 1
        if wanted != shown:
            shown = wanted
            text.master.columnconfigure(1, minsize=0 if wanted else bar.winfo_reqwidth())
            if wanted:
                bar.grid()
            else:
                bar.grid_remove()

    text.configure(yscrollcommand=place)
    return bar


@contextmanager
def writable(text: tk.Text) -> Iterator[None]:
    """Let the program change a Text that is disabled for the user."""
    text.configure(state="normal")
    try:
        yield
    finally:
        text.configure(state="disabled")


_NARROWEST: Final = 100
"""Pixels: a label that has no place yet must not become a column of letters, too high to be drawn."""


def wrap(label: ttk.Label) -> None:
    """Break a label's text into lines of the width that the label has got (its owner stretches it).

    It asks for no width: a text that widened its place by its one line and narrowed it by its two lines would
    be laid out for ever.
    """
    label.configure(width=1)
    label.bind("<Configure>", lambda event: label.configure(wraplength=max(event.width, _NARROWEST)))
