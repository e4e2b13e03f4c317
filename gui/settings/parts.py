"""What the page of the settings is made of: cards, choices, ticks, and lists of names."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from tkinter import ttk
from typing import Final

from gui.toolkit.text import wrap
from gui.toolkit.text_list import TextList, TextRow
from gui.toolkit.theme import Look
from translations import _

_GAP: Final = 0.7
"""Between two parts of a card, in ems."""
_MOST_ROWS: Final = 4
"""Names that are seen at once."""


class Card(ttk.Frame):
    """A heading, and parts below each other."""

    def __init__(self, master: tk.Misc, look: Look, heading: Callable[[], str]) -> None:
        super().__init__(master, style="Card.TFrame")
        self._look = look
        self._heading = heading
        self._title = ttk.Label(self, style="Bold.TLabel")
        self._title.grid(row=0, column=0, sticky="w")
        self.columnconfigure(0, weight=1)
        look.follow(self, self._restyle)

    def add(self, part: tk.Widget, above: float = _GAP) -> None:
        """Put a part below the others, so many ems below the last one."""

        def place() -> None:
            part.grid(row=row, column=0, sticky="ew", pady=(self._look.em(above), 0))

        row = self.grid_size()[1]
        self._look.follow(part, place)

    def _restyle(self) -> None:
        self.configure(padding=self._look.em(1.2))
        self._title.configure(text=self._heading())


class Choices(ttk.Frame):
    """A few values side by side, of which one holds. The arrow keys walk, Enter and Space choose.

    Args:
        label: what is chosen.
        words: what the values are called.
        now: the value that holds.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        label: Callable[[], str],
        words: Callable[[], Mapping[str, str]],
        now: Callable[[], str],
        choose: Callable[[str], object],
    ) -> None:
        super().__init__(master)
        self._look = look
        self._words, self._now, self._choose = words, now, choose
        self._label = ttk.Label(self, style="Small.TLabel")
        self._name = label
        self._label.pack(anchor="w")
        self._rows = [ttk.Frame(self) for _value in words()]
        """As many as are used where only one button fits into a row."""
        self.buttons = {
            value: ttk.Button(self, style="Choice.TButton", command=partial(self._pick, value))
            for value in words()
        }
        self.bind("<Configure>", lambda _: self._flow())
        order = list(self.buttons.values())
        for at, button in enumerate(order):
            button.bind("<Left>", partial(self._go_to, order[at - 1]))
            order[at - 1].bind("<Right>", partial(self._go_to, button))
        look.follow(self, self._restyle)

    def _go_to(self, button: ttk.Button, _event: "tk.Event[tk.Misc]") -> None:
        button.focus_set()

    def _pick(self, value: str) -> None:
        self._choose(value)
        self.show()

    def show(self) -> None:
        """Show which value holds."""
        now = self._now()
        for value, button in self.buttons.items():
            button.state(["selected" if value == now else "!selected"])

    def _flow(self) -> None:
        """Put as many buttons into a row as fit."""
        gap, room = self._look.em(0.4), self.winfo_width()
        at, left = 0, room
        for button in self.buttons.values():
            wide = button.winfo_reqwidth() + gap
            if wide > left < room:
                at, left = at + 1, room
            left -= wide
            button.pack(in_=self._rows[at], side="left", padx=(0, gap), pady=(gap // 2, 0))
        for number, row in enumerate(self._rows):
            if number <= at:
                row.pack(anchor="w")
            else:
                row.pack_forget()

    def _restyle(self) -> None:
        self._label.configure(text=self._name())
        words = self._words()
        for value, button in self.buttons.items():
            button.configure(text=words[value])
        self._flow()
        self.show()


class Tick(ttk.Checkbutton):
    """Something that holds or not. `is_on()` tells if it does, `choose(on)` changes it."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        words: Callable[[], str],
        is_on: Callable[[], bool],
        choose: Callable[[bool], object],
    ) -> None:
        super().__init__(master, command=lambda: choose(self.instate(["selected"])))

        def restyle() -> None:
            self.configure(text="\u2002" + words())
            self.state(["!alternate", "selected" if is_on() else "!selected"])

        look.follow(self, restyle)


class Names(ttk.Frame):
    """A list of names, each of which the user may take away: by its cross, Delete, Enter or a double click.

    Args:
        label: what they are.
        none: what is said where there are none.
        back: what taking one away does.
        names: those that there are now.
        take: takes one away.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        label: Callable[[], str],
        none: Callable[[], str],
        back: Callable[[], str],
        names: Callable[[], Sequence[str]],
        take: Callable[[str], object],
    ) -> None:
        super().__init__(master)
        self._look = look
        self._words, self._none, self._back, self._names, self._take = label, none, back, names, take
        self._label = ttk.Label(self, style="Small.TLabel")
        self.list: TextList[str] = TextList(self, look)
        self.list.walking_chooses = False
        self.list.on_open = self.list.on_close = self._taken
        self.columnconfigure(0, weight=1)
        self._label.grid(row=0, column=0, sticky="w")
        look.follow(self, self.show)

    def _taken(self, name: str) -> None:
        self._take(name)
        self.show()

    def show(self) -> None:
        """Show the names that there are now."""
        names = self._names()
        self._label.configure(text=self._words() if names else self._none())
        self.list.show([TextRow(name, name, tail=f"   {self._back()}", closable=True) for name in names])
        self.list.canvas.configure(height=self.list.row_height * min(len(names), _MOST_ROWS), width=1)
        if names:
            self.list.grid(row=1, column=0, sticky="ew", pady=(self._look.em(0.25), 0))
        else:
            self.list.grid_remove()


class Kept(ttk.Frame):
    """Something that is remembered, and a button to forget it.

    Args:
        words: what it is; "" if there is nothing.
        none: what is said then.
        loss: what is lost with it; where it is not empty, the button asks before.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        words: Callable[[], str],
        none: Callable[[], str],
        forget: Callable[[], object],
        loss: Callable[[], str] = str,
    ) -> None:
        super().__init__(master)
        self._look = look
        self._words, self._none, self._forget, self._loss = words, none, forget, loss
        self._asks = False
        self._label = ttk.Label(self, justify="left")
        wrap(self._label)
        self.button = ttk.Button(self, command=self._pressed)
        self.button.bind("<FocusOut>", lambda _: self._ask(on=False))
        self._label.grid(row=0, column=0, sticky="ew")
        self.columnconfigure(0, weight=1)
        look.follow(self, self.show)

    def _pressed(self) -> None:
        if self._loss() and not self._asks:
            self.button.focus_set()
            self._ask(on=True)
            return
        self._forget()
        self._ask(on=False)

    def _ask(self, *, on: bool) -> None:
        self._asks = on
        self.show()

    def show(self) -> None:
        """Show what is remembered now, or the question."""
        em, words = self._look.em, self._words()
        self._label.configure(
            text=self._loss() if self._asks else words or self._none(),
            style="Error.TLabel" if self._asks else "TLabel" if words else "Muted.TLabel",
        )
        self.button.configure(text=_("Forget it all the same") if self._asks else _("Forget"))
        self.button.state(["!disabled" if words else "disabled"])
        self.button.grid(row=0, column=1, sticky="e", padx=(em(0.8), 0))
