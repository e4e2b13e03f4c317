"""What the user writes, before it is sent: who is told of it, what is too long, and emoji."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from client.session import Session
from client.settings import MAX_RECENT_EMOJI, Settings
from gui.chat.page import ChatPage
from gui.chat.writing.emoji_picker import EmojiPicker
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
        self._picker: EmojiPicker | None = None

    def refresh(self) -> None:
        """Show who is writing; to be called often."""
        session, shown = self._session(), self._page.shown
        nicks: Sequence[str] = ()
        if session and shown and self._window.settings.typing:
            nicks = session.state.typists(shown)
        self._page.composer.foot.show_typists(nicks)

    # Emoji.

    def toggle_emoji(self) -> None:
        """Open the panel of emoji, or close it."""
        page = self._page
        if self._picker is None:
            self._picker = EmojiPicker(page.middle, self._window.look)
            self._picker.on_choose = self._choose_emoji
            self._picker.on_close = page.composer.text.focus_set
        if self._picker.is_open:
            self._picker.close()
        else:
            self._picker.open(self._window.settings.recent_emoji, page.composer.winfo_height())

    def _choose_emoji(self, char: str) -> None:
        self._page.composer.insert(char)

        def remember(kept: Settings) -> Settings:
            others = [one for one in kept.recent_emoji if one != char]
            return replace(kept, recent_emoji=(char, *others)[:MAX_RECENT_EMOJI])

        self._window.choose(remember)

    # What is typed.

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
