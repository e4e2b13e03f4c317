"""How often something may be done: a token bucket."""


class Throttle:
    """A token bucket; used by one thread."""

    __slots__ = ("_burst", "_last", "_per_second", "_tokens")

    def __init__(self, burst: int, per_second: float, now: float) -> None:
        """Args: burst: how much may come at once; per_second: in the long run; now: any clock's seconds."""
        self._burst = burst
        self._per_second = per_second
        self._tokens = float(burst)
        self._last = now

    def delay(self, count: int, now: float) -> float:
        """Take so many tokens; return the seconds to wait until they are paid for."""
        self._refill(now)
        self._tokens -= count
        return max(0.0, -self._tokens / self._per_second)

    def allows(self, now: float) -> bool:
        """Take a token if there is one."""
        if self.seconds_to_next(now):
            return False
        self._tokens -= 1
        return True

    def seconds_to_next(self, now: float) -> float:
        """Return how long it takes until there is a token; 0 if there is one."""
        self._refill(now)
        return max(0.0, (1 - self._tokens) / self._per_second)

    def _refill(self, now: float) -> None:
        self._tokens = min(self._burst, self._tokens + (now - self._last) * self._per_second)
        self._last = now
