"""The server's times (IRCv3 server-time)."""

from datetime import UTC, datetime, timedelta
from typing import Final

from protocol.message import Message

MAX_TIME: Final = 2.0**33
"""In the year 2242; not every system can show a later time, or one before 1970."""


def time_of(message: Message | None, now: float) -> float:
    """Return the server's time of a message (IRCv3 server-time), else `now`; seconds since the epoch."""
    stamp = message.tags.get("time", "") if message else ""
    try:
        moment = datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp() if stamp else now
    except (ValueError, OverflowError):
        return now
    return moment if 0 <= moment < MAX_TIME else now


def just_before(stamp: str) -> str:
    """Return the time (IRCv3 server-time) one millisecond earlier; text that is no time is returned as it is.

    What is asked for *after* a time lacks the rest of that millisecond.
    """
    try:
        moment = datetime.fromisoformat(stamp).replace(tzinfo=UTC) - timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return stamp
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
