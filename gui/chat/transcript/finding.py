"""Where a text stands in the entries of a transcript, searched a portion at a time. No widgets."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

from client.model.conversations import Entry
from protocol.matching import find_all, search_cost

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
                cost += ENTRY_COST + search_cost(text)
                spans = islice(find_all(text, self.wanted), MAX_FOUND)
                known = self._known[key] = [Match(key, start, end) for start, end in spans]
            found += reversed(known)
            if len(found) >= MAX_FOUND:
                break
        self.matches = found[MAX_FOUND - 1 :: -1] if len(found) > MAX_FOUND else found[::-1]
