"""The list on the right: who is in the room."""

import tkinter as tk
from tkinter import ttk

from client.model.conversations import Conversation, Member
from client.model.state import ClientState
from gui.chat.name_colours import NameColours
from gui.toolkit.text_list import TextList, TextRow
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import LazyRows
from translations import _, plural


def row_of(member: Member, me: str, colour: str, *, is_teacher: bool = False) -> TextRow[str]:
    """Return how a member looks in the list."""
    says_so = member.nick.casefold() == _("teacher")  # as the launcher suggests in Russian
    marks = (
        (is_teacher and not says_so, _("teacher")),
        (member.bot, _("bot")),
        (member.nick == me, _("(you)")),
    )
    tail = "".join(f"  {words}" for holds, words in marks if holds)
    lead = member.prefixes[:1]
    return TextRow(member.nick, member.nick, lead, tail, colour=colour, dimmed=member.away)


class MemberList(ttk.Frame):
    """The members of the shown room. `list` has the callbacks."""

    def __init__(self, master: tk.Misc, look: Look, colours: NameColours) -> None:
        super().__init__(master, style="Side.TFrame")
        self.client: ClientState | None = None
        """Of the current session."""
        self._look = look
        self._colours = colours
        self._room: Conversation | None = None
        self._heading = ttk.Label(self, style="SideBold.TLabel")
        self.list: TextList[str] = TextList(self, look)
        self.list.walking_chooses = False
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

    def _restyle(self) -> None:
        look = self._look
        # As high as the row above the other list, so that the first rows of both are aligned.
        self._heading.grid(row=0, column=0, sticky="w", padx=(look.em(1), 0), pady=look.em(0.55))
        self.show(self._room)
