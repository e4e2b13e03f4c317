"""Messages that wait in memory to be written: until the batch ends, or as long as the file is in trouble."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from chatroom.history.rows import Row

MAX_WAITING: Final = 16 * 1024 * 1024
"""Characters that may wait, each row counted as `ROW_OVERHEAD` more."""
ROW_OVERHEAD: Final = 400


class Waiting:
    """Rows in the order of their numbers, and how much of them goes on which account."""

    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}
        self._by_account: dict[str, dict[int, None]] = {}
        self._sizes: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def add(self, row: Row) -> None:
        """Let a row wait; its number is greater than those of all others."""
        self._rows[row.id] = row
        self._by_account.setdefault(row.account, {})[row.id] = None
        self._sizes[row.account] += _size(row)

    def get(self, number: int) -> Row | None:
        """Return the row of this number, if it waits."""
        return self._rows.get(number)

    def first(self, count: int) -> list[Row]:
        """Return the oldest rows."""
        return list(islice(self._rows.values(), count))

    def clear(self) -> None:
        """Let nothing wait any longer."""
        self._rows.clear()
        self._by_account.clear()
        self._sizes.clear()

    def remove(self, numbers: Iterable[int]) -> None:
        """Let rows wait no longer; those that do not wait are left out."""
        for number in numbers:
            if row := self._rows.pop(number, None):
                self._sizes[row.account] -= _size(row)
                of_account = self._by_account[row.account]
                del of_account[number]
                if not of_account:
                    del self._by_account[row.account], self._sizes[row.account]

    def make_room(self) -> int:
        """Give up rows beyond MAX_WAITING, the oldest of the account that has the most; return how many."""
        before = len(self._rows)
        while self._sizes.total() > MAX_WAITING:
            largest = self._sizes.most_common(1)[0][0]
            self.remove([next(iter(self._by_account[largest]))])
        return before - len(self._rows)


def _size(row: Row) -> int:
    return len(row.line) + ROW_OVERHEAD
