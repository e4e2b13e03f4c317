"""The judge's own judge: programs as students write them get the marks that they deserve."""

import shlex
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from lab.judge.server import framing
from lab.judge.server.catalogue import server_checks
from tests.students.judging import LONGEST, Judged, judge, needing, side_by_side
from tests.students.programs import SERVERS, WRONG_SERVERS, Student
from tests.tools.programs import free_port, needs

AT_ONCE: Final = 12
"""Programs that are judged side by side."""
pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(LONGEST * 2),
    pytest.mark.skipif(sys.platform != "linux", reason="the compilers are installed by .ci/run"),
]


class Case(NamedTuple):
    """A program, and what the judge has to say of it."""

    name: str
    protocol: str
    build: Callable[[Path, int], list[str]]
    """Prepares it in a folder for a port, and returns the command that starts it."""
    fails: frozenset[str]
    """The checks that it fails; all others are passed, but for those that need what these ask for."""
    needs: tuple[str, ...] = ()
    """Programs that have to be installed."""
    cannot: frozenset[str] = frozenset()
    """Checks that cannot be made of it."""


def student_case(student: Student) -> Case:
    def build(folder: Path, port: int) -> list[str]:
        return [*student.build(folder), str(port)]

    fails = frozenset({student.found_by} - {""})
    return Case(str(student), student.protocol, build, fails, student.languages())


def first_server() -> Case:
    """Return what most students write first: it knows no messages, and believes that one send is one recv."""
    case = student_case(Student("csharp/FirstServer.cs", "raw", "the first attempt", "slow"))
    return case._replace(cannot=frozenset({check.name for check in framing.CHECKS} | {"cut-letter"}))


CASES: Final = (
    *map(student_case, SERVERS),
    *map(student_case, WRONG_SERVERS),
    first_server(),
)


@pytest.fixture(scope="module")
def judgements(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Case, "Future[Judged]"]]:
    """What the judge says of the programs of all tests that were chosen."""
    with side_by_side(request, tmp_path_factory, "case", judge_server, AT_ONCE) as begun:
        yield begun


def judge_server(case: Case, folder: Path) -> Judged:
    port = free_port()
    command = shlex.join(case.build(folder, port))
    return judge(folder, "server", f"127.0.0.1:{port}", "--protocol", case.protocol, "--run", command)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_program_gets_the_marks_that_it_deserves(
    case: Case, judgements: dict[Case, "Future[Judged]"], record_property: Callable[[str, object], None]
) -> None:
    needs(*case.needs)
    judged = judgements[case].result()
    marks = judged.marks
    record_property(case.name, marks)
    checks = server_checks(case.protocol)
    deserved = dict.fromkeys((check.name for check in checks), "passed")
    deserved |= dict.fromkeys(needing(checks, case.fails | case.cannot) | case.cannot, "not judged")
    deserved |= dict.fromkeys(case.fails, "failed")
    wrong = [
        f"{name}: {mark}, not {deserved[name]}" for name, mark in marks.items() if mark != deserved[name]
    ]
    assert not wrong, judged.printed
    assert case.fails <= {*marks}
    assert judged.code == bool(case.fails)


def test_each_check_finds_a_mistake_that_it_alone_finds() -> None:
    found = {student.found_by for student in WRONG_SERVERS}
    assert [check.name for check in server_checks("irc") if check.name not in found | {"irssi"}] == []
