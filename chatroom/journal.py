"""Gives every message its id, and puts it into the history where there is one."""

import itertools
import secrets
import sqlite3

from chatroom.history import History


class Journal:
    """The history as the commands use it: with or without a file, and when the file fails."""

    def __init__(self, history: History | None) -> None:
        self.history = history
        self._problem = ""
        self._told = False
        self._mark = secrets.token_hex(3)
        self._numbers = itertools.count(1)

    @property
    def last_time(self) -> int:
        """Time of the newest stored message, in milliseconds since the epoch."""
        return self.history.last_time if self.history else 0

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
        if self.history:
            stored = f"@{tags} {line}" if tags else line
            try:
                return self.history.add(target, int(time * 1000), stored, parties, event=event)
            except sqlite3.Error as error:
                self._problem = str(error)
        return f"{self._mark}-{next(self._numbers)}"

    def commit(self) -> str:
        """Write what was added; return what is wrong, once for each time that it goes wrong, else ""."""
        if self.history:
            try:
                self.history.commit()
            except sqlite3.Error as error:
                self._problem = str(error)
        problem, self._problem = self._problem, ""
        told, self._told = self._told, bool(problem)
        return "" if told else problem

    def close(self) -> None:
        if self.history:
            self.history.close()
