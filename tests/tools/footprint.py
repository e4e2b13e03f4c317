"""What a process holds: threads, descriptors and memory, as Linux tells it (proc(5))."""

import re
from pathlib import Path
from typing import NamedTuple


class Footprint(NamedTuple):
    """What a process holds."""

    threads: int
    descriptors: int
    resident_kib: int
    peak_kib: int
    """What was resident at most, ever."""

    def has_more_than(self, other: "Footprint") -> bool:
        """Tell whether it has more threads or descriptors: memory comes and goes by the allocator's will."""
        return self.threads > other.threads or self.descriptors > other.descriptors


def footprint(process: int) -> Footprint:
    """Return what a process holds now.

    Args:
        process: its number.
    """
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    found = {key: int(value) for key, value in re.findall(r"^(\w+):\s+(\d+)", status, re.MULTILINE)}
    descriptors = len(list(Path(f"/proc/{process}/fd").iterdir()))
    return Footprint(found["Threads"], descriptors, found["VmRSS"], found["VmHWM"])
