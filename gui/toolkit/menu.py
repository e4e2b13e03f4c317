"""Pop-up menus, and their lines."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gui.toolkit.theme import Look
from translations import LANGUAGES, _, language


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
    below: Sequence["Item"] = field(default=())
    enabled: bool = True


SEPARATOR = Item()


class PopupMenu:
    """A menu that is made anew each time it is opened: its words are in the current language."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        self._look = look
        self.menu = tk.Menu(master, tearoff=False)
        self._below: list[tk.Menu] = []

    def fill(self, items: Sequence[Item]) -> None:
        """Put these items into the menu."""
        for menu in self._below:
            menu.destroy()
        self._below = []
        self._fill(self.menu, items)

    def open_below(self, button: tk.Misc) -> None:
        """Open the menu below a button, its right edges in line."""
        menu = self.menu
        menu.update_idletasks()
        x = button.winfo_rootx() + button.winfo_width() - menu.winfo_reqwidth()
        menu.tk_popup(max(0, x), button.winfo_rooty() + button.winfo_height())

    def open_at(self, x: int, y: int) -> None:
        """Open the menu at a point of the screen."""
        self.menu.tk_popup(x, y)

    def _fill(self, menu: tk.Menu, items: Sequence[Item]) -> None:
        menu.delete(0, "end")
        self._look.menu(menu)
        variable = f"chosen{menu}"
        for number, item in enumerate(items):
            state = "normal" if item.enabled else "disabled"
            if item.below:
                below = tk.Menu(menu, tearoff=False)
                self._below.append(below)
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


def language_items(choose: Callable[[str], object]) -> list[Item]:
    """Return the languages to choose from, each in its own words."""
    names = {"ru": "Русский", "en": "English"}
    return [
        Item(names[code], lambda code=code: choose(code), chosen=language() == code)  # type: ignore[misc]
        for code in LANGUAGES
    ]


def theme_items(now: str, choose: Callable[[str], object]) -> list[Item]:
    """Return the themes to choose from; `now` is `light`, `dark` or `system`."""
    names = {"system": _("As the system"), "light": _("Light"), "dark": _("Dark")}
    return [
        Item(words, lambda name=name: choose(name), chosen=name == now)  # type: ignore[misc]
        for name, words in names.items()
    ]
