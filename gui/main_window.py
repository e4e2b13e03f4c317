"""What a window has around its pages: title, icon, menu, theme, language, text size, help."""

import re
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import replace
from tkinter import ttk
from typing import Final

from client.settings import Settings
from gui.help_page import HelpPage
from gui.toolkit.menu import Item, PopupMenu
from gui.toolkit.palette import LIGHT
from gui.toolkit.theme import Look, look_of
from program.version import NAME
from translations import language, use_language

WIDTH: Final = 74.0
HEIGHT: Final = 46.0
"""The window's initial size, in ems."""
ICON_SIZE: Final = 64
"""Pixels."""


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
        self.page: ttk.Frame | None = None
        """The page that is shown (the help may cover it)."""
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
        self.set_title(NAME)
        kept = re.match(r"(\d{1,5})x(\d{1,5})", settings.geometry)
        # The size only: several windows at one remembered place would hide each other.
        width, height = map(int, kept.groups()) if kept else (self.look.em(WIDTH), self.look.em(HEIGHT))
        dress_window(master, self.look, width, height, least=(26, 20))

    # Pages.

    def show_page(self, page: ttk.Frame) -> None:
        """Show this page in place of the one that is shown."""
        if page is not self.page:
            if self.page is not None:
                self.page.grid_remove()
            self.page = page
            page.grid(row=0, column=0, sticky="nsew")

    def show_help(self, rows: Callable[[], Sequence[tuple[str, str]]]) -> None:
        """Show the keys above the page, or hide them; `rows` gives the keys and what they do."""
        if self._help is not None:
            self._close_help()
            return
        self._help = HelpPage(self.master, self.look, rows, self._close_help)
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

    def open_menu(self, items: Sequence[Item]) -> None:
        """Open the menu below its button, or in the window's upper right corner."""
        place: tk.Misc = self.master
        y = place.winfo_rooty()
        if self.menu_button is not None and self.menu_button.winfo_ismapped():
            place = self.menu_button
            y = place.winfo_rooty() + place.winfo_height()
        self.menu.open_left_of(items, place.winfo_rootx() + place.winfo_width(), y)

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


def dress_window(
    window: tk.Tk | tk.Toplevel, look: Look, width: int, height: int, least: tuple[float, float]
) -> None:
    """Give a window the program's icon, its colours, and a size in pixels for which the screen has room.

    Args:
        least: the least width and height that the user may give it, in ems.
    """
    window.iconphoto(False, look.pictures.sign("bubble", ICON_SIZE, LIGHT.accent, LIGHT.on_accent))
    width = min(width, window.winfo_screenwidth() * 9 // 10)
    height = min(height, window.winfo_screenheight() * 9 // 10)
    window.geometry(f"{width}x{height}")
    window.minsize(look.em(least[0]), look.em(least[1]))

    def restyle() -> None:
        window.configure(background=look.palette.window)
        look.title_bar(window)

    look.follow(window, restyle)
