"""The server's log on the console."""

import contextlib
import logging
import logging.handlers
import queue
import sys
from collections.abc import Iterator
from typing import Final

MAX_UNPRINTED: Final = 10_000
"""Lines that wait for a console that stands still."""


class _PatientHandler(logging.handlers.QueueHandler):
    """Lets so many lines wait for a console that stands still, and drops what comes then."""

    def __init__(self, waiting: queue.SimpleQueue[logging.LogRecord]) -> None:
        super().__init__(waiting)
        self.waiting = waiting

    def enqueue(self, record: logging.LogRecord) -> None:
        """Called for each record, in the thread that logs it."""
        if self.waiting.qsize() < MAX_UNPRINTED:
            self.waiting.put(record)


@contextlib.contextmanager
def printed(log: logging.Logger, *, quiet: bool) -> Iterator[None]:
    """Print the log from a thread of its own: a console that stands still must not hold up the hub.

    (Selecting text in a Windows console blocks whoever prints.)
    """
    waiting: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    stream = logging.StreamHandler(sys.stdout)
    stream.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    listener = logging.handlers.QueueListener(waiting, stream)
    handler = _PatientHandler(waiting)
    log.addHandler(handler)
    log.setLevel(logging.ERROR if quiet else logging.INFO)
    listener.start()
    try:
        yield
    finally:
        log.removeHandler(handler)
        listener.stop()
