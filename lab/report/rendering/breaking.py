"""Where a long word may be broken."""

import re
from typing import Final

_UNBROKEN: Final = re.compile(r"[^\s\u200b]{12}(?=[^\s\u200b]{4})")
"""Twelve characters of a word of which at least four more follow: no rest of a letter or two is left over."""


def breakable(text: str) -> str:
    """Return a text with a zero width space (U+200B) wherever its long words may be broken."""
    return _UNBROKEN.sub("\\g<0>\u200b", text)
