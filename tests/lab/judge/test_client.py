"""The judge of clients: right programs pass everything, wrong ones fail in their own check alone."""

import json
import shlex
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from lab.judge.check import CancelledError, Mark
from lab.judge.client.assistants import Hands, Person
from lab.judge.client.catalogue import client_checks
from lab.judge.judge import judge_client
from tests.students.judging import LONGEST, Judged, judge, needing, side_by_side
from tests.students.programs import CLIENTS, WRONG_CLIENTS, Student
from tests.tools.documents import document
from tests.tools.programs import DEADLINE, free_port, needs, run
from tests.tools.sources import ROOT

STEP = shlex.join([sys.executable, str(ROOT / "docs/steps/console_client.py"), "127.0.0.1"])
RIGHT = (*CLIENTS, Student("python/client_length.py", "length"))
AT_ONCE = 8
"""Programs that are judged side by side."""
pytestmark = pytest.mark.timeout(LONGEST * 2)
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the compilers are installed by .ci/run")


@pytest.fixture(scope="module")
def judgements(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Student, "Future[Judged]"]]:
    """What the judge says of the programs of all tests that were chosen."""
    with side_by_side(request, tmp_path_factory, "student", judge_client_of, AT_ONCE) as begun:
        yield begun


def judge_client_of(student: Student, folder: Path) -> Judged:
    port = str(free_port())
    command = shlex.join([*student.build(folder), "127.0.0.1", port, "Anna"])
    return judge(folder, "client", "--port", port, "--protocol", student.protocol, "--run", command)


@pytest.mark.long
@ON_LINUX
@pytest.mark.parametrize("student", [*RIGHT, *WRONG_CLIENTS], ids=str)
def test_a_client_gets_the_marks_that_it_deserves(
    student: Student, judgements: dict[Student, "Future[Judged]"]
) -> None:
    needs(*student.languages())
    checks = client_checks(student.protocol)
    fails = frozenset({student.found_by} - {""})
    deserved = dict.fromkeys((check.name for check in checks), "passed")
    deserved |= dict.fromkeys(needing(checks, fails), "not judged")
    deserved |= dict.fromkeys(fails, "failed")
    assert judgements[student].result().marks == deserved


def test_every_check_of_a_client_finds_some_mistake() -> None:
    found = {student.found_by for student in WRONG_CLIENTS}
    known = {check.name for protocol in ("lines", "irc") for check in client_checks(protocol)}
    assert known - found == {"connects", "speaks"}


def test_the_console_client_of_the_steps_is_judged_at_the_command_line(tmp_path: Path) -> None:
    port = free_port()
    file = tmp_path / "me.json"
    done = run(
        "judge", "client", "--port", str(port), "--run", f"{STEP} {port}", "--json", file, seconds=LONGEST
    )
    found = json.loads(file.read_text(encoding="utf-8"))
    assert (done.returncode, found["side"], found["level"]) == (0, "client", 5), done.stdout
    assert "\n5  passed" in done.stdout


def test_whoever_is_asked_answers_for_what_cannot_be_seen() -> None:
    port = free_port()
    told: list[str] = []
    asked: list[str] = []
    client = threading.Thread(target=say, args=(port, "Anna", "hello1"), name="client")

    def tell(what: str) -> None:
        told.append(what)
        if not client.ident:
            client.start()

    def ask(question: str) -> bool:
        asked.append(question)
        return "whole" not in question

    judgement = judge_client(port, assistant=Person(tell, ask), only="shows")
    client.join()
    assert [(one.name, one.mark) for one in judgement.outcomes] == [
        ("connects", Mark.PASSED),
        ("shows", Mark.FAILED),
    ]
    assert f"127.0.0.1:{port}" in told[0]
    assert len(asked) == 1


def say(port: int, *lines: str) -> None:
    """Be a client that says some lines and waits for the end."""
    with socket.create_connection(("127.0.0.1", port), DEADLINE) as sock:
        sock.sendall("".join(f"{line}\n" for line in lines).encode())
        while sock.recv(4096):
            pass


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        "raise SystemExit(3)",
        "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n"
        "while True: s.sendall(b'x' * 65536)",
        "import os\nwhile True: os.write(1, b'x' * 65536)",
    ],
    ids=["does nothing", "ends at once", "sends without end", "prints without end"],
)
def test_no_program_hangs_the_judge(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hands, "start_seconds", 2.0)
    program = tmp_path / "client.py"
    program.write_text(code, encoding="utf-8")
    port = free_port()
    command = shlex.join([sys.executable, str(program), str(port)])
    judgement = judge_client(port, assistant=Hands(command))
    assert judgement.count(Mark.FAILED) == 1
    assert judgement.level == 0


def test_a_judgement_is_cancelled_while_it_waits() -> None:
    begun = threading.Event()
    person = Person(lambda _what: begun.set(), lambda _question: True)
    with pytest.raises(CancelledError):
        judge_client(free_port(), assistant=person, cancelled=begun.is_set)


def test_what_cannot_be_begun_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("judge", "client", "--port", port, "--run", "true")
        assert (done.returncode, port in done.stderr) == (2, True)
    done = run("judge", "client")
    assert (done.returncode, "--run" in done.stderr) == (2, True)
    done = run("judge", "client", "--only", "slow", "--run", "true")
    assert (done.returncode, "half-letter" in done.stderr) == (2, True)


@pytest.mark.parametrize("code", ["ru", "en"])
def test_the_lab_report_names_the_checks_of_each_level(code: str) -> None:
    judged: dict[int, set[str]] = {}
    for check in client_checks("lines"):
        judged.setdefault(check.level, set()).add(f"`{check.name}`")
    rows = document(f"docs/{code}/lab_report.md").rows_below("7.2.")
    assert {int(row[0]): set(row[2].split(", ")) for row in rows} == judged
