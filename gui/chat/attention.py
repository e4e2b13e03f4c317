"""Calls the user to the window when something for him is said, as he wants it."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from client.attention import FOREVER, Bursts, cause_of, may_call
from client.model.conversations import Conversation, Entry
from gui.desktop import attention as desktop
from gui.main_window import MainWindow
from gui.toolkit.menu import Item, choices
from translations import _

AN_HOUR: Final = 3600.0
_OFF, _HOUR, _ON = "off", "hour", "on"


class Attention:
    """Lets the window ask for attention, until it has the focus. For the Tk thread only.

    Args:
        clock: seconds since the epoch.
        timer: seconds that pass evenly.
    """

    def __init__(
        self,
        window: MainWindow,
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._window = window
        self._clock = clock
        self._bursts = Bursts(timer)
        self.is_asking = False
        """The window asks for attention now."""

    def heard(self, conversation: Conversation, entry: Entry, *, is_muted: bool) -> None:
        """Somebody else has said something: ask for attention if the user wants that and works elsewhere."""
        settings = self._window.settings
        wanted = may_call(cause_of(conversation, entry), settings.attention, is_muted=is_muted)
        if not wanted or self.is_quiet or self._window.has_focus():
            return
        if not self.is_asking:
            self.is_asking = True
            desktop.demand(self._window.master, on=True)
        if self._bursts.begins() and settings.sound:
            desktop.ring(self._window.master)

    def seen(self) -> None:
        """The window has got the focus."""
        if self.is_asking:
            self.is_asking = False
            desktop.demand(self._window.master, on=False)

    # Do not disturb.

    @property
    def is_quiet(self) -> bool:
        """Tell whether the user does not want to be disturbed now."""
        return self._clock() < self._window.settings.quiet_until

    def quiet_items(self) -> list[Item]:
        """Return the choices of a menu: disturb, do not for an hour, do not."""
        words = {_OFF: _("Off"), _HOUR: _("For an hour"), _ON: _("Until I switch it off")}
        until = self._window.settings.quiet_until
        now = _OFF if not self.is_quiet else _ON if until >= FOREVER else _HOUR
        return choices(words, now, self._choose)

    def _choose(self, choice: str) -> None:
        self.be_quiet({_OFF: 0.0, _HOUR: self._clock() + AN_HOUR, _ON: FOREVER}[choice])

    def be_quiet(self, until: float) -> None:
        """Do not disturb until then (seconds since the epoch; 0: disturb from now on)."""
        self._window.choose(lambda kept: replace(kept, quiet_until=until))
        if self.is_quiet:
            self.seen()

    def quiet_words(self) -> str:
        """Say, for the status line, that the user is not disturbed, and until when; "" if he is."""
        if not self.is_quiet:
            return ""
        until = self._window.settings.quiet_until
        if until >= FOREVER:
            return _("Do not disturb")
        clock = datetime.fromtimestamp(until).strftime("%H:%M")
        return _("Do not disturb until {time}").format(time=clock)
