"""Wildcard masks such as `*!*@10.0.*` (RFC 2812 section 2.5)."""

import re
from functools import lru_cache
from typing import Final

from protocol.names import fold, fold_text

LONGEST: Final = 512
"""Characters of a mask or a name that are looked at. Folding makes eighteen letters of some."""
_REMEMBERED: Final = 64
"""Longer texts, which anybody can make up, do not fill the memory of names (`protocol.names.fold`)."""


def matches(mask: str, name: str) -> bool:
    """Tell whether `name` matches `mask`: `*` is any run of characters, `?` is one, case is ignored.

    A mask that is too long matches nothing; of a name that is too long the beginning counts (LONGEST).
    """
    folded = _fold(mask)
    return len(folded) <= LONGEST and _compile(folded).fullmatch(_fold(name)[:LONGEST]) is not None


def compile_mask(mask: str) -> re.Pattern[str]:
    """Return the regular expression of a mask that is often tried: on whole names, folded."""
    return re.compile(to_pattern(fold_text(mask)), re.DOTALL)


def _fold(text: str) -> str:
    return fold(text) if len(text) <= _REMEMBERED else fold_text(text[:LONGEST])


@lru_cache(maxsize=2048)
def _compile(mask: str) -> re.Pattern[str]:
    return re.compile(to_pattern(mask), re.DOTALL)


def to_pattern(mask: str) -> str:
    """Return the regular expression that a whole name must match.

    What stands between two stars is looked for from the left and, in an atomic group, never again: so no mask
    takes more steps than its length times the name's.
    """
    first, *rest = mask.split("*")
    if not rest:
        return _to_literal(first)
    *middle, last = rest
    found = "".join(f"(?>.*?{_to_literal(piece)})" for piece in middle if piece)
    return f"{_to_literal(first)}{found}.*?{_to_literal(last)}"


def _to_literal(piece: str) -> str:
    return "".join("." if char == "?" else re.escape(char) for char in piece)
