"""Windows of the laboratory's own, beside the chat window."""

import gc
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from gui.main_window import dress_window
from gui.toolkit.theme import Look
from program.version import NAME

ViewT = TypeVar("ViewT", bound=tk.Widget)


@dataclass(slots=True)
class OwnWindow(Generic[ViewT]):
    """The window of a view, one at a time, which follows theme and language. For the Tk thread only."""

    master: tk.Misc
    look: Look
    title: Callable[[], str]
    """Gives the title in the language in use."""
    size: tuple[float, float]
    """Width and height in ems, where the screen has room for them."""
    make: Callable[[tk.Toplevel], ViewT]
    """Makes the view in its new window."""
    keeps: bool = False
    """Closing hides the window: what the user has begun in it is there again when it is opened."""
    view: ViewT | None = None
    """None: there is no window."""

    def show(self) -> ViewT:
        """Open the window, or bring it to the front."""
        if self.view:
            self.view.winfo_toplevel().deiconify()
            self.view.winfo_toplevel().lift()
        else:
            self.view = self.make(self._open())
            self.view.grid(row=0, column=0, sticky="nsew")
        return self.view

    def close(self) -> None:
        """Close the window, if it is open."""
        if self.view and self.keeps:
            self.view.winfo_toplevel().withdraw()
        elif self.view:
            self.view.winfo_toplevel().destroy()
            self.view = None
            # Tk's pictures must end in the thread that made them, not in whichever collects garbage next.
            gc.collect()

    def _open(self) -> tk.Toplevel:
        window, look = tk.Toplevel(self.master), self.look
        window.columnconfigure(0, weight=1)
        window.rowconfigure(0, weight=1)
        dress_window(window, look, look.em(self.size[0]), look.em(self.size[1]), least=(30, 20))
        window.protocol("WM_DELETE_WINDOW", self.close)
        window.bind("<Escape>", lambda _: self.close())
        look.follow(window, lambda: window.title(f"{self.title()} — {NAME}"))
        return window
