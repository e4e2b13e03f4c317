"""What the user chooses in a window, written down at once by a thread of its own."""

import threading
from collections.abc import Callable
from typing import Final

from client import settings as settings_file
from client.settings import Change, Settings
from translations import _

PATIENCE: Final = 3.0
"""Seconds that a program waits at its end for the last choice to be written."""
MOST_WAITING: Final = 1000
"""Changes that are kept while nothing can be written; of more, the oldest go."""


class Keeper:
    """Writes changes in the order in which they come; its thread lives only while there are any.

    What cannot be written, as on a full disk, is tried again with the next change, and at the end.

    Args:
        save: writes a change; returns False if it cannot.
    """

    def __init__(self, save: Callable[[Change], bool] = settings_file.save) -> None:
        self._save = save
        self._waiting: list[Change] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._fails = False
        """The last try to write has failed."""
        self._is_said = False

    def trouble(self) -> str:
        """Say, once until something is written, that nothing can be; else return "". For the Tk thread."""
        is_new, self._is_said = self._fails and not self._is_said, self._fails
        if not is_new:
            return ""
        text = _(
            "What you choose is not remembered, since {file} cannot be written: it holds until this window "
            "is closed."
        )
        return text.format(file=settings_file.path())

    def remember(self, change: Change) -> None:
        """Let a change be written; does not wait. For the Tk thread."""
        with self._lock:
            self._waiting.append(change)
            self._start()

    def finish(self) -> None:
        """Wait until all is written, within bounds."""
        with self._lock:
            if self._waiting:
                self._start()
            thread = self._thread
        if thread:
            thread.join(PATIENCE)

    def _start(self) -> None:
        """Start the thread, if it does not live; the lock is held."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._write, name="settings", daemon=True)
            self._thread.start()

    def _write(self) -> None:
        while True:
            with self._lock:
                changes, self._waiting = self._waiting, []
                if not changes:
                    self._thread = None
                    return

            def all_at_once(settings: Settings, changes: list[Change] = changes) -> Settings:
                for change in changes:
                    settings = change(settings)
                return settings

            self._fails = not self._save(all_at_once)
            if self._fails:
                with self._lock:
                    self._waiting = [*changes, *self._waiting][-MOST_WAITING:]
                    self._thread = None
                return
