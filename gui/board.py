"""On the board: a window that fills the screen and says how to join, in letters for the last row."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import font as tkfont
from tkinter import ttk
from typing import Final

from client.net.address import DEFAULT_PORT, format_address, is_this_computer
from gui.main_window import dress_window
from gui.toolkit.keys import bind_keys
from gui.toolkit.theme import Look
from program.version import NAME
from sockets.cards import lan_cards
from sockets.listening import describe_card
from translations import _

SIZE: Final = (52.0, 34.0)
"""In ems, where it does not fill the screen."""
LARGEST: Final = 0.25
"""Of the window's height: letters of an address."""
CAPTION: Final = 0.042
WAY: Final = 0.06
HINT: Final = 0.02
"""Other letters."""
USED: Final = 0.92
"""Of the window's width."""
GAP: Final = 0.06
"""Above a caption; of the window's height."""
_VALUES: Final = ("address", "room", "password")


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """What a student has to know."""

    addresses: Sequence[str]
    """`HOST:PORT`; the first is the best."""
    rooms: Sequence[str]
    password: str = ""
    """"" where none is needed."""


def as_typed(address: str) -> str:
    """Return an address without the port that clients take anyway."""
    return address.removesuffix(f":{DEFAULT_PORT}")


def addresses_of(host: str, port: int) -> list[str]:
    """Return what others type to reach a server that a window on this computer knows by this address."""
    own = [card for card in lan_cards() if not describe_card(card)] if is_this_computer(host) else []
    return [format_address(address, port) for address in [card.address for card in own] or [host]]


def show_board(master: tk.Misc, look: Look, facts: Callable[[], BoardFacts]) -> "Board":
    """Show what the facts are, on the board of this window, which is opened if there is none."""
    for board in master.winfo_children():
        if isinstance(board, Board):
            board.lift()
            board.focus_force()
            return board
    return Board(master, look, facts)


class Board(tk.Toplevel):
    """Closed by Esc; F11 lets it fill the screen, or makes it a window that can be moved to the projector.

    Args:
        facts: called whenever it is drawn.
    """

    def __init__(self, master: tk.Misc, look: Look, facts: Callable[[], BoardFacts]) -> None:
        super().__init__(master)
        self._look = look
        self._facts = facts
        family = look.fonts["bold"].actual()["family"]
        self._fonts = {
            name: tkfont.Font(self, family=family, weight="bold" if name in _VALUES else "normal")
            for name in (*_VALUES, "caption", "way", "hint")
        }
        self._page = ttk.Frame(self)
        self._way = ttk.Label(self._page, font=self._fonts["way"], anchor="center", justify="center")
        self._captions = [ttk.Label(self._page, font=self._fonts["caption"]) for _ in _VALUES]
        self._values = [ttk.Label(self._page, font=self._fonts[name]) for name in _VALUES]
        self._others = ttk.Label(self._page, font=self._fonts["caption"], anchor="center", justify="center")
        self._hint = ttk.Label(self, font=self._fonts["hint"])
        self._page.place(relx=0.5, rely=0.48, anchor="center", relwidth=1)
        self._hint.place(relx=0.5, rely=0.985, anchor="s")
        self._size = (0, 0)
        dress_window(self, look, look.em(SIZE[0]), look.em(SIZE[1]), least=(20, 14))
        bind_keys(self, {"F11": self.toggle})
        self.bind("<Escape>", lambda _: self.destroy())
        self.bind("<Configure>", self._resized)
        look.follow(self, self._restyle)
        self.attributes("-fullscreen", True)
        self.focus_force()

    def toggle(self) -> None:
        """Fill the screen, or do so no more."""
        self.attributes("-fullscreen", not self.attributes("-fullscreen"))

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self and (event.width, event.height) != self._size:
            self._size = (event.width, event.height)
            self._fit()

    def _restyle(self) -> None:
        palette, facts = self._look.palette, self._facts()
        best, *others = [as_typed(address) for address in facts.addresses] or [""]
        self.title(_("On the board") + f" — {NAME}")
        self._way.configure(text="  →  ".join((NAME, _("Open a window"), _("Connect"))))
        captions = (_("Address"), _("Room"), _("Password"))
        values = (best, ", ".join(facts.rooms), facts.password)
        for label, text in zip(self._captions, captions, strict=True):
            label.configure(text=text, foreground=palette.muted)
        for label, text in zip(self._values, values, strict=True):
            label.configure(text=text, foreground=palette.text)
        self._values[0].configure(foreground=palette.accent)
        self._way.configure(foreground=palette.text)
        self._others.configure(text=_("or {addresses}").format(addresses=", ".join(others)))
        self._others.configure(foreground=palette.muted)
        self._hint.configure(text=_("F11: window or full screen · Esc: close"), foreground=palette.muted)
        self._lay_out(has_others=bool(others), has_password=bool(facts.password))
        self._fit()

    def _lay_out(self, *, has_others: bool, has_password: bool) -> None:
        across = 2 if has_password else 1
        self._page.columnconfigure(0, weight=1, uniform="half")
        self._page.columnconfigure(1, weight=int(has_password), uniform="half" if has_password else "")
        self._way.grid(row=0, column=0, columnspan=across)
        for number, (caption, value) in enumerate(zip(self._captions, self._values, strict=True)):
            row, column, span = (1, 0, across) if not number else (4, number - 1, 1)
            caption.grid(row=row, column=column, columnspan=span)
            value.grid(row=row + 1, column=column, columnspan=span)
        self._others.grid(row=3, column=0, columnspan=across)
        for label, is_shown in (
            (self._others, has_others),
            (self._captions[2], has_password),
            (self._values[2], has_password),
        ):
            if not is_shown:
                label.grid_remove()

    def _fit(self) -> None:
        """Make the letters as large as the window has room for."""
        width, height = self.winfo_width() * USED, self.winfo_height()
        if height <= 1:
            return
        address, room, password = (str(label.cget("text")) for label in self._values)
        half = width / 2 if password else width
        self._set("way", WAY * height, [(str(self._way.cget("text")), width)])
        self._set("address", LARGEST * height, [(address, width)])
        self._set("room", LARGEST * 0.8 * height, [(room, half * USED)])
        self._set("password", LARGEST * 0.8 * height, [(password, half * USED)])
        self._set("caption", CAPTION * height, [(str(self._others.cget("text")), width)])
        self._set("hint", HINT * height, [])
        for label, is_shown in zip(self._captions, (True, True, bool(password)), strict=True):
            if is_shown:
                label.grid_configure(pady=(round(GAP * height), 0))

    def _set(self, name: str, most: float, texts: Sequence[tuple[str, float]]) -> None:
        """Give a font the largest size in pixels, up to `most`, in which each text fits its width."""
        font = self._fonts[name]
        font.configure(size=-100)
        sizes = [100 * width / max(1, font.measure(text)) for text, width in texts]
        font.configure(size=-max(8, int(min(most, *sizes) if sizes else most)))
