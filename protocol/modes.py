"""Letters of a MODE with their signs and parameters (RFC 2811 section 4, RFC 2812 section 3.1.5)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

TakesParameter = Callable[[str, bool], bool]
"""Given a letter and whether it is added: whether it has a parameter."""


class ModeChange(NamedTuple):
    """One letter of a MODE."""

    adding: bool
    letter: str
    param: str | None
    """None if the letter has none, or if none was given."""


def parse_mode_changes(
    letters: str, params: Iterable[str], takes_parameter: TakesParameter
) -> Iterator[ModeChange]:
    """Pair the letters of `+ov-b` with their parameters, in the order in which they stand.

    Args:
        takes_parameter: knows the letters: a server from its own table, a client from the server's 005.
    """
    waiting = iter(params)
    adding = True
    for letter in letters:
        if letter in "+-":
            adding = letter == "+"
        else:
            yield ModeChange(adding, letter, next(waiting, None) if takes_parameter(letter, adding) else None)


def format_mode_changes(changes: Sequence[ModeChange]) -> str:
    """Format changes as the parameters of a MODE line: `+o-b Анна *!*@host`."""
    letters = "".join(
        ("+" if adding else "-") + "".join(change.letter for change in group)
        for adding, group in groupby(changes, lambda change: change.adding)
    )
    return " ".join([letters, *(change.param for change in changes if change.param)])
