"""What the user does to find rooms, people and commands: opens the pages, and does what is chosen there."""

from gui.chat.controller import ChatController
from gui.chat.finding.rooms_page import RoomsPage
from gui.main_window import MainWindow


class FindingController:
    """Opens the pages of `gui.chat.finding` over the chat. For the Tk thread only."""

    def __init__(self, window: MainWindow, chat: ChatController) -> None:
        self._window = window
        self._chat = chat
        self._rooms: RoomsPage | None = None

    def show_rooms(self) -> None:
        """Show the rooms of the server, to enter one of them."""
        session = self._chat.session
        if session is None:
            return
        window = self._window
        page = RoomsPage(
            window.master, window.look, session.state, self._enter, self._ask_for_rooms, window.uncover
        )
        self._rooms = page
        window.cover(page)
        self._ask_for_rooms()

    def listing_changed(self) -> None:
        """The server has told more of its rooms."""
        if self._rooms is not None and self._rooms.winfo_exists():
            self._rooms.changed()

    def _ask_for_rooms(self) -> None:
        if self._chat.session:
            self._chat.session.state.ask_for_rooms()
            self._chat.send()

    def _enter(self, name: str) -> None:
        self._window.uncover()
        self._chat.join(name)
