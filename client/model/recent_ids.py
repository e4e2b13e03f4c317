"""Which messages have been shown already."""

from collections import OrderedDict
from typing import Final

MAX_IDS: Final = 50_000


class RecentIds:
    """Remembers the last `MAX_IDS` message ids and nonces, so that nothing is shown twice."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, None] = OrderedDict()

    def __contains__(self, marks: tuple[str, ...]) -> bool:
        return hash(marks) in self._known

    def add(self, *marks: str) -> bool:
        """Remember; return False if they were known. Hashes are kept, so that long ids cost nothing."""
        key = hash(marks)
        if key in self._known:
            return False
        self._known[key] = None
        if len(self._known) > MAX_IDS:
            self._known.popitem(last=False)
        return True
