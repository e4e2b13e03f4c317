"""What the user does to find rooms, people and commands: opens the pages, and does what is chosen there.

Each page is imported when it is opened first, so that the program starts sooner.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from client.model.conversations import Conversation
from client.model.events import CardAsked, CardChanged, ListingChanged, SessionEvent
from client.model.sanitize import is_name
from gui.ask_page import Wanted
from gui.chat.controller import ChatController
from gui.chat.finding.people import People
from gui.chat.finding.room_menu import RoomMenu
from gui.main_window import MainWindow
from gui.toolkit.action import Action
from gui.toolkit.menu import Item
from translations import _

if TYPE_CHECKING:
    from gui.chat.finding.card_page import CardPage
    from gui.chat.finding.command_palette import Choice, Sort
    from gui.chat.finding.rooms_page import RoomsPage


class FindingController:
    """Opens the pages of `gui.chat.finding` over the chat. For the Tk thread only."""

    def __init__(self, window: MainWindow, chat: ChatController) -> None:
        self._window = window
        self._chat = chat
        self._rooms: RoomsPage | None = None
        self._card: CardPage | None = None
        self._used: list[tuple[Sort, str]] = []
        """What was chosen in the palette, the last first."""
        self.people = People(window, chat, self.show_card, self.rename_me)
        self._room_menu = RoomMenu(window, chat)
        page = chat.page
        page.members.list.on_menu = page.on_nick_menu = self._open_person_menu
        page.status.on_nick = self.rename_me

    def told(self, event: SessionEvent) -> None:
        """The server has told something of what it was asked, or the user has typed a question."""
        match event:
            case ListingChanged() if self._rooms is not None and self._rooms.winfo_exists():
                self._rooms.changed()
            case CardAsked():
                self._open_card()
            case CardChanged() if self._card is not None and self._card.winfo_exists():
                self._card.changed()

    def show_palette(self, actions: Sequence[Action], items: Sequence[Item]) -> None:
        """Show the field that finds everything.

        Args:
            actions: all that can be done in the window.
            items: those of its menu.
        """
        window, chat, session = self._window, self._chat, self._chat.session
        if session is None:
            return
        from gui.chat.finding.choices import (  # noqa: PLC0415
            action_choices,
            command_choices,
            people_choices,
            talk_choices,
        )
        from gui.chat.finding.command_palette import CommandPalette  # noqa: PLC0415

        state = session.state

        def choices() -> "list[Choice]":
            found = [*talk_choices(chat), *action_choices(actions, items)]
            return [*found, *people_choices(chat, state), *command_choices(chat, state)]

        window.cover(CommandPalette(window.master, window.look, choices, self._used, window.uncover))

    # Rooms.

    def show_rooms(self) -> None:
        """Show the rooms of the server, to enter one of them."""
        session = self._chat.session
        if session is None:
            return
        from gui.chat.finding.rooms_page import RoomsPage  # noqa: PLC0415

        window, ask = self._window, self._ask_for_rooms
        self._rooms = RoomsPage(window.master, window.look, session.state, self._enter, ask, window.uncover)
        window.cover(self._rooms)
        self._ask_for_rooms()

    def items_of(self, conversation: Conversation) -> list[Item]:
        """Return what can be done with a room, or with the person of a private talk."""
        if conversation.is_room:
            return self._room_menu.items(conversation)
        return self.people.items(conversation.name) if conversation.name else []

    def _ask_for_rooms(self) -> None:
        if self._chat.session:
            self._chat.session.state.ask_for_rooms()
            self._chat.send()

    def _enter(self, name: str) -> None:
        self._window.uncover()
        self._chat.join(name)

    # People.

    def show_card(self, nick: str) -> None:
        """Show who somebody is."""
        if self._chat.session and is_name(nick):
            self._ask_for_card(nick)
            self._open_card()

    def _open_card(self) -> None:
        session, window = self._chat.session, self._window
        if session is None or session.state.looked_up is None:
            return
        from gui.chat.finding.card_page import CardPage  # noqa: PLC0415

        self._card = CardPage(
            window.master,
            window.look,
            session.state,
            session.state.looked_up.nick,
            ask=self._ask_for_card,
            talk=self._talk_from_card,
            ignore=self.people.ignore,
            menu=self._open_person_menu,
            on_close=window.uncover,
        )
        window.cover(self._card)

    def _ask_for_card(self, nick: str) -> None:
        if self._chat.session:
            self._chat.session.state.ask_for_card(nick)
            self._chat.send()

    def _talk_from_card(self, nick: str) -> None:
        self._window.uncover()
        self._chat.talk_to(nick)

    def _open_person_menu(self, nick: str, x: int, y: int) -> None:
        self._window.menu.open_at(self.people.items(nick), x, y)

    def rename_me(self) -> None:
        """Let the user change the own nick."""
        session = self._chat.session
        if session is None or not self._chat.is_shown():
            return
        longest = session.state.support.number("NICKLEN", 0, 0, 1000)

        def problem(text: str) -> str:
            if not is_name(text):
                return _("A nick is one word.")
            if longest and len(text) > longest:
                template = _("A nick has at most {longest} characters here; this one has {length}.")
                return template.format(longest=longest, length=len(text))
            return ""

        wanted = Wanted(
            lambda: _("Change the nick"),
            lambda: (_("Nick"), _("So others see you from now on.")),
            lambda: _("Change"),
            session.state.nick,
            problem,
        )
        self._window.ask_for(wanted, lambda nick: self._chat.run(f"/nick {nick}"))
