"""The list on the left: the server, the rooms and the private talks, with unread counts."""

import tkinter as tk
from collections.abc import Callable, Iterable
from tkinter import ttk

from client.model.conversations import Conversation
from gui.toolkit.field import BoxedEntry
from gui.toolkit.text_list import TextList, TextRow
from gui.toolkit.theme import Look
from protocol.names import CHANNEL_TYPES, is_channel
from translations import _

SERVER_KEY = " "
"""The key of the row of the conversation with the server itself, whose name is empty."""
MAX_SHOWN = 99


def key_of(conversation: Conversation) -> str:
    """Return the row's key for a conversation."""
    return conversation.name or SERVER_KEY


def row_of(conversation: Conversation) -> TextRow:
    """Return how a conversation looks in the list."""
    unread = conversation.unread
    badge = "" if not unread else str(unread) if unread <= MAX_SHOWN else f"{MAX_SHOWN}+"
    loud = bool(conversation.mentions) or (
        bool(unread) and not conversation.is_room and bool(conversation.name)
    )
    return TextRow(
        key_of(conversation),
        conversation.name.lstrip(CHANNEL_TYPES) or conversation.name or _("Server"),
        lead=conversation.name[:1] if conversation.is_room else "@" if conversation.name else "›",
        bold=bool(unread),
        dimmed=conversation.is_room and not conversation.joined,
        badge=badge,
        loud=loud,
        closable=bool(conversation.name),
    )


def ordered(conversations: Iterable[Conversation]) -> list[Conversation]:
    """Return rooms, then private talks, each in the order of opening; the server comes last."""
    known = list(conversations)
    rooms = [one for one in known if one.is_room]
    talks = [one for one in known if not one.is_room and one.name]
    return rooms + talks + [one for one in known if not one.name]


class ConversationList(ttk.Frame):
    """The conversations, by key: `list` has the callbacks. `on_join(room)`: a room's name was typed."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, style="Side.TFrame")
        self.on_join: Callable[[str], object] = lambda room: None
        self._look = look
        self._conversations: list[Conversation] = []
        self._shown: Conversation | None = None
        self._heading = ttk.Label(self, style="SideBold.TLabel")
        self.plus_button = ttk.Button(self, style="SideIcon.TButton", command=self.ask)
        self._ask = BoxedEntry(self, look, (0.7, 0.45), style="Side", width=8)
        self.entry = self._ask.entry
        self.entry.bind("<Return>", lambda _: self._join())
        self.entry.bind("<Escape>", lambda _: self._hide_ask())
        self.entry.bind("<FocusOut>", lambda _: self._ask.grid_remove(), add="+")
        self.list = TextList(self, look)
        self._heading.grid(row=0, column=0, sticky="w")
        self.plus_button.grid(row=0, column=1, sticky="e")
        self._ask.grid(row=1, column=0, columnspan=2, sticky="ew")
        self._ask.grid_remove()
        self.list.grid(row=2, column=0, columnspan=2, sticky="nsew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        look.follow(self, self._restyle)

    def show(self, conversations: Iterable[Conversation], shown: Conversation | None) -> None:
        """Show these conversations; `shown` is the one in the middle of the window."""
        self._conversations = ordered(conversations)
        self._shown = shown
        rows: list[TextRow] = []
        groups = (
            (_("Rooms"), [one for one in self._conversations if one.is_room]),
            (_("Private talks"), [one for one in self._conversations if not one.is_room and one.name]),
            (_("Connection"), [one for one in self._conversations if not one.name]),
        )
        for title, members in groups:
            if members:
                rows.append(TextRow("", title))
                rows += [row_of(one) for one in members]
        self.list.show(rows, key_of(shown) if shown else "")

    def by_key(self, key: str) -> Conversation | None:
        """Return the conversation of a row."""
        return next((one for one in self._conversations if key_of(one) == key), None)

    @property
    def order(self) -> list[Conversation]:
        """The conversations from top to bottom: for Ctrl+Tab and Alt+1 … 9."""
        return self._conversations

    def set_title(self, title: str) -> None:
        """Show the network's or server's name above the list."""
        self._heading.configure(text=title)

    def ask(self) -> None:
        """Let the user type the name of a room to enter."""
        em = self._look.em
        self._ask.grid(padx=em(0.5), pady=(0, em(0.4)))
        self.entry.delete(0, "end")
        self.entry.insert(0, "#")
        self.entry.focus_set()
        self._ask.state(["focus"])

    def _join(self) -> None:
        name = self.entry.get().strip()
        self._hide_ask()
        if name.strip(CHANNEL_TYPES):
            self.on_join(name if is_channel(name) else f"#{name}")

    def _hide_ask(self) -> None:
        self._ask.grid_remove()
        self.event_generate("<<AskClosed>>")

    def _restyle(self) -> None:
        em = self._look.em
        self.plus_button.configure(image=self._look.icon("plus", self._look.palette.muted))
        self._heading.grid_configure(padx=(em(1), 0), pady=em(0.55))
        self.plus_button.grid_configure(padx=(0, em(0.5)))
        self.show(self._conversations, self._shown)
