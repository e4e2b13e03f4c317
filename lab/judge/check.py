"""What the judge's checks have in common: a name, a level, what they need, and what came of them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

from lab.experiments.experiment import Observation

BenchT = TypeVar("BenchT")
"""What a check works with: sockets for a server, a listening socket and questions for a client."""
_MOST_TOLD: Final = 300
"""Bytes of what came last that are told."""


class Mark(Enum):
    """What the judge says of one check; the values stand in the JSON file."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_JUDGED = "not judged"
    """It needs something that is not there; that says nothing against the program."""


class WrongError(Exception):
    """The program does not do what the check asks for; texts are sentences in the user's language."""

    def __init__(self, expected: str, meaning: str, received: bytes = b"") -> None:
        """Args: expected: what should have come; meaning: what its lack means; received: what came."""
        super().__init__(meaning)
        self.expected = expected
        self.meaning = meaning
        self.received = received


class NotJudgedError(Exception):
    """The check cannot be made; the text is a sentence that says why, and what to do about it."""


class CancelledError(Exception):
    """The user does not want to wait for the end."""


def last_bytes(came: bytes | bytearray) -> bytes:
    """Return the end of what came: as much as is told of a failure."""
    return bytes(came[-_MOST_TOLD:])


@dataclass(frozen=True, slots=True)
class Check(Generic[BenchT]):
    """One thing that a program has to do. Texts are functions, because the language can switch."""

    name: str
    """In the JSON file, in `--only`, and in tests: it never changes."""
    level: int
    title: Callable[[], str]
    section: str
    """Number of the heading in the laboratory report that explains it."""
    run: Callable[[BenchT], None]
    """Returns if the program does it; raises WrongError if not, and NotJudgedError if that cannot be seen."""
    requires: tuple[str, ...] = ()
    """Checks without which this one would fail too, so that it is not judged when they fail."""
    after: tuple[str, ...] = ()
    """Checks that have to be made before, whatever comes of them."""

    def is_within(self, level: int | None, feature: str) -> bool:
        """Tell whether it is one of those up to a level (None: all), or that of a variant's feature."""
        return level is None or self.level <= level or self.name == feature


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one check, in the language of the moment."""

    name: str
    level: int
    title: str
    section: str
    mark: Mark
    steps: tuple[Observation, ...] = ()
    """What the judge did, and what came back."""
    expected: str = ""
    received: bytes = b""
    meaning: str = ""
    """Why it failed, or was not judged."""
