"""A one-line field in a frame with round corners, which shows the focus."""

import tkinter as tk
from tkinter import ttk

from gui.toolkit import keys
from gui.toolkit.theme import Look


class BoxedEntry(ttk.Frame):
    """The frame; `entry` is the field. `padding` is in ems: beside it, above and below it."""

    def __init__(
        self, master: tk.Misc, look: Look, padding: tuple[float, float], *, style: str = "", width: int = 20
    ) -> None:
        super().__init__(master, style=f"{style}Field.TFrame")
        self.entry = tk.Entry(self, width=width)
        self.entry.pack(fill="x")
        keys.add_editing(self.entry)
        self.entry.bind("<FocusIn>", lambda _: self.state(["focus"]), add="+")
        self.entry.bind("<FocusOut>", lambda _: self.state(["!focus"]), add="+")

        def restyle() -> None:
            look.entry(self.entry)
            self.configure(padding=(look.em(padding[0]), look.em(padding[1])))

        look.follow(self, restyle)
