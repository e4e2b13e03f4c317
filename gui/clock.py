"""Times of day, as the user wants to read them: chosen once for all windows, as the language is."""

import time
from typing import Final, NamedTuple

HOURS_12: Final = "12"
HOURS_24: Final = "24"


class ClockStyle(NamedTuple):
    """How times are written."""

    hours: str = HOURS_24
    """`HOURS_12` (with AM and PM) or `HOURS_24`."""
    seconds: bool = False

    def write(self, hour: int, minute: int, second: int) -> str:
        """Return a time of day as text."""
        half = "" if self.hours == HOURS_24 else " AM" if hour < 12 else " PM"
        shown = f"{hour:02}" if self.hours == HOURS_24 else str(hour % 12 or 12)
        return f"{shown}:{minute:02}" + (f":{second:02}" if self.seconds else "") + half


class _Chosen:
    style = ClockStyle()


def use_clock(style: ClockStyle) -> None:
    """Write times in this way from now on."""
    _Chosen.style = style


def clock_style() -> ClockStyle:
    """Return how times are written."""
    return _Chosen.style


def clock(seconds: float) -> str:
    """Return the time of day, here, of a moment in seconds since the epoch."""
    return _Chosen.style.write(*time.localtime(seconds)[3:6])
