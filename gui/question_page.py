"""A page over the window that asks before something is lost."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import ttk

from gui.over_page import OverPage
from gui.toolkit.theme import Look
from translations import _

_WIDTH = 26.0
"""Of the text, in ems."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in the language in use."""

    title: str
    """Such as “Close the window?”."""
    losses: Sequence[str]
    """Sentences: what would be lost."""
    act: str
    """What the button says that does it all the same."""
    stay: str = ""
    """What the other button says; empty: that one stays."""


class QuestionPage(OverPage):
    """A card in the middle of the window, with two buttons: to stay, which has the focus, and to act.

    Esc stays, Enter presses the button that has the focus, the arrow keys and Tab go from one to the other.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        question: Callable[[], Question],
        on_act: Callable[[], object],
        on_stay: Callable[[], object],
    ) -> None:
        super().__init__(master, on_stay)
        self._look = look
        self._question = question
        self._card = ttk.Frame(self, style="Card.TFrame")
        self._title = ttk.Label(self._card, style="Title.TLabel", justify="left")
        self._text = ttk.Label(self._card, justify="left")
        self.first = self.button = ttk.Button(self._card, style="Accent.TButton", command=on_stay)
        """The one that loses nothing."""
        self.act_button = ttk.Button(self._card, command=on_act)
        self._card.place(relx=0.5, rely=0.5, anchor="center")
        pair = (self.button, self.act_button)
        for one, other in (pair, pair[::-1]):
            for key in ("<Left>", "<Right>", "<Up>", "<Down>"):
                one.bind(key, lambda _, other=other: other.focus_set())
        look.follow(self, self._restyle)

    def _restyle(self) -> None:
        em = self._look.em
        question = self._question()
        self._card.configure(padding=em(1.8))
        self._title.configure(text=question.title, wraplength=em(_WIDTH))
        self._text.configure(text="\n".join(question.losses), wraplength=em(_WIDTH))
        self.button.configure(text=question.stay or _("Stay"))
        self.act_button.configure(text=question.act)
        self._title.grid(row=0, column=0, columnspan=2, sticky="w")
        self._text.grid(row=1, column=0, columnspan=2, sticky="w", pady=(em(0.6), em(1.4)))
        self.button.grid(row=2, column=0, sticky="w")
        self.act_button.grid(row=2, column=1, sticky="e", padx=(em(1), 0))
