"""Which messages have been shown already."""

from typing import Final

MAX_IDS: Final = 50_000


class RecentIds:
    """Remembers at least the last `MAX_IDS` message ids and nonces, so that nothing is shown twice."""

    def __init__(self) -> None:
        # Two sets take half of what one thing in order takes: when the newer is full, the older goes.
        self._newer: set[int] = set()
        self._older: set[int] = set()

    def __contains__(self, marks: tuple[str, ...]) -> bool:
        key = hash(marks)
        return key in self._newer or key in self._older

    def add(self, *marks: str) -> bool:
        """Remember; return False if they were known. Hashes are kept, so that long ids cost nothing."""
        if marks in self:
            return False
        if len(self._newer) == MAX_IDS:
            self._older, self._newer = self._newer, set()
        self._newer.add(hash(marks))
        return True
