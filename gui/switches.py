"""Language and theme, one click each, and the settings, for the pages that have no menu."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from gui.main_window import MainWindow
from gui.settings.page import toggle_settings
from gui.toolkit.palette import DARK
from translations import LANGUAGES, _, language


class Switches(ttk.Frame):
    """Unobtrusive buttons: the other language, the other theme, all settings."""

    def __init__(self, master: tk.Misc, window: MainWindow) -> None:
        super().__init__(master, style="Side.TFrame")
        self._window = window
        self.language = self._button(self._switch_language, 0)
        self.theme = self._button(self._switch_theme, 1)
        self.settings = self._button(lambda: toggle_settings(window), 2)
        window.look.follow(self, self._restyle)

    def _button(self, command: Callable[[], None], column: int) -> ttk.Button:
        # As wide as its words, so that all gaps are alike.
        button = ttk.Button(self, style="SideIcon.TButton", width=-1, command=command)
        button.grid(row=0, column=column, padx=self._window.look.em(0.4))
        return button

    def _switch_language(self) -> None:
        self._window.set_language("en" if language() == "ru" else "ru")

    def _switch_theme(self) -> None:
        self._window.set_theme("light" if self._window.look.palette is DARK else "dark")

    def _restyle(self) -> None:
        # The other language is named in itself, for those who cannot read this one.
        self.language.configure(text=LANGUAGES["en" if language() == "ru" else "ru"])
        dark = self._window.look.palette is DARK
        self.settings.configure(text=_("Settings"))
        self.theme.configure(text=_("Light theme") if dark else _("Dark theme"))
