"""The judge of a server, at the command line: small programs that are wrong in one way, and real ones."""

import json
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest

from lab.judge.bench import ServerBench
from lab.judge.check import CancelledError, Mark
from lab.judge.judge import judge_server, make_checks
from lab.judge.program import Program
from lab.judge.protocols import PROTOCOLS
from lab.judge.server.catalogue import server_checks
from tests.tools.foreign_servers import ngircd
from tests.tools.programs import CHAT, DEADLINE, free_port, needs, run, wait_for
from tests.tools.sources import ROOT

STEPS: Final = ROOT / "docs" / "steps"
PASSED: Final = "passed"
LONGEST: Final = 240
"""Seconds of a judgement; that of a program which fails in many ways, on a busy machine."""
pytestmark = pytest.mark.timeout(LONGEST * 2)
FRAMED: Final = {"pieces", "glued", "bytes", "long"}


def judge(
    tmp_path: Path, address: tuple[str, int], *options: str
) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Judge at the command line; return the exit code, the marks by name, and the whole JSON."""
    out = tmp_path / "result.json"
    where = "{}:{}".format(*address)
    done = run("judge", "server", where, "--json", out, *options, seconds=LONGEST)
    print(done.stderr)  # pytest shows it if what comes of it is not what was expected
    assert "Traceback" not in done.stderr
    found = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {"checks": []}
    return done.returncode, {one["name"]: one["mark"] for one in found["checks"]}, found


def failed(marks: dict[str, str]) -> set[str]:
    return {name for name, mark in marks.items() if mark == "failed"}


FALLS: Final = """
import os, socket, sys
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
    client, _address = listener.accept()
    os.abort()
"""
STUBBORN: Final = """
import signal
signal.signal(signal.SIGTERM, lambda *_arguments: print("asked", flush=True))
print("ready", flush=True)
while True:
    signal.pause()
"""


@contextmanager
def serving(serve: Callable[[socket.socket], None]) -> Iterator[tuple[str, int]]:
    """Run a server of a test: a function that is called for each connection, in a thread of its own."""
    threads: list[threading.Thread] = []
    connections: list[socket.socket] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                connections.append(listener.accept()[0])
                threads.append(threading.Thread(target=attend, args=(connections[-1],)))
                threads[-1].start()

    def attend(client: socket.socket) -> None:
        with client, suppress(OSError):
            serve(client)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threads.append(threading.Thread(target=accept))
        threads[0].start()
        try:
            yield listener.getsockname()[:2]
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            for client in connections:
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join()


def echo(client: socket.socket) -> None:
    while data := client.recv(4096):
        client.sendall(data)


def bench_of(address: tuple[str, int]) -> ServerBench:
    return ServerBench(address, PROTOCOLS["lines"], None, None, None, lambda: False)


def test_an_echo_server_fails_where_others_have_to_hear(tmp_path: Path) -> None:
    with serving(echo) as address:
        code, marks, found = judge(tmp_path, address, "--level", "3")
    assert code == 1
    assert failed(marks) == {"everybody"}
    assert marks["order"] == "not judged"
    assert [marks[name] for name in ("accept", "answer", "several", "silent", "once")] == [PASSED] * 5
    told = next(one for one in found["checks"] if one["name"] == "everybody")
    assert told["section"] == "3.4"
    assert any(step["call"] == "send" and "hello" in step["bytes"] for step in told["steps"])
    assert (found["level"], found["failed"]) == (2, 1)


def test_a_slow_server_that_relays_is_not_taken_for_one_that_only_echoes() -> None:
    clients: list[socket.socket] = []
    never = threading.Event()

    def relay_slowly(client: socket.socket) -> None:
        clients.append(client)
        try:
            for line in client.makefile("rb"):
                client.sendall(line)
                for other in [each for each in clients if each is not client]:
                    never.wait(0.6)
                    with suppress(OSError):
                        other.sendall(line)
        finally:
            clients.remove(client)

    with serving(relay_slowly) as address:
        bench = bench_of(address)
        make_checks(server_checks("lines")[:2], bench, lambda _outcome: None)
    assert (bench.relays, bench.echoes) == (True, True)


def test_what_is_printed_stands_in_columns_in_russian_too() -> None:
    with serving(echo) as address:
        done = run("judge", "server", "{}:{}".format(*address), "--level", "3", "--lang", "ru")
    rows = {
        name: line.index(name)
        for line in done.stdout.splitlines()
        for name in ("accept", "everybody", "order")
        if f" {name} " in line and line[:1].isdigit()
    }
    assert len(rows) == 3
    assert len(set(rows.values())) == 1


def test_the_time_is_over_only_for_who_fails() -> None:
    with serving(echo) as address:
        bench = bench_of(address)
        checks = [check for check in server_checks("lines") if check.level <= 3]
        outcomes = make_checks(checks, bench, lambda _outcome: None, longest=0.0)
    marks = {one.name: one.mark for one in outcomes}
    assert list(marks.values())[:4] == [Mark.PASSED] * 4
    assert (marks["everybody"], marks["once"]) == (Mark.FAILED, Mark.NOT_JUDGED)
    assert outcomes[-2].meaning == "The time was over."


def test_a_server_that_is_silent_fails_to_answer_and_nothing_more_is_asked_of_it(tmp_path: Path) -> None:
    def swallow(client: socket.socket) -> None:
        while client.recv(4096):
            pass

    with serving(swallow) as address:
        code, marks, _found = judge(tmp_path, address)
    assert (code, failed(marks)) == (1, {"answer"})
    assert set(marks.values()) == {PASSED, "failed", "not judged"}


def test_a_server_that_says_everything_twice_fails_that_alone(tmp_path: Path) -> None:
    def twice(client: socket.socket) -> None:
        while data := client.recv(4096):
            client.sendall(data * 2)

    with serving(twice) as address:
        _code, marks, _found = judge(tmp_path, address, "--only", "once")
    assert failed(marks) == {"once"}


def test_a_server_that_sends_without_end_neither_fills_the_memory_nor_holds_the_judge(tmp_path: Path) -> None:
    def shout(client: socket.socket) -> None:
        while True:
            client.sendall(b"x" * 65536)

    with serving(shout) as address:
        code, marks, found = judge(tmp_path, address, "--level", "2")
    assert (code, failed(marks)) == (1, {"accept"})
    assert "without end" in found["checks"][0]["meaning"]


def test_a_server_that_breaks_every_connection_off_at_once_gets_its_mark(tmp_path: Path) -> None:
    with serving(lambda _client: None) as address:
        code, marks, _found = judge(tmp_path, address)
    assert (code, failed(marks)) == (1, {"accept"})


def test_where_nobody_listens_the_first_check_fails_and_says_what_to_do(tmp_path: Path) -> None:
    code, marks, found = judge(tmp_path, ("127.0.0.1", free_port()))
    assert (code, failed(marks)) == (1, {"accept"})
    assert "Start the program first" in found["checks"][0]["meaning"]


def test_without_frames_there_is_no_right_answer_to_glued_messages(tmp_path: Path) -> None:
    with serving(echo) as address:
        _code, marks, _found = judge(tmp_path, address, "--protocol", "raw", "--level", "4")
    assert {name for name, mark in marks.items() if mark == "not judged"} >= FRAMED


def test_a_judgement_can_be_cancelled() -> None:
    with serving(echo) as address, pytest.raises(CancelledError):
        judge_server(address, cancelled=lambda: True)


def test_the_program_that_the_judge_started_is_stopped_and_what_it_printed_is_told(tmp_path: Path) -> None:
    port = free_port()
    script = tmp_path / "ends.py"
    script.write_text("print('no such port', flush=True)")
    code, marks, found = judge(tmp_path, ("127.0.0.1", port), "--run", f"{sys.executable} {script}")
    assert (code, failed(marks)) == (1, {"accept"})
    assert "no such port" in found["checks"][0]["meaning"]


def test_a_program_that_falls_is_told_of_with_the_signal_that_ended_it(tmp_path: Path) -> None:
    port = free_port()
    script = tmp_path / "falls.py"
    script.write_text(FALLS)
    code, marks, found = judge(tmp_path, ("127.0.0.1", port), "--run", f"{sys.executable} {script} {port}")
    assert (code, failed(marks)) == (1, {"accept"})
    how = "exit code" if sys.platform == "win32" else "signal SIGABRT"
    assert f"The program has ended ({how}" in found["checks"][0]["meaning"]


def test_no_program_is_started_where_another_listens_already(tmp_path: Path) -> None:
    started = tmp_path / "started"
    script = tmp_path / "late.py"
    script.write_text(f"open({str(started)!r}, 'w')")
    with serving(echo) as (host, port):
        done = run("judge", "server", f"{host}:{port}", "--run", f"{sys.executable} {script}")
    assert (done.returncode, started.exists()) == (2, False)
    assert "without --run" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no program can ignore its end there")
def test_a_second_ctrl_c_leaves_nothing_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.judge.program._STOP_SECONDS", DEADLINE)
    script = tmp_path / "stubborn.py"
    script.write_text(STUBBORN)
    program = Program(f"{sys.executable} {script}")
    process = program._process
    assert process

    def printed(word: bytes) -> None:
        wait_for(lambda: word in program.printed, lambda: f"{word!r} is not printed")

    def interrupt() -> None:
        printed(b"asked")
        signal.raise_signal(signal.SIGINT)

    printed(b"ready")
    user = threading.Thread(target=interrupt)
    user.start()
    with pytest.raises(KeyboardInterrupt):
        program.stop()
    user.join()
    assert process.wait(DEADLINE) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["server", "127.0.0.1:1", "--variant", "31"], "1 to 30"),
        (["server", "127.0.0.1:1", "--only", "everything"], "everybody"),
        (["server", "nobody at all"], "address"),
        (["server", "7000"], "address"),
        (["server", "192.0.2.1:7000"], "--yes"),
        (["server", "127.0.0.1:1", "--run", " "], "is empty"),
        (["server", "127.0.0.1:1", "--run", "'server"], "not closed"),
        (["server", "127.0.0.1:1", "--run", "/no/such/program"], "could not be started"),
        (["server", "127.0.0.1:1", "--json", "x.json", "--report", "./x.json"], "names of their own"),
        (["server", "127.0.0.1:1", "--log", str(ROOT)], "a file is needed"),
        (["server", "127.0.0.1:1", "--log", "no-such-folder/log.txt", "--run", "x"], "does not exist"),
        (["server", "127.0.0.1:1", "--log", "no-such-file.txt"], "There is no file"),
        (["table", "no-such-file.json"], "cannot be read"),
        (["nothing"], "What is to be judged"),
    ],
)
def test_what_cannot_begin_is_said_in_a_sentence(arguments: list[str], word: str) -> None:
    done = run("judge", *arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_many_results_make_one_table_in_which_no_cell_is_a_formula(tmp_path: Path) -> None:
    with serving(echo) as address:
        judge(tmp_path, address, "--level", "1")
    text = (tmp_path / "result.json").read_text(encoding="utf-8")
    (tmp_path / "=cmd.json").write_text(text, encoding="utf-8")
    (tmp_path / "Анна.json").write_text(
        text.replace('"mark": "passed"', '"mark": "failed"', 1), encoding="utf-8"
    )
    out = tmp_path / "group.csv"
    assert run("judge", "table", tmp_path / "=cmd.json", tmp_path / "Анна.json", "--out", out).returncode == 0
    head, *rows = out.read_bytes().decode("utf-8-sig").splitlines()
    assert out.read_bytes().startswith("\ufeff".encode())
    assert head.split(";")[-2:] == ["accept", "answer"]
    assert [row.split(";")[0] for row in rows] == ["'=cmd", "Анна"]
    assert [row.split(";")[-2:] for row in rows] == [["1", "1"], ["0", "1"]]


def test_a_file_that_is_no_result_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("[]")
    done = run("judge", "table", file)
    assert (done.returncode, "is no judgement" in done.stderr) == (2, True)


def test_the_page_holds_what_failed_and_nothing_of_the_program_s_own_markup(tmp_path: Path) -> None:
    def evil(client: socket.socket) -> None:
        while client.recv(4096):
            client.sendall(b"<script>alert(1)</script>\n")

    page = tmp_path / "page.html"
    with serving(evil) as address:
        code, marks, _found = judge(tmp_path, address, "--level", "2", "--report", str(page))
    assert (code, failed(marks)) == (1, {"several"})
    text = page.read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


EXPECTED: Final = {
    "step1_echo": {"several"},
    "step2_threads": {"everybody"},
    "step3_framing": {"everybody", "long"},
    "step4_chat": {"long", "slow"},
    "step6_rooms": {"long"},
}


@pytest.mark.long
@pytest.mark.parametrize("step", EXPECTED)
def test_our_own_steps_get_the_marks_that_they_deserve(step: str, tmp_path: Path) -> None:
    port = free_port()
    command = f"{sys.executable} {STEPS / step}.py {port}"
    code, marks, _found = judge(tmp_path, ("127.0.0.1", port), "--run", command)
    assert (code, failed(marks)) == (1, EXPECTED[step])


@pytest.mark.long
def test_our_server_passes_everything(tmp_path: Path) -> None:
    needs("irssi")
    port = free_port()
    command = " ".join([*map(str, CHAT), "server", "--port", str(port), "--no-history", "--no-throttle"])
    options = ("--protocol", "irc", "--run", command)
    code, marks, _found = judge(tmp_path, ("127.0.0.1", port), *options)
    assert code == 0
    assert marks == dict.fromkeys((check.name for check in server_checks("irc")), PASSED)


@pytest.mark.long
def test_ngircd_passes_all_that_can_be_seen_of_it(tmp_path: Path) -> None:
    needs("irssi")
    server = ngircd(tmp_path)
    try:
        code, marks, _found = judge(tmp_path, server.address, "--protocol", "irc")
    finally:
        server.stop()
    assert code == 0
    assert {name for name, mark in marks.items() if mark != PASSED} == {"restart"}


@pytest.mark.long
def test_a_relay_of_ncat_has_neither_messages_nor_letters(tmp_path: Path) -> None:
    needs("ncat")
    port = free_port()
    options = ("--run", f"ncat -l --chat 127.0.0.1 {port}")
    _code, marks, _found = judge(tmp_path, ("127.0.0.1", port), *options)
    assert failed(marks) == {"pieces", "letters"}
