"""Who is connected to a server, by what it prints. No widgets here."""

import re
from collections.abc import Sequence
from typing import Final

from translations import _

LOGGED: Final = r"\d\d:\d\d:\d\d  "
"""How a line begins that the server prints when something happens; others are about itself."""


def _pattern(text: str) -> re.Pattern[str]:
    """Return what finds a line of the server's log, by the text that it is made of, and its address."""
    found = {"{address}": r"(?P<address>\S+)"}
    parts = re.split(r"(\{\w+\})", text)
    made = (found.get(part, ".*") if part.startswith("{") else re.escape(part) for part in parts)
    return re.compile(LOGGED + "".join(made))


class Visitors:
    """Who is connected to the server, as it prints that in the language in use."""

    def __init__(self) -> None:
        self.addresses: set[str] = set()
        self._came = _pattern(_("connected: {address} (client {number})"))
        self._went = _pattern(_("closed: {address} {nick}: {reason}"))

    def read(self, lines: Sequence[str]) -> None:
        """Take note of what the server has printed."""
        for line in lines:
            if came := self._came.match(line):
                self.addresses.add(came["address"])
            elif went := self._went.match(line):
                self.addresses.discard(went["address"])
