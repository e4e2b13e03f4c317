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


class OwnWindow(tk.Toplevel):
    """Follows theme and language. For the Tk thread only."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        title: Callable[[], str],
        size: tuple[float, float],
        on_close: Callable[[], object],
    ) -> None:
        """Open a window.

        Args:
            title: gives the title in the language in use.
            size: width and height in ems, where the screen has room for them.
            on_close: the user wants it closed.
        """
        super().__init__(master)
        self.columnconfigure(0, weight=1)
        dress_window(self, look, look.em(size[0]), look.em(size[1]), least=(30, 20))
        self.protocol("WM_DELETE_WINDOW", on_close)
        look.follow(self, lambda: self.title(f"{title()} — {NAME}"))


@dataclass(slots=True)
class ViewWindow(Generic[ViewT]):
    """A view that has a window of its own, one at a time. For the Tk thread only."""

    master: tk.Misc
    look: Look
    title: Callable[[], str]
    size: tuple[float, float]
    make: Callable[[OwnWindow], ViewT]
    """Makes the view in its new window."""
    view: ViewT | None = None
    """None: it is not open."""

    def show(self) -> ViewT:
        """Open the window, or bring it to the front."""
        if self.view:
            self.view.winfo_toplevel().lift()
        else:
            window = OwnWindow(self.master, self.look, self.title, self.size, self.close)
            window.rowconfigure(0, weight=1)
            self.view = self.make(window)
            self.view.grid(row=0, column=0, sticky="nsew")
        return self.view

    def close(self) -> None:
        """Close the window, if it is open."""
        if self.view:
            self.view.winfo_toplevel().destroy()
            self.view = None
            # Tk's pictures must end in the thread that made them, not in whichever collects garbage next.
            gc.collect()
