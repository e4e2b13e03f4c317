"""A day in minutes: clients come, talk and go; at the end the server is as it was at the start.

    python3 -m tests.soak --minutes 10 --clients 200

Prints threads, descriptors and resident memory of the server before and after; exit code 1 if they grew.
Needs Linux, for /proc.
"""

import argparse
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.tools.crowd import Crowd

ROOT = Path(__file__).resolve().parent.parent
SETTLE_SECONDS = 10.0
MEMORY_MARGIN_KIB = 16 * 1024
"""Caches that fill once: of folded names, of sqlite's pages, of the allocator."""


class Footprint(NamedTuple):
    """What a process holds."""

    threads: int
    descriptors: int
    resident_kib: int


def footprint(process: int) -> Footprint:
    """Return what a process holds now (proc(5))."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")

    def number(key: str) -> int:
        found = re.search(rf"^{key}:\s+(\d+)", status, re.MULTILINE)
        assert found, key
        return int(found[1])

    return Footprint(number("Threads"), len(list(Path(f"/proc/{process}/fd").iterdir())), number("VmRSS"))


def live(crowd: Crowd, seconds: float, clients: int, chance: random.Random) -> int:
    """Let clients come, talk and go for so long; return how many came."""
    came = 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if len(crowd.talkers) < clients:
            came += 1
            crowd.join(f"s{came}")
        elif chance.random() < 0.2:
            crowd.leave(chance.choice(crowd.talkers), politely=chance.random() < 0.5)
        for talker in chance.sample(crowd.talkers, min(5, len(crowd.talkers))):
            if talker.joined:
                talker.send(f"PRIVMSG #lab :@{time.monotonic():.6f} {'x' * chance.randrange(200)}\r\n")
        crowd.read(0.005)
    return came


def soak(history: Path, seconds: float, clients: int, seed: int) -> tuple[Footprint, Footprint, int, int]:
    """Run the server under a coming and going crowd.

    Returns:
        What the server held before and after, how many clients came, and how many messages were received.
    """
    command = [sys.executable, str(ROOT / "chat.py"), "server", "--port", "0", "--history", str(history)]
    server = subprocess.Popen([*command, "--no-throttle", "--quiet"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        found = re.search(r"([\d.]+):(\d+)", server.stdout.readline())
        assert found, "the server does not listen"
        address = (found[1], int(found[2]))
        chance = random.Random(seed)
        warm = Crowd(address)
        # The first crowd fills the caches, and the allocator's: memory that is free again stays with it.
        live(warm, seconds / 4, clients, chance)
        warm.close()
        before = settled(server.pid)
        crowd = Crowd(address)
        came = live(crowd, seconds, clients, chance)
        crowd.close()
        return before, settled(server.pid), came, len(crowd.delays)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        if server.stdout:
            server.stdout.close()


def settled(process: int) -> Footprint:
    """Wait until the threads of those who have gone have ended; return what the process holds then."""
    deadline = time.monotonic() + SETTLE_SECONDS
    found = footprint(process)
    while found.threads > 4 and time.monotonic() < deadline:
        time.sleep(0.05)
        found = footprint(process)
    return found


def main() -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--history", type=Path, default=Path("soak.sqlite3"))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    before, after, came, received = soak(options.history, options.minutes * 60, options.clients, options.seed)
    print(f"{came} clients came, {received} messages received\nbefore {before}\nafter  {after}")
    return 0 if grew(before, after) == [] else 1


def grew(before: Footprint, after: Footprint) -> list[str]:
    """Return what is more than it was, in words."""
    return [
        f"{name}: {old} before, {new} after"
        for name, old, new, margin in zip(
            Footprint._fields, before, after, (0, 0, MEMORY_MARGIN_KIB), strict=True
        )
        if new > old + margin
    ]


if __name__ == "__main__":
    sys.exit(main())
