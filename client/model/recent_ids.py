"""What was shown already."""

from collections import OrderedDict
from typing import Final

MAX_SEEN: Final = 50_000


class SeenIds:
    """Remembers the last `MAX_SEEN` message ids and nonces, so that nothing is shown twice."""

    def __init__(self) -> None:
        self._seen: OrderedDict[int, None] = OrderedDict()

    def add(self, kind: str, value: str) -> bool:
        """Remember; return False if it was known already. Hashes are kept, so that long ids cost nothing."""
        key = hash((kind, value))
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > MAX_SEEN:
            self._seen.popitem(last=False)
        return True
