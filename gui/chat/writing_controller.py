"""What the user writes, before it is sent: who is told of it, and what is too long."""

from collections.abc import Callable, Sequence

from client.session import Session
from gui.chat.page import ChatPage
from gui.main_window import MainWindow
from translations import _


class WritingController:
    """Connects the input line with the current session. For the Tk thread only.

    Args:
        session: gives the current session.
    """

    def __init__(self, window: MainWindow, page: ChatPage, session: Callable[[], Session | None]) -> None:
        self._window, self._page, self._session = window, page, session
        page.composer.on_typed = self._typed
        page.composer.excess = self._excess

    def refresh(self) -> None:
        """Show who is writing; to be called often."""
        session, shown = self._session(), self._page.shown
        nicks: Sequence[str] = ()
        if session and shown and self._window.settings.typing:
            nicks = session.state.typists(shown)
        self._page.composer.foot.show_typists(nicks)

    def _typed(self, text: str) -> None:
        session, shown = self._session(), self._page.shown
        if session and shown and self._window.settings.typing:
            session.typed(shown, text)

    def _excess(self, text: str) -> str:
        """Say by how much a text is too long for one message; "" if it is not."""
        session, shown = self._session(), self._page.shown
        size = session.measure(shown, text) if session and shown else None
        if size is None or size.messages < 2:
            return ""
        words = _("A message for each line: {parts}")
        if size.extra_lines:
            words = _("Lines too many: {count} · goes in parts: {parts}")
        elif size.extra_bytes:
            words = _("Bytes too many: {count} · goes in parts: {parts}")
        return words.format(count=size.extra_lines or size.extra_bytes, parts=size.messages)
