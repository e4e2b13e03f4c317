"""What a window has around its pages: title, icon, menu, theme, language, text size, help."""

import re
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import replace
from tkinter import messagebox, ttk
from typing import Final

from client.settings import Change, Settings
from gui.ask_page import AskPage, Wanted
from gui.clock import ClockStyle, use_clock
from gui.help_page import HelpPage
from gui.over_page import OverPage
from gui.question_page import Question, QuestionPage
from gui.toolkit.menu import Item, PopupMenu
from gui.toolkit.palette import LIGHT
from gui.toolkit.theme import Look, look_of
from program.version import NAME
from translations import language, use_language

WIDTH: Final = 74.0
HEIGHT: Final = 46.0
"""The window's initial size, in ems."""
LEAST: Final = (26.0, 20.0)
"""The least that the user may give it, in ems."""
ICON_SIZE: Final = 64
"""Pixels."""


class MainWindow:
    """A window that shows one page at a time. For the Tk thread only.

    Args:
        master: the window.
        settings: theme, language, text size and geometry are used.
        remember: gets each change of the settings.
    """

    def __init__(
        self,
        master: tk.Tk | tk.Toplevel,
        settings: Settings,
        remember: Callable[[Change], object] = lambda change: None,
    ) -> None:
        self.master = master
        self.settings = settings
        """Read them here, and change them with `choose`."""
        self._remember = remember
        self.on_chosen: Callable[[], object] = lambda: None
        """The settings have changed."""
        self.look = look_of(master)
        self.page: ttk.Frame | None = None
        """The page that is shown."""
        self._over: OverPage | None = None
        """What covers it."""
        self.menu_button: tk.Misc | None = None
        """The menu opens below it."""
        self._before = ""
        """The path of the widget that had the focus before the page was covered."""
        use_clock(ClockStyle(settings.clock, settings.clock_seconds))
        self.look.set_family(settings.font)
        self.look.set_size(settings.font_size)
        self.look.set_theme(settings.theme)
        self.menu = PopupMenu(master, self.look)
        master.columnconfigure(0, weight=1)
        master.rowconfigure(0, weight=1)
        self.set_title(NAME)
        kept = re.match(r"(\d{1,5})x(\d{1,5})", settings.geometry)
        # The size only: several windows at one remembered place would hide each other.
        width, height = map(int, kept.groups()) if kept else (self.look.em(WIDTH), self.look.em(HEIGHT))
        self._size_at_first = dress_window(master, self.look, width, height, least=LEAST)

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
        self.toggle(HelpPage, lambda: HelpPage(self.master, self.look, rows, self.uncover))

    def toggle(self, kind: type[OverPage], make: Callable[[], OverPage]) -> None:
        """Open a page of this kind above the page, or close it; leave alone what else stands there."""
        if isinstance(self._over, kind):
            self.uncover()
        elif self._over is None:
            self.cover(make())

    def ask(self, question: Callable[[], Question], act: Callable[[], object]) -> None:
        """Do it; where something would be lost (`question().losses`), ask above the page before.

        One question at a time: while one is open, the next is not asked.
        """
        if not question().losses:
            act()
            return
        if isinstance(self._over, QuestionPage):
            self._over.button.focus_set()
            return

        def do_it() -> None:
            self.uncover()
            act()

        self.uncover()
        if self.master.state() in ("iconic", "withdrawn"):
            self.master.deiconify()
        self.master.lift()
        self.cover(QuestionPage(self.master, self.look, question, do_it, self.uncover))

    def ask_for(self, wanted: Wanted, answered: Callable[[str], object]) -> None:
        """Ask above the page for one line; `answered(text)` gets it."""
        self.cover(AskPage(self.master, self.look, wanted, answered, self.uncover))

    @property
    def is_covered(self) -> bool:
        """Tell whether something stands above the page, which must not take the keyboard then."""
        return self._over is not None

    def cover(self, page: OverPage) -> None:
        """Open something above the page, in place of what stands there; it has the keyboard until then."""
        self.uncover()
        self._over = page
        page.lay_over()
        page.keep_keys()
        self._before = str(self.master.tk.call("focus", "-lastfor", str(self.master)))
        page.update_idletasks()  # what is not mapped yet would get the keyboard later
        page.first.focus_set()

    def uncover(self) -> None:
        """Close what stands above the page; the keyboard goes back to where it was."""
        if self._over is not None:
            self._over.destroy()
            self._over = None
            if self._before and self.master.tk.call("winfo", "exists", self._before):
                self.master.tk.call("focus", self._before)

    def has_focus(self) -> bool:
        """Tell whether this window has the keyboard focus."""
        call = self.master.tk.call
        widget = str(call("focus", "-displayof", str(self.master)))
        while widget and str(call("winfo", "class", widget)) == "Menu":  # which is open above its window
            widget = str(call("winfo", "parent", widget))
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

    def choose(self, change: Change) -> None:
        """Change the settings, here and in what is remembered."""
        self.settings = change(self.settings)
        self._remember(change)
        self.on_chosen()

    def changed_size(self) -> str:
        """Return the size that the user has given the window, `WIDTHxHEIGHT` in pixels; "" if he has not."""
        size = self.master.geometry().partition("+")[0]
        return size if size != self._size_at_first else ""

    def forget_size(self) -> None:
        """Forget what size the user has given the window; the present one is not remembered either."""
        self._size_at_first = self.master.geometry().partition("+")[0]
        self.choose(lambda kept: replace(kept, geometry=""))

    def set_theme(self, name: str) -> None:
        """Use the theme `light`, `dark` or `system`."""
        self.choose(lambda kept: replace(kept, theme=name))
        self.look.set_theme(name)

    def set_family(self, family: str) -> None:
        """Use letters of this family; "" means the system's."""
        self.choose(lambda kept: replace(kept, font=family))
        self.look.set_family(family)

    def set_clock(self, style: ClockStyle) -> None:
        """Write times in this way."""
        self.choose(lambda kept: replace(kept, clock=style.hours, clock_seconds=style.seconds))
        use_clock(style)
        self.look.refresh()

    def set_language(self, code: str) -> None:
        """Speak this language: `ru` or `en`."""
        self.choose(lambda kept: replace(kept, language=code))
        if code != language():
            problem = use_language(code)
            self.look.refresh()
            if problem:
                messagebox.showwarning(NAME, problem, parent=self.master)

    def set_size(self, points: int) -> None:
        """Use a text size, in points."""
        self.look.set_size(points)
        size = self.look.size
        self.choose(lambda kept: replace(kept, font_size=size))


def dress_window(
    window: tk.Tk | tk.Toplevel, look: Look, width: int, height: int, least: tuple[float, float]
) -> str:
    """Give a window the program's icon, its colours, and a size in pixels for which the screen has room.

    Returns the size that it has got.

    Args:
        least: the least width and height that the user may give it, in ems.
    """
    window.iconphoto(False, look.pictures.sign("bubble", ICON_SIZE, LIGHT.accent, LIGHT.on_accent))
    width = min(width, window.winfo_screenwidth() * 9 // 10)
    height = min(height, window.winfo_screenheight() * 9 // 10)
    size = f"{width}x{height}"
    window.geometry(size)
    window.minsize(look.em(least[0]), look.em(least[1]))

    def restyle() -> None:
        window.configure(background=look.palette.window)
        look.title_bar(window)

    look.follow(window, restyle)
    return size
