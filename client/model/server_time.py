"""The server's times (IRCv3 server-time)."""

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Final

from protocol import ircv3
from protocol.message import Message

MAX_TIME: Final = 2.0**33
"""In the year 2242; not every system can show a later time, or one before 1970."""
_SLACK: Final = 3600.0
"""Seconds by which a time may be ahead of the server's clock; one that is more so is a lie or a mistake."""
_REMEMBERED: Final = 5
_MILLISECOND: Final = timedelta(milliseconds=1)


def moment_of(stamp: str) -> float | None:
    """Return a server's time as seconds since the epoch; None if it is none, or none that can be shown."""
    try:
        moment = datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp() if stamp else -1.0
    except (ValueError, OverflowError):
        return None
    return moment if 0 <= moment < MAX_TIME else None


def sent_at(message: Message) -> float | None:
    """Return the server's time of a message as `moment_of` does."""
    return moment_of(message.tags.get(ircv3.TAG_TIME, ""))


def time_of(message: Message | None, now: float) -> float:
    """Return the server's time of a message, else `now`; seconds since the epoch."""
    moment = sent_at(message) if message else None
    return now if moment is None else moment


def stamp_of(moment: float) -> str:
    """Return seconds since the epoch as the server would write them."""
    return _format(datetime.fromtimestamp(moment, UTC))


def _format(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def just_before(stamp: str) -> str:
    """Return the time one millisecond earlier; text that is no time is returned as it is.

    What is asked for *after* a time lacks the rest of that millisecond.
    """
    moment = moment_of(stamp)
    return stamp if moment is None else _format(datetime.fromtimestamp(moment, UTC) - _MILLISECOND)


def before_second(stamp: str) -> str:
    """Return the last millisecond before the time's second: some histories keep no milliseconds."""
    moment = moment_of(stamp)
    return stamp if moment is None else just_before(stamp_of(float(int(moment))))


class ServerClock:
    """The server's clock as its lines tell it, of which one or two may lie."""

    def __init__(self) -> None:
        self.latest = ""
        """The latest time that can be believed: what came later we have not seen."""
        self.came_at = 0.0
        """When this connection began, in seconds since the epoch: what is older is said again."""
        self._ahead: deque[float] = deque(maxlen=_REMEMBERED)
        """By how much the last times were ahead of our timer."""

    def note(self, stamp: str, now: float) -> None:
        """A live line bears this time; `now`: seconds of a timer that is never set."""
        moment = moment_of(stamp)
        if moment is None:
            return
        self._ahead.append(moment - now)
        known = moment_of(self.latest)
        if self.believes(stamp, now) and (
            known is None or moment > known or not self.believes(self.latest, now)
        ):
            self.latest = stamp

    def time(self, now: float, local: float) -> float:
        """Return the server's time now, so that what we note ourselves stands among its lines in order.

        Args:
            now: seconds of the timer that is never set.
            local: what this computer's clock shows; returned while the server has named no time.
        """
        if not self._ahead:
            return local
        # The largest, as a line that was long on its way is behind; but not the one that lies.
        return min(max(now + max(one for one in self._ahead if one <= self._highest), 0.0), MAX_TIME)

    @property
    def _highest(self) -> float:
        """How far the server's time may be ahead of the timer: little more than the median says."""
        ahead = sorted(self._ahead)
        return (ahead[(len(ahead) - 1) // 2] + ahead[len(ahead) // 2]) / 2 + _SLACK

    def believes(self, stamp: str, now: float) -> bool:
        """Tell whether this can be a time of this server, now or earlier."""
        moment = moment_of(stamp)
        return moment is not None and (not self._ahead or moment - now <= self._highest)
