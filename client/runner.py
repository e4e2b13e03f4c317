"""The glue between a session and its connection, the same for the window, the demo and the tests."""

import contextlib
import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from client.model.events import (
    ReconnectAsked,
    SessionEvent,
    TransportEvent,
    TransportOpened,
    TransportReceived,
)
from client.net.connection import Connection
from client.session import Session
from protocol.message import Message, format_message

MESSAGES_AT_ONCE: Final = 500
"""Messages that one `handle_waiting` handles at most, so that a burst never holds up the window."""
TURN_SECONDS: Final = 0.02
"""After which the rest waits for the next call: one line may cost as much as a thousand others."""
_TICK: Final = 1.0
_TURN: Final = 0.005


class Runner:
    """Feeds a session from its connection's queue and sends what it wants sent.

    All methods are for the one thread that owns the session.
    """

    def __init__(
        self, session: Session, connection: Connection, events: "queue.Queue[TransportEvent]"
    ) -> None:
        self.session = session
        self.connection = connection
        self._queue = events
        self._rest: deque[TransportReceived] = deque()
        """Of an event that was begun: what is still to be handled, a message each."""
        self._number = 0
        self._ticked_at = time.monotonic()

    @property
    def depth(self) -> int:
        """Events that wait in the queue, or have been begun."""
        return self._queue.qsize() + bool(self._rest)

    @property
    def has_more(self) -> bool:
        """Tell whether there is something to handle now. While too much waits to be sent there is not: the
        queue fills, and TCP's flow control makes the server wait for us as we wait for it.
        """
        return self.depth > 0 and not self.connection.is_full

    def handle_waiting(self, limit: int = MESSAGES_AT_ONCE) -> list[SessionEvent]:
        """Handle what waits, without waiting: `limit` messages and TURN_SECONDS at most; return what changed.

        To be called often (the window: every 50 ms), and after each call of a `Session` method, so that what
        the user said goes out at once. If there `has_more` afterwards, it should be called again soon.
        """
        handled, end = 0, time.perf_counter() + TURN_SECONDS
        while handled < limit and not self.connection.is_full and (not handled or time.perf_counter() < end):
            if not self._rest:
                try:
                    self._begin(self._queue.get_nowait())
                except queue.Empty:
                    break
            else:
                self.session.handle(self._rest.popleft())
                handled += 1
                if not self._rest:
                    self._send()
        if time.monotonic() - self._ticked_at >= _TICK:
            self._ticked_at = time.monotonic()
            self.session.tick()
        self._send()
        changed = self.session.state.take_events()
        self._steer_connection(changed)
        return changed

    def handle_next(self, seconds: float) -> None:
        """Wait until there is something to handle, at most so long."""
        if self.connection.is_full:
            time.sleep(min(seconds, _TURN))
            return
        if not self._rest:  # what was begun comes first
            with contextlib.suppress(queue.Empty):
                self._begin(self._queue.get(timeout=seconds))

    def close(self, reason: str = "") -> None:
        """Say good-bye and close the connection; does not wait for the threads (`Connection.join` does)."""
        words = " ".join(reason.split())
        self.connection.close(format_message(Message("QUIT", (words,) if words else ())))

    def _begin(self, event: TransportEvent) -> None:
        """Handle an event; messages are only made ready to be handled."""
        if isinstance(event, TransportReceived):
            self._rest.extend(TransportReceived((message,), event.at) for message in event.messages)
            return
        if isinstance(event, TransportOpened):
            self._number = event.number
        self.session.handle(event)
        self._send()

    def _steer_connection(self, changed: Sequence[SessionEvent]) -> None:
        for event in changed:
            if isinstance(event, ReconnectAsked):
                self.connection.reconnect_now()
        self.connection.retrying = self.session.state.refused is None

    def _send(self) -> None:
        self.connection.send(self.session.state.take_lines(), self._number)


def run_together(runners: Sequence[Runner], until: Callable[[], bool], timeout: float) -> list[SessionEvent]:
    """Run several clients in this thread until the condition holds; return what changed.

    For programs without a window.

    Raises:
        TimeoutError: it did not hold within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    changed: list[SessionEvent] = []
    while True:
        for runner in runners:
            changed += runner.handle_waiting()
        if until():
            return changed
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {timeout} s")
        if not any(runner.has_more for runner in runners):
            # A thread can wait on one queue only; the others have their turn soon.
            runners[0].handle_next(_TURN if len(runners) > 1 else _TICK)
