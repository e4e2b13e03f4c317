"""Calls the user to the window when something for him is said, as he wants it."""

import time

from client.attention import Bursts, cause_of, may_call
from client.model.conversations import Conversation, Entry
from gui.desktop import attention as desktop
from gui.main_window import MainWindow
from gui.settings.quiet import Quiet


class Attention:
    """Lets the window ask for attention, until it has the focus. For the Tk thread only."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._bursts = Bursts(time.monotonic)
        self.quiet = Quiet(window)
        self.is_asking = False
        """The window asks for attention now."""

    def heard(self, conversation: Conversation, entry: Entry, *, is_muted: bool) -> None:
        """Somebody else has said something: ask for attention if the user wants that and works elsewhere."""
        settings = self._window.settings
        wanted = may_call(cause_of(conversation, entry), settings.attention, is_muted=is_muted)
        if not wanted or self.quiet.holds or self._window.has_focus():
            return
        if not self.is_asking:
            self.is_asking = True
            desktop.demand(self._window.master, on=True)
        if self._bursts.begins() and settings.sound:
            desktop.ring(self._window.master)

    def seen(self) -> None:
        """The window has got the focus, or the user does not want to be called."""
        if self.is_asking:
            self.is_asking = False
            desktop.demand(self._window.master, on=False)
