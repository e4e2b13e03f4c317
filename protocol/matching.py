"""Where a text stands in another one, as people look for it; server and client find the same.

Case does not matter, nor how a letter is composed, nor whether somebody wrote е or ё.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_COMPOSING: Final = 25
"""How much longer a text takes of which each letter must be composed."""


def find_all(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Yield where `wanted` begins and ends in the text.

    Only whole letters match: neither `и` the decomposed `й`, nor `s` the `ß` that is folded to `ss`.
    """
    folded, places = _fold(text)
    needle = _fold_wanted(wanted)
    at = folded.find(needle) if needle else -1
    while at >= 0:
        end = at + len(needle)
        if _is_edge(folded, places, at) and _is_edge(folded, places, end):
            yield (at, end) if places is None else (places[at], places[end])
            at = folded.find(needle, end)
        else:
            at = folded.find(needle, at + 1)


def holds(text: str, wanted: str) -> bool:
    """Tell whether `wanted` stands in the text; that it does not is known at little cost."""
    return _fold_wanted(wanted) in _fold(text)[0] and next(find_all(text, wanted), None) is not None


def search_cost(text: str) -> int:
    """Return how long it takes to look through a text, in characters of one that need not be composed."""
    return len(text) if _fold_in_place(text) is not None else _COMPOSING * len(text)


def _is_edge(folded: str, places: list[int] | None, at: int) -> bool:
    """Tell whether a letter begins there."""
    if at in (0, len(folded)):
        return True
    if places is not None and places[at] == places[at - 1]:
        return False
    return not unicodedata.combining(folded[at])


def _fold(text: str) -> tuple[str, list[int] | None]:
    """Return the text so that all its spellings are the same, and where each of its characters came from.

    The latter is None where that is its own place; else it has one place more, the end.
    """
    if (folded := _fold_in_place(text)) is not None:
        return folded, None
    letters: list[str] = []
    places: list[int] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not (unicodedata.combining(text[at]) or "\u1160" <= text[at] <= "\u11ff"):
            letter = _fold_letter(text[start:at])
            letters.append(letter)
            places += [start] * len(letter)
            start = at
    return "".join(letters), [*places, len(text)]


@lru_cache(maxsize=100)
def _fold_wanted(wanted: str) -> str:
    return _fold(wanted)[0]


@lru_cache(maxsize=2)  # who asks what a text costs looks through it next, for what is wanted
def _fold_in_place(text: str) -> str | None:
    """Return the text folded, or None if its characters do not keep their places."""
    folded = text.casefold()
    keeps_places = text.isascii() or (len(folded) == len(text) and unicodedata.is_normalized("NFC", text))
    return folded.replace("ё", "е") if keeps_places else None


@lru_cache(maxsize=1000)
def _fold_letter(letter: str) -> str:
    folded = unicodedata.normalize("NFC", letter).casefold().replace("i\u0307", "i")  # of the Turkish İ
    return unicodedata.normalize("NFC", folded).replace("ё", "е")
