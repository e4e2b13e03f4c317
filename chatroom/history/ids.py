"""The ids of messages, and places among them.

A `msgid` is a mark and the row's number: `3f9a2c1b-17`. Each run of a server, from its start to its end, has
a random mark of its own, and the file says with which number each run began (table `run`). So no id is given
twice, though a power cut takes rows back out of the file and their numbers are given again: by another run,
under another mark.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

LARGEST: Final = 10**18 - 1
"""The greatest number of a message."""
MOST_SOUND: Final = LARGEST // 10
"""Nothing but damage gives a number near the greatest, and there must be room for what comes."""
_MARK: Final = re.compile(r"[0-9a-z]{1,32}")
_MSGID: Final = re.compile(r"([0-9a-z]+)-(\d{1,18})", re.ASCII)


def is_run(values: Sequence[object]) -> bool:
    """Tell whether a row of the table is sound."""
    first, mark = values
    return (
        isinstance(first, int)
        and 0 < first <= MOST_SOUND
        and isinstance(mark, str)
        and bool(_MARK.fullmatch(mark))
    )


class Place(NamedTuple):
    """A place in the order of all messages, which is that of their numbers."""

    before: int
    """The messages before it have smaller numbers than this."""
    after: int
    """Those behind it have greater numbers than this."""


END: Final = Place(LARGEST + 1, LARGEST)


class Ids:
    """Which run gave which numbers."""

    def __init__(self, runs: list[tuple[int, str]]) -> None:
        """Args: runs: the first number and the mark of each, in their order; there is one."""
        self._firsts, self._marks = map(list, zip(*runs, strict=True))

    @property
    def runs(self) -> list[tuple[int, str]]:
        """The first number and the mark of each run."""
        return list(zip(self._firsts, self._marks, strict=True))

    def msgid(self, number: int) -> str:
        """Return the id by which clients know the message of this number."""
        return f"{self._marks[bisect_right(self._firsts, number) - 1]}-{number}"

    def newest(self, number: int) -> str:
        """Return the id of a message that this run, the last one, gives its number."""
        return f"{self._marks[-1]}-{number}"

    def find(self, msgid: str) -> Place | None:
        """Return where the message of this id stands, or stood before it was lost; None: nobody gave it."""
        match = _MSGID.fullmatch(msgid)
        if not match or match[1] not in self._marks:
            return None
        number, run = int(match[2]), self._marks.index(match[1])
        if number < self._firsts[run]:
            return None
        if run + 1 < len(self._firsts) and number >= self._firsts[run + 1]:  # given again since
            return Place(self._firsts[run + 1], self._firsts[run + 1] - 1)
        return Place(number, number)
