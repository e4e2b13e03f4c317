"""Starts threads for somebody who must not wait.

`Thread.start` returns when the new thread runs; on a busy computer, where many threads want Python's lock,
that can take long.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue


class ThreadStarter:
    """A thread that starts others. `start` never waits; the rest is for the owner."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[threading.Thread, Callable[[], object]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="starter", daemon=True)
        self._thread.start()

    def start(self, thread: threading.Thread, refused: Callable[[], object]) -> None:
        """Let a thread be started soon. May be called from any thread.

        Args:
            refused: called, in the starter's thread, if the system has no thread or memory left.
        """
        self._asked.put((thread, refused))

    def _run(self) -> None:
        while asked := self._asked.get():
            thread, refused = asked
            try:
                thread.start()
            except (RuntimeError, MemoryError):
                refused()

    def stop(self) -> None:
        """Start what was asked for, and end."""
        self._asked.put(None)
        self._thread.join()
