"""Messages that wait in memory to be written: until the batch ends, or as long as the file is in trouble."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from chatroom.history.rows import PageQuery, Row

MAX_WAITING: Final = 16 * 1024 * 1024
"""Characters that may wait, each row counted as `ROW_OVERHEAD` more."""
ROW_OVERHEAD: Final = 400
_TARGET, _TIME, _SENDER, _RECEIVER, _SENDER_NICK = map(
    Row._fields.index, ("target", "time", "sender", "receiver", "sender_nick")
)


class Waiting:
    """Rows in the order of their numbers.

    They are plain tuples until somebody looks at them: at full speed nobody does. Nor is it looked who has
    most of them (`make_room`), unless they have to wait.
    """

    def __init__(self) -> None:
        self._rows: dict[int, tuple[Any, ...]] = {}
        self._accounted_to = 0
        self._by_account: defaultdict[str, dict[int, None]] = defaultdict(dict)
        self._sizes: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return map(Row._make, self._rows.values())

    def add(self, number: int, row: tuple[Any, ...]) -> None:
        """Let a row (the values of a `Row`) wait; its number is greater than those of all others."""
        self._rows[number] = row

    def get(self, number: int) -> Row | None:
        """Return the row of this number, if it waits."""
        row = self._rows.get(number)
        return Row._make(row) if row else None

    def search(self, query: PageQuery) -> Iterator[Row]:
        """Yield the rows that are asked for, in the order in which the query takes them.

        There may be many thousands that are not: of these no objects are made.
        """
        target, nick, other = query.talk.target, query.talk.target[1:], query.talk.other
        for values in reversed(self._rows.values()) if query.newest else self._rows.values():
            is_named = values[_TARGET] == target or values[_SENDER_NICK] == nick
            if is_named or (other and other in (values[_SENDER], values[_RECEIVER])):
                row = Row._make(values)
                if query.asks_for(row):
                    yield row

    def times(self) -> Iterator[tuple[int, int]]:
        """Yield the number and the time of each row."""
        return ((number, values[_TIME]) for number, values in self._rows.items())

    def first(self, count: int) -> list[tuple[Any, ...]]:
        """Return the values of the oldest rows."""
        return list(islice(self._rows.values(), count))

    def clear(self) -> None:
        """Let nothing wait any longer."""
        self._rows.clear()
        self._by_account.clear()
        self._sizes.clear()

    def remove(self, numbers: Iterable[int]) -> None:
        """Let rows wait no longer; those that do not wait are left out."""
        for number in numbers:
            row = self.get(number)
            if row:
                del self._rows[number]
            if row and number <= self._accounted_to:
                self._sizes[row.account] -= _size(row)
                of_account = self._by_account[row.account]
                del of_account[number]
                if not of_account:
                    del self._by_account[row.account], self._sizes[row.account]

    def make_room(self) -> int:
        """Give up rows beyond MAX_WAITING, the oldest of the account that has the most; return how many.

        To be called when rows have to wait.
        """
        before = len(self._rows)
        for row in self._not_accounted():
            self._by_account[row.account][row.id] = None
            self._sizes[row.account] += _size(row)
            self._accounted_to = row.id
        while self._sizes.total() > MAX_WAITING:
            largest = self._sizes.most_common(1)[0][0]
            self.remove([next(iter(self._by_account[largest]))])
        return before - len(self._rows)

    def _not_accounted(self) -> list[Row]:
        rows: list[Row] = []
        for number in reversed(self._rows):
            if number <= self._accounted_to:
                break
            rows.append(Row._make(self._rows[number]))
        return rows[::-1]


def _size(row: Row) -> int:
    return len(row.line) + ROW_OVERHEAD
