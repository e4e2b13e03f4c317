"""A text cut where its looks change, with the tags of each piece. No widgets."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from client.model.formatting.run import BOLD, CODE, HIDDEN, ITALIC, Run

LINK: Final = "link"
BOLD_ITALIC: Final = "bold italic"
"""Tk knows one font for each tag."""


def looked(
    text: str, start: int, end: int, runs: Iterable[Run], always: str = ""
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a part of a text in pieces, each with the tags of how it looks; what is hidden is left out.

    Args:
        start: where the part begins in the text; it ends before `end`.
        runs: of the whole text; they may overlap.
        always: a look that all of it has.
    """
    changes = sorted(
        (min(max(place, start), end), step, look)
        for run in runs
        for place, step in ((run.start, 1), (run.end, -1))
        for look in run.looks
    )
    active = Counter({always: 1} if always else {})
    at = start
    for place, step, look in changes:
        if place > at:
            if not active[HIDDEN]:
                yield text[at:place], _tags(active)
            at = place
        active[look] += step
    yield text[at:end], _tags(active)


def _tags(active: Counter[str]) -> tuple[str, ...]:
    looks = {look for look, count in active.items() if count > 0}
    if CODE in looks:
        looks &= {CODE, LINK}
    elif {BOLD, ITALIC} <= looks:
        looks = looks - {BOLD, ITALIC} | {BOLD_ITALIC}
    return tuple(sorted(looks))
