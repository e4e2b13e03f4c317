"""Wildcard masks such as `*!*@10.0.*` (RFC 2812 section 2.5)."""

import re
from functools import lru_cache

from protocol.names import fold


def matches(mask: str, name: str) -> bool:
    """Tell whether `name` matches `mask`: `*` is any run of characters, `?` is one, case is ignored.

    What stands between two stars is looked for from the left and never again, so that no mask takes long.
    """
    name = fold(name)
    first, *rest = fold(mask).split("*")
    position = _end(first, name, 0)
    if position < 0 or not rest:
        return position == len(name)
    *middle, last = rest
    for piece in middle:
        position = _find(piece, name, position)
        if position < 0:
            return False
    begin = len(name) - len(last)
    return begin >= position and _end(last, name, begin) >= 0


def _end(piece: str, name: str, start: int) -> int:
    """Return where a piece that stands at `start` ends; -1 if it does not stand there."""
    stands = _pattern(piece).match(name, start) if "?" in piece else name.startswith(piece, start)
    return start + len(piece) if stands else -1


def _find(piece: str, name: str, start: int) -> int:
    """Return where the first such piece from `start` on ends; -1 if there is none."""
    if "?" in piece:
        found = _pattern(piece).search(name, start)
        return found.end() if found else -1
    at = name.find(piece, start)
    return at + len(piece) if at >= 0 else -1


@lru_cache(maxsize=256)
def _pattern(piece: str) -> re.Pattern[str]:
    return re.compile("".join("." if char == "?" else re.escape(char) for char in piece), re.DOTALL)


def normalise(mask: str) -> str:
    """Complete a mask to the form `nick!user@host`: `Anna` → `Anna!*@*`, `*@host` → `*!*@host`."""
    nick, bang, rest = mask.partition("!")
    if not bang and "@" in nick:
        nick, rest = "*", nick
    user, at, host = rest.partition("@")
    return f"{nick or '*'}!{user or '*'}@{host or '*' if at else '*'}"
