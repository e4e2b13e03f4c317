"""How lines get into the clients' outboxes, at little cost for large rooms."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from chatroom.client import Client

Portions = Iterator[None]
"""A long answer in the making: each step puts a few lines into the outbox. Whoever takes the steps can stop
when time is up or the outbox is full, and go on later; what the answer is about may have changed by then."""
MOST_APART: Final = 16
"""Of a run: each costs a copy of the whole run, and time for each line."""
_Result = TypeVar("_Result")


class Delivery:
    """Fills outboxes during a batch, and hands them over at its end.

    Lines that go to the same clients one after the other are a run: one shared `bytearray` for each set of
    tags, which stands once in each outbox. So the second and later lines of a run cost the same in a room of
    three and of three hundred. Who is skipped by one of them has its lines apart, for the rest of the run.
    Any other line ends the run, which keeps each outbox in order; and whoever changes who is in a room ends
    it with `end_run`.
    """

    def __init__(self) -> None:
        self._answered: list[Client] = []
        """Who has a line in the outbox that only he gets: he waits for it."""
        self._dirty: list[Client] = []
        """Who else has something in the outbox."""
        self._run_recipients: object = None
        """The very object that was given as recipients; None if the next line cannot continue the run."""
        self._run: dict[int, bytearray] = {}
        """The lines of the run for each set of tags."""
        self._apart: dict[Client, bytearray] = {}
        """The lines of those who do not get them all."""

    def end_run(self) -> None:
        """Make the next line begin a new run, even if it goes to the same object as the last one."""
        self._run_recipients = None

    def put(self, client: Client, line: bytes) -> None:
        """Put a line into one client's outbox."""
        self.end_run()
        if not client.answered:
            self._answered.append(client)
        client.outbox.append(line)
        client.answered += len(line)

    def relay(
        self,
        recipients: Iterable[Client],
        make_line: Callable[[int], bytes],
        *,
        skip: Client | None = None,
    ) -> None:
        """Put a line into many outboxes.

        Args:
            make_line: returns the line for a set of tags (`Client.tag_set`); asked once for each set.
            skip: the client who does not get it.
        """
        if recipients is not self._run_recipients:
            self._begin_run(recipients)
        if skip and skip not in self._apart:
            if len(self._apart) == MOST_APART:
                self._begin_run(recipients)
            self._set_apart(skip)
        for tag_set, lines in self._run.items():
            line = make_line(tag_set)
            lines.extend(line)
            for client, own_lines in self._apart.items():
                if client is not skip and client.tag_set == tag_set:
                    own_lines.extend(line)

    def _begin_run(self, recipients: Iterable[Client]) -> None:
        run: dict[int, bytearray] = {}
        dirty = self._dirty
        for client in recipients:
            tag_set = client.tag_set
            if tag_set not in run:
                run[tag_set] = bytearray()
            outbox = client.outbox
            if not outbox:
                dirty.append(client)
            outbox.append(run[tag_set])
        self._run_recipients, self._run, self._apart = recipients, run, {}

    def _set_apart(self, client: Client) -> None:
        """Give a recipient bytes of its own, because it does not get every line of the run."""
        shared = self._run.get(client.tag_set)
        if shared is not None and client.outbox and client.outbox[-1] is shared:
            client.outbox[-1] = self._apart[client] = bytearray(shared)

    def capture(self, client: Client, act: Callable[[], _Result]) -> tuple[list[bytes], _Result]:
        """Act; return the lines that this would put into the client's outbox, and what `act` returns."""
        self.end_run()
        before, client.outbox = client.outbox, []
        try:
            result = act()
            return b"".join(client.outbox).splitlines(keepends=True), result
        finally:
            self.end_run()
            client.outbox = before

    def __bool__(self) -> bool:
        """Whether there is anything to send."""
        return bool(self._answered or self._dirty)

    def take(self) -> Iterator[tuple[Client, bytes | bytearray]]:
        """Empty the outboxes; yield each client that has something, and its bytes: the answered first.

        Whoever stops in between finds the others the next time, with what has come meanwhile.
        """
        self.end_run()
        for waiting in (self._answered, self._dirty):
            done = 0
            try:
                for client in waiting:
                    done += 1
                    if data := self.take_from(client):
                        yield client, data
            finally:
                del waiting[:done]

    def take_from(self, client: Client) -> bytes | bytearray:
        """Empty one client's outbox; return the bytes."""
        self.end_run()
        outbox, client.outbox = client.outbox, []
        client.answered = 0
        return outbox[0] if len(outbox) == 1 else b"".join(outbox)
