"""The colours of the windows, light and dark; every text colour is readable on each of its grounds.

`tests/gui/toolkit/test_theme.py` holds the pairs to WCAG 2.1: 4.5 for text, 3 for borders and marks.
"""

from dataclasses import dataclass
from typing import Final
from zlib import crc32

NAME_COLOURS: Final = 10


def colour_number(name: str) -> int:
    """Return which of a palette's colours a name has where it is free: the same at every start, so not by
    `hash`.
    """
    return crc32(name.encode("utf-8", "replace")) % NAME_COLOURS


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as `#rrggbb`, named by what they are for."""

    name: str
    window: str
    """Ground of pages and of long texts."""
    side: str
    """Ground of the lists at both sides, and of the status line."""
    line: str
    """Separators: seen, not read."""
    text: str
    muted: str
    """Times, headings of lists, quiet lines."""
    accent: str
    """Links, the main button, what is chosen."""
    accent_hover: str
    on_accent: str
    selected: str
    """Ground of the chosen row."""
    hover: str
    tinted: str
    """Ground of what stands apart, in a tint of the accent."""
    striking: str
    """Ground of what should be noticed."""
    code: str
    field: str
    border: str
    """Outline of a field."""
    badge: str
    on_badge: str
    highlight: str
    """Selected text and found places."""
    found: str
    """Ground of the found place that is being shown."""
    danger: str
    warning: str
    success: str
    names: tuple[str, ...]
    """Colours that tell people apart."""


_COLOURS: Final = {
    "window": ("#ffffff", "#1c2026"),
    "side": ("#f3f5f8", "#16191e"),
    "line": ("#e1e5ea", "#2c323b"),
    "text": ("#1c2229", "#e3e7ec"),
    "muted": ("#5c6570", "#9ba5b2"),
    "accent": ("#1f64c8", "#78aaff"),
    "accent_hover": ("#174fa3", "#99c0ff"),
    "on_accent": ("#ffffff", "#0d1626"),
    "selected": ("#d9e6fa", "#2a3850"),
    "hover": ("#e7ebf0", "#242a32"),
    "tinted": ("#eef4fd", "#212b3b"),
    "striking": ("#fdf2d0", "#3a331b"),
    "code": ("#f1f3f6", "#262b33"),
    "field": ("#ffffff", "#22272f"),
    "border": ("#7f8894", "#737d8a"),
    "badge": ("#5c6570", "#4a5361"),
    "on_badge": ("#ffffff", "#f2f5f8"),
    "highlight": ("#bcd6fb", "#31507f"),
    "found": ("#ffc65c", "#7a570c"),
    "danger": ("#b8232f", "#ff8a8f"),
    "warning": ("#8a5300", "#eab65c"),
    "success": ("#1b7443", "#6cca94"),
}
"""Light and dark, by what they are for."""
_NAMES: Final = (
    "#a8324a #9a4a12 #7a5a00 #48690f #1a6f4c #0d6b78 #1c62ad #4b53bd #7a42b0 #9b3390",
    "#f092a3 #eba276 #d8b55a #a9c66b #72cda0 #62c8d4 #80b7f5 #a5acf7 #c5a0f2 #e697d8",
)


def _palette(name: str, which: int) -> Palette:
    colours = {use: pair[which] for use, pair in _COLOURS.items()}
    return Palette(name=name, names=tuple(_NAMES[which].split()), **colours)


LIGHT: Final = _palette("light", 0)
DARK: Final = _palette("dark", 1)
PALETTES: Final = {palette.name: palette for palette in (LIGHT, DARK)}
