"""A page over the chat that lists what waits to be sent, and gives it back to who wrote it."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from client.outbox import Outgoing
from gui.clock import clock
from gui.over_page import OverPage
from gui.toolkit.text import wrap
from gui.toolkit.text_list import TextList, TextRow
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import ignore
from translations import _


class UnsentPage(OverPage):
    """The messages by conversation, in the order in which they will be sent.

    `on_take_back(items)`: the user wants these back.
    """

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        on_reconnect: Callable[[], object],
        on_close: Callable[[], object],
    ) -> None:
        super().__init__(master, on_close)
        self.on_take_back: Callable[[Sequence[Outgoing]], object] = ignore
        self._look = look
        self._items: Sequence[Outgoing] = ()
        self._status = ""
        self._title = ttk.Label(self, style="SideTitle.TLabel")
        self._about = ttk.Label(self, style="Side.TLabel", justify="left")
        wrap(self._about)
        self.list: TextList[str] = TextList(self, look)
        self.list.walking_chooses = False
        self.list.on_open = self.list.on_close = self._take_back
        self.list.empty = lambda: _("Nothing waits any more.")
        self.first = self.list.canvas
        buttons = ttk.Frame(self, style="Side.TFrame")
        self.all_button = ttk.Button(buttons, style="Side.TButton", command=self._take_all)
        self.reconnect_button = ttk.Button(buttons, style="Side.TButton", command=on_reconnect)
        self.close_button = ttk.Button(buttons, style="Accent.TButton", command=on_close)
        self._buttons = buttons
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        buttons.columnconfigure(2, weight=1)
        look.follow(self, self._restyle)

    def show(self, items: Sequence[Outgoing], status: str, *, can_reconnect: bool) -> None:
        """Show what waits now.

        Args:
            status: what the connection does, in a sentence.
        """
        if status != self._status:
            self._status = status
            self._say()
        self.reconnect_button.state(["!disabled" if can_reconnect else "disabled"])
        if _marks(items) != _marks(self._items):
            self._items = items
            self._show_rows()

    def refuse(self) -> None:
        """Say that the input line does not hold so much."""
        self._about.configure(
            text=_("The input line has no room for all of it: send or delete what stands there first.")
        )

    def _show_rows(self) -> None:
        rows: list[TextRow[str]] = []
        by_place: dict[str, list[Outgoing]] = {}
        for item in self._items:
            by_place.setdefault(item.conversation.name, []).append(item)
        for name, items in by_place.items():
            rows.append(TextRow(None, name or _("Server")))
            rows += map(_row, items)
        self.list.show(rows)
        if self.list.index_of(self.list.cursor) is None:
            self.list.set_cursor(next((row.key for row in rows if row.key), None))
        self.all_button.state(["disabled" if all(item.handed for item in self._items) else "!disabled"])

    def _take_back(self, nonce: str) -> None:
        self.on_take_back([item for item in self._items if item.entry.nonce == nonce])

    def _take_all(self) -> None:
        self.on_take_back(self._items)

    def _say(self) -> None:
        about = _(
            "This is sent, in this order, when there is a connection. Enter, a double click or Delete takes "
            "a message back into the input line."
        )
        self._about.configure(text=f"{self._status}\n{about}")

    def _restyle(self) -> None:
        em = self._look.em
        self.configure(padding=(em(1.2), em(1.2), em(1.2), em(1)))
        self._title.configure(text=_("Waits to be sent"))
        self._title.grid(row=0, column=0, sticky="w", padx=em(0.6))
        self._say()
        self._about.grid(row=1, column=0, sticky="ew", padx=em(0.6), pady=(em(0.4), em(0.6)))
        self.list.grid(row=2, column=0, sticky="nsew")
        self._buttons.grid(row=3, column=0, sticky="ew", padx=em(0.6), pady=(em(0.8), 0))
        self.all_button.configure(text=_("Take all back"))
        self.reconnect_button.configure(text=_("Reconnect now"))
        self.close_button.configure(text=_("Close"))
        self.all_button.grid(row=0, column=0)
        self.reconnect_button.grid(row=0, column=1, padx=em(0.6))
        self.close_button.grid(row=0, column=3)
        self._show_rows()


def _marks(items: Sequence[Outgoing]) -> list[tuple[str, bool]]:
    return [(item.entry.nonce, item.handed) for item in items]


def _row(item: Outgoing) -> TextRow[str]:
    first, _feed, rest = item.typed.partition("\n")
    notes = [clock(item.entry.time), _("may have arrived already") if item.handed else ""]
    return TextRow(
        item.entry.nonce,
        first + (" …" if rest else ""),
        tail="  " + " · ".join(filter(None, notes)),
        dimmed=item.handed,
        closable=not item.handed,
    )
