"""A part of a text that looks different from the rest."""

from typing import Final, NamedTuple

BOLD: Final = "bold"
ITALIC: Final = "italic"
UNDERLINE: Final = "underline"
STRIKE: Final = "strike"
CODE: Final = "inline"
REVERSE: Final = "reverse"
HIDDEN: Final = "hidden"
"""It only said how what it encloses looks, and is not shown."""
COLOURS: Final = tuple(f"colour{number}" for number in range(10))
"""The hues that `gui.toolkit.palette` makes readable on each ground, in its order: red, orange, yellow,
lime, green, cyan, blue, indigo, violet, magenta."""


class Run(NamedTuple):
    """Characters of a text from `start` to before `end`, and the names of how they look."""

    start: int
    end: int
    looks: tuple[str, ...]


Runs = tuple[Run, ...]
