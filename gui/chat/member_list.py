"""The list on the right: who is in the room."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from client.model.conversations import Conversation, Member
from client.model.state import ClientState
from gui.chat.name_colours import NameColours
from gui.toolkit.menu import SEPARATOR, Item, PopupMenu
from gui.toolkit.text_list import TextList, TextRow
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import LazyRows
from translations import _, plural


def row_of(member: Member, me: str, colour: str, *, is_teacher: bool = False) -> TextRow[str]:
    """Return how a member looks in the list."""
    marks = ((is_teacher, _("teacher")), (member.bot, _("bot")), (member.nick == me, _("(you)")))
    tail = "".join(f"  {words}" for holds, words in marks if holds)
    lead = member.prefixes[:1]
    return TextRow(member.nick, member.nick, lead, tail, colour=colour, dimmed=member.away)


class MemberList(ttk.Frame):
    """The members of the shown room.

    What its menu offers: `on_talk(nick)`, a private talk; `on_ask(nick)`: who is it?; `on_kick(nick)`: remove
    this member. `list` has the other callbacks.
    """

    def __init__(self, master: tk.Misc, look: Look, colours: NameColours) -> None:
        super().__init__(master, style="Side.TFrame")
        self.on_talk: Callable[[str], object] = lambda nick: None
        self.on_ask: Callable[[str], object] = lambda nick: None
        self.on_kick: Callable[[str], object] = lambda nick: None
        self.on_ignore: Callable[[str], object] = lambda nick: None
        self.class_items: Callable[[str], Sequence[Item]] = lambda nick: ()
        """Returns what the teacher of a class can do with somebody."""
        self.client: ClientState | None = None
        """Of the current session."""
        self._look = look
        self._colours = colours
        self._room: Conversation | None = None
        self._heading = ttk.Label(self, style="SideBold.TLabel")
        self.list: TextList[str] = TextList(self, look)
        self.list.walking_chooses = False
        self.list.on_menu = self._menu_for
        self.menu = PopupMenu(self, look)
        self.list.grid(row=1, column=0, sticky="nsew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        look.follow(self, self._restyle)

    def show(self, room: Conversation | None) -> None:
        """Show a room's members."""
        self._room = room
        client = self.client
        members = client.sorted_members(room) if client and room else []

        def row(member: Member) -> TextRow[str]:
            assert client
            assert room
            colour = self._look.palette.names[self._colours.number(room, client.fold(member.nick))]
            return row_of(member, client.nick, colour, is_teacher=client.is_teacher(room, member))

        self.list.show(LazyRows(members, row))
        self._heading.configure(text=plural("{count} member", "{count} members", len(members)))

    def i_am_operator(self) -> bool:
        """Tell whether the user may remove others from the room."""
        return bool(self.client and self._room and self.client.is_operator(self._room))

    def _menu_for(self, nick: str, x: int, y: int) -> None:
        items = [
            Item(_("Private talk"), lambda: self.on_talk(nick)),
            Item(_("Who is it?"), lambda: self.on_ask(nick)),
        ]
        client, room = self.client, self._room
        if client and nick != client.nick:
            if verbs := self.class_items(nick):
                items = [*verbs, SEPARATOR, items[-1]]
            else:
                words = _("Show what this person says again")
                if not client.is_ignored(nick):
                    words = _("Hide what this person says")
                items.append(Item(words, lambda: self.on_ignore(nick)))
            rules_here = client.rules_class and room is not None and client.is_of_class(room)
            if self.i_am_operator() and not rules_here:
                items += [SEPARATOR, Item(_("Remove from the room"), lambda: self.on_kick(nick))]
        self.menu.open_at(items, x, y)

    def _restyle(self) -> None:
        look = self._look
        # As high as the row above the other list, so that the first rows of both are aligned.
        self._heading.grid(row=0, column=0, sticky="w", padx=(look.em(1), 0), pady=look.em(0.55))
        self.show(self._room)
