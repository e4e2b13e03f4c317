"""What people type to make words bold or to show code: `*bold*`, `_italic_`, `~~strike~~`, and backquotes.

Marks enclose words: they stand at the edges of words, not inside them or among spaces. So `snake_case_name`,
`2*3*4`, `a * b`, `__init__`, `*.txt` and `/* */` stay as they are.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from client.model.formatting.run import BOLD, CODE, HIDDEN, ITALIC, STRIKE, Run

MAX_MARKED: Final = 40
"""Marked places of one text; what is marked behind them stays as it is."""
_LOOKS: Final = {"*": BOLD, "**": BOLD, "_": ITALIC, "~~": STRIKE, "`": CODE, "``": CODE}
_TOKEN: Final = re.compile(r"\*+|_+|~+|`+|\n")
_ENDS: Final = frozenset(")]}>»”.,;:!?…")
_BEGINS: Final = frozenset("([{<«“„")
_BEFORE: Final = _BEGINS | frozenset("\"'‘—–-:;,.!?…")
"""What may stand before a marked place, beside spaces and other marks."""
_BEHIND: Final = _ENDS | frozenset("\"'’—–-")
_NOT_FIRST: Final = _ENDS | {"/"}
_NOT_LAST: Final = _BEGINS | {"/"}
"""At the edges of a marked place; a slash makes the star one of a comment in C."""
_FENCE: Final = re.compile(r"```[\w+#.-]{0,20}")


class Block(NamedTuple):
    """Whole lines of a text, from `start` to before the line feed at `end`."""

    start: int
    end: int
    is_code: bool


def blocks(text: str) -> Iterator[Block]:
    """Yield the lines of a text as blocks of code and of words, without the fences (three backquotes).

    A text of several lines without fences is code: so it comes when it was pasted.
    """
    if "\n" not in text:
        yield Block(0, len(text), is_code=False)
        return
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if _FENCE.fullmatch(line.rstrip())]
    closed = list(zip(fences[::2], fences[1::2], strict=False))
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    if not any(last - first > 1 for first, last in closed):
        yield Block(0, len(text), is_code=True)
        return
    at = 0
    for first, last in closed:
        if at < first:
            yield Block(starts[at], starts[first] - 1, is_code=False)
        if first + 1 < last:
            yield Block(starts[first + 1], starts[last] - 1, is_code=True)
        at = last + 1
    if at < len(lines):
        yield Block(starts[at], len(text), is_code=False)


def read_marks(text: str, spared: Sequence[tuple[int, int]] = ()) -> list[Run]:
    """Return what is marked in a text, and the marks themselves as HIDDEN, in no order.

    1. It MUST take time in proportion to the text, whatever that holds: each mark is looked at once.
    2. Nothing inside code MUST look otherwise.
    3. What begins inside another marked place MUST end there.

    Args:
        spared: ascending places, such as links, in which no marks are read.
    """
    marked: list[tuple[int, int, str]] = []
    """Of each place: where its marks begin and end, and the mark."""
    open_at: dict[str, int] = {}
    spare = iter((*spared, (len(text), len(text))))
    spared_from, spared_to = next(spare)
    opened_to = -1
    for found in _TOKEN.finditer(text):
        mark, start, end = found.group(), found.start(), found.end()
        while start >= spared_to:
            spared_from, spared_to = next(spare)
        if mark == "\n":
            open_at.clear()
        if mark not in _LOOKS or start >= spared_from:
            continue
        begun = open_at.get(mark)
        if begun is not None and begun + len(mark) < start and _may_close(text, start, end):
            # What was opened since then is not closed: there it ends, so it was no mark.
            open_at = {other: at for other, at in open_at.items() if at < begun}
            if _LOOKS[mark] is CODE:
                while marked and marked[-1][0] > begun:
                    marked.pop()
            marked.append((begun, end, mark))
            if len(marked) >= MAX_MARKED:
                break
        elif _may_open(text, start, end, is_nested=start == opened_to):
            open_at[mark] = start
            opened_to = end
    return [run for place in marked for run in _runs(*place)]


def without_marks(text: str) -> str:
    """Return a text as it reads when its marks, and the fences of code, are only seen by what they do."""
    return "\n".join(
        text[one.start : one.end] if one.is_code else _unmarked(text[one.start : one.end])
        for one in blocks(text)
    )


def _unmarked(words: str) -> str:
    kept, at = "", 0
    for run in sorted(run for run in read_marks(words) if run.looks == (HIDDEN,)):
        kept, at = kept + words[at : run.start], run.end
    return kept + words[at:]


def _runs(start: int, end: int, mark: str) -> tuple[Run, Run, Run]:
    inner, outer = start + len(mark), end - len(mark)
    hidden = (HIDDEN,)
    return Run(start, inner, hidden), Run(inner, outer, (_LOOKS[mark],)), Run(outer, end, hidden)


def _may_open(text: str, start: int, end: int, *, is_nested: bool) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    free = not before or before.isspace() or before in _BEFORE or is_nested
    is_quoted = before == after  # '*' is a star
    return free and bool(after) and not after.isspace() and after not in _NOT_FIRST and not is_quoted


def _may_close(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1], text[end : end + 1]
    free = not after or after.isspace() or after in _BEHIND or after in "*_~"
    return free and not before.isspace() and before not in _NOT_LAST
