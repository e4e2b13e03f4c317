"""A page over the chat that lists the keys."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.toolkit.theme import Look
from program.version import NAME, VERSION
from translations import _


def key_table(*, laboratory: bool = False) -> list[tuple[str, str]]:
    """Return the keys and what they do, in the user's language; with the laboratory's, if it is there."""
    watching = [
        ("F12", _("show or hide the socket calls")),
        ("Shift+F12", _("show the threads")),
    ]
    return [
        ("Enter", _("send the message")),
        ("Shift+Enter", _("begin a new line")),
        ("Tab", _("complete a name or a command")),
        ("↑  ↓", _("what was sent before")),
        ("Page Up  Page Down", _("scroll the conversation")),
        ("Ctrl+Tab  Alt+1…9", _("another conversation")),
        ("Ctrl+J", _("enter a room")),
        ("Ctrl+W", _("leave the room, close the talk")),
        ("Ctrl+F", _("search in the conversation")),
        ("Ctrl+M", _("show or hide the members")),
        ("Ctrl++  Ctrl+−  Ctrl+0", _("text size")),
        *(watching if laboratory else ()),
        ("F10", _("menu")),
        ("/help", _("all commands")),
    ]


class HelpPage(ttk.Frame):
    """A card in the middle of the window; Esc or its button closes it: `on_close()`."""

    def __init__(
        self, master: tk.Misc, look: Look, on_close: Callable[[], object], *, laboratory: bool = False
    ) -> None:
        super().__init__(master, style="Side.TFrame")
        self._look = look
        self._laboratory = laboratory
        self._card = ttk.Frame(self, style="Card.TFrame")
        self._title = ttk.Label(self._card, style="Title.TLabel")
        self._table = ttk.Frame(self._card)
        self._version = ttk.Label(self._card, style="Small.TLabel", text=f"{NAME} {VERSION}")
        self.button = ttk.Button(self._card, style="Accent.TButton", command=on_close)
        self._rows: list[tuple[ttk.Label, ttk.Label]] = []
        for row in range(len(key_table(laboratory=laboratory))):
            pair = ttk.Label(self._table, style="Bold.TLabel"), ttk.Label(self._table)
            for column, label in enumerate(pair):
                label.grid(row=row, column=column, sticky="w")
            self._rows.append(pair)
        self._card.place(relx=0.5, rely=0.5, anchor="center")
        self._title.grid(row=0, column=0, columnspan=2, sticky="w")
        self._table.grid(row=1, column=0, columnspan=2, sticky="ew")
        self._version.grid(row=2, column=0, sticky="w")
        self.button.grid(row=2, column=1, sticky="e")
        self._card.columnconfigure(0, weight=1)
        for key in ("<Escape>", "<Return>"):
            self.button.bind(key, lambda _: self.button.invoke())
        look.follow(self, self._restyle)

    def _restyle(self) -> None:
        em = self._look.em
        self._card.configure(padding=em(1.8))
        self._title.configure(text=_("Keys"))
        self._title.grid_configure(pady=(0, em(0.8)))
        table = key_table(laboratory=self._laboratory)
        for (key, meaning), pair in zip(table, self._rows, strict=True):
            pair[0].configure(text=key)
            pair[1].configure(text=meaning)
            pair[1].grid_configure(padx=(em(2), 0), pady=em(0.2))
        self.button.configure(text=_("Close"))
        self._version.grid_configure(pady=(em(1.2), 0))
        self.button.grid_configure(pady=(em(1.2), 0))
