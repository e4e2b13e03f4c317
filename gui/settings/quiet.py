"""“Do not disturb”: not now, for an hour, or until the user says otherwise."""

import time
from dataclasses import replace
from typing import Final

from client.attention import FOREVER
from client.model.server_time import MAX_TIME
from gui.clock import clock
from gui.main_window import MainWindow
from translations import _

AN_HOUR: Final = 3600.0
OFF: Final = "off"
HOUR: Final = "hour"
ON: Final = "on"


class Quiet:
    """What the settings say of it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    @property
    def holds(self) -> bool:
        """Tell whether the user does not want to be disturbed now."""
        return time.time() < self._window.settings.quiet_until

    @property
    def choice(self) -> str:
        """Which of `OFF`, `HOUR` and `ON` holds."""
        forever = self._window.settings.quiet_until > MAX_TIME
        return OFF if not self.holds else ON if forever else HOUR

    def choose(self, choice: str) -> None:
        """Disturb (`OFF`), or do not: for an hour (`HOUR`), or until it is switched off (`ON`)."""
        until = {OFF: 0.0, HOUR: time.time() + AN_HOUR, ON: FOREVER}[choice]
        self._window.choose(lambda kept: replace(kept, quiet_until=until))

    def sentence(self) -> str:
        """Say, for the status line, that the user is not disturbed, and until when; "" if he is."""
        if self.choice == HOUR:
            until = clock(self._window.settings.quiet_until)
            return _("Do not disturb until {time}").format(time=until)
        return _("Do not disturb") if self.holds else ""


def quiet_words() -> dict[str, str]:
    """Return what the choices are called."""
    return {OFF: _("Off"), HOUR: _("For an hour"), ON: _("Until I switch it off")}
