"""One field that finds everything: rooms and talks, people, what can be done, and commands."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final

from gui.chat.finding.matching import Words, query_of, rank, words_of
from gui.chat.finding.picker import PickerPage, PickRow
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import LazyRows
from translations import _

MAX_REMEMBERED: Final = 50
"""What was used, of which the last comes first."""


class Sort(IntEnum):
    """What is found, in the order in which it is listed among what fits equally well."""

    TALK = 0
    ACTION = 1
    PERSON = 2
    COMMAND = 3


_MARKS: Final = {"#": Sort.TALK, "@": Sort.PERSON, "/": Sort.COMMAND, ">": Sort.ACTION}
"""What is typed first to find one sort of things alone."""


@dataclass(frozen=True)
class Choice:
    """Something that can be found."""

    sort: Sort
    name: str
    run: Callable[[], object]
    lead: str = ""
    more: str = ""
    right: str = ""

    @cached_property
    def words(self) -> Words:
        """Its name, to be compared; there may be thousands, so not before somebody types."""
        return words_of(self.name)


class CommandPalette(PickerPage):
    """Finds one of many choices, and does it.

    Args:
        choices: returns all of them, in the language in use.
        used: what was used before, the last first; it is kept up to date.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        choices: Callable[[], Sequence[Choice]],
        used: list[tuple[Sort, str]],
        on_close: Callable[[], object],
    ) -> None:
        self._choices, self._used = choices, used
        self._all: Sequence[Choice] = ()
        self.found: list[Choice] = []
        """What fits, the best first."""
        super().__init__(master, look, on_close)
        self.list.empty = lambda: _("Nothing is called so.")

    def title(self) -> str:
        """Return the title."""
        return _("Find")

    def filter(self, typed: str) -> None:
        """Show what fits, the best first, and of what fits equally well what was used last."""
        sort = _MARKS.get(typed[:1])
        offered = self._all if sort is None else [one for one in self._all if one.sort is sort]
        lately = {key: at for at, key in enumerate(self._used)}
        wanted = query_of(typed)
        ranked: list[tuple[int, int, int, Choice]] = []
        for at, one in enumerate(offered):
            fits = rank(wanted, one.words) if wanted.as_typed.line else 0
            if fits is not None:
                ranked.append((fits, lately.get((one.sort, one.name), MAX_REMEMBERED + one.sort), at, one))
        ranked.sort()  # no two have the same place, so choices are not compared
        self.found = [entry[3] for entry in ranked]
        self.list.show(LazyRows(range(len(self.found)), self._row))

    def open(self, number: int) -> None:
        """Do what was chosen."""
        choice = self.found[number]
        key = (choice.sort, choice.name)
        self._used[:] = [key, *(one for one in self._used if one != key)][:MAX_REMEMBERED]
        self.on_close()
        choice.run()

    def _row(self, number: int) -> PickRow:
        one = self.found[number]
        return PickRow(number, one.name, one.lead, one.more, one.right)

    def _restyle(self) -> None:
        self._all = self._choices()
        self.note.configure(text=_("# rooms and talks   @ people   / commands   > what can be done"))
        super()._restyle()
