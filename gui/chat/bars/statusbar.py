"""The status line: is there a connection, to what, how fast, and does the window keep up."""

import math
import time
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from client.model.events import Phase, PhaseChanged
from client.model.state import ClientState
from gui.toolkit.theme import Look
from gui.toolkit.tooltip import Tooltip
from translations import _, plural

WIDTH_WITH_BUTTONS: Final = 50.0
"""In ems: the bar's least width at which its buttons stand beside the sentence, not below it."""
_BETWEEN: Final = "   ·   "


class StatusBar(ttk.Frame):
    """A dot, a sentence, and figures at the right.

    `on_loud()`: “do not disturb” was clicked, to end it. `on_nick()`: so was the own nick, to change it.
    """

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Side.TFrame")
        self._look = look
        self.client: ClientState | None = None
        """Of the current session."""
        self.quiet_words: Callable[[], str] = str
        """Says that the user is not disturbed, and until when."""
        self.on_loud: Callable[[], object] = lambda: None
        self.on_nick: Callable[[], object] = lambda: None
        self._change = PhaseChanged(Phase.OFFLINE)
        self.sentence = ""
        """What it says of the connection."""
        self._retry_at: float | None = None
        self._round_trip: float | None = None
        self._queue = 0
        self._quiet = ""
        self._dot = ttk.Label(self, style="Side.TLabel")
        self._words = ttk.Label(self, style="SideSmall.TLabel", width=1)
        self._words.bind("<Configure>", lambda _: self._shorten())
        self._words.bind("<Button-1>", lambda _: self._change.phase is Phase.ONLINE and self.on_nick())
        self.bind("<Configure>", lambda _: self._fit())
        Tooltip(self._words, look, self._hint, above=True)
        self.quiet = ttk.Label(self, style="SideSmall.TLabel", cursor="hand2")
        self.quiet.bind("<Button-1>", lambda _: self.on_loud())
        Tooltip(self.quiet, look, lambda: _("Click to be disturbed again"), above=True)
        self._buttons = ttk.Frame(self, style="Side.TFrame")
        self.reconnect_button = ttk.Button(self._buttons, style="SideLink.TButton")
        self.unsent_button = ttk.Button(self._buttons, style="SideLink.TButton")
        self._unsent = 0
        self._figures = ttk.Label(self, style="SideSmall.TLabel")
        self._dot.grid(row=0, column=0)
        self._figures.grid(row=0, column=4, sticky="e")
        for column, button in enumerate((self.reconnect_button, self.unsent_button)):
            button.grid(row=0, column=column)
        self.columnconfigure(1, weight=1)
        look.follow(self, self._restyle)

    def show_phase(self, change: PhaseChanged) -> None:
        """Show the phase of the session."""
        self._change = change
        self._retry_at = time.monotonic() + change.retry_in if change.retry_in is not None else None
        self._show_buttons()
        self.refresh()

    def count_down(self) -> None:
        """Update the seconds until the next attempt, and “do not disturb”; to be called often."""
        if self._retry_at is not None:
            self.refresh()
        if (words := self.quiet_words()) != self._quiet:
            self._quiet = words
            self._show_quiet()
            self._show_figures()

    def _show_quiet(self) -> None:
        self.quiet.configure(text=self._quiet and f"◑  {self._quiet}")
        if self._quiet:
            self.quiet.grid(row=0, column=3, sticky="e", padx=(0, self._look.em(1)))
        else:
            self.quiet.grid_remove()

    def show_unsent(self, count: int) -> None:
        """Show how many messages wait to be sent."""
        if count != self._unsent:
            self._unsent = count
            self._show_buttons()

    def _show_buttons(self) -> None:
        count = self._unsent
        words = plural("{count} message waits to be sent", "{count} messages wait to be sent", count)
        self.unsent_button.configure(text=words)
        self.reconnect_button.configure(text=_("Reconnect now"))
        shown = {self.reconnect_button: self._change.phase is Phase.WAITING, self.unsent_button: count > 0}
        for button, wanted in shown.items():
            if wanted:
                button.grid()
            else:
                button.grid_remove()
        if not any(shown.values()):
            self._buttons.grid_remove()
        elif self.winfo_width() < self._look.em(WIDTH_WITH_BUTTONS):
            self._buttons.grid(row=1, column=1, columnspan=4, sticky="w")
        else:
            self._buttons.grid(row=0, column=2, columnspan=1, sticky="e")

    def _fit(self) -> None:
        self._show_buttons()
        self._show_figures()

    def show_round_trip(self, seconds: float) -> None:
        """Show how long the server takes to answer."""
        self._round_trip = seconds
        self._show_figures()

    def show_queue(self, depth: int) -> None:
        """Show how many events wait for the window."""
        if depth != self._queue:
            self._queue = depth
            self._show_figures()

    def _show_figures(self) -> None:
        parts: list[str] = []
        if self._change.phase is Phase.ONLINE and self.client:
            # Otherwise the sentence needs the space, and the figures mean nothing.
            parts = [self.client.profile.server]
            if self._round_trip is not None:
                milliseconds = math.ceil(self._round_trip * 1000)
                parts.append(
                    _("answers in {milliseconds} ms").format(milliseconds=milliseconds)
                    if milliseconds > 1
                    else _("answers within 1 ms")
                )
            parts.append(_("queue: {count}").format(count=self._queue))
        # The sentence names the user; the address is also shown above the rooms.
        measure = self._look.fonts["small"].measure
        room = self.winfo_width() - measure(self.sentence[:100]) - self._look.em(4)
        if self._quiet:
            room -= self.quiet.winfo_reqwidth() + self._look.em(1)
        while parts and self.winfo_width() > 1 and measure(_BETWEEN.join(parts)) > room:
            del parts[0]
        self._figures.configure(text=_BETWEEN.join(parts))

    def refresh(self) -> None:
        """Bring the sentence up to date, as after a change of nick."""
        nick = self.client.nick if self.client else ""
        words = {
            Phase.ONLINE: _("Connected as {nick}").format(nick=nick),
            Phase.CONNECTING: _("Connecting …"),
            Phase.REGISTERING: _("Connecting …"),
        }.get(self._change.phase, self._change.text or _("No connection"))
        if self._change.phase is Phase.WAITING and self._retry_at is not None:
            seconds = max(1, math.ceil(self._retry_at - time.monotonic()))
            again = plural("Next try in {count} second.", "Next try in {count} seconds.", seconds)
            words = f"{again} {words}"  # the end may be cut
        self.sentence = words
        self._draw_dot()
        self._show_figures()
        self._shorten()

    def _hint(self) -> str:
        online = self._change.phase is Phase.ONLINE
        return "\n".join([self.sentence, *([_("Click to change the nick")] if online else [])])

    def _shorten(self) -> None:
        """Show as much of the sentence as fits; the tooltip has all of it."""
        room = self._words.winfo_width()
        cursor = "hand2" if self._change.phase is Phase.ONLINE else ""
        self._words.configure(text=self._look.shorten(self.sentence, "small", room), cursor=cursor)

    def _draw_dot(self) -> None:
        p, size = self._look.palette, self._look.em(0.65)
        colour = {Phase.ONLINE: p.success, Phase.OFFLINE: p.danger}.get(self._change.phase, p.warning)
        self._picture = self._look.pictures.rounded(size, size, size / 2, colour)
        self._dot.configure(image=self._picture)

    def _restyle(self) -> None:
        em = self._look.em
        self.configure(padding=(em(1), em(0.3)))
        self._words.grid(row=0, column=1, sticky="ew", padx=em(0.55))
        self._show_quiet()
        self._show_buttons()
        self.refresh()
