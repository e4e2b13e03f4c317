"""The judge: makes one check after another, and says what came of each."""

import contextlib
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeVar

from client.net.address import format_address
from lab.experiments.experiment import Notebook
from lab.judge.bench import ServerBench
from lab.judge.check import CancelledError, Check, Mark, NotJudgedError, Outcome, WrongError
from lab.judge.client.assistants import Assistant, Hands
from lab.judge.client.bench import HOST, ClientBench
from lab.judge.client.catalogue import client_checks
from lab.judge.judgement import Judgement
from lab.judge.program import Program
from lab.judge.protocols import PROTOCOLS
from lab.judge.server.catalogue import server_checks
from program.errors import UserFacingError
from translations import _

LONGEST: Final = 180.0
"""Seconds of checks that were not passed, after which no further one is begun: a slow computer has the time
that a right program needs there."""
_LONGEST_BY_HAND: Final = 3600.0
"""The same where a person types into the program."""


class Bench(Protocol):
    """What the loop needs of what the checks work with."""

    failed: set[str]

    @property
    def cancelled(self) -> Callable[[], bool]:
        """What tells whether the user does not want to wait for the end."""

    def checking(self) -> contextlib.AbstractContextManager[Notebook]:
        """Return what surrounds one check."""

    def last_words(self) -> str:
        """Say how the program has ended; "" if it runs, or if that is not known."""

    def recover(self, outcome: Outcome) -> str:
        """After a check, see that the program can be judged further; return why not, or ""."""


BenchT = TypeVar("BenchT", bound=Bench)
Progress = Callable[[Outcome], None]
"""Told each outcome at once, in the judge's thread."""


def needed(checks: Sequence[Check[BenchT]], name: str) -> list[Check[BenchT]]:
    """Return one check with those that have to be made before, in their order.

    Raises:
        KeyError: there is no such check.
    """
    known = {check.name: check for check in checks}
    wanted = {name}
    waiting = [known[name]]
    while waiting:
        check = waiting.pop()
        before = {one for one in (*check.requires, *check.after) if one in known} - wanted
        wanted |= before
        waiting += [known[one] for one in before]
    return [check for check in checks if check.name in wanted]


def _choose(
    checks: Sequence[Check[BenchT]], only: str | None, level: int | None, feature: str = ""
) -> list[Check[BenchT]]:
    if only is not None:
        return needed(checks, only)
    return [check for check in checks if check.is_within(level, feature)]


def make_checks(
    checks: Sequence[Check[BenchT]], bench: BenchT, on_progress: Progress, longest: float = LONGEST
) -> tuple[Outcome, ...]:
    """Make the checks in their order; never raises because of what the program does.

    Args:
        longest: seconds of checks that were not passed, after which no further one is begun.

    Raises:
        CancelledError: the user does not want to wait for the end.
        UserFacingError: the program, which the judge has started, cannot be started again.
    """
    spent = 0.0
    outcomes: list[Outcome] = []
    lost: set[str] = set()
    """The checks that were not passed."""
    broken = ""
    for check in checks:
        if bench.cancelled():
            raise CancelledError
        lacking = next((one for one in check.requires if one in lost), None)
        if lacking:
            reason = _("It needs what the check “{name}” asks for.").format(name=lacking)
        elif broken:
            reason = broken
        elif spent > longest:
            reason = _("The time was over.")
        else:
            reason = ""
        if reason:
            outcome = _outcome(check, Mark.NOT_JUDGED, reason, Notebook())
        else:
            began = time.monotonic()
            outcome = _make(check, bench)
            broken = bench.recover(outcome)
            if outcome.mark is not Mark.PASSED:
                spent += time.monotonic() - began
        if outcome.mark is Mark.FAILED:
            bench.failed.add(check.name)
        if outcome.mark is not Mark.PASSED:
            lost.add(check.name)
        outcomes.append(outcome)
        on_progress(outcome)
    return tuple(outcomes)


def _make(check: Check[BenchT], bench: BenchT) -> Outcome:
    with bench.checking() as notebook:
        try:
            check.run(bench)
        except WrongError as wrong:
            meaning = f"{wrong.meaning} {bench.last_words()}".rstrip()
            return _outcome(check, Mark.FAILED, meaning, notebook, wrong.expected, wrong.received)
        except NotJudgedError as reason:
            return _outcome(check, Mark.NOT_JUDGED, str(reason), notebook)
        return _outcome(check, Mark.PASSED, "", notebook)


def _outcome(
    check: Check[BenchT],
    mark: Mark,
    meaning: str,
    notebook: Notebook,
    expected: str = "",
    received: bytes = b"",
) -> Outcome:
    return Outcome(
        check.name,
        check.level,
        check.title(),
        check.section,
        mark,
        notebook.observations(),
        expected,
        received,
        meaning,
    )


def judge_server(
    address: tuple[str, int],
    protocol: str = "lines",
    *,
    level: int | None = None,
    feature: str = "",
    only: str | None = None,
    command: str | None = None,
    log: Path | None = None,
    ask: Callable[[str], bool] | None = None,
    on_progress: Progress = lambda _outcome: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Judgement:
    """Judge a server; takes minutes, so not for a window's thread. From any thread.

    Args:
        address: host and port; nothing else is contacted.
        protocol: a key of `lab.judge.protocols.PROTOCOLS`.
        level: the highest level to judge; None for all.
        feature: what its variant does beside the levels: a key of `lab.judge.variants.FEATURES`.
        only: the one check to make, with those that it needs.
        command: starts the program; then the judge can restart it, and stops it at the end.
        log: the file in which the program writes what is said.
        ask: asks the user to do something, or whether something is so; None if nobody is there.
        on_progress: told each outcome at once, in this thread.
        cancelled: looked at all the time.

    Raises:
        KeyError: there is no check `only` for this protocol and feature.
        CancelledError: `cancelled` returned True.
        UserFacingError: another program listens there, or `command` cannot start one.
    """
    began = time.time()
    checks = _choose(server_checks(protocol, feature), only, level, feature)
    if command is not None:
        _check_free(address)
    program = Program(command) if command is not None else None
    bench = ServerBench(address, PROTOCOLS[protocol], program, log, ask, cancelled)
    try:
        outcomes = make_checks(checks, bench, on_progress)
    finally:
        if program:
            program.stop()
    where = format_address(*address)
    return Judgement("server", where, protocol, outcomes, began=began, seconds=time.time() - began)


def _check_free(address: tuple[str, int]) -> None:
    """See that it will be the program the judge starts that answers, not one that was left running."""
    with contextlib.suppress(OSError), socket.create_connection(address, timeout=1.0):
        text = _(
            "Another program listens at {address} already, perhaps your own, started earlier. Stop it, or "
            "judge it without --run."
        )
        raise UserFacingError(text.format(address=format_address(*address)))


def judge_client(
    port: int,
    protocol: str = "lines",
    *,
    assistant: Assistant,
    level: int | None = None,
    only: str | None = None,
    on_progress: Progress = lambda _outcome: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Judgement:
    """Judge a client, which connects to a port of this computer; not for a window's thread. From any thread.

    Args:
        port: where the judge listens, on the loopback address alone.
        protocol: a key of `lab.judge.protocols.PROTOCOLS`.
        assistant: types into the program and sees what it shows; it is stopped at the end.
        level: the highest level to judge; None for all.
        only: the one check to make, with those that it needs.
        on_progress: told each outcome at once, in this thread.
        cancelled: looked at all the time, but while a person is asked.

    Raises:
        KeyError: there is no check `only` for this protocol.
        CancelledError: `cancelled` returned True.
        UserFacingError: nobody can listen at this port, or the program could not be started.
    """
    began = time.time()
    checks = _choose(client_checks(protocol), only, level)
    bench = ClientBench(port, PROTOCOLS[protocol], assistant, cancelled)
    bench.open()
    longest = LONGEST if isinstance(assistant, Hands) else _LONGEST_BY_HAND
    try:
        outcomes = make_checks(checks, bench, on_progress, longest)
    finally:
        bench.close()
        assistant.stop()
    where = format_address(HOST, bench.port)
    return Judgement("client", where, protocol, outcomes, began=began, seconds=time.time() - began)
