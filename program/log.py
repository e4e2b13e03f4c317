"""The server's log on the console."""

import contextlib
import logging
import logging.handlers
import os
import queue
import sys
import threading
from collections.abc import Iterator
from typing import Final, TextIO

log: Final = logging.getLogger("chat.server")
plain_log: Final = log.getChild("plain")
"""Its lines have no time in front of them, and are printed even if `quiet`."""
MAX_UNPRINTED: Final = 10_000
"""Lines that may wait for a blocked console."""
LAST_LINES_SECONDS: Final = 2.0
"""How long a blocked console may take for the last lines."""


class _BoundedQueueHandler(logging.handlers.QueueHandler):
    """Lets up to `MAX_UNPRINTED` lines wait for a console that is blocked, and drops those after them."""

    def __init__(self, waiting: queue.SimpleQueue[logging.LogRecord]) -> None:
        super().__init__(waiting)
        self.waiting = waiting

    def enqueue(self, record: logging.LogRecord) -> None:
        """Put a record into the queue. Called in the thread that logs it."""
        if self.waiting.qsize() < MAX_UNPRINTED:
            self.waiting.put(record)


class _ConsoleHandler(logging.StreamHandler[TextIO]):
    def format(self, record: logging.LogRecord) -> str:
        return record.getMessage() if record.name == plain_log.name else super().format(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Do nothing: a console that is gone is not worth an error message."""


@contextlib.contextmanager
def print_log(*, quiet: bool) -> Iterator[None]:
    """Print the log from a thread of its own, so that a blocked console does not block the hub.

    (Selecting text in a Windows console blocks every program that prints to it.)
    """
    waiting: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    console = _ConsoleHandler(sys.stdout)
    console.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    listener = logging.handlers.QueueListener(waiting, console)
    handler = _BoundedQueueHandler(waiting)
    log.addHandler(handler)
    log.setLevel(logging.ERROR if quiet else logging.INFO)
    plain_log.setLevel(logging.INFO)
    listener.start()
    try:
        yield
    finally:
        log.removeHandler(handler)
        last_lines = threading.Thread(target=listener.stop, name="last lines", daemon=True)
        last_lines.start()
        last_lines.join(LAST_LINES_SECONDS)
        if last_lines.is_alive():  # at its end Python would wait for stdout, which nobody reads
            os._exit(0)
