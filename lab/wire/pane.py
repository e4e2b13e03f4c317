"""The wire view of a chat window: docked below the chat or torn off, and tied to the transcript."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import TYPE_CHECKING, Final

from client.model.conversations import Entry
from gui.chat.controller import ChatController
from gui.toolkit.action import Action
from gui.toolkit.keys import bind_keys
from gui.toolkit.theme import Look
from lab.own_window import OwnWindow
from lab.wire.call_lines import Line
from lab.wire.model import WireModel, find_entry
from sockets.tap import Call
from translations import _

if TYPE_CHECKING:
    from lab.wire.view import WireView

HEIGHT: Final = 19.0
LOWEST: Final = 9.0
"""The pane's height at first, and the least that it can be dragged to, in ems."""
_LEFT_ABOVE: Final = 16.0
"""Ems of the page above it that dragging does not take away."""


class WirePane:
    """For the Tk thread only."""

    def __init__(
        self,
        look: Look,
        controller: ChatController,
        model: WireModel,
        send_line: Callable[[str], bool],
        key: str,
        into_report: Callable[[Sequence[Call]], str],
    ) -> None:
        """Make a pane that is closed.

        Args:
            send_line: sends a line as it stands; returns False if there is no connection.
            key: closes the view, wherever it is: see `gui.toolkit.keys.bind_keys`.
            into_report: takes calls into the report, or out of it again; returns a sentence that says so.
        """
        self._docked: WireView | None = None
        self._look = look
        self._controller = controller
        self._page = controller.page
        self._model = model
        self._own_window = OwnWindow(
            self._page, look, lambda: _("Socket calls"), (86, 44), self._make_torn_off
        )
        self._height = 0
        self._send_line = send_line
        self._into_report = into_report
        self._close = Action(lambda: _("Close"), self.close, key)
        self._page.transcript.on_entry = self._show_calls

    @property
    def view(self) -> "WireView | None":
        """The view, wherever it is; None: it is closed."""
        return self._docked or self._own_window.view

    def toggle(self) -> None:
        """Open the view below the chat, or close it wherever it is."""
        if self.view:
            self.close()
        elif self._controller.is_shown():
            self._dock_view()

    def close(self) -> None:
        """Close the view, wherever it is."""
        self._remove()
        self._mark_entry(None)
        self._page.composer.text.focus_set()

    def set_height(self, pixels: int) -> None:
        """Give the docked view this height, within its bounds."""
        look = self._look
        most = max(look.em(LOWEST), self._page.winfo_height() - look.em(_LEFT_ABOVE))
        self._height = max(look.em(LOWEST), min(pixels, most))
        self._page.dock.configure(height=self._height)

    # Where it is.

    def _dock_view(self) -> None:
        page, dock, look = self._page, self._page.dock, self._look
        page.update_idletasks()  # it may have just come, and not know its size
        from lab.wire.view import WIDE  # noqa: PLC0415

        # In a narrow window the details stand below the table: that takes more height.
        first = look.em(HEIGHT) if page.winfo_width() >= look.em(WIDE) else page.winfo_height() // 2
        sash = ttk.Frame(dock, style="Line.TFrame", cursor="sb_v_double_arrow")
        sash.grid(row=0, column=0, sticky="ew")
        sash.bind("<B1-Motion>", lambda event: self._drag_to(event.y_root))
        self._docked = self._make_view(dock, own_window=False)
        self._docked.grid(row=1, column=0, sticky="nsew")
        self._docked.list.canvas.focus_set()
        dock.grid_propagate(False)
        dock.columnconfigure(0, weight=1)
        dock.rowconfigure(1, weight=1)
        look.follow(sash, lambda: sash.configure(height=look.px(4)))
        self.set_height(self._height or first)

    def _make_view(self, master: tk.Misc, *, own_window: bool) -> "WireView":
        from lab.wire.view import WireOwner, WireView  # noqa: PLC0415 - see `lab.laboratory`

        owner = WireOwner(
            room=lambda: self._page.shown.name if self._page.shown else "",
            nick=lambda: self._controller.session.state.nick if self._controller.session else "",
            choose_line=self._mark_line,
            send_line=lambda line: "" if self._send_line(line) else _("There is no connection."),
            into_report=self._into_report,
            close=self._close,
            move=self._move,
        )
        return WireView(master, self._look, self._model, owner, own_window=own_window)

    def _make_torn_off(self, window: tk.Toplevel) -> "WireView":
        window.protocol("WM_DELETE_WINDOW", self.close)
        window.bind("<Escape>", lambda _: self.close())
        bind_keys(window, {self._close.key: self.close})
        view = self._make_view(window, own_window=True)
        view.list.canvas.focus_set()
        return view

    def _move(self) -> None:
        """Tear the view off into a window of its own, or put it back."""
        torn_off = self._docked is None
        self._remove()
        if torn_off:
            self._dock_view()
        else:
            self._own_window.show()

    def _remove(self) -> None:
        self._own_window.close()
        if self._docked:
            for widget in self._page.dock.winfo_children():
                widget.destroy()
            self._page.dock.configure(height=1)
            self._docked = None

    def _drag_to(self, y: int) -> None:
        dock = self._page.dock
        self.set_height(dock.winfo_rooty() + dock.winfo_height() - y)

    # Between the transcript and the calls.

    def _show_calls(self, entry: Entry) -> None:
        if self.view:
            self.view.select_entry(entry)
            self._mark_entry(entry)

    def _mark_line(self, line: Line | None, seen_at: float) -> None:
        shown = self._page.shown
        if shown:
            self._mark_entry(find_entry(shown.entries, line, seen_at) if line else None)

    def _mark_entry(self, entry: Entry | None) -> None:
        self._page.transcript.mark(entry)
