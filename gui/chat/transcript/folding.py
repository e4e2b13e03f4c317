"""Runs of people who enter and leave, each shown as one line until it is clicked. No widgets."""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from client.model.conversations import Entry, Kind
from translations import _

FEWEST: Final = 3
"""Entries that make a run."""
MOST_NAMED: Final = 3
"""People that a line names of those who did the same."""
_COMES: Final = frozenset({Kind.JOIN})
_GOES: Final = frozenset({Kind.PART, Kind.QUIT})
_COMES_OR_GOES: Final = _COMES | _GOES
_SUMMARY: Final = 10**12
"""Added to the key of a run's first entry it is that of the line that stands for the run."""


def is_summary(entry: Entry) -> bool:
    """Tell whether this entry stands for a run of others."""
    return entry.key > _SUMMARY


class Folding:
    """Which runs of a conversation are unfolded, and what the lines say that stand for runs."""

    def __init__(self) -> None:
        self.shows_all = False
        """The user wants to see everybody who comes and goes."""
        self._unfolded: set[int] = set()
        """Keys of the entries of runs that the user wants to see."""
        self._runs: dict[int, tuple[int, ...]] = {}
        """By the key of the line that stands for it: the keys of a run's entries."""
        self._words: dict[int, str] = {}

    def clear(self) -> None:
        """What comes next is another conversation."""
        self._unfolded.clear()
        self._runs.clear()
        self._words.clear()

    def fold(self, entries: Iterable[Entry]) -> tuple[list[Entry], list[int]]:
        """Return the entries as they are to be shown, and the keys of those that read differently now."""
        shown: list[Entry] = []
        before, self._words, self._runs = self._words, {}, {}
        for day, together in groupby(entries, _day_of_run):
            run = list(together)
            if day is None or len(run) < FEWEST or self.shows_all:
                shown += run
            else:
                shown += self._shown_of(run)
        changed = [key for key, words in self._words.items() if before.get(key, words) != words]
        return shown, changed

    def toggle(self, summary: Entry) -> None:
        """Unfold the run that this entry stands for, or fold it."""
        keys = self._runs.get(summary.key, ())
        if self._unfolded.isdisjoint(keys):
            self._unfolded.update(keys)
        else:
            self._unfolded.difference_update(keys)

    def unfold(self, key: int) -> bool:
        """Unfold the run in which this entry is hidden; return False if it is in none."""
        run = next((keys for keys in self._runs.values() if key in keys), ())
        hidden = bool(run) and self._unfolded.isdisjoint(run)
        self._unfolded.update(run)
        return hidden

    def _shown_of(self, run: Sequence[Entry]) -> Iterator[Entry]:
        key = run[0].key + _SUMMARY
        self._runs[key] = keys = tuple(entry.key for entry in run)
        folded = self._unfolded.isdisjoint(keys)
        self._words[key] = f"{'▸' if folded else '▾'} {_summary(run)}"
        yield Entry(key=key, kind=Kind.JOIN, time=run[0].time, nick="", text=self._words[key])
        if not folded:
            yield from run


def _day_of_run(entry: Entry) -> tuple[int, ...] | None:
    """Return the day on which somebody came or went; None for what belongs to no run.

    Of many who come and go together, as servers do, there is one line without a nick already.
    """
    if entry.own or not entry.nick or entry.kind not in _COMES_OR_GOES:
        return None
    return time.localtime(entry.time)[:3]


def _summary(run: Sequence[Entry]) -> str:
    """Return who came, who went, and who did both."""
    first: dict[str, Entry] = {}
    last: dict[str, Entry] = {}
    for entry in run:
        first.setdefault(entry.nick, entry)
        last[entry.nick] = entry
    words = {
        (True, True): _("entered: {names}"),
        (False, False): _("left: {names}"),
        (False, True): _("left and came back: {names}"),
        (True, False): _("looked in: {names}"),
    }
    parts: list[str] = []
    for way, words_of_it in words.items():
        nicks = [nick for nick in first if way == (first[nick].kind in _COMES, last[nick].kind in _COMES)]
        if nicks:
            parts.append(words_of_it.format(names=_names(nicks)))
    sentence = "; ".join(parts)
    return sentence[:1].upper() + sentence[1:]


def _names(nicks: Sequence[str]) -> str:
    more = len(nicks) - MOST_NAMED
    if more <= 1:  # one more name takes no more space than to count it
        return ", ".join(nicks)
    return _("{names} and {count} more").format(names=", ".join(nicks[:MOST_NAMED]), count=more)
