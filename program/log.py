"""The server's log on the console."""

import contextlib
import logging
import logging.handlers
import os
import queue
import sys
import threading
from collections.abc import Iterator
from typing import Final

MAX_UNPRINTED: Final = 10_000
"""Lines that wait for a console that stands still."""
_PLAIN: Final = "chat.server.plain"
LAST_LINES_SECONDS: Final = 2.0
"""How long such a console may take for the last lines."""


class _PatientHandler(logging.handlers.QueueHandler):
    """Lets so many lines wait for a console that stands still, and drops what comes then."""

    def __init__(self, waiting: queue.SimpleQueue[logging.LogRecord]) -> None:
        super().__init__(waiting)
        self.waiting = waiting

    def enqueue(self, record: logging.LogRecord) -> None:
        """Called for each record, in the thread that logs it."""
        if self.waiting.qsize() < MAX_UNPRINTED:
            self.waiting.put(record)


def plain_log(name: str) -> logging.Logger:
    """Return a logger for lines that bear no time in front, and are printed in their turn even if `quiet`."""
    log = logging.getLogger(f"{_PLAIN}.{name}")
    log.setLevel(logging.INFO)
    return log


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return record.getMessage() if record.name.startswith(_PLAIN) else super().format(record)


@contextlib.contextmanager
def printed(log: logging.Logger, *, quiet: bool) -> Iterator[None]:
    """Print the log from a thread of its own: a console that stands still must not hold up the hub.

    (Selecting text in a Windows console blocks whoever prints.)
    """
    waiting: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    stream = logging.StreamHandler(sys.stdout)
    stream.setFormatter(_Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    listener = logging.handlers.QueueListener(waiting, stream)
    handler = _PatientHandler(waiting)
    log.addHandler(handler)
    log.setLevel(logging.ERROR if quiet else logging.INFO)
    listener.start()
    try:
        yield
    finally:
        log.removeHandler(handler)
        last_lines = threading.Thread(target=listener.stop, name="last lines", daemon=True)
        last_lines.start()
        last_lines.join(LAST_LINES_SECONDS)
        if last_lines.is_alive():  # Python waits for stdout at its end, and nobody reads it
            os._exit(0)
