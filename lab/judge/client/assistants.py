"""Who sits at the student's client: types into it, and sees what it shows. A person, or the judge itself."""

import locale
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Final

from lab.judge.bench import START_SECONDS
from lab.judge.participants import HEAR_SECONDS, QUIET_SECONDS, Crowd
from lab.judge.program import Program
from translations import _

_BURST_SECONDS: Final = 10.0
_A_PERSON: Final = 180.0
"""Seconds that a person may take to start a program, or to type a line into it."""
_TRACE: Final = re.compile(
    rb"Traceback \(most recent|Unhandled exception|Exception in thread|panicked at|^\s+at [\w.<]+",
    re.IGNORECASE | re.MULTILINE,
)
"""What a program prints that falls over something: Python, C#, Java, Rust, and JavaScript with its likes."""


class Assistant(ABC):
    """Does with the program what a user does, and tells what a user sees."""

    start_seconds: float
    """How long the program may take to connect."""
    patience: float
    """Seconds that a line may take from the keyboard to the judge."""

    @abstractmethod
    def start(self, address: str) -> None:
        """Let the program connect to an address: start it, or start it again.

        Raises:
            UserFacingError: it cannot be started.
        """

    @abstractmethod
    def name(self, name: str) -> None:
        """Answer a program that asks for its user's name."""

    @abstractmethod
    def type(self, line: str) -> None:
        """Type a line into the program."""

    @abstractmethod
    def sees(self, crowd: Crowd, texts: Sequence[str]) -> bool:
        """Tell whether the program shows each of these texts; there are many only when all came at once."""

    @abstractmethod
    def sees_end(self, crowd: Crowd, before: bytes) -> str:
        """Tell what is wrong with how the program tells that the connection is gone; "" if nothing.

        Args:
            before: what it had printed until then.
        """

    @property
    def has_ended(self) -> bool:
        """Whether the program was started and has ended; a person would have told."""
        return False

    def last_words(self) -> str:
        """Say how the program has ended, and what it printed last; "" if it was not started here or runs."""
        return ""

    @property
    def printed(self) -> bytes:
        """What the program has printed last, as far as that is known."""
        return b""

    @abstractmethod
    def stop(self) -> None:
        """Leave nothing running that was started here."""


class Person(Assistant):
    """Somebody who is asked to do things, and what was seen."""

    start_seconds = patience = _A_PERSON

    def __init__(self, tell: Callable[[str], None], ask: Callable[[str], bool]) -> None:
        """Args: tell: shows what is to be done, and returns at once; ask: waits for a yes or no."""
        self._tell = tell
        self._ask = ask

    def start(self, address: str) -> None:
        self._tell(
            _("Let your program connect to {address}: start it now, or again.").format(address=address)
        )

    def name(self, name: str) -> None:
        self._tell(_("If your program asks for a name, answer: {name}").format(name=name))

    def type(self, line: str) -> None:
        self._tell(_("Type in your program, and press Enter there: {line}").format(line=line))

    def sees(self, crowd: Crowd, texts: Sequence[str]) -> bool:
        crowd.settle()
        if len(texts) == 1:
            question = _("Does your program show “{text}”, whole, although nothing was typed?")
            return self._ask(question.format(text=texts[0]))
        question = _("Does your program show {count} new messages, each whole, from “{first}” to “{last}”?")
        return self._ask(question.format(count=len(texts), first=texts[0], last=texts[-1]))

    def sees_end(self, crowd: Crowd, before: bytes) -> str:
        question = _("The connection is gone. Does your program tell that, and has not crashed?")
        return "" if self._ask(question) else _("The program did not tell it, or it crashed.")

    def stop(self) -> None:
        """The person who has started it stops it."""


class Hands(Assistant):
    """The judge itself: it starts the program, types into its input, and reads its output."""

    start_seconds = START_SECONDS
    patience = HEAR_SECONDS

    def __init__(self, command: str) -> None:
        """Args: command: as it is typed at a terminal, without what only a shell knows."""
        self._command = command
        self._program: Program | None = None

    def start(self, address: str) -> None:
        if self._program:
            self._program.start()
        else:
            self._program = Program(self._command)

    def name(self, name: str) -> None:
        self.type(name)

    def type(self, line: str) -> None:
        if self._program:
            self._program.type(line)

    def sees(self, crowd: Crowd, texts: Sequence[str]) -> bool:
        wanted = [_encodings_of(text) for text in reversed(texts)]  # the last comes last

        def are_printed() -> bool:
            printed = self.printed
            return all(any(one in printed for one in forms) for forms in wanted)

        return crowd.wait(are_printed, HEAR_SECONDS if len(texts) == 1 else _BURST_SECONDS)

    def sees_end(self, crowd: Crowd, before: bytes) -> str:
        crowd.wait(lambda: self.printed != before or self.has_ended, HEAR_SECONDS)
        crowd.pause(QUIET_SECONDS * 2)  # a program that falls prints more than a line
        after = self.printed
        new = after.removeprefix(before)
        if self._program and self._program.has_crashed:
            return _("The program was ended by the system: it crashed.")
        if _TRACE.search(new):
            return _("The program fell over an error that it does not catch; a user cannot read that.")
        return "" if new else _("The program printed nothing.")

    @property
    def has_ended(self) -> bool:
        return self._program is not None and not self._program.is_running

    def last_words(self) -> str:
        return self._program.last_words() if self._program else ""

    @property
    def printed(self) -> bytes:
        return self._program.printed if self._program else b""

    def stop(self) -> None:
        if self._program:
            self._program.stop()


def _encodings_of(text: str) -> set[bytes]:
    """Return a text as programs print it: in UTF-8, and on Windows also as its consoles have it."""
    codes = ("utf-8", locale.getencoding(), "oem") if sys.platform == "win32" else ("utf-8",)
    return {text.encode(code, "replace") for code in codes}
