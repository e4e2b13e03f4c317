"""What a window has around its pages: title, icon, menu, theme, language, text size, help."""

import re
import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from tkinter import ttk
from typing import Final

from client.settings import Settings
from gui.help_page import HelpPage
from gui.toolkit import keys
from gui.toolkit.menu import Item, PopupMenu
from gui.toolkit.theme import look_of
from program.version import NAME
from translations import language, use_language

WIDTH: Final = 74.0
HEIGHT: Final = 46.0
"""The window's initial size, in ems."""


class MainWindow:
    """A window that shows one page at a time. For the Tk thread only.

    Args:
        master: the window.
        settings: theme, language, text size and geometry are used and kept up to date in `settings`.
    """

    def __init__(self, master: tk.Tk | tk.Toplevel, settings: Settings) -> None:
        self.master = master
        self.settings = settings
        self.look = look_of(master)
        self._menu_items: Callable[[], Sequence[Item]] = tuple
        self._help_rows: Callable[[], Sequence[tuple[str, str]]] = tuple
        self._page: ttk.Frame | None = None
        self._help: HelpPage | None = None
        self.menu_button: tk.Misc | None = None
        """The menu opens below it."""
        self._before = ""
        """The path of the widget that had the focus before the help was shown."""
        self.look.set_size(settings.font_size)
        self.look.set_theme(settings.theme)
        self.menu = PopupMenu(master, self.look)
        master.columnconfigure(0, weight=1)
        master.rowconfigure(0, weight=1)
        master.iconphoto(False, self.look.app_icon())
        self.set_title(NAME)
        self._set_geometry()
        self.look.follow(master, self._restyle)

    def use(
        self,
        functions: Mapping[str, Callable[..., object]],
        menu_items: Callable[[], Sequence[Item]],
        help_rows: Callable[[], Sequence[tuple[str, str]]],
    ) -> None:
        """Let keys call functions (`gui.toolkit.keys.bind_keys`); give menu and help their lines."""
        self._menu_items, self._help_rows = menu_items, help_rows
        keys.bind_keys(self.master, functions)

    def _set_geometry(self) -> None:
        master, em = self.master, self.look.em
        kept = re.match(r"(\d{1,5})x(\d{1,5})", self.settings.geometry)
        width, height = map(int, kept.groups()) if kept else (em(WIDTH), em(HEIGHT))
        width = min(width, master.winfo_screenwidth() * 9 // 10)
        height = min(height, master.winfo_screenheight() * 9 // 10)
        # The size only: several windows at one remembered place would hide each other.
        master.geometry(f"{width}x{height}")
        master.minsize(em(26), em(20))

    # Pages.

    def show_page(self, page: ttk.Frame) -> None:
        """Show this page in place of the one that is shown."""
        if page is not self._page:
            if self._page is not None:
                self._page.grid_remove()
            self._page = page
            page.grid(row=0, column=0, sticky="nsew")

    @property
    def page(self) -> ttk.Frame | None:
        """The page that is shown (the help may cover it)."""
        return self._page

    def show_help(self) -> None:
        """Show the keys above the page, or hide them."""
        if self._help is not None:
            self._close_help()
            return
        self._help = HelpPage(self.master, self.look, self._help_rows, self._close_help)
        self._help.grid(row=0, column=0, sticky="nsew")
        self._before = str(self.master.tk.call("focus"))
        self._help.button.focus_set()

    def _close_help(self) -> None:
        if self._help is not None:
            self._help.destroy()
            self._help = None
            if self._before and self.master.tk.call("winfo", "exists", self._before):
                self.master.tk.call("focus", self._before)

    def has_focus(self) -> bool:
        """Tell whether this window has the keyboard focus."""
        call = self.master.tk.call
        widget = str(call("focus", "-displayof", str(self.master)))
        return bool(widget) and str(call("winfo", "toplevel", widget)) == str(self.master)

    def set_title(self, title: str) -> None:
        """Set the window's title."""
        if title != self.master.title():
            self.master.title(title)

    # Menu.

    def open_menu(self) -> None:
        """Open the menu below its button, or in the window's upper right corner."""
        self.menu.fill(self._menu_items())
        if self.menu_button is not None and self.menu_button.winfo_ismapped():
            self.menu.open_below(self.menu_button)
        else:
            right = self.master.winfo_rootx() + self.master.winfo_width()
            self.menu.menu.update_idletasks()
            self.menu.open_at(right - self.menu.menu.winfo_reqwidth(), self.master.winfo_rooty())

    def ask_to_close(self) -> None:
        """Do what the window's own close button does."""
        self.master.tk.call(*self.master.tk.splitlist(self.master.protocol("WM_DELETE_WINDOW")))

    # What is remembered.

    def set_theme(self, name: str) -> None:
        """Use the theme `light`, `dark` or `system`."""
        self.settings = replace(self.settings, theme=name)
        self.look.set_theme(name)

    def set_language(self, code: str) -> None:
        """Speak this language: `ru` or `en`."""
        self.settings = replace(self.settings, language=code)
        if code != language():
            use_language(code)
            self.look.refresh()

    def set_size(self, points: int) -> None:
        """Use a text size, in points."""
        self.look.set_size(points)
        self.settings = replace(self.settings, font_size=self.look.size)

    def _restyle(self) -> None:
        self.master.configure(background=self.look.palette.window)
        self.look.title_bar(self.master)
