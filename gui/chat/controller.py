"""What the user's hands do in a chat: keys, clicks and menus become words to the session."""

import tkinter as tk
from collections.abc import Callable

from client.model.conversations import Conversation, Entry
from client.model.sanitize import is_name
from client.session import Session
from client.slash_commands import COMMANDS
from gui.chat.page import ChatPage
from gui.toolkit import keys
from gui.toolkit.menu import Item, PopupMenu
from gui.window import Shell
from translations import _


class Hands:
    """Connects the chat page's widgets with whatever session there is. For the Tk thread only.

    Args:
        session: gives the session, or None.
        pump: sends what the session wants sent, and shows what changed.
        show_list: shows the conversations and the window's title anew.
    """

    def __init__(
        self,
        shell: Shell,
        page: ChatPage,
        session: Callable[[], Session | None],
        pump: Callable[[], object],
        show_list: Callable[[], object],
    ) -> None:
        self._shell = shell
        self._page = page
        self._session = session
        self._pump = pump
        self._show_list = show_list
        self._room_menu = PopupMenu(shell.master, shell.look)
        page.on_nick = page.members.on_talk = self.talk_to
        page.members.on_ask = self._whois
        page.members.on_kick = self._kick
        page.on_menu = self._open_entry_menu
        page.on_top = self._read_back
        page.on_scrolled = self._scrolled
        page.composer.on_send = self.say
        page.composer.on_scroll = self._scroll
        page.composer.names = self._names
        page.composer.commands = sorted(f"/{name}" for name in COMMANDS if len(name) > 1)
        page.rooms.on_join = self.join
        page.rooms.list.on_choose = self._choose
        page.rooms.list.on_open = lambda key: page.composer.text.focus_set()
        page.rooms.list.on_close = lambda key: self.leave(page.rooms.by_key(key))
        page.rooms.list.on_menu = self._open_room_menu
        master = shell.master
        keys.add_walking(master)
        master.bind("<<NextRoom>>", lambda _: self.walk(1))
        master.bind("<<PreviousRoom>>", lambda _: self.walk(-1))
        for number in range(1, 10):
            master.bind(f"<Alt-Key-{number}>", lambda _, number=number: self._show_number(number))  # type: ignore[misc]

    def shortcuts(self) -> dict[str, Callable[[], object]]:
        """Return what Ctrl with a letter does while the chat is shown."""
        page = self._page
        functions = {
            "c": self._copy,
            "f": page.open_search,
            "j": page.rooms.ask,
            "m": page.toggle_members,
            "w": lambda: self.leave(page.shown),
        }
        return {letter: self._only_in_chat(function) for letter, function in functions.items()}

    def items(self) -> list[Item]:
        """Return the chat's part of the menu."""
        page = self._page
        named = page.shown is not None and bool(page.shown.name)
        return [
            Item(_("Enter a room …"), page.rooms.ask, "Ctrl+J"),
            Item(_("Leave this conversation"), lambda: self.leave(page.shown), "Ctrl+W", enabled=named),
            Item(_("Search …"), page.open_search, "Ctrl+F"),
            Item(_("Show or hide the members"), page.toggle_members, "Ctrl+M"),
        ]

    # Conversations.

    def show(self, conversation: Conversation) -> None:
        """Bring a conversation before the user's eyes."""
        session, page = self._session(), self._page
        if session is None:
            return
        page.show(conversation)
        session.show(conversation)
        page.show_members(session.nick)
        self._show_list()
        if self._shell.page is page and not page.rooms.list.has_focus:
            page.composer.text.focus_set()

    def walk(self, step: int) -> str:
        """Show the next (1) or the previous (-1) conversation of the list."""
        order, shown = self._page.rooms.order, self._page.shown
        if shown is not None and shown in order:
            self.show(order[(order.index(shown) + step) % len(order)])
        return "break"

    def say(self, text: str) -> None:
        """Say this in the shown conversation, or do what it commands."""
        session, shown = self._session(), self._page.shown
        if session and shown:
            session.enter(shown, text)
            self._pump()

    def join(self, names: str) -> None:
        """Enter a room, or several: their names, with spaces or commas between them."""
        session, shown = self._session(), self._page.shown
        if session and shown:
            for name in names.replace(",", " ").split():
                session.enter_room(name, shown)
            self._pump()

    def leave(self, conversation: Conversation | None) -> None:
        """Leave a room, close a private talk; the talk with the server stays."""
        session = self._session()
        if session and conversation and conversation.name:
            session.close(conversation)
            self._pump()

    def talk_to(self, nick: str) -> None:
        """Open a private talk."""
        session = self._session()
        if session and is_name(nick) and not session.is_me(nick):
            session.open_private(nick)
            self._pump()

    # Inside.

    def _whois(self, nick: str) -> None:
        session, shown = self._session(), self._page.shown
        if session and shown:
            session.whois(nick, shown)
            self._pump()

    def _kick(self, nick: str) -> None:
        session, shown = self._session(), self._page.shown
        if session and shown:
            session.kick(nick, shown)
            self._pump()

    def _choose(self, key: str) -> None:
        conversation = self._page.rooms.by_key(key)
        if conversation is not None:
            self.show(conversation)

    def _show_number(self, number: int) -> str:
        order = self._page.rooms.order
        if number <= len(order):
            self.show(order[number - 1])
        return "break"

    def _scroll(self, keysym: str) -> None:
        if self._page.shown:
            self._page.transcript(self._page.shown).scroll(keysym)

    def _read_back(self, conversation: Conversation) -> None:
        session = self._session()
        if session:
            session.read_back(conversation)
            self._pump()

    def _scrolled(self, conversation: Conversation, up: bool) -> None:
        session = self._session()
        if session:
            session.scrolled(conversation, up=up)
            self._page.drop_old(conversation)

    def _names(self) -> list[str]:
        session, shown = self._session(), self._page.shown
        if session is None or shown is None:
            return []
        nicks = [one.nick for one in shown.sorted_members()] if shown.is_room else [shown.name]
        rooms = [one.name for one in session.conversations.values() if one.is_room]
        return [nick for nick in nicks if nick != session.nick] + rooms

    def _copy(self) -> None:
        shown, master = self._page.shown, self._shell.master
        selection = self._page.transcript(shown).selection() if shown else ""
        if selection:
            master.clipboard_clear()
            master.clipboard_append(selection)

    def _only_in_chat(self, run: Callable[[], object]) -> Callable[[], None]:
        def run_in_chat() -> None:
            if self._shell.page is self._page:
                run()

        return run_in_chat

    def entry_items(self, conversation: Conversation, entry: Entry | None) -> list[Item]:
        """Return what can be done with a transcript entry (None: with what lies between them)."""
        session = self._session()
        selected = bool(self._page.transcript(conversation).selection())
        items = [Item(_("Copy"), self._copy, "Ctrl+C", enabled=selected)]
        if session and entry and session.may_redact(conversation, entry):
            items.append(Item(_("Delete message"), lambda: self._delete(conversation, entry)))
        return items

    def _delete(self, conversation: Conversation, entry: Entry) -> None:
        session = self._session()
        if session:
            session.redact(conversation, entry)
            self._pump()

    def _open_entry_menu(self, conversation: Conversation, event: "tk.Event[tk.Text]") -> None:
        tags = event.widget.tag_names(f"@{event.x},{event.y}")
        entry = next((one for one in conversation.entries if f"e{one.key}" in tags), None)
        self._room_menu.fill(self.entry_items(conversation, entry))
        self._room_menu.open_at(event.x_root, event.y_root)

    def _open_room_menu(self, key: str, x: int, y: int) -> None:
        conversation = self._page.rooms.by_key(key)
        if conversation is not None and conversation.name:
            words = _("Leave the room") if conversation.is_room else _("Close the talk")
            self._room_menu.fill([Item(words, lambda: self.leave(conversation))])
            self._room_menu.open_at(x, y)
