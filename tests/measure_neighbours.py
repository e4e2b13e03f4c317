"""How much bad neighbours delay the others: a ratio, measured side by side.

    python3 -m tests.measure_neighbours --rounds 3

A hundred clients talk, each twice a second. In every second round there are also five that stopped reading,
five that read a byte a second, twenty that connect and never register, and one that floods without reading
what comes back. Prints the delay of every message (p50, p99) without and with them, and the ratio.
"""

import argparse
import socket
import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.tools.crowd import Crowd
from tests.tools.programs import Program

TALKERS = 100
RATE = 2.0
STOPPED = 5
TRICKLING = 5
HALF_OPEN = 20


class BadNeighbours:
    """Clients that behave badly."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.half_open = [socket.create_connection(address) for _ in range(HALF_OPEN)]
        self.stopped = [self._member(address, f"stopped{i}") for i in range(STOPPED)]
        self.trickling = [self._member(address, f"trickle{i}") for i in range(TRICKLING)]
        self.flooder = self._member(address, "flooder")
        self.flooder.setblocking(False)
        self._next_byte = time.monotonic()

    @staticmethod
    def _member(address: tuple[str, int], nick: str) -> socket.socket:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(address)
        sock.sendall(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\nJOIN #lab\r\n".encode())
        return sock

    def misbehave(self) -> None:
        """To be called all the time."""
        with suppress(OSError):
            self.flooder.send(b"PRIVMSG #nowhere :flood\r\n" * 50)
        if time.monotonic() > self._next_byte:
            self._next_byte += 1
            for sock in self.trickling:
                with suppress(OSError):
                    sock.settimeout(0)
                    sock.recv(1)

    def close(self) -> None:
        for sock in [*self.half_open, *self.stopped, *self.trickling, self.flooder]:
            sock.close()


def measure(seconds: float, *, bad: bool) -> tuple[float, float]:
    """Return p50 and p99 of the delay of all messages, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        history = Path(folder) / "history.sqlite3"
        with Program("server", "--port", "0", "--quiet", "--history", history) as server:
            return _measure(server.address(), seconds, bad=bad)


def _measure(address: tuple[str, int], seconds: float, *, bad: bool) -> tuple[float, float]:
    crowd = Crowd(address)
    for number in range(TALKERS):
        crowd.join(f"talker{number}")
    assert crowd.run(lambda: all(talker.joined for talker in crowd.talkers), 20), (
        "not everybody is in the room"
    )
    neighbours = BadNeighbours(address) if bad else None
    crowd.run(lambda: False, 1)
    crowd.delays.clear()
    start = due = time.monotonic()
    turn = 0
    while time.monotonic() < start + seconds:
        while due < time.monotonic():
            talker = crowd.talkers[turn % len(crowd.talkers)]
            talker.stamp("x" * 80)
            turn += 1
            due += 1 / (RATE * TALKERS)
        if neighbours:
            neighbours.misbehave()
        crowd.read(0.002)
    crowd.run(lambda: len(crowd.delays) >= turn * (TALKERS - 1), 10)
    lost = turn * (TALKERS - 1) - len(crowd.delays)
    cuts = statistics.quantiles(crowd.delays, n=100)
    p50, p99 = cuts[49] * 1000, cuts[98] * 1000
    print(
        f"{'with' if bad else 'without'} bad neighbours: p50 {p50:.2f} ms, p99 {p99:.2f} ms, lost {lost}",
        flush=True,
    )
    if neighbours:
        neighbours.close()
    crowd.close()
    return p50, p99


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    ratios = []
    for _ in range(options.rounds):
        _alone, alone99 = measure(options.seconds, bad=False)
        _bad, bad99 = measure(options.seconds, bad=True)
        ratios.append(bad99 / alone99)
    print(f"p99 with / without: {statistics.median(ratios):.2f} (median of {options.rounds})")


if __name__ == "__main__":
    main()
