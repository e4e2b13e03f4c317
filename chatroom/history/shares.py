"""Whose messages are kept when there is not room for all: nobody's flood pushes out what others said.

What was said in rooms, what was said in private, and what happened each have a part of the history that is
theirs. What one of them does not use the others may. Where there is too much, it is taken from the kind that
exceeds its part the most; there from the account (`protocol.addresses.account_of`) that has stored the most;
there from its largest conversation; there from the one who said the most in it, the oldest first. So whoever
stores more than others loses his own, and of several people behind one address each keeps his part too.

Nothing is counted before the history is full: then the file is read, a part with each batch.
"""

import sqlite3
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from typing import Any, Final

ROOMS: Final = "rooms"
TALKS: Final = "talks"
EVENTS: Final = "events"
PARTS: Final = {ROOMS: 0.5, TALKS: 0.25, EVENTS: 0.25}
"""Which part of the limit each kind is sure of."""
MOST_SHARES: Final = 2000
"""Shares of one account that are told apart; what it says elsewhere, or under more names, is one more."""
_BITE: Final = 20
"""Rows that are taken from the largest share before it is looked again for the largest."""
_Share = tuple[Any, ...]
"""The kind, then the names on each level: account, target, sender. Of damaged rows they may be anything."""


class Shares:
    """Which rows are whose. Used by one thread."""

    def __init__(self) -> None:
        self._counted_to = 0
        self._numbers: dict[_Share, _Numbers] = {}
        self._within: defaultdict[_Share, _Tally] = defaultdict(_Tally)
        """How many rows the shares within a share have; within `()`, the kinds."""
        self._of_account: Counter[_Share] = Counter()
        """How many shares are told apart."""

    def count(self, connection: sqlite3.Connection, last: int, at_most: int) -> bool:
        """Count rows that are stored and not counted yet; tell whether these were all.

        Args:
            last: the greatest number of a row.
            at_most: how many are counted.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        select = (
            "SELECT id, target, event, sender, account, receiver FROM message"
            " WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"
        )
        left = at_most
        for number, *whose in connection.execute(select, (self._counted_to, last, at_most)):
            share = _share(*whose)
            if share not in self._numbers:
                if self._of_account[share[:2]] >= MOST_SHARES:
                    share = _others(share)
                if share not in self._numbers:
                    self._numbers[share] = _Numbers()
                    self._of_account[share[:2]] += 1
            self._numbers[share].add(number)
            self._change(share, 1)
            self._counted_to = number
            left -= 1
        return left > 0

    def _change(self, share: _Share, change: int) -> None:
        for level, name in enumerate(share):
            self._within[share[:level]].change(name, change)
        if not self._numbers[share]:
            del self._numbers[share]
            self._of_account[share[:2]] -= 1
        if change < 0:
            for level in range(len(share)):
                if not self._within[share[:level]].counts:
                    del self._within[share[:level]]

    def take(self, limit: int, count: int) -> list[int]:
        """Choose rows that are to go, as the head of this file says; they are not counted any more.

        Args:
            limit: how many rows are kept.
            count: how many are to go.
        """
        taken: list[int] = []
        while len(taken) < count and self._numbers:
            kinds = self._within[()].counts
            share: _Share = (max(kinds, key=lambda kind: kinds[kind] - PARTS[kind] * limit),)
            while len(share) < 4:
                share = (*share, self._within[share].largest())
            numbers = self._numbers[share].take(min(_BITE, count - len(taken)))
            self._change(share, -len(numbers))
            taken += numbers
        return taken

    def remove(self, number: int, whose: tuple[Any, ...]) -> None:
        """Count a row no more, if it was counted, because it is gone.

        Args:
            whose: its columns target, event, sender, account, receiver.
        """
        share = _share(*whose)
        for one in (share, _others(share)):
            if one in self._numbers and self._numbers[one].remove(number):
                self._change(one, -1)
                return


def _share(target: Any, event: Any, sender: Any, account: Any, receiver: Any) -> _Share:
    return (EVENTS if event else TALKS if receiver else ROOMS, account, target, sender)


def _others(share: _Share) -> _Share:
    return (*share[:2], "", "")


class _Tally:
    """Counts of names; the name of the largest is found at once, because names are kept by their counts."""

    __slots__ = ("_largest", "_names", "counts")

    def __init__(self) -> None:
        self.counts: dict[Any, int] = {}
        self._names: dict[int, dict[Any, None]] = {}
        self._largest = 0

    def change(self, name: Any, change: int) -> None:
        count = self.counts.pop(name, 0)
        if count:
            names = self._names[count]
            del names[name]
            if not names:
                del self._names[count]
        count += change
        if count:
            self.counts[name] = count
            self._names.setdefault(count, {})[name] = None
        self._largest = max(self._largest, count)

    def largest(self) -> Any:
        while self._largest not in self._names:
            self._largest -= 1
        return next(iter(self._names[self._largest]))


class _Numbers:
    """Growing numbers, eight bytes each, which mostly go from the front."""

    __slots__ = ("_gone", "_numbers")

    def __init__(self) -> None:
        self._numbers = array("q")
        self._gone = 0

    def __len__(self) -> int:
        return len(self._numbers) - self._gone

    def add(self, number: int) -> None:
        self._numbers.append(number)

    def take(self, count: int) -> list[int]:
        taken = self._numbers[self._gone : self._gone + count].tolist()
        self._gone += len(taken)
        if self._gone > len(self._numbers) // 2:
            del self._numbers[: self._gone]
            self._gone = 0
        return taken

    def remove(self, number: int) -> bool:
        index = bisect_left(self._numbers, number, self._gone)
        if index == len(self._numbers) or self._numbers[index] != number:
            return False
        del self._numbers[index]
        return True
