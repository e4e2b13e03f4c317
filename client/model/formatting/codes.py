"""IRC's formatting codes (modern.ircdocs.horse/formatting), as runs of the text without them."""

import colorsys
import re
from itertools import chain
from typing import Final

from client.model.formatting.run import (
    BOLD,
    CODE,
    COLOURS,
    ITALIC,
    REVERSE,
    STRIKE,
    UNDERLINE,
    Run,
    Runs,
)
from client.model.sanitize import TAB, clean

MAX_RUNS: Final = 40
"""Runs of one line that are shown; the rest of a line with more looks plain. Tk lays them out slowly."""
_CODE: Final = re.compile(
    "([\x02\x0f\x11\x16\x1d\x1e\x1f])"
    "|(\x03)(?:(\\d{1,2})(?:,\\d{1,2})?)?"
    "|(\x04)(?:([0-9A-Fa-f]{6})(?:,[0-9A-Fa-f]{6})?)?"
)
_TOGGLES: Final = {
    "\x02": BOLD,
    "\x11": CODE,
    "\x16": REVERSE,
    "\x1d": ITALIC,
    "\x1e": STRIKE,
    "\x1f": UNDERLINE,
}
_PLAIN: Final = "\x0f"
_BASIC: Final = (-1, -1, 6, 4, 0, 1, 8, 1, 2, 3, 5, 5, 7, 9, -1, -1)
"""By mIRC's number 0 to 15: the one of our COLOURS; -1: the text's own, as for black, white and greys."""
_WHEEL: Final = (0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 0)
"""The same by the hue, in twelve steps from red."""
_GREYS: Final = 88
"""mIRC's first number that is a grey again; from 16 on rows of twelve hues stand before it."""
_GREY: Final = 0.15
"""The saturation below which a colour is a grey."""


def read_codes(raw: str, shown: str) -> Runs:
    """Return how parts of a text look.

    A colour becomes the hue of ours that is like it, which can be read in both themes; what should stand
    behind the letters is not shown. Each line begins plain.

    Args:
        raw: the text as it came, with codes and line feeds.
        shown: what is shown of it: the same, clean. If that is not what is left without codes, there are
            no runs.
    """
    if not _CODE.search(raw):
        return ()
    runs: list[Run] = []
    at = 0
    for line in raw.split("\n"):
        at += _read_line(line, at, runs) + 1
    return tuple(runs) if at - 1 == len(shown) else ()


def _read_line(line: str, start: int, runs: list[Run]) -> int:
    """Add the runs of a line that begins at `start` in the whole text; return its length without codes."""
    on: dict[str, None] = {}
    colour = ""
    begun = column = 0
    for found in chain(_CODE.finditer(line), (None,)):
        length = _length(line[begun : found.start() if found else None], column)
        looks = (*on, colour) if colour else tuple(on)
        if looks and length:
            runs.append(Run(start + column, start + column + length, looks))
        column += length
        if found is None:
            break
        begun = found.end()
        if len(runs) >= MAX_RUNS:
            return len(clean(line))
        sign, is_number, number, is_hex, value = found.groups()
        if sign == _PLAIN:
            on, colour = {}, ""
        elif sign:
            look = _TOGGLES[sign]
            on = {one: None for one in on if one != look} if look in on else {**on, look: None}
        elif is_number:
            colour = _of_number(int(number)) if number else ""
        elif is_hex:
            colour = _of_hex(value) if value else ""
    return column


def _length(piece: str, column: int) -> int:
    """Return how many characters a piece has that stands at this column, when it is shown."""
    lead = column % TAB
    return len(clean(" " * lead + piece)) - lead


def _of_number(number: int) -> str:
    if number < len(_BASIC):
        return COLOURS[_BASIC[number]] if _BASIC[number] >= 0 else ""
    return COLOURS[_WHEEL[(number - len(_BASIC)) % len(_WHEEL)]] if number < _GREYS else ""


def _of_hex(value: str) -> str:
    red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, _lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    return COLOURS[_WHEEL[round(hue * len(_WHEEL)) % len(_WHEEL)]] if saturation > _GREY else ""
