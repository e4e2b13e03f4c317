"""How long something has lasted, in words."""

from typing import Final

from translations import plural

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400
_LONGEST: Final = 10**9
"""Seconds; servers may say anything."""


def duration(seconds: float) -> str:
    """Return a time in its largest whole unit, from seconds to days."""
    count = int(min(max(seconds, 0), _LONGEST))
    if count < _MINUTE:
        return plural("{count} second", "{count} seconds", count)
    if count < _HOUR:
        return plural("{count} minute", "{count} minutes", count // _MINUTE)
    if count < _DAY:
        return plural("{count} hour", "{count} hours", count // _HOUR)
    return plural("{count} day", "{count} days", count // _DAY)
