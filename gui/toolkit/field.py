"""One-line fields in a box that shows the focus; with a label, and an error message below."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.toolkit import keys
from gui.toolkit.editing.edit_menu import EditMenu
from gui.toolkit.text import wrap
from gui.toolkit.theme import Look
from translations import _


class BoxedEntry(ttk.Frame):
    """The box; `entry` is the field. `padding` is in ems: beside it, above and below it."""

    def __init__(
        self, master: tk.Misc, look: Look, padding: tuple[float, float], *, style: str = "", width: int = 20
    ) -> None:
        super().__init__(master, style=f"{style}Field.TFrame")
        self.entry = tk.Entry(self, width=width)
        self.entry.pack(fill="x")
        EditMenu(self.entry, look)
        self.entry.bind("<FocusIn>", lambda _: self.state(["focus"]), add="+")
        self.entry.bind("<FocusOut>", lambda _: self.state(["!focus"]), add="+")

        def restyle() -> None:
            look.entry(self.entry)
            self.configure(padding=(look.em(padding[0]), look.em(padding[1])))

        look.follow(self, restyle)


class Field(ttk.Frame):
    """Label above, field, and below it an error or a hint. `words()` gives the label and the hint."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        words: Callable[[], tuple[str, str]],
        *,
        secret: bool = False,
        width: int = 20,
    ) -> None:
        super().__init__(master)
        self._look = look
        self._words = words
        self.error = ""
        """What is said to be wrong."""
        self.label = ttk.Label(self, style="Small.TLabel", justify="left")
        wrap(self.label)
        self._box = BoxedEntry(self, look, (0.7, 0.55), width=width)
        self.entry = self._box.entry
        self.entry.configure(show="•" if secret else "")
        self._below = ttk.Label(self, style="Small.TLabel", justify="left")
        wrap(self._below)
        self._box.grid(row=1, column=0, sticky="ew")
        self.columnconfigure(0, weight=1)
        self.entry.bind("<KeyRelease>", self._typed, add="+")
        self.entry.bind(
            keys.TOO_LONG, lambda _event: self.set_error(_("That is too long to be pasted here."))
        )
        self._seen = ""
        look.follow(self, self._restyle)

    def get(self) -> str:
        """Return the text without spaces around it."""
        return self.entry.get().strip()

    def set(self, text: str) -> None:
        """Put a text into the field."""
        self.entry.delete(0, "end")
        self.entry.insert(0, text)
        self._seen = text

    def enter(self) -> None:
        """Give it the keyboard, its text selected, as the Tab key does; a window that comes back does not."""
        self.entry.focus_set()
        self.entry.select_range(0, "end")

    def set_error(self, text: str) -> None:
        """Say below the field what is wrong with it; "" for nothing."""
        self.error = text
        self._box.state(["invalid" if text else "!invalid"])
        self._show_below()

    def enable(self, *, enabled: bool) -> None:
        """Let the user write in the field, or not."""
        self.entry.configure(state="normal" if enabled else "disabled")

    def _typed(self, _: object) -> None:
        if self.entry.get() != self._seen:
            self._seen = self.entry.get()
            if self.error:
                self.set_error("")

    def _show_below(self) -> None:
        hint = self._words()[1]
        self._below.configure(text=self.error or hint, style="Error.TLabel" if self.error else "Small.TLabel")
        if self.error or hint:
            self._below.grid(row=2, column=0, sticky="ew", pady=(self._look.em(0.25), 0))
        else:
            self._below.grid_remove()

    def _restyle(self) -> None:
        em = self._look.em
        self.label.configure(text=self._words()[0])
        self.label.grid(row=0, column=0, sticky="ew", pady=(0, em(0.25)))
        self.configure(padding=(0, 0, 0, em(0.95)))
        self._show_below()
