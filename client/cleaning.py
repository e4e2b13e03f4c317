"""What others sent, made safe for a transcript and for lines of our own."""

import re
from typing import Final

from protocol.text import strip_formatting, visible

_EMOJI: Final = "[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]"
_EMOJI_JOINER: Final = re.compile(f"(?<={_EMOJI})\u200d(?={_EMOJI})")


def clean(text: str) -> str:
    """Return the text without mIRC formatting, tabs as spaces, all other control characters made visible.

    The joiner inside an emoji such as 👩‍💻 stays: without it one picture falls apart into two.
    """
    text = strip_formatting(text).expandtabs(4)
    if text.isascii() and text.isprintable():
        return text
    return "\u200d".join(visible(piece) for piece in _EMOJI_JOINER.split(text))


def is_sendable(name: str) -> bool:
    """Tell whether a name can stand in a line that we send; a hostile server may invent others."""
    return bool(name) and not name.startswith(":") and " " not in name
