"""The judge's own judge: programs as students write them get the marks that they deserve."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from lab.judge.server import framing
from lab.judge.server.catalogue import server_checks
from tests.students.programs import SERVERS, WRONG_SERVERS, Student
from tests.tools.programs import CHAT, SEARCH_PATH, free_port, needs

AT_ONCE: Final = 24
"""Programs that are judged side by side: both sides wait more than they compute."""
LONGEST: Final = 240
"""Seconds that a judgement may take."""
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


class Judged(NamedTuple):
    """What the judge wrote, and how it ended."""

    checks: Mapping[str, Mapping[str, Any]]
    """By their names."""
    code: int
    printed: str


@pytest.fixture(scope="module")
def judgements(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, "Future[Judged]"]]:
    """Begin to judge the programs of all tests that were chosen."""
    items = [item for item in request.session.items if item.parent is request.node]
    chosen: list[Any] = [item.callspec.params["case"] for item in items if hasattr(item, "callspec")]
    pool = ThreadPoolExecutor(AT_ONCE)
    yield {case.name: pool.submit(judge, case, tmp_path_factory.mktemp("student")) for case in chosen}
    pool.shutdown(cancel_futures=True)


def judge(case: Case, folder: Path) -> Judged:
    """Let `chat.py judge` start a program and judge it."""
    port = free_port()
    command = case.build(folder, port)
    result = folder / "result.json"
    done = subprocess.run(
        [
            *(*CHAT, "judge", "server", f"127.0.0.1:{port}", "--protocol", case.protocol),
            *("--run", shlex.join(command), "--json", str(result)),
        ],
        env={**os.environ, "PATH": SEARCH_PATH, "HOME": str(folder), "PYTHONWARNINGS": "error"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert result.exists(), done.stdout
    checks = json.loads(result.read_text(encoding="utf-8"))["checks"]
    return Judged({check["name"]: check for check in checks}, done.returncode, done.stdout)


def needing(protocol: str, lacking: frozenset[str]) -> set[str]:
    """Return the checks that need one of these, and those that need them in turn."""
    found = set(lacking)
    for check in server_checks(protocol):  # what a check needs stands before it
        if found & {*check.requires}:
            found.add(check.name)
    return found - lacking


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_program_gets_the_marks_that_it_deserves(
    case: Case, judgements: dict[str, "Future[Judged]"], record_property: Callable[[str, object], None]
) -> None:
    needs(*case.needs)
    judged = judgements[case.name].result()
    marks = {name: check["mark"] for name, check in judged.checks.items()}
    record_property(case.name, marks)
    deserved = dict.fromkeys((check.name for check in server_checks(case.protocol)), "passed")
    deserved |= dict.fromkeys(needing(case.protocol, case.fails | case.cannot) | case.cannot, "not judged")
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
