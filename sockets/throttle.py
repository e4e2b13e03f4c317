"""How fast a client may talk: a token bucket."""

from typing import Final

BURST: Final = 40
"""Lines that may come at once."""
PER_SECOND: Final = 12.0
"""Lines a second that may come for ever."""


class Throttle:
    """One client's token bucket; used by that client's thread alone."""

    __slots__ = ("_last", "_tokens")

    def __init__(self, now: float) -> None:
        self._tokens = float(BURST)
        self._last = now

    def delay(self, lines: int, now: float) -> float:
        """Take tokens for so many lines; return the seconds to wait until they are paid for."""
        self._tokens = min(BURST, self._tokens + (now - self._last) * PER_SECOND) - lines
        self._last = now
        return max(0.0, -self._tokens / PER_SECOND)
