"""What the checks of a server work with: participants who talk through it, and the process, if it is ours."""

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lab.experiments.experiment import Notebook
from lab.judge.check import Mark, NotJudgedError, Outcome, WrongError, last_bytes
from lab.judge.participants import HEAR_SECONDS, Crowd, Participant, fresh_words, names
from lab.judge.program import Program
from lab.judge.protocols import Protocol
from translations import _
from translations.system_errors import explain_error

START_SECONDS: Final = 15.0
"""How long a program may take until it listens; a virtual machine has to be loaded."""
_NAMES: Final = ("Anna", "Boris", "Vera", "Galya", "Dima", "Egor", "Zhenya", "Ira")
_FIRST_WORDS = 6
"""At least so many messages are said before a check begins."""
_FIRST_SECONDS = 1.0
"""What they may take to come everywhere; if they do not, it is quiet that ends the wait."""
_DYING_SECONDS = 0.1
"""What a program needs to end when an error has ended it."""


@dataclass(slots=True)
class ServerBench:
    """One server and those who try it. A check has its own participants, notebook and words."""

    address: tuple[str, int]
    protocol: Protocol
    program: Program | None
    """The process, if the judge has started it."""
    log: Path | None
    """The file in which the program writes what is said."""
    ask: Callable[[str], bool] | None
    """Asks the user to do something or whether something is so; None if there is nobody to ask."""
    cancelled: Callable[[], bool]
    relays: bool = False
    """What one says reaches another; seen by the check `answer`."""
    echoes: bool = False
    """What one says comes back to him."""
    failed: set[str] = field(default_factory=set)
    notebook: Notebook = field(default_factory=Notebook)
    crowd: Crowd = field(init=False)
    _words: Iterator[str] = field(default_factory=fresh_words)
    _joined: int = 0
    _is_known_to_run: bool = False

    @contextlib.contextmanager
    def checking(self) -> Iterator[Notebook]:
        """Give the next check its own participants and notebook; at its end they leave."""
        self.notebook = Notebook()
        self.crowd = Crowd(self.protocol, self.notebook, self.cancelled)
        try:
            yield self.notebook
        finally:
            self.crowd.leave()

    def last_words(self) -> str:
        """Say how the program has ended, if the judge has started it and it has ended by itself."""
        if self.program and self.program.has_ended(_DYING_SECONDS):
            return self.program.last_words()
        return ""

    def word(self) -> str:
        """Return a text that nobody has said before and that is not a part of another."""
        return next(self._words)

    def connect(self, name: str = "", buffer: int = 0) -> Participant:
        """Connect a participant who says nothing yet.

        Args:
            buffer: bytes that the system may keep for him; 0 leaves that to the system.

        Raises:
            WrongError: the program does not accept.
        """
        if not name:
            name = f"{_NAMES[self._joined % len(_NAMES)]}{self._joined // len(_NAMES) or ''}"
            self._joined += 1
        deadline = time.monotonic() + (START_SECONDS if self.program else 0)
        while True:
            try:
                return self.crowd.connect(name, self.address, buffer)
            except OSError as error:
                if self.program and self.program.is_running and time.monotonic() < deadline:
                    self.crowd.pause(0.1)  # it does not listen yet
                    continue
                raise self._not_connected(name, error) from error

    def _not_connected(self, name: str, error: OSError) -> WrongError | NotJudgedError:
        """Return what it means that nobody accepts."""
        told = _("The connection could not be made ({error}).").format(error=explain_error(error)) + " "
        if self.program and not self.program.is_running:
            if self.failed:
                return NotJudgedError(told + self.last_words())
        elif self._is_known_to_run:
            told += _(
                "Until now it accepted: it has ended, perhaps when the clients of the check before left. "
                "Start it at a terminal and see what it prints."
            )
        else:
            told += _("Start the program first, and see that it listens at this address and port.")
        return WrongError(_("the program accepts the connection of {name}").format(name=name), told)

    def join(self, count: int) -> list[Participant]:
        """Connect so many participants, each of whom says who he is, and wait until all is quiet."""
        return self.introduce([self.connect() for _number in range(count)])

    def introduce(self, joined: list[Participant]) -> list[Participant]:
        """Let participants say who they are, and wait until all is quiet."""
        for one in joined:
            one.send(self.protocol.introduce(one.name))
        if self.crowd.wait(lambda: all(self._is_in(one) for one in joined), self.protocol.patience):
            self.crowd.settle()
        # What the clients of the last check have left behind must not show in this one: a program that passes
        # somebody over when it finds that another has gone does so now.
        said = []
        for one, _number in zip(itertools.cycle(joined), range(max(len(joined), _FIRST_WORDS)), strict=False):
            text = self.word()
            one.say(text)
            said.append((one, text))
        if not self.crowd.wait(lambda: all(self._is_everywhere(*each) for each in said), _FIRST_SECONDS):
            self.crowd.settle()
        return joined

    def _is_everywhere(self, speaker: Participant, text: str) -> bool:
        """Tell whether a text has come to all who hear it; then all that was said before has come, too."""
        try:
            return all(one.hears(text) for one in self.hearers(speaker))
        except NotJudgedError:
            return False

    def _is_in(self, one: Participant) -> bool:
        return bool(one.end) or self.protocol.is_introduced(bytes(one.received))

    def listeners(self, speaker: Participant) -> list[Participant]:
        """Return those who have to hear what one says: the others, or himself if the program only echoes.

        Raises:
            NotJudgedError: nobody hears him.
        """
        others = [one for one in self.crowd.participants if one is not speaker and not one.is_deaf]
        if others and self.relays and "everybody" not in self.failed:
            return others
        if self.echoes:
            return [speaker]
        raise NotJudgedError(_("Nobody can be relied on to hear what is said: see the check “everybody”."))

    def hearers(self, speaker: Participant) -> list[Participant]:
        """Return those who have to hear what one says, and himself if it comes back to him.

        Raises:
            NotJudgedError: nobody hears him.
        """
        listeners = self.listeners(speaker)
        return [*listeners, speaker] if self.echoes and speaker not in listeners else listeners

    def talk(self, speaker: Participant, meaning: str, text: str = "") -> str:
        """Let one say something, and see that all who have to hear it do; return the text.

        Args:
            meaning: what it means if they do not.

        Raises:
            WrongError: they do not hear it.
        """
        text = text or self.word()
        listeners = self.listeners(speaker)
        speaker.say(text)
        self.expect(text, listeners, meaning)
        return text

    def expect(
        self, text: str, listeners: Sequence[Participant], meaning: str, seconds: float = HEAR_SECONDS
    ) -> None:
        """See that everybody here gets a text.

        Raises:
            WrongError: somebody does not.
        """
        if self.crowd.wait(lambda: all(one.hears(text) for one in listeners), seconds):
            return
        deaf = [one for one in listeners if not one.hears(text)]
        for one in deaf:
            meaning = one.with_end(meaning)
        expected = _("“{text}” comes to {names}").format(text=text[:80], names=names(deaf))
        raise WrongError(expected, meaning, last_bytes(deaf[0].received))

    def expect_not(self, text: str, listeners: Sequence[Participant], meaning: str) -> None:
        """See that nobody here has got a text; what is on its way comes meanwhile.

        Raises:
            WrongError: somebody has.
        """
        self.crowd.settle()
        for one in listeners:
            if one.hears(text):
                expected = _("“{text}” does not come to {name}").format(text=text, name=one.name)
                raise WrongError(expected, meaning, last_bytes(one.received))

    def arrives(self, text: str, listeners: Sequence[Participant], longest: float) -> bool:
        """Wait for the last of many messages, as long as others still come; return whether it came.

        Args:
            longest: seconds that all of them may take.

        Raises:
            NotJudgedError: they came all the time, but too slowly.
        """
        end = time.monotonic() + longest
        before = -1
        while not self.crowd.wait(
            lambda: all(one.end or one.hears(text) for one in listeners), HEAR_SECONDS * 2
        ):
            now = sum(len(one.received) for one in listeners)
            if now == before:
                return False
            before = now
            if time.monotonic() > end:
                raise NotJudgedError(
                    _(
                        "The program passes on too little in a second for this check. Does it slow down "
                        "who says much? Start it without that (our own server: --no-throttle)."
                    )
                )
        return all(one.hears(text) for one in listeners)

    def recover(self, outcome: Outcome) -> str:
        """After a check, see that the program can be judged further; return why not, or ""."""
        self._is_known_to_run = True
        if self.program:
            if outcome.mark is Mark.FAILED or self.program.has_ended(_DYING_SECONDS):
                self.program.stop()
                self.program.start()
            return ""
        if outcome.mark is not Mark.FAILED or not (self.relays or self.echoes):
            return ""
        with self.checking():
            try:
                speaker, _other = self.join(2)
                self.talk(speaker, "")
            except NotJudgedError:
                return ""
            except WrongError:
                return _(
                    "Since the check “{name}” the program does not answer any more. Start it again and judge "
                    "again, or let the judge start it: --run."
                ).format(name=outcome.name)
        return ""
