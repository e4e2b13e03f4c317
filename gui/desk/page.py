"""The page of the desk: a toolbar with the count, the table, and below it what the server answered."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from client.model.state import ClientState
from gui.desk.ask_bar import AskBar
from gui.desk.columns import Now
from gui.desk.people_list import PeopleList
from gui.toolkit.theme import Look
from translations import _, plural


class DeskPage(ttk.Frame):
    """Shows what `client()` knows of the class; its owner gives the buttons something to do."""

    def __init__(self, master: tk.Misc, look: Look, client: Callable[[], ClientState | None]) -> None:
        super().__init__(master)
        self._look = look
        self._client = client
        self._answer, self._failed = "", False
        self._bar = ttk.Frame(self, style="Side.TFrame")
        self.count = ttk.Label(self._bar, style="SideTitle.TLabel")
        self.buttons = {
            name: ttk.Button(self._bar, style="Side.TButton", width=-1)
            for name in ("quiet", "announce", "lock", "private", "save")
        }
        self.menu_button = ttk.Button(self._bar, style="SideIcon.TButton")
        self.ask = AskBar(self, look)
        self.list = PeopleList(self, look)
        self._foot = ttk.Frame(self, style="Side.TFrame")
        self.state_words = ttk.Label(self._foot, style="SideSmall.TLabel", width=1)
        self.answer_words = ttk.Label(self._foot, style="SideBold.TLabel", width=1)
        self.list.now = self._now
        self.list.empty = self._empty
        self.ask.on_closed = self.list.canvas.focus_set
        for label in (self.state_words, self.answer_words):
            label.bind("<Configure>", lambda _: self._show_words())
        self._lay_out()
        look.follow(self, self._restyle)

    def _lay_out(self) -> None:
        for row, widget in enumerate((self._bar, self.ask, self.list, self._foot)):
            widget.grid(row=row, column=0, sticky="nsew")
        self.ask.grid_remove()
        self.rowconfigure(2, weight=1)
        self.columnconfigure(0, weight=1)
        self._bar.columnconfigure(0, weight=1)
        self.count.grid(row=0, column=0, sticky="w")
        for column, button in enumerate((*self.buttons.values(), self.menu_button), 1):
            button.grid(row=0, column=column)
        self._foot.columnconfigure(0, weight=1)
        self.answer_words.grid(row=0, column=0, sticky="ew")
        self.state_words.grid(row=1, column=0, sticky="ew")

    def show(self) -> None:
        """Show the class as it is now."""
        client = self._client()
        self.list.show(list(client.desk.people.values()) if client else [])
        self.count.configure(text=self.count_text())
        self.show_buttons()
        self._show_words()

    def count_text(self) -> str:
        """Return how many are here, and how many hands are raised."""
        client = self._client()
        if client is None:
            return ""
        desk = client.desk
        here = (
            _("{count} of {expected} here").format(count=desk.here, expected=desk.expected)
            if desk.expected
            else plural("{count} person here", "{count} people here", desk.here)
        )
        hands = sum(bool(person.hand) for person in desk.people.values())
        return f"{here} · {plural('{count} hand', '{count} hands', hands)}" if hands else here

    def answered(self, text: str, *, failed: bool) -> None:
        """Show what the server answered last."""
        self._answer, self._failed = text, failed
        self._show_words()

    def show_buttons(self) -> None:
        """Bring the toolbar up to date: what holds is in the accent colour."""
        client = self._client()
        desk = client.desk if client else None
        on = {
            "quiet": bool(desk and desk.quiet),
            "lock": bool(desk and desk.locked),
            "private": bool(desk and desk.private not in ("", "all")),
        }
        words = {
            "quiet": _("Quiet"),
            "announce": _("Announce"),
            "lock": _("Lock"),
            "private": _("Private"),
            "save": _("Save"),
        }
        for name, button in self.buttons.items():
            style = "Accent.TButton" if on.get(name) else "Side.TButton"
            button.configure(text=words[name], style=style)

    def _state_text(self) -> str:
        client = self._client()
        if client is None or not client.desk.rooms:
            return ""
        desk = client.desk
        private = {
            "all": _("private messages: to everybody"),
            "teacher": _("private messages: to the teacher only"),
            "none": _("private messages: none"),
        }
        parts = (
            _("quiet: {rooms}").format(rooms=" ".join(desk.quiet)) if desk.quiet else "",
            _("locked: {rooms}").format(rooms=" ".join(desk.locked)) if desk.locked else "",
            private.get(desk.private, ""),
            _("what is said is kept") if desk.is_recorded else _("what is said is not kept"),
        )
        words = "  ·  ".join(filter(None, parts))
        return words[:1].upper() + words[1:]

    def _show_words(self) -> None:
        look = self._look
        for label, text, font in (
            (self.state_words, self._state_text(), "small"),
            (self.answer_words, self._answer, "bold"),
        ):
            label.configure(text=look.shorten(text, font, label.winfo_width()))  # type: ignore[arg-type]
        self.answer_words.configure(foreground=look.palette.danger if self._failed else look.palette.text)

    def _now(self) -> Now:
        client = self._client()
        return Now(client.timer(), client.time) if client else Now(0.0, 0.0)

    def _empty(self) -> str:
        client = self._client()
        if client is None or not client.ready:
            return _("There is no connection to the server now.")
        return _("Nobody has come yet.")

    def _restyle(self) -> None:
        em = self._look.em
        self._bar.configure(padding=(em(1), em(0.6), em(0.6), em(0.6)))
        self._foot.configure(padding=(em(1), em(0.4)))
        self.menu_button.configure(image=self._look.icon("menu", self._look.palette.muted))
        for button in self.buttons.values():
            button.grid(padx=(0, em(0.5)))
        self.show()
