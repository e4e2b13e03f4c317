"""Gives every message its id, and puts it into the history where there is one."""

import itertools
import secrets

from chatroom.history.store import History
from program.log import log
from translations import _, plural


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

    def commit(self) -> str:
        """Write what was added; return what everybody is to be told, once for each time that it changes."""
        if self.history is None:
            return ""
        self.history.commit()
        problem = self.history.problem
        if bool(problem) is self._told:
            return ""
        self._told = not self._told
        lost = self.history.take_lost()
        if problem:
            log.error(
                _("history: {problem}; what is said now is lost if the server stops").format(problem=problem)
            )
            return "The history cannot be written: what is said now is lost if the server stops"
        if lost:
            log.error(
                plural(
                    "history: works again; {count} message is lost",
                    "history: works again; {count} messages are lost",
                    lost,
                )
            )
            return f"The history is written again; messages that it lacks: {lost}"
        log.warning(_("history: works again; nothing is lost"))
        return "The history is written again; nothing is lost"

    def close(self) -> None:
        """Close the history, and say what it lacks."""
        lost = self.history.close() if self.history else 0
        if lost:
            log.error(
                plural(
                    "history: {count} message could not be written and is lost",
                    "history: {count} messages could not be written and are lost",
                    lost,
                )
            )
