"""Wildcard masks such as `*!*@10.0.*` (RFC 2812 section 2.5)."""

from protocol.names import fold


def matches(mask: str, name: str) -> bool:
    """Tell whether `name` matches `mask`: `*` is any run of characters, `?` is one, case is ignored.

    Only the last star is ever tried again, so that the work is at most len(mask) * len(name).
    """
    mask, name = fold(mask), fold(name)
    at = position = 0
    star = -1
    resume = 0
    while position < len(name):
        if at < len(mask) and mask[at] == "*":
            star, resume = at, position
            at += 1
        elif at < len(mask) and mask[at] in ("?", name[position]):
            at += 1
            position += 1
        elif star >= 0:
            resume += 1
            at, position = star + 1, resume
        else:
            return False
    return all(char == "*" for char in mask[at:])


def normalise(mask: str) -> str:
    """Complete a mask to the form `nick!user@host`: `Anna` → `Anna!*@*`, `*@host` → `*!*@host`."""
    nick, bang, rest = mask.partition("!")
    if not bang and "@" in nick:
        nick, rest = "*", nick
    user, at, host = rest.partition("@")
    return f"{nick or '*'}!{user or '*'}@{host or '*' if at else '*'}"
