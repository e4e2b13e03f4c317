"""The thirty variants of a student's own program: the one source of the table in the lab report."""

from dataclasses import dataclass
from typing import Final

from translations import Texts, translate

FRAMINGS: Final[Texts] = {
    "lines": "line",
    "length": "length",
    "delimiter": "zero byte",
}
"""How a message is marked off in the stream of bytes; the names are the judge's protocols."""
CONCURRENCIES: Final[Texts] = {
    "threads": "thread per client",
    "queue": "threads and a queue",
    "select": "select",
    "asyncio": "event loop (asyncio)",
    "pool": "pool of threads",
}
"""How the server attends to many clients at once."""
FEATURES: Final[Texts] = {
    "names": "names (/name)",
    "private": "private messages (/msg)",
    "history": "history for newcomers",
    "rooms": "rooms (/join)",
    "timeout": "time limit of silence",
    "buffer": "bounded outgoing buffer",
    "log": "log file",
}
"""What the server does beside its levels; the names are the judge's checks."""
SIDES: Final[Texts] = {"server": "server", "client": "client"}
"""Which of the two programs is taken through all its levels."""
LANGUAGES: Final = {
    "threads": ("C", "Java", "C#"),
    "queue": ("C", "C#", "Java"),
    "select": ("Python", "C", "Java"),
    "asyncio": ("Python", "JavaScript", "C#"),
    "pool": ("Java", "C#", "Python"),
}
"""Programming languages in which each kind of concurrency is usual."""
LAST_LEVELS: Final = {"server": 8, "client": 5}
"""The highest level of each side."""
ENOUGH_LEVELS: Final = {"server": 5, "client": 3}
"""The level that the other side needs, the one that the variant does not dwell on."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What one student builds; every field but the number and the language is a key of a table above."""

    number: int
    framing: str
    concurrency: str
    feature: str
    side: str
    language: str

    def level(self, side: str) -> int:
        """Return the level that the program of this side, `server` or `client`, has to reach."""
        return (LAST_LEVELS if side == self.side else ENOUGH_LEVELS)[side]

    def cells(self) -> tuple[str, ...]:
        """Return its row of the table, in the user's language."""
        return (
            str(self.number),
            translate(FRAMINGS[self.framing]),
            translate(CONCURRENCIES[self.concurrency]),
            translate(FEATURES[self.feature]),
            translate(SIDES[self.side]),
            self.language,
        )


def _variant(number: int) -> Variant:
    """Make a variant; 2, 3 and 5 have no common factor, so that no two agree in side, framing and threads."""
    concurrency = list(CONCURRENCIES)[number % 5]
    languages, turn = LANGUAGES[concurrency], number // 5
    return Variant(
        number,
        list(FRAMINGS)[number % 3],
        concurrency,
        list(FEATURES)[number % 7],
        list(SIDES)[number % 2],
        languages[(turn + turn // 3) % len(languages)],
    )


VARIANTS: Final = {number: _variant(number) for number in range(1, 31)}
"""By their numbers."""
