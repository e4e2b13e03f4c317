"""Pop-up menus, and their lines."""

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

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
        variable = f"chosen{menu}"
        for number, item in enumerate(items):
            state = "normal" if item.enabled else "disabled"
            if item.below:
                below = tk.Menu(menu, tearoff=False)
                self._fill(below, item.below)
                menu.add_cascade(label=item.words, menu=below)
            elif not item.words:
                menu.add_separator()
            elif item.chosen is None:
                menu.add_command(label=item.words, accelerator=item.key, command=item.run, state=state)  # type: ignore[arg-type]
            else:
                # A Tcl variable by name: tkinter's Variable would ask Tk to delete it when Python's garbage
                # is collected, in whatever thread that happens.
                menu.add_radiobutton(label=item.words, accelerator=item.key, command=item.run, value=number)
                menu.tk.call(menu, "entryconfigure", "end", "-variable", variable)
                if item.chosen:
                    menu.setvar(variable, str(number))


def choices(words: Mapping[str, str], now: str, choose: Callable[[str], object]) -> list[Item]:
    """Return values to choose from, given with what the menu calls them; `now` is the chosen one."""
    return [Item(text, partial(choose, value), chosen=value == now) for value, text in words.items()]
