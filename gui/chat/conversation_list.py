"""The list on the left: the server, the rooms and the private talks, with unread counts."""

import tkinter as tk
from collections.abc import Callable, Iterable
from tkinter import ttk

from client.model.conversations import Conversation
from gui.toolkit.text_list import TextList, TextRow
from gui.toolkit.theme import Look
from protocol.names import CHANNEL_TYPES
from translations import _

MAX_SHOWN = 99


def row_of(conversation: Conversation, *, is_muted: bool) -> TextRow[Conversation]:
    """Return how a conversation looks in the list: one that is muted stays pale, but for the user's name."""
    name, unread, is_room = conversation.name, conversation.unread, conversation.is_room

    def count(number: int) -> str:
        return str(number) if number <= MAX_SHOWN else f"{MAX_SHOWN}+"

    return TextRow(
        conversation,
        name.lstrip(CHANNEL_TYPES) or name or _("Server"),
        lead=name[:1] if is_room else "@" if name else "›",
        bold=bool(unread) and not is_muted,
        dimmed=is_muted or (is_room and not conversation.joined),
        badge=count(unread) if unread else "",
        loud=bool(unread and name and not is_room and not is_muted),
        call=f"@{count(conversation.mentions)}" if conversation.mentions and (is_room or not name) else "",
        faint=is_muted,
        closable=bool(name),
    )


class ConversationList(ttk.Frame):
    """`list` has the callbacks."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Side.TFrame")
        self.is_muted: Callable[[Conversation], bool] = lambda conversation: False
        self.order: list[Conversation] = []
        """From top to bottom: for Ctrl+Tab and Alt+1 … 9."""
        self._look = look
        self._shown: Conversation | None = None
        self._heading = ttk.Label(self, style="SideBold.TLabel")
        self.plus_button = ttk.Button(self, style="SideIcon.TButton")
        self.list: TextList[Conversation] = TextList(self, look)
        self.list.grid(row=1, column=0, columnspan=2, sticky="nsew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        look.follow(self, self._restyle)

    def show(self, conversations: Iterable[Conversation], shown: Conversation | None) -> None:
        """Show rooms, private talks and the server; `shown` is the one in the middle of the window."""
        known = list(conversations)
        groups = (
            (_("Rooms"), [one for one in known if one.is_room]),
            (_("Private talks"), [one for one in known if not one.is_room and one.name]),
            (_("Connection"), [one for one in known if not one.name]),
        )
        self._shown = shown
        self.order = [one for _title, members in groups for one in members]
        rows: list[TextRow[Conversation]] = []
        for title, members in groups:
            if members:
                rows.append(TextRow(None, title))
                rows += [row_of(one, is_muted=self.is_muted(one)) for one in members]
        self.list.show(rows, shown)

    def set_title(self, title: str) -> None:
        """Show the network's or server's name above the list."""
        self._heading.configure(text=title)

    def _restyle(self) -> None:
        em = self._look.em
        self.plus_button.configure(image=self._look.icon("plus", self._look.palette.muted))
        self._heading.grid(row=0, column=0, sticky="w", padx=(em(1), 0), pady=em(0.55))
        self.plus_button.grid(row=0, column=1, sticky="e", padx=(0, em(0.5)))
        self.show(self.order, self._shown)
