"""How fast one client is read, and the clock of all limits."""

import time
from collections.abc import Callable
from typing import Final

from chatroom.config import Config
from program.throttle import Throttle

steady_time: Final = time.monotonic
"""For limits and for how long something has lasted: `ServerState.time` jumps with the computer's clock."""


def reading_delay(config: Config) -> Callable[[int], float] | None:
    """Return a function for one client: given how many lines came, the seconds to wait before the next."""
    return _delay(config, config.limits.lines_at_once, config.limits.lines_per_second)


def decrypting_delay(config: Config) -> Callable[[int], float] | None:
    """Return the like of `reading_delay` for records of TLS."""
    return _delay(config, config.limits.records_at_once, config.limits.records_per_second)


def _delay(config: Config, burst: int, per_second: float) -> Callable[[int], float] | None:
    if not config.throttle:
        return None
    bucket = Throttle(burst, per_second, steady_time())
    return lambda count: bucket.delay(count, steady_time())
