"""The families of letters to choose from: those in which a chat is read well come first."""

import tkinter as tk
from collections.abc import Callable, Iterable
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from gui.toolkit.text import wrap
from gui.toolkit.text_list import TextList, TextRow
from gui.toolkit.theme import Look
from translations import _

SENSIBLE: Final[tuple[str, ...]] = (
    *("Segoe UI", "Tahoma", "Verdana", "Arial", "Calibri", "Helvetica Neue", "Lucida Grande", "Cantarell"),
    *("Ubuntu", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Open Sans", "Roboto", "Inter", "PT Sans"),
    *("Fira Sans", "Droid Sans", "FreeSans", "Atkinson Hyperlegible", "OpenDyslexic"),
)
_ROWS: Final = 6
"""Families that are seen at once."""


def sorted_families(installed: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the sensible families, and all the others but hidden ones and those for vertical text."""
    names = {name for name in installed if name.strip() and name[0] not in "@."}
    sensible = [name for name in SENSIBLE if name in names]
    return sensible, sorted(names - {*sensible}, key=str.casefold)


class _Families(TextList[str]):
    """The list; the row of the cursor is tried, the chosen one holds."""

    on_cursor: Callable[[str], object]

    def set_cursor(self, key: str | None) -> None:
        super().set_cursor(key)
        if key is not None:
            self.on_cursor(key)


class FontList(ttk.Frame):
    """The list, and below it a sentence in the family that the arrow keys have come to.

    `choose(family)`: clicked, or Enter or Space was pressed; "" for the system's.
    """

    def __init__(
        self, master: tk.Misc, look: Look, now: Callable[[], str], choose: Callable[[str], object]
    ) -> None:
        super().__init__(master)
        self._look = look
        self._now = now
        self._families = sorted_families(tkfont.families(self))
        self._tried = tkfont.Font(self)
        self._label = ttk.Label(self, style="Small.TLabel")
        self.list = _Families(self, look)
        self.list.on_cursor = self._try
        self.list.walking_chooses = False
        self.list.on_choose = self.list.on_open = choose
        self.preview = ttk.Label(self, font=self._tried, justify="left")
        wrap(self.preview)
        self.columnconfigure(0, weight=1)
        self._label.grid(row=0, column=0, sticky="w")
        self.list.grid(row=1, column=0, sticky="ew")
        self.preview.grid(row=2, column=0, sticky="ew")
        look.follow(self, self._restyle)

    def _try(self, family: str) -> None:
        self._tried.configure(family=family or self._look.usual_family)

    def _restyle(self) -> None:
        sensible, others = self._families
        rows = [TextRow("", _("As the system"))]
        rows += [TextRow(name, name) for name in sensible]
        rows.append(TextRow(None, _("All")))
        rows += [TextRow(name, name) for name in others]
        self.list.show(rows, self._now())
        self.list.canvas.configure(height=_ROWS * self.list.row_height, width=1)
        self._tried.configure(size=self._look.size)
        self._label.configure(text=_("Font"))
        self.preview.configure(text=_("Pack my box with five dozen liquor jugs: 0123456789, «Il1 O0»"))
        self.preview.grid(pady=(self._look.em(0.4), 0))
