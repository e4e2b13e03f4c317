"""The checks of a server in the order in which they are made."""

from lab.judge.bench import ServerBench
from lab.judge.check import Check
from lab.judge.server import endings, framing, letters, load, talking

ServerCheck = Check[ServerBench]


def server_checks(protocol: str, feature: str = "") -> list[ServerCheck]:
    """Return the checks for a protocol and for the feature of a variant; "" for none."""
    return [
        *talking.CHECKS,
        *framing.CHECKS,
        *letters.CHECKS,
        *endings.CHECKS,
        *load.CHECKS,
        endings.RESTART,
    ]
