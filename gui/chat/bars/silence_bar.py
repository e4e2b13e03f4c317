"""The bar above an input line in which nothing can be written: why, and a hand to raise."""

import math
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from client.model.conversations import Conversation
from client.model.speech import Silence
from client.model.state import ClientState
from gui.toolkit.text import wrap
from gui.toolkit.theme import Look
from translations import _, plural


class SilenceBar(ttk.Frame):
    """`on_hand(up)`: the user raises the hand, or lowers it."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Striking.TFrame")
        self.on_hand: Callable[[bool], object] = lambda up: None
        self._look = look
        self._client: ClientState | None = None
        self._room: Conversation | None = None
        self.silence = Silence.NONE
        """Why nothing can be written in the shown room."""
        self._words = ttk.Label(self, style="Striking.TLabel", justify="left")
        self.button = ttk.Button(self, style="Striking.TButton", command=self._use_hand)
        wrap(self._words)
        self.columnconfigure(0, weight=1)
        look.follow(self, self._restyle)

    def show(self, client: ClientState | None, room: Conversation | None) -> bool:
        """Say why nothing can be written in a room; return whether something can."""
        self._client, self._room = client, room
        self.silence = client.silence(room) if client and room else Silence.NONE
        if client is None or room is None or not self.silence:
            self.grid_remove()
            return True
        raised = client.speech.hand_raised
        self._words.configure(text=self.sentence())
        words = _("Lower the hand") if raised else _("Raise the hand")
        icon = self._look.icon("hand", self._look.palette.text)
        self.button.configure(text=f" {words}", image=icon, compound="left")
        if client.may_raise_hand(room):
            self.button.grid()
        else:
            self.button.grid_remove()
        self.grid()
        return False

    def sentence(self) -> str:
        """Return why nothing can be written, and what has come of the raised hand."""
        client = self._client
        if client is None:
            return ""
        now = client.timer()
        seconds = client.speech.seconds_left(now)
        match self.silence:
            case Silence.NONE:
                return ""
            case Silence.QUIET:
                why = _("The room is quiet: only those who have the word can write.")
            case Silence.MUTED if seconds == math.inf:
                why = _("The teacher does not let you write in the rooms now.")
            case Silence.MUTED:
                minutes = math.ceil(seconds / 60)
                why = plural(
                    "The teacher does not let you write in the rooms for {count} minute more.",
                    "The teacher does not let you write in the rooms for {count} minutes more.",
                    minutes,
                )
            case Silence.PAUSED:
                why = plural(
                    "That was too much at once. You can write again in {count} second.",
                    "That was too much at once. You can write again in {count} seconds.",
                    math.ceil(seconds),
                )
        return f"{why} {_('Your hand is raised: the teacher sees it.')}" if client.speech.hand_raised else why

    def count_down(self) -> bool:
        """Bring the time that is left up to date; return True when it is over."""
        client, room = self._client, self._room
        if client is None or room is None or self.silence not in (Silence.MUTED, Silence.PAUSED):
            return False
        if client.silence(room) is not self.silence:
            return True
        if (words := self.sentence()) != self._words.cget("text"):
            self._words.configure(text=words)
        return False

    def _use_hand(self) -> None:
        if self._client:
            self.on_hand(not self._client.speech.hand_raised)

    def _restyle(self) -> None:
        em = self._look.em
        self.configure(padding=(em(1.2), em(0.5)))
        self._words.grid(row=0, column=0, sticky="ew")
        self.button.grid(row=0, column=1, padx=(em(1), 0))
        self.show(self._client, self._room)
