"""A window of the laboratory's own, beside the chat window."""

import gc
import tkinter as tk
from collections.abc import Callable

from gui.toolkit.theme import Look
from program.version import NAME


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
        self._look = look
        self._words = title
        self.iconphoto(False, look.app_icon())
        self.columnconfigure(0, weight=1)
        width = min(look.em(size[0]), self.winfo_screenwidth() * 9 // 10)
        height = min(look.em(size[1]), self.winfo_screenheight() * 9 // 10)
        self.geometry(f"{width}x{height}")
        self.minsize(look.em(30), look.em(20))
        self.protocol("WM_DELETE_WINDOW", on_close)
        look.follow(self, self._restyle)

    def _restyle(self) -> None:
        self.configure(background=self._look.palette.window)
        self.title(f"{self._words()} — {NAME}")
        self._look.title_bar(self)


def end_window(view: tk.Misc) -> None:
    """Close the window in which a view is."""
    view.winfo_toplevel().destroy()
    # Tk's pictures must end in the thread that made them, not in whichever collects garbage next.
    gc.collect()
