"""A day in minutes: clients come, talk and go; at the end the server is as it was at the start.

    python3 -m tests.soak --minutes 10 --clients 200

Prints threads, descriptors and resident memory of the server before and after; exit code 1 if they grew.
Needs Linux, for /proc.
"""

import argparse
import random
import sys
import time
from pathlib import Path

from tests.tools.crowd import Crowd
from tests.tools.footprint import Footprint, footprint
from tests.tools.programs import Program

SETTLE_SECONDS = 30.0
MEMORY_MARGIN_KIB = 16 * 1024
"""Caches that fill once: of folded names, of sqlite's pages, of the allocator."""


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
                talker.stamp("x" * chance.randrange(200))
        crowd.read(0.005)
    return came


def soak(history: Path, seconds: float, clients: int, seed: int) -> tuple[Footprint, Footprint, int, int]:
    """Run the server under a coming and going crowd.

    Returns:
        What the server held before and after, how many clients came, and how many messages were received.
    """
    options = ("--port", "0", "--history", history, "--no-throttle", "--quiet")
    with Program("server", *options) as server:
        address = server.address()
        process = server.process.pid
        empty = footprint(process)
        chance = random.Random(seed)
        warm = Crowd(address)
        # The first crowd fills the caches, and the allocator's: memory that is free again stays with it.
        live(warm, seconds / 4, clients, chance)
        warm.close()
        before = settled(process, empty)
        crowd = Crowd(address)
        came = live(crowd, seconds, clients, chance)
        crowd.close()
        return before, settled(process, empty), came, len(crowd.delays)


def settled(process: int, empty: Footprint) -> Footprint:
    """Wait until all that those who have gone held is given back; return what the process holds then.

    Args:
        empty: what it held before anybody came.
    """
    deadline = time.monotonic() + SETTLE_SECONDS
    found = footprint(process)
    while found.has_more_than(empty) and time.monotonic() < deadline:
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
    margins = {"threads": 0, "descriptors": 0, "resident_kib": MEMORY_MARGIN_KIB}
    return [
        f"{name}: {getattr(before, name)} before, {getattr(after, name)} after"
        for name, margin in margins.items()
        if getattr(after, name) > getattr(before, name) + margin
    ]


if __name__ == "__main__":
    sys.exit(main())
