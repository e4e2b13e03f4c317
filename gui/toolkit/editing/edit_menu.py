"""The menu of a field, and its keys: cut, copy, paste, select all, undo and redo."""

import sys
import tkinter as tk
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from gui.toolkit import keys
from gui.toolkit.menu import SEPARATOR, Item, PopupMenu
from gui.toolkit.theme import Look
from translations import _


class EditMenu:
    """Opens with the right button, the Menu key or Shift+F10. Where nothing can be written it offers less."""

    def __init__(self, widget: tk.Text | tk.Entry, look: Look) -> None:
        self.more: Callable[[], Sequence[Item]] = lambda: ()
        """What the field offers besides."""
        self._widget = widget
        self._look = look
        self._popup: PopupMenu | None = None
        keys.add_editing(widget)
        buttons = ("<Button-2>", "<Control-Button-1>") if sys.platform == "darwin" else ("<Button-3>",)
        for button in buttons:
            widget.bind(button, self._open_at)
        for key in keys.MENU_KEYS:
            widget.bind(key, lambda _: self._open_at_cursor())

    def items(self) -> list[Item]:
        """Return its lines as they are now."""
        widget = self._widget
        writes = str(widget.cget("state")) == "normal"
        # What is not shown, such as a password, is not given away either.
        chosen = self._has_selection() and not (isinstance(widget, tk.Entry) and widget.cget("show"))
        copy = self._edit(_("Copy"), "c", enabled=chosen)
        everything = Item(_("Select all"), partial(keys.select_all, widget), "Ctrl+A")
        if not writes:
            return [copy, everything]
        cut = self._edit(_("Cut"), "x", enabled=chosen)
        # Whether there is anything to paste is not asked: the program that has it may be slow to answer.
        items = [cut, copy, self._edit(_("Paste"), "v"), everything]
        if isinstance(widget, tk.Text):
            undo = self._edit(_("Undo"), "z", enabled=self._can("canundo"))
            items += [SEPARATOR, undo, self._edit(_("Redo"), "y", enabled=self._can("canredo"))]
        return [*items, SEPARATOR, *self.more()]

    def _edit(self, words: str, letter: str, *, enabled: bool = True) -> Item:
        run = partial(self._widget.event_generate, keys.EDITS[letter])
        return Item(words, run, f"Ctrl+{letter.upper()}", enabled=enabled)

    def _can(self, question: str) -> bool:
        """Tell whether something can be undone or redone; where Tk cannot tell, it may be tried."""
        with suppress(tk.TclError):
            return bool(self._widget.tk.getboolean(self._widget.tk.call(self._widget, "edit", question)))
        return True

    def _has_selection(self) -> bool:
        widget = self._widget
        return bool(widget.tag_ranges("sel")) if isinstance(widget, tk.Text) else widget.selection_present()

    def _open_at(self, event: "tk.Event[tk.Misc]") -> str:
        widget = self._widget
        widget.focus_set()
        if not self._has_selection():
            if isinstance(widget, tk.Text):
                widget.mark_set("insert", f"@{event.x},{event.y}")
            else:
                widget.icursor(f"@{event.x}")
        self._open(event.x_root, event.y_root)
        return "break"

    def _open_at_cursor(self) -> str:
        widget = self._widget
        # Not tkinter's `bbox`: that of an Entry asks for the cell of a grid.
        found = widget.tk.splitlist(widget.tk.call(widget, "bbox", "insert"))
        x, y, _width, height = map(int, found or (0, 0, 0, widget.winfo_height()))
        self._open(widget.winfo_rootx() + x, widget.winfo_rooty() + y + height)
        return "break"

    def _open(self, x: int, y: int) -> None:
        self._popup = self._popup or PopupMenu(self._widget, self._look)
        self._popup.open_at(self.items(), x, y)
