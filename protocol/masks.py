"""Wildcard masks such as `*!*@10.0.*` (RFC 2812 section 2.5)."""

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
    end = start + len(piece)
    stands = end <= len(name) and all(
        one in ("?", other) for one, other in zip(piece, name[start:end], strict=True)
    )
    return end if stands else -1


def _find(piece: str, name: str, start: int) -> int:
    """Return where the first such piece from `start` on ends; -1 if there is none.

    With `?` in it by the shift-and algorithm (Baeza-Yates and Gonnet 1992): bit i of `standing` says that the
    piece's first i + 1 characters stand just before this place. So a hundred masks in a room cost little, and
    nothing has to be compiled or remembered.
    """
    if "?" not in piece:
        at = name.find(piece, start)
        return at + len(piece) if at >= 0 else -1
    places: dict[str, int] = {}
    for index, char in enumerate(piece):
        places[char] = places.get(char, 0) | 1 << index
    anywhere = places["?"]
    last = 1 << (len(piece) - 1)
    standing = 0
    for index in range(start, len(name)):
        standing = (standing << 1 | 1) & (places.get(name[index], 0) | anywhere)
        if standing & last:
            return index + 1
    return -1


def normalise(mask: str) -> str:
    """Complete a mask to the form `nick!user@host`: `Anna` → `Anna!*@*`, `*@host` → `*!*@host`."""
    nick, bang, rest = mask.partition("!")
    if not bang and "@" in nick:
        nick, rest = "*", nick
    user, at, host = rest.partition("@")
    return f"{nick or '*'}!{user or '*'}@{host or '*' if at else '*'}"
