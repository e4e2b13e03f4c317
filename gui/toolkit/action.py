"""One thing that the user can do: its label, key and function, for menus, buttons, help and key bindings."""

from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk

from gui.toolkit.menu import Item
from gui.toolkit.theme import Look
from gui.toolkit.tooltip import Tooltip


@dataclass(frozen=True, slots=True)
class Action:
    """Its texts are functions, so that they are translated when they are shown."""

    label: Callable[[], str]
    """As a menu shows it."""
    run: Callable[..., object]
    key: str = ""
    """As users read it, such as `Ctrl+J`: see `gui.toolkit.keys.bind_keys`."""
    about: Callable[[], str] | None = None
    """What it does, in the help and in tooltips; None: the label says it."""
    is_enabled: Callable[[], bool] = lambda: True

    def describe(self) -> str:
        """Return what it does, in words."""
        return self.about() if self.about else self.label().rstrip(" …")

    def perform(self, *arguments: object) -> None:
        """Do it, if it can be done now."""
        if self.is_enabled():
            self.run(*arguments)

    def item(self) -> Item:
        """Return its line in a menu that is about to be opened."""
        return Item(self.label(), self.run, self.key, enabled=self.is_enabled())

    def hint(self) -> str:
        """Return its tooltip."""
        return f"{self.describe()}  {self.key}"

    def attach_to(self, button: ttk.Button, look: Look) -> None:
        """Let a button do it, and give the button a tooltip."""
        button.configure(command=self.perform)
        Tooltip(button, look, self.hint)
