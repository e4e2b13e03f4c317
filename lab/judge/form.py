"""What is to be judged, as it is chosen in the window."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from gui.toolkit.field import Field
from gui.toolkit.theme import Look
from lab.judge.protocols import PROTOCOLS
from lab.judge.task import CLIENT, SERVER, Task, find_task
from program.errors import UserFacingError
from translations import _

_LEAST: Final = 4
"""Characters that a button of a protocol has room for at least: all of them stand in one row."""
_PLACES: Final = {SERVER: "127.0.0.1:7000", CLIENT: "7000"}


class JudgeForm(ttk.Frame):
    """Side, protocol, address or port, variant and command. For the Tk thread only.

    `on_change()`: other checks are to be made. `on_enter()`: Enter was pressed in a field.
    """

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self.on_change: Callable[[], object] = lambda: None
        self.on_enter: Callable[[], object] = lambda: None
        self._look = look
        self._side = SERVER
        self._protocol = ""
        """The one that was chosen; "" for the variant's."""
        self._choices = ttk.Frame(self)
        self.sides = {
            side: ttk.Button(self._choices, command=lambda side=side: self.choose_side(side))  # type: ignore[misc]
            for side in (SERVER, CLIENT)
        }
        self._protocol_label = ttk.Label(self._choices, style="Muted.TLabel")
        self.protocols = {
            name: ttk.Button(
                self._choices,
                text=name,
                width=-_LEAST,
                command=lambda name=name: self.choose_protocol(name),  # type: ignore[misc]
            )
            for name in PROTOCOLS
        }
        self.places = {
            SERVER: Field(self, look, lambda: (_("Address and port of your server"), "")),
            CLIENT: Field(self, look, lambda: (_("Port for your client on this computer"), "")),
        }
        for side, field in self.places.items():
            field.set(_PLACES[side])
        self.variant = Field(self, look, lambda: (_("Variant"), ""), width=6)
        self.command = Field(self, look, lambda: (_("Command that starts your program (may be empty)"), ""))
        self._variant_seen = ""
        self.variant.entry.bind("<KeyRelease>", lambda _: self._look_at_variant(), add="+")
        for field in (*self.places.values(), self.variant, self.command):
            field.entry.bind("<Return>", lambda _: self.on_enter())
        self.columnconfigure(2, weight=1)
        look.follow(self, self._restyle)

    def task(self) -> Task | None:
        """Return what is chosen; None if the variant is none, which its field then says."""
        text = self.variant.get()
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
        try:
            return find_task(self._side, self._protocol or None, number if text else None)
        except UserFacingError as error:
            self.variant.set_error(str(error))
            return None

    @property
    def where(self) -> str:
        """Where the program is, or where it is awaited."""
        return self.places[self._side].get()

    def choose_side(self, side: str) -> None:
        """Judge a server or a client."""
        self._side = side
        self._changed()

    def choose_protocol(self, name: str) -> None:
        """Judge with a protocol."""
        self._protocol = name
        self._changed()

    def enable(self, *, enabled: bool) -> None:
        """Let the user change something, or not."""
        for button in (*self.sides.values(), *self.protocols.values()):
            button.state(["!disabled" if enabled else "disabled"])
        for field in (*self.places.values(), self.variant, self.command):
            field.enable(enabled=enabled)

    def _look_at_variant(self) -> None:
        """Tell of another variant; the Tab key that comes to the field or leaves it changes nothing."""
        if self.variant.get() != self._variant_seen:
            self._variant_seen = self.variant.get()
            self._changed()

    def _changed(self) -> None:
        self._show()
        self.on_change()

    def _show(self) -> None:
        task = self.task()
        for side, button in self.sides.items():
            button.configure(style="Accent.TButton" if side == self._side else "TButton")
        if task:
            for name, button in self.protocols.items():
                button.configure(style="Accent.TButton" if name == task.protocol else "TButton")
        for side, field in self.places.items():
            if side == self._side:
                field.grid(row=1, column=0, sticky="ew")
            else:
                field.grid_remove()

    def _restyle(self) -> None:
        em = self._look.em
        for side, words in ((SERVER, _("Server")), (CLIENT, _("Client"))):
            self.sides[side].configure(text=words)
            self.sides[side].pack(side="left", padx=(0, em(0.4)))
        self._protocol_label.configure(text=_("Protocol"))
        self._protocol_label.pack(side="left", padx=(em(1.5), em(0.6)))
        for button in self.protocols.values():
            button.pack(side="left", padx=(0, em(0.4)))
        self._choices.grid(row=0, column=0, columnspan=3, sticky="w", pady=(0, em(0.8)))
        self.variant.grid(row=1, column=1, sticky="ew", padx=em(1))
        self.command.grid(row=1, column=2, sticky="ew")
        self._show()
