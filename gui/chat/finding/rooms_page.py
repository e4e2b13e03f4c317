"""The rooms of the server, to choose one of them or to make a new one."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from client.model.finding.listing import ListedRoom
from client.model.sanitize import is_name
from client.model.state import ClientState
from gui.chat.finding.picker import PickerPage, PickRow
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import LazyRows
from protocol.names import CHANNEL_TYPES
from translations import _, plural

REDRAW_MS: Final = 200
"""Milliseconds between two looks at a list that is coming."""


class RoomsPage(PickerPage):
    """Shows `client.listing`. `on_enter(name)`: a room was chosen; `on_ask()`: the list is wanted anew."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        client: ClientState,
        on_enter: Callable[[str], object],
        on_ask: Callable[[], object],
        on_close: Callable[[], object],
    ) -> None:
        self._client = client
        self._on_enter = on_enter
        self._shown: list[ListedRoom] = []
        self._new = ""
        """The room that is not in the list and can be made: the last row."""
        self._pending: str | None = None
        super().__init__(master, look, on_close)
        self.list.empty = self._why_empty
        self.again_button = ttk.Button(self.foot, command=on_ask)
        self.again_button.grid(row=0, column=0)
        look.follow(self.again_button, self._restyle_button)
        self.bind("<Destroy>", self._on_destroy, add="+")

    def title(self) -> str:
        """Return the title."""
        return _("Rooms")

    def changed(self) -> None:
        """Show soon what has become of the list: not for each room that comes."""
        if self._pending is None:
            self._pending = self.after(REDRAW_MS, self._renew)

    def filter(self, typed: str) -> None:
        """Show the rooms in whose name or topic the text stands, those with most people first."""
        self._find(typed)
        self.list.show(LazyRows(range(self._count), self._row))
        self._show_note()

    def open(self, number: int) -> None:
        """Enter the room."""
        self._on_enter(self._shown[number].name if number < len(self._shown) else self._new)

    # Inside.

    @property
    def _count(self) -> int:
        return len(self._shown) + bool(self._new)

    def _find(self, typed: str) -> None:
        client = self._client
        rooms = {room.folded: room for room in client.listing.rooms}
        for key, room in client.conversations.items():  # secret ones are in no list
            if room.is_room and room.joined:
                rooms.setdefault(key, ListedRoom(room.name, key, len(room.members), room.topic))
        for name in client.class_rooms:
            rooms.setdefault(client.fold(name), ListedRoom(name, client.fold(name), 0))
        wanted = typed.casefold()
        bare = wanted.lstrip(CHANNEL_TYPES)

        def rank(room: ListedRoom) -> tuple[bool, int, str]:
            return (
                not room.name.casefold().lstrip(CHANNEL_TYPES).startswith(bare),
                -room.people,
                room.folded,
            )

        if wanted:
            found = [
                room
                for room in rooms.values()
                if wanted in room.name.casefold() or wanted in room.topic.casefold()
            ]
            self._shown = sorted(found, key=rank)
        else:
            self._shown = sorted(rooms.values(), key=lambda room: (-room.people, room.folded))
        name = client.support.as_channel(typed) if bare else ""
        self._new = name if is_name(name) and client.fold(name) not in rooms else ""

    def _row(self, number: int) -> PickRow:
        if number >= len(self._shown):
            words = _("Enter {room}") if self._client.listing.is_coming else _("Create {room}")
            return PickRow(number, words.format(room=self._new), lead="+")
        room = self._shown[number]
        known = self._client.room(room.name)
        people = plural("{count} person", "{count} people", room.people) if room.people else ""
        is_in = known is not None and known.joined
        name = room.name.lstrip(CHANNEL_TYPES) or room.name
        mark = room.name.removesuffix(name) if name != room.name else "#"
        return PickRow(number, name, mark, room.topic.replace("\n", " "), people, ticked=is_in)

    def _renew(self) -> None:
        self._pending = None
        at = self.list.cursor
        kept = self._shown[at].name if at is not None and at < len(self._shown) else None
        self._find(self.typed)
        # Who has walked down stays at that room while others come; who has not is at the first.
        place = next((at for at, room in enumerate(self._shown) if room.name == kept), 0) if at else 0
        if at is not None and at >= len(self._shown) and self._new:
            place = self._count - 1
        self.list.renew(LazyRows(range(self._count), self._row), place if self._count else None)
        self._show_note()

    def _show_note(self) -> None:
        listing = self._client.listing
        count = plural("{count} room on the server", "{count} rooms on the server", len(listing.rooms))
        if not self._client.is_connected:
            text = _("There is no connection to the server now.")
        elif listing.problem:
            text = listing.problem
        elif listing.is_coming:
            text = _("The server is telling its rooms: {count} so far …").format(count=len(listing.rooms))
        elif listing.is_cut:
            text = _("{rooms}, and more: type the name").format(rooms=count)
        else:
            text = count
        self.note.configure(text=text)

    def _why_empty(self) -> str:
        if self._client.listing.is_coming:
            return _("The server is asked for its rooms.")
        return _("No room fits. Type a name to create a room.")

    def _restyle_button(self) -> None:
        self.again_button.configure(text=_("Ask again"))
        self.again_button.grid(padx=(0, self._look.em(0.6)))

    def _on_destroy(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self and self._pending:
            self.after_cancel(self._pending)
            self._pending = None
