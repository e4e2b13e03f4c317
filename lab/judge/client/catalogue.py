"""The checks of a client in the order in which they are made."""

from lab.judge.check import Check
from lab.judge.client import endings, stream, talking
from lab.judge.client.bench import ClientBench

ClientCheck = Check[ClientBench]


def client_checks(protocol: str) -> list[ClientCheck]:
    """Return the checks for a protocol."""
    return [*talking.checks(is_irc=protocol == "irc"), *stream.CHECKS, *endings.CHECKS]
