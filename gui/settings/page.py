"""The page of the settings: cards beside or below each other, over whatever the window shows."""

from tkinter import ttk
from typing import Final

from gui.main_window import MainWindow
from gui.over_page import OverPage
from gui.settings.scrolled import Scrolled
from translations import _

SIDE_BY_SIDE: Final = 62.0
"""Width in ems from which the cards stand in two columns."""


class SettingsPage(OverPage):
    """Whatever is chosen holds at once; Esc or the button closes the page."""

    def __init__(self, window: MainWindow) -> None:
        from gui.settings.sections import SECTIONS  # noqa: PLC0415 - most windows end without this page

        super().__init__(window.master, window.uncover)
        self._look = look = window.look
        self._title = ttk.Label(self, style="SideTitle.TLabel")
        self.button = self.first = ttk.Button(self, style="Accent.TButton", command=window.uncover)
        self.scrolled = Scrolled(self, look)
        self._stacks = [ttk.Frame(self.scrolled.inside, style="Side.TFrame") for _column in range(2)]
        """Each holds two cards."""
        self.cards = [section(self.scrolled.inside, window) for section in SECTIONS]
        for stack in self._stacks:
            stack.columnconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self._title.grid(row=0, column=0, sticky="w")
        self.button.grid(row=0, column=1, sticky="e")
        self.scrolled.grid(row=1, column=0, columnspan=2, sticky="nsew")
        self.scrolled.watch()
        self.scrolled.canvas.bind("<Configure>", lambda _: self._place(), add="+")
        look.follow(self, self._restyle)

    def _place(self) -> None:
        em, inside = self._look.em, self.scrolled.inside
        columns = 2 if self.scrolled.canvas.winfo_width() >= em(SIDE_BY_SIDE) else 1
        gap = em(0.8)
        for at, card in enumerate(self.cards):
            card.grid(in_=self._stacks[at // 2], row=at, column=0, sticky="ew", pady=(0, gap))
        for at, stack in enumerate(self._stacks):
            row, column = (0, at) if columns == 2 else (at, 0)
            stack.grid(row=row, column=column, sticky="new", padx=gap)
        for column in range(2):
            group = "cards" if columns == 2 else ""
            inside.columnconfigure(column, weight=int(column < columns), uniform=group)

    def _restyle(self) -> None:
        em = self._look.em
        self._title.configure(text=_("Settings"))
        self._title.grid(padx=em(1.6), pady=em(0.8))
        self.button.configure(text=_("Close"))
        self.button.grid(padx=em(1.6), pady=em(0.6))
        self._place()


def toggle_settings(window: MainWindow) -> None:
    """Open the page over what the window shows, or close it."""
    window.toggle(SettingsPage, lambda: SettingsPage(window))
