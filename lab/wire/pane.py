"""Where the wire view is: docked below a chat window, or torn off into a window of its own."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from gui.toolkit.theme import Look
from lab.own_window import OwnWindow
from lab.wire.model import WireModel
from lab.wire.view import WIDE, WireView
from translations import _

HEIGHT: Final = 19.0
LOWEST: Final = 9.0
"""The pane's height at first, and the least that it can be dragged to, in ems."""
_LEFT_ABOVE: Final = 16.0
"""Ems of the page above it that dragging does not take away."""


class WirePane:
    """For the Tk thread only.

    `on_open(view)`: a view was made and wants its owner's attributes. `on_close()`: the user has closed it.
    """

    def __init__(self, page: ttk.Frame, dock: ttk.Frame, look: Look, model: WireModel) -> None:
        """Args: dock: a part of the page, empty and without a height until the view is docked there."""
        self.on_open: Callable[[WireView], object] = lambda view: None
        self.on_close: Callable[[], object] = lambda: None
        self.view: WireView | None = None
        self._page = page
        self._dock = dock
        self._look = look
        self._model = model
        self._window: tk.Toplevel | None = None
        self._sash: ttk.Frame | None = None
        self._height = 0

    def open(self) -> None:
        """Dock the view below the chat."""
        page, dock, look = self._page, self._dock, self._look
        # In a narrow window the details stand below the table: that takes more height.
        first = look.em(HEIGHT) if page.winfo_width() >= look.em(WIDE) else page.winfo_height() // 2
        sash = self._sash = ttk.Frame(dock, style="Line.TFrame", cursor="sb_v_double_arrow")
        sash.grid(row=0, column=0, sticky="ew")
        sash.bind("<B1-Motion>", lambda event: self._drag_to(event.y_root))
        self._add_view(dock)
        dock.grid_propagate(False)
        dock.columnconfigure(0, weight=1)
        dock.rowconfigure(1, weight=1)

        def restyle() -> None:
            sash.configure(height=look.px(4))

        look.follow(sash, restyle)
        self.set_height(self._height or first)

    def close(self) -> None:
        """Close the view, wherever it is."""
        self._remove()
        self.on_close()

    def move(self) -> None:
        """Tear the view off into a window of its own, or put it back."""
        torn_off = self._window is not None
        self._remove()
        if torn_off:
            self.open()
        else:
            self._open_window()

    def set_height(self, pixels: int) -> None:
        """Give the docked view this height, within its bounds."""
        look = self._look
        most = max(look.em(LOWEST), self._page.winfo_height() - look.em(_LEFT_ABOVE))
        self._height = max(look.em(LOWEST), min(pixels, most))
        self._dock.configure(height=self._height)

    def _open_window(self) -> None:
        master = self._page.winfo_toplevel()
        window = OwnWindow(master, self._look, lambda: _("Socket calls"), (86, 44), self.close)
        self._window = window
        window.rowconfigure(1, weight=1)
        window.bind("<F12>", lambda _: self.close())
        self._add_view(window)

    def _add_view(self, master: tk.Misc) -> None:
        view = WireView(master, self._look, self._model, own_window=master is self._window)
        self.view = view
        view.on_close = self.close
        view.on_move = self.move
        self.on_open(view)
        view.grid(row=1, column=0, sticky="nsew")
        view.list.canvas.focus_set()

    def _remove(self) -> None:
        if self.view:
            self.view.destroy()
        if self._window:
            self._window.destroy()
        if self._sash:
            self._sash.destroy()
            self._dock.configure(height=1)
        self.view = self._window = self._sash = None

    def _drag_to(self, y: int) -> None:
        self.set_height(self._dock.winfo_rooty() + self._dock.winfo_height() - y)
