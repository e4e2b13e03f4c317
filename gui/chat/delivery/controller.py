"""Connecting again at once, and what waits until then: counted in the status line, listed, taken back."""

from collections.abc import Sequence

from client.model.conversations import Conversation
from client.outbox import Outgoing
from gui.chat.controller import ChatController
from gui.chat.delivery.unsent_page import UnsentPage
from gui.main_window import MainWindow


class DeliveryController:
    """Connects status line and list with the current session. For the Tk thread only."""

    def __init__(self, window: MainWindow, chat: ChatController) -> None:
        self._window, self._chat = window, chat
        self._status = chat.page.status
        self._page: UnsentPage | None = None
        """While it is open."""
        self._status.reconnect_button.configure(command=self.reconnect)
        self._status.unsent_button.configure(command=self.show_unsent)

    @property
    def unsent(self) -> Sequence[Outgoing]:
        """What waits to be sent."""
        return self._chat.session.unsent if self._chat.session else ()

    def can_reconnect(self) -> bool:
        """Tell whether it would be of use to connect now."""
        session = self._chat.session
        return session is not None and session.can_reconnect

    def reconnect(self) -> None:
        """Connect now, without waiting for the time of the next try."""
        if self._chat.session:
            self._chat.session.reconnect()
            self._chat.send()

    def show_unsent(self) -> None:
        """List what waits to be sent."""
        window = self._window
        page = self._page = UnsentPage(window.master, window.look, self.reconnect, window.uncover)
        page.on_take_back = self._take_back
        self.refresh()
        window.cover(page)

    def refresh(self) -> None:
        """Show how much waits now; to be called often."""
        items = self.unsent
        self._status.show_unsent(len(items))
        if self._page and self._page.winfo_exists():
            self._page.show(items, self._status.sentence, can_reconnect=self.can_reconnect())

    def _take_back(self, items: Sequence[Outgoing]) -> None:
        """Give what was not sent back into the input line of its conversation, and show that."""
        session, page = self._chat.session, self._chat.page
        fitting: list[Outgoing] = []
        space: dict[Conversation, int] = {}
        for item in items:
            place = item.conversation
            space[place] = space.get(place, page.space_left(place)) - len(item.typed) - 1
            if space[place] >= 0:
                fitting.append(item)
        taken = session.take_back(fitting) if session else []
        by_place: dict[Conversation, list[str]] = {}
        for item in taken:
            by_place.setdefault(item.conversation, []).append(item.typed)
        for conversation, texts in by_place.items():
            page.put_back(conversation, texts)
        self._chat.send()
        if taken:
            self._chat.show(taken[-1].conversation)
        if self._page and len(fitting) < len(items):
            self._page.refuse()
        if not self.unsent:
            self._window.uncover()
            self._chat.page.composer.text.focus_set()
