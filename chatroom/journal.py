"""Gives every message its id, and puts it into the history where there is one."""

import itertools
import secrets
from typing import NamedTuple

from chatroom.history import History


class HistoryNews(NamedTuple):
    """The history has begun to fail, or works again."""

    problem: str
    """What is wrong; "" if everything that waited is written."""
    lost: int
    """How many messages were lost meanwhile, because too many waited."""


class Journal:
    """The history as the commands use it: with or without a file, and when the file fails."""

    def __init__(self, history: History | None) -> None:
        self.history = history
        self._told = False
        self._mark = secrets.token_hex(3)
        self._numbers = itertools.count(1)

    @property
    def last_time(self) -> int:
        """Time of the newest stored message, in milliseconds since the epoch."""
        return self.history.last_time if self.history else 0

    @property
    def retry_in(self) -> float | None:
        """Seconds until `commit` should be called again though nobody says anything; None if it need not."""
        return self.history.retry_in if self.history else None

    def add(
        self, target: str, time: float, line: str, tags: str, parties: str = "", *, event: bool = False
    ) -> str:
        """Store a message with the next `commit`; return its msgid.

        Args:
            time: seconds since the epoch.
            line: as it is relayed, without tags.
            tags: client-only tags, formatted.
            parties: of a private message, the two `nick!user@host`, folded, between line feeds.
        """
        if self.history is None:
            return f"{self._mark}-{next(self._numbers)}"
        stored = f"@{tags} {line}" if tags else line
        return self.history.add(target, int(time * 1000), stored, parties, event=event)

    def commit(self) -> HistoryNews | None:
        """Write what was added; return what is to be told, once for each time that it changes."""
        if self.history is None:
            return None
        self.history.commit()
        if bool(self.history.problem) is self._told:
            return None
        self._told = not self._told
        return HistoryNews(self.history.problem, self.history.take_lost())

    def close(self) -> int:
        """Close the history; return how many messages could not be written."""
        return self.history.close() if self.history else 0
