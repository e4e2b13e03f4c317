"""A page over the window that asks for one line: a nick, a topic, a key."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk
from typing import Final

from gui.over_page import OverPage
from gui.toolkit.field import Field
from gui.toolkit.theme import Look
from translations import _

WIDTH: Final = 30.0
"""Of the card, in ems, where the window has room for it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; its texts are functions, so that they follow the language."""

    title: Callable[[], str]
    label: Callable[[], tuple[str, str]]
    """Words above the field and below it."""
    act: Callable[[], str]
    """What the button says."""
    value: str = ""
    """What stands in the field at first."""
    problem: Callable[[str], str] = lambda text: ""
    """Returns a sentence that says what is wrong with an answer; "" if it is right."""


class AskPage(OverPage):
    """A card with a field and two buttons. `on_answer(text)`: Enter, or the button."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        wanted: Wanted,
        on_answer: Callable[[str], object],
        on_close: Callable[[], object],
    ) -> None:
        super().__init__(master, on_close)
        self._look, self._wanted, self._on_answer = look, wanted, on_answer
        self._card = ttk.Frame(self, style="Card.TFrame")
        self._title = ttk.Label(self._card, style="Title.TLabel")
        self.field = Field(self._card, look, wanted.label)
        self.field.set(wanted.value)
        self.first = self.field.entry
        self.field.entry.select_range(0, "end")
        for key in ("<Return>", "<KP_Enter>"):
            self.field.entry.bind(key, lambda _: self.answer())
        self.act_button = ttk.Button(self._card, style="Accent.TButton", command=self.answer)
        self._close_button = ttk.Button(self._card, command=on_close)
        self._card.columnconfigure(0, weight=1)
        self.bind("<Configure>", lambda _: self._fit())
        look.follow(self, self._restyle)

    def answer(self) -> None:
        """Take what is written, or say what is wrong with it."""
        text = self.field.get()
        if problem := self._wanted.problem(text):
            self.field.set_error(problem)
        else:
            self.on_close()
            self._on_answer(text)

    def _fit(self) -> None:
        look = self._look
        width = max(1, min(look.em(WIDTH), self.winfo_width() - look.em(1)))
        self._card.place(relx=0.5, rely=0.5, anchor="center", width=width)

    def _restyle(self) -> None:
        em = self._look.em
        self._card.configure(padding=em(1.8))
        self._title.configure(text=self._wanted.title())
        self._title.grid(row=0, column=0, columnspan=2, sticky="w", pady=(0, em(0.9)))
        self.field.grid(row=1, column=0, columnspan=2, sticky="ew")
        self.act_button.configure(text=self._wanted.act())
        self._close_button.configure(text=_("Cancel"))
        self.act_button.grid(row=2, column=0, sticky="w")
        self._close_button.grid(row=2, column=1, sticky="e")
        self._fit()
