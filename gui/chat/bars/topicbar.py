"""The bar above the transcript: the conversation's name, the room's topic, and the window's buttons."""

import tkinter as tk
from tkinter import ttk
from typing import Final

from client.model.conversations import Conversation
from client.model.state import ClientState
from gui.toolkit.theme import Look
from gui.toolkit.tooltip import Tooltip
from translations import _

_LEAST_NAME: Final = 8.0
"""Ems of a conversation's name that are shown before what else the bar has to say."""


class TopicBar(ttk.Frame):
    """Name and topic on the left; on the right an operator's desk, search, members and menu.

    Where the window is too narrow for the conversations, the button that drops them down stands before all.
    """

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self._look = look
        self.client: ClientState | None = None
        """Of the current session."""
        self._conversation: Conversation | None = None
        self._name = ttk.Label(self, style="Title.TLabel")
        self._title = self._words = ""
        self._topic = tk.Label(self, anchor="w", borderwidth=0)
        for widget in (self, self._topic):
            widget.bind("<Configure>", lambda _: self._shorten())
        self.list_button = ttk.Button(self, style="Icon.TButton", compound="left", width=-1)
        """Drops the conversations down; hidden where they are shown anyway."""
        self.desk_button = ttk.Button(self, width=-1)
        """Is seen by the operator of a class."""
        self.search_button = ttk.Button(self, style="Icon.TButton")
        self.members_button = ttk.Button(self, style="Icon.TButton")
        self.menu_button = ttk.Button(self, style="Icon.TButton")
        self._icons = (
            (self.search_button, "search"),
            (self.members_button, "people"),
            (self.menu_button, "menu"),
        )
        self.recorded = tk.Label(self, borderwidth=0)
        """Is seen where what is said is kept."""
        Tooltip(self.recorded, look, lambda: _("What is said here is kept: the teacher can read it later."))
        Tooltip(self._topic, look, lambda: self._words or _("No topic"))
        self._name.grid(row=0, column=1, sticky="w")
        for column, (button, _icon) in enumerate(self._icons, 5):
            button.grid(row=0, column=column)
        self.columnconfigure(2, weight=1)
        look.follow(self, self._restyle)

    def show(self, conversation: Conversation) -> None:
        """Show the name and the topic of a conversation."""
        self._conversation = conversation
        if conversation.is_room:
            name, topic = conversation.name, conversation.topic
        elif conversation.name:
            name, topic = conversation.name, _("Private talk")
        else:
            name, topic = _("Server"), _("What the server says to you alone")
        self._title = name
        self._words = topic.replace("\n", " ")
        if self.client and self.client.is_recorded(conversation):
            self.recorded.grid(row=0, column=3, padx=(0, self._look.em(0.6)))
        else:
            self.recorded.grid_remove()
        self.show_desk_button()
        self._shorten()

    def show_desk_button(self) -> None:
        """Show the way to the desk to whom it opens, and to nobody else."""
        opens = bool(self.client and self.client.rules_class)
        if opens == bool(self.desk_button.winfo_manager()):
            return
        if opens:
            self.desk_button.grid(row=0, column=4, padx=(0, self._look.em(0.6)))
        else:
            self.desk_button.grid_remove()
        self._shorten()

    def show_list_button(self, *, wanted: bool) -> None:
        """Show the button that drops the conversations down, or hide it."""
        if wanted:
            self.list_button.grid(row=0, column=0, padx=(0, self._look.em(0.8)))
        else:
            self.list_button.grid_remove()
        self._shorten()

    def count_unread(self, count: int) -> None:
        """Show on that button how much is unread in the other conversations."""
        self.list_button.configure(text=f" {count}" if count else "")
        self._shorten()

    def _shorten(self) -> None:
        """Show as much of name and topic as fits beside the buttons; window title and tooltip have it all."""
        look = self._look
        taken = sum(button.winfo_reqwidth() for button, _icon in self._icons) + look.em(3.5)
        for button in (self.desk_button, self.list_button):
            if button.winfo_manager():
                taken += button.winfo_reqwidth() + look.em(0.8)
        room = self.winfo_width() - taken
        if self.recorded.winfo_manager():
            # Where the words would leave no room for the name, the dot's tooltip has them.
            name = min(look.fonts["title"].measure(self._title), look.em(_LEAST_NAME))
            words, gap = "●  " + _("The room is recorded"), look.em(0.8)
            measure = look.fonts["small"].measure
            text = words if name + measure(words) + gap <= room else "●"
            self.recorded.configure(text=text)
            room -= measure(text) + gap
        self._name.configure(text=look.shorten(self._title, "title", room))
        self._topic.configure(text=look.shorten(self._words, "body", self._topic.winfo_width()))

    def _restyle(self) -> None:
        look = self._look
        p, em = look.palette, look.em
        self.configure(padding=(em(1.2), em(0.35), em(0.7), em(0.35)))
        self._topic.configure(background=p.window, foreground=p.muted, font=look.fonts["body"], width=1)
        self.recorded.configure(
            background=p.window,
            foreground=p.danger,
            font=look.fonts["small"],
        )
        self.desk_button.configure(text=_("Desk"))
        self.list_button.configure(image=look.icon("sidebar", p.muted))
        self._topic.grid(row=0, column=2, sticky="ew", padx=(em(1), em(0.6)))
        for button, icon in self._icons:
            button.configure(image=look.icon(icon, p.muted))
        if self._conversation:
            self.show(self._conversation)
