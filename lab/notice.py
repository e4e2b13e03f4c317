"""A sentence that stands over a window for some seconds."""

import tkinter as tk
from typing import Final

from gui.toolkit.theme import Look

_MILLISECONDS: Final = 3000
_NAME: Final = "notice"


def show_notice(window: tk.Tk | tk.Toplevel, look: Look, sentence: str) -> tk.Label:
    """Show a sentence in the lower middle of a window, and take it away again. For the Tk thread only."""
    hide_notice(window)
    label = tk.Label(
        window,
        name=_NAME,
        text=sentence,
        wraplength=max(1, window.winfo_width() - look.em(6)),
        background=look.palette.text,
        foreground=look.palette.window,
        font=look.fonts["body"],
        padx=look.em(1),
        pady=look.em(0.5),
    )
    label.place(relx=0.5, rely=0.9, anchor="s")
    end = label.after(_MILLISECONDS, label.destroy)
    label.bind("<Destroy>", lambda _: label.after_cancel(end))
    return label


def hide_notice(window: tk.Tk | tk.Toplevel) -> None:
    """Take away what `show_notice` shows."""
    if _NAME in window.children:
        window.children[_NAME].destroy()
