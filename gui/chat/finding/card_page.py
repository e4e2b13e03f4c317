"""Who somebody is: a card instead of the lines of WHOIS."""

import tkinter as tk
from collections.abc import Callable, Iterator
from datetime import date
from tkinter import ttk
from typing import Final

from client.model.events import Phase
from client.model.finding.card import Card
from client.model.finding.durations import duration
from client.model.sanitize import brief
from client.model.state import ClientState
from gui.chat.transcript.entry_text import moment_in_words
from gui.over_page import OverPage
from gui.toolkit.text import wrap
from gui.toolkit.theme import Look
from protocol.text import first_of
from translations import _

REFRESH_MS: Final = 10_000
"""Milliseconds between two questions to the server while the card is open."""
WIDTH: Final = 38.0
"""Of the card, in ems, where the window has room for it."""
MAX_NAMED: Final = 12
"""Rooms that are named, and lines of the server's."""


class CardPage(OverPage):
    """Shows `client.looked_up`, and stays up to date while it is open.

    Args:
        ask: asks the server again about a nick.
        talk: opens a private talk.
        ignore: hides what somebody says, or shows it again.
        menu: opens the menu of what else can be done with somebody, at a point of the screen.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        client: ClientState,
        nick: str,
        *,
        ask: Callable[[str], object],
        talk: Callable[[str], object],
        ignore: Callable[[str], object],
        menu: Callable[[str, int, int], object],
        on_close: Callable[[], object],
    ) -> None:
        super().__init__(master, on_close)
        self._look, self._client, self._nick = look, client, nick
        self._ask, self._menu = ask, menu
        self._card = ttk.Frame(self, style="Card.TFrame")
        self._name = ttk.Label(self._card, style="Big.TLabel")
        self._below = ttk.Label(self._card, style="Muted.TLabel", justify="left")
        self._trouble = ttk.Label(self._card, style="Error.TLabel", justify="left")
        self._facts = ttk.Frame(self._card)
        self._buttons = ttk.Frame(self._card)

        def button(run: Callable[[], object], style: str = "TButton") -> ttk.Button:
            return ttk.Button(self._buttons, style=style, command=run, width=-1)

        self.talk_button = button(lambda: talk(self._nick), "Accent.TButton")
        self.ignore_button = button(lambda: self._ignore(ignore))
        self.more_button = button(self._open_menu)
        self.close_button = button(on_close)
        is_me = client.is_me(nick)
        self.first = self.close_button if is_me else self.talk_button
        for label in (self._below, self._trouble):
            wrap(label)
        # Where the window is too low, what is told is cut, not the buttons.
        self.grid_propagate(False)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._card.rowconfigure(3, weight=1)
        self._card.grid(row=0, column=0)
        self._facts.columnconfigure(1, weight=1)
        self._pending = self.after(REFRESH_MS, self._refresh)
        self.bind("<Configure>", lambda _: self._fit())
        self.bind("<Destroy>", self._on_destroy, add="+")
        look.follow(self, self._restyle)

    def changed(self) -> None:
        """Show what is known now."""
        asked = self._client.looked_up
        card = asked.card if asked else Card(self._nick)
        self._nick = card.nick
        self._name.configure(text=self._look.shorten(card.nick, "big", self._look.em(WIDTH - 4)))
        self._below.configure(text=" · ".join(self._marks(card)))
        self._show_trouble()
        for label in self._facts.winfo_children():
            label.destroy()
        for row, (title, words) in enumerate(self._lines(card)):
            self._show_fact(row, title, words)
        self._show_buttons()

    def facts(self) -> dict[str, str]:
        """Return what the card says, by its titles."""
        asked = self._client.looked_up
        return dict(self._lines(asked.card)) if asked else {}

    @property
    def trouble(self) -> str:
        """Why the card may not be true, or not whole; "" if it is."""
        asked = self._client.looked_up
        if self._client.phase is not Phase.ONLINE:
            return _("There is no connection to the server now.")
        if asked is None or not asked.is_known:
            return _("The server is asked who this is.")
        return (
            _("{nick} is not on the server any more.").format(nick=self._nick)
            if asked.is_gone
            else asked.problem
        )

    # Inside.

    def _marks(self, card: Card) -> Iterator[str]:
        client, nick = self._client, card.nick
        if card.realname and card.realname != nick:
            yield card.realname
        rooms = client.rooms_with(nick)
        if any(client.is_teacher(room, room.members[client.fold(nick)]) for room in rooms):
            yield _("teacher")
        if card.is_operator:
            yield _("operator of the server")
        if card.is_bot:
            yield _("bot")
        if client.is_me(nick):
            yield _("this is you")
        if client.is_ignored(nick):
            yield _("you do not see what this person says")

    def _lines(self, card: Card) -> Iterator[tuple[str, str]]:
        client = self._client
        if card.away:
            yield _("Away"), card.away
        if card.since is not None:
            yield _("Connected since"), moment_in_words(card.since, date.fromtimestamp(client.time))
        if card.spoke is not None:
            seconds = client.time - card.spoke
            yield _("Silent for"), duration(seconds) if seconds >= 60 else _("less than a minute")
        ours = {client.fold(room.name): room for room in client.rooms_with(card.nick)}
        if client.is_me(card.nick) or not ours:
            if card.rooms:
                yield _("In rooms"), first_of(card.rooms, MAX_NAMED)
        else:
            told = {client.fold(client.support.without_status(room)): room for room in card.rooms}
            shared = [told.get(key, one.name) for key, one in ours.items()]
            yield _("Rooms that you share"), first_of(shared, MAX_NAMED)
            if others := [room for key, room in told.items() if key not in ours]:
                yield _("Other rooms"), first_of(others, MAX_NAMED)
        if card.account:
            yield _("Account"), card.account
        if card.address:
            yield _("Address"), f"{card.address} ({card.host})" if card.host else card.address
        if card.server:
            yield _("Server"), card.server
        if card.is_encrypted:
            yield _("Connection"), _("encrypted")
        for words in card.others[:MAX_NAMED]:
            yield _("The server says"), words

    def _show_fact(self, row: int, title: str, words: str) -> None:
        em = self._look.em
        ttk.Label(self._facts, style="Small.TLabel", text=title).grid(
            row=row, column=0, sticky="nw", pady=em(0.15)
        )
        told = ttk.Label(self._facts, text=brief(words), justify="left")
        wrap(told)
        told.grid(row=row, column=1, sticky="ew", padx=(em(1.2), 0), pady=em(0.15))

    def _show_trouble(self) -> None:
        self._trouble.configure(text=self.trouble)
        if self.trouble:
            self._trouble.grid(row=2, column=0, sticky="ew", pady=(self._look.em(0.4), 0))
        else:
            self._trouble.grid_remove()

    def _show_buttons(self) -> None:
        is_ignored = self._client.is_ignored(self._nick)
        self.ignore_button.configure(text=_("Show again") if is_ignored else _("Hide"))
        is_me = self._client.is_me(self._nick)
        buttons = [self.more_button, self.close_button]
        if not is_me:
            buttons[:0] = [self.talk_button, self.ignore_button]
        room = self._width() - self._look.em(4)
        wide = sum(button.winfo_reqwidth() + self._look.em(0.6) for button in buttons) <= room
        for number, button in enumerate(buttons):
            row, column = (0, number) if wide else divmod(number, 2)
            pad = self._look.em(0.6)
            button.grid(row=row, column=column, sticky="ew", padx=(0, pad), pady=(0, 0 if wide else pad))

    def _ignore(self, ignore: Callable[[str], object]) -> None:
        ignore(self._nick)
        self.changed()

    def _open_menu(self) -> None:
        button = self.more_button
        y = button.winfo_rooty() + button.winfo_height()
        self._menu(self._nick, button.winfo_rootx(), y)

    def _refresh(self) -> None:
        self._pending = self.after(REFRESH_MS, self._refresh)
        self._ask(self._nick)

    def _width(self) -> int:
        look = self._look
        return max(1, min(look.em(WIDTH), self.winfo_width() - look.em(1)))

    @property
    def _padding(self) -> int:
        return self._look.em(1.8)

    def _fit(self) -> None:
        self._card.columnconfigure(0, weight=1, minsize=self._width() - 2 * self._padding)
        self._show_buttons()

    def _restyle(self) -> None:
        em = self._look.em
        self._card.configure(padding=self._padding)
        self.talk_button.configure(text=_("Private talk"))
        self.more_button.configure(text=_("More …"))
        self.close_button.configure(text=_("Close"))
        self._name.grid(row=0, column=0, sticky="w")
        self._below.grid(row=1, column=0, sticky="ew")
        self._facts.grid(row=3, column=0, sticky="ew", pady=(em(1), 0))
        self._buttons.grid(row=4, column=0, sticky="w", pady=(em(1.4), 0))
        self.changed()
        self._fit()

    def _on_destroy(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self.after_cancel(self._pending)
