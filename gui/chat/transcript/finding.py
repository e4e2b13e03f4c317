"""Where a text stands in the entries of a transcript, searched a portion at a time. No widgets."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from client.model.conversations import Entry

MAX_FOUND: Final = 1000
"""Matches that are kept: the newest."""
PORTION: Final = 100_000
"""What is searched without a pause: characters, and ENTRY_COST for each entry. Some milliseconds."""
ENTRY_COST: Final = 100


class Match(NamedTuple):
    """A match in the text of an entry, as it is drawn."""

    key: int
    start: int
    end: int


class Finding:
    """The matches in a list of entries that may change; the newest are found first."""

    def __init__(self) -> None:
        self.wanted = ""
        self.matches: list[Match] = []
        """The newest MAX_FOUND, oldest first."""
        self.complete = True
        """Everything has been searched, as far as it matters."""
        self._known: dict[int, list[Match]] = {}

    def begin(self, wanted: str) -> None:
        """Search for another text; "" ends the search."""
        self.wanted = wanted
        self.matches = []
        self.complete = not wanted
        self._known.clear()

    def forget(self, keys: Iterable[int]) -> None:
        """These entries look different now."""
        for key in keys:
            self._known.pop(key, None)

    def go_on(self, entries: Sequence[Entry], text_of: Callable[[int], str]) -> None:
        """Search the next portion; `text_of` gives the text of the entry with this index, as it is drawn."""
        if not self.wanted:
            return
        found: list[Match] = []
        cost = 0
        self.complete = True
        for at in range(len(entries) - 1, -1, -1):
            key = entries[at].key
            known = self._known.get(key)
            if known is None:
                if cost > PORTION:
                    self.complete = False
                    break
                text = text_of(at)
                cost += ENTRY_COST + len(text)
                spans = islice(find_all(text, self.wanted), MAX_FOUND)
                known = self._known[key] = [Match(key, start, end) for start, end in spans]
            found += reversed(known)
            if len(found) >= MAX_FOUND:
                break
        self.matches = found[MAX_FOUND - 1 :: -1] if len(found) > MAX_FOUND else found[::-1]


def find_all(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Yield where `wanted` stands in the text, whatever their case and however their letters are composed.

    Only whole letters match: neither `е` the decomposed `ё`, nor `s` the `ß` that is folded to `ss`.
    """
    folded, places = _fold(text)
    needle = _fold(wanted)[0]
    at = folded.find(needle) if needle else -1
    while at >= 0:
        end = at + len(needle)
        if _is_edge(folded, places, at) and _is_edge(folded, places, end):
            yield (at, end) if places is None else (places[at], places[end])
            at = folded.find(needle, end)
        else:
            at = folded.find(needle, at + 1)


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
    folded = text.casefold()
    if text.isascii() or (len(folded) == len(text) and unicodedata.is_normalized("NFC", text)):
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


@lru_cache(maxsize=1000)
def _fold_letter(letter: str) -> str:
    folded = unicodedata.normalize("NFC", letter).casefold().replace("i\u0307", "i")  # of the Turkish İ
    return unicodedata.normalize("NFC", folded)
