"""What all pages share that cover another one for a while: the place above it, Esc, and the Tab key."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk


class OverPage(ttk.Frame):
    """Covers the window's page until it is closed; `gui.main_window.MainWindow.cover` opens it.

    Esc does what `on_close()` does, wherever the keyboard is in it. Whoever derives from it sets `first`.
    """

    first: tk.Misc
    """Has the keyboard when the page is opened."""

    def __init__(self, master: tk.Misc, on_close: Callable[[], object], style: str = "Side.TFrame") -> None:
        super().__init__(master, style=style)
        self.on_close = on_close

    def lay_over(self) -> None:
        """Take the place above the page; to be overridden by what leaves a part of it to be seen."""
        self.grid(row=0, column=0, sticky="nsew")

    def keep_keys(self) -> None:
        """Let Tab go round in this page, whose widgets are all there, and Esc close it."""
        tag = tk.Frame(self)  # never shown: what is bound to its name goes with the page
        tag.bind("<Tab>", lambda event: self._go_on(event.widget, 1))
        tag.bind("<<PrevWindow>>", lambda event: self._go_on(event.widget, -1))
        tag.bind("<Escape>", lambda _: self.on_close())
        for widget in below(self):
            own, *others = widget.bindtags()
            widget.bindtags((own, str(tag), *others))

    def _go_on(self, widget: tk.Misc, step: int) -> str:
        takes = [one for one in below(self) if self.tk.getboolean(self.tk.call("tk::FocusOK", str(one)))]
        if takes:
            at = takes.index(widget) if widget in takes else -1
            takes[(at + step) % len(takes)].focus_set()
        return "break"  # Tab must not leave for the page below


def below(widget: tk.Misc) -> list[tk.Misc]:
    """Return all widgets inside of this one, at any depth."""
    found: list[tk.Misc] = []
    for child in widget.winfo_children():
        found += [child, *below(child)]
    return found
