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
    if not config.throttle:
        return None
    bucket = Throttle(config.limits.lines_at_once, config.limits.lines_per_second, steady_time())
    return lambda lines: bucket.delay(lines, steady_time())
