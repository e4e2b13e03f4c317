"""Pop-up menus, and their lines."""

import tkinter as tk
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from gui.toolkit.theme import Look


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu: words, its key in words, and what it does. Without words: a separator.

    `chosen` makes it one of several of which one holds; None makes it a plain command. `below` makes it a
    menu of its own.
    """

    words: str = ""
    run: Callable[[], object] = lambda: None
    key: str = ""
    chosen: bool | None = None
    below: Sequence["Item"] = ()
    enabled: bool = True


SEPARATOR = Item()


class PopupMenu:
    """A menu that is made anew each time it is opened: its words are in the current language."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        self._look = look
        self.menu = tk.Menu(master, tearoff=False)

    def fill(self, items: Sequence[Item]) -> None:
        """Put these items into the menu."""
        for below in self.menu.winfo_children():
            below.destroy()
        self._fill(self.menu, items)

    def open_at(self, items: Sequence[Item], x: int, y: int) -> None:
        """Open the menu with these items at a point of the screen."""
        self.fill(items)
        self.menu.tk_popup(x, y)

    def open_left_of(self, items: Sequence[Item], right: int, y: int) -> None:
        """Open the menu with these items and its upper right corner at a point of the screen."""
        self.fill(items)
        self.menu.update_idletasks()
        self.menu.tk_popup(max(0, right - self.menu.winfo_reqwidth()), y)

    def _fill(self, menu: tk.Menu, items: Sequence[Item]) -> None:
        menu.delete(0, "end")
        self._look.menu(menu)
        rows = _Rows(self._look, has_choices=any(item.chosen is not None for item in items))
        shown = tidy(items)
        for number, item in enumerate(shown):
            state: Any = "normal" if item.enabled else "disabled"
            row: Any = {"label": item.words, "accelerator": item.key + rows.margin, "command": item.run}
            if item.below:
                below = tk.Menu(menu, tearoff=False)
                self._fill(below, item.below)
                menu.add_cascade(label=item.words, menu=below, **rows.plain)
            elif not item.words:
                menu.add_separator()
            elif item.chosen is None:
                menu.add_command(**row, state=state, **rows.plain)
            else:
                menu.add_radiobutton(**row, value=number, **rows.choice)
                # A Tcl variable by name: tkinter's Variable would ask Tk to delete it when Python's garbage
                # is collected, in whatever thread that happens.
                variable = f"chosen{menu}"
                menu.tk.call(menu, "entryconfigure", "end", "-variable", variable)
                if item.chosen:
                    menu.setvar(variable, str(number))

        if rows.are_ours:
            self._draw_lines(menu, [at for at, item in enumerate(shown) if item == SEPARATOR])

    def _draw_lines(self, menu: tk.Menu, separators: Iterable[int]) -> None:
        """Draw an outline, and over Tk's grooves flat separators."""
        palette, thin = self._look.palette, self._look.px(1)

        def line(colour: str, **place: float) -> None:
            tk.Frame(menu, background=colour).place(**place)  # type: ignore[arg-type]

        for at in separators:
            top, below = menu.yposition(at), menu.yposition(at + 1)
            line(palette.line, y=(top + below) // 2 - thin, height=2 * thin, relwidth=1)
        for edge in (0, 1):
            line(palette.border, relx=edge, x=-edge * thin, width=thin, relheight=1)
            line(palette.border, rely=edge, y=-edge * thin, height=thin, relwidth=1)


class _Rows:
    """How the rows of a menu look: flat on X11, where Tk draws menus itself; others draw their own.

    There the edge of an active row is its bevel, which also gives it height: a picture does that now, and is
    the tick of what is chosen.
    """

    def __init__(self, look: Look, *, has_choices: bool) -> None:
        self.are_ours = look.root.tk.call("tk", "windowingsystem") == "x11"
        self.margin = "  " if self.are_ours else ""
        """Behind a key."""
        self.plain: dict[str, Any] = {}
        self.choice: dict[str, Any] = {}
        if self.are_ours:
            side = look.em(1.35)
            size = look.em(0.8) + (side if has_choices else 0), look.line_height() + look.em(0.5)
            self.plain = {"compound": "left", "image": look.pictures.placed(*size)}
            if has_choices:
                tick = look.pictures.placed(*size, look.icon("tick", look.palette.accent, side))
                self.choice = {**self.plain, "indicatoron": False, "selectimage": tick}


def tidy(items: Sequence[Item]) -> list[Item]:
    """Return the items without separators that separate nothing: at an end, or behind another one."""
    kept = [one for before, one in pairwise((SEPARATOR, *items)) if one != SEPARATOR or before != SEPARATOR]
    return kept[:-1] if kept[-1:] == [SEPARATOR] else kept


def choices(words: Mapping[str, str], now: str, choose: Callable[[str], object]) -> list[Item]:
    """Return values to choose from, given with what the menu calls them; `now` is the chosen one."""
    return [Item(text, partial(choose, value), chosen=value == now) for value, text in words.items()]
