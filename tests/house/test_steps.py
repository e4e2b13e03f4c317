"""The staircase: each step runs, shows what it promises, and has the weakness that the next one mends."""

import contextlib
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.programs import DEADLINE, ROOT, Program

STEPS = ROOT / "docs" / "steps"
PROGRAMS = sorted(STEPS.glob("step*.py"))


@contextlib.contextmanager
def step(name: str) -> Iterator[tuple[str, int]]:
    """Run a server of the staircase on a free port; yield its address."""
    with Program("0", program=[sys.executable, str(STEPS / name)]) as program:
        yield program.address()


class Person:
    """Somebody at a terminal: sends bytes, reads lines."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.sock = socket.create_connection(address, DEADLINE)
        self.stream = self.sock.makefile("rb")
        self.name = "{}:{}".format(*self.sock.getsockname())

    def __enter__(self) -> "Person":
        return self

    def __exit__(self, *_details: object) -> None:
        self.stream.close()
        self.sock.close()

    def send(self, raw: bytes) -> None:
        self.sock.sendall(raw)

    def line(self) -> str:
        return self.stream.readline().decode().rstrip("\r\n")


def test_step_1_echoes_but_the_second_client_waits_for_the_first() -> None:
    with step("step1_echo.py") as address, Person(address) as first, Person(address) as second:
        first.send("Привет\n".encode())
        assert first.line() == "Привет"
        second.send(b"me too\n")
        second.sock.settimeout(0.3)
        with pytest.raises(TimeoutError):
            second.sock.recv(100)
        second.sock.settimeout(DEADLINE)
        first.sock.shutdown(socket.SHUT_RDWR)
        assert second.sock.recv(100) == b"me too\n"


def test_step_2_serves_a_second_client_while_the_first_is_silent() -> None:
    with step("step2_threads.py") as address, Person(address), Person(address) as second:
        second.send("и я\n".encode())
        assert second.line() == "и я"


def test_step_3_counts_messages_however_they_were_cut() -> None:
    with step("step3_framing.py") as address, Person(address) as one:
        raw = "один\r\nдва\nтри\r\n".encode()
        for start in range(0, len(raw), 3):
            one.send(raw[start : start + 3])
        assert [one.line() for _ in range(3)] == ["1: один", "2: два", "3: три"]


def test_step_3_bounds_a_line_that_never_ends() -> None:
    with step("step3_framing.py") as address, Person(address) as one:
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                one.send(b"x" * 1024)
        with contextlib.suppress(ConnectionError):
            assert one.sock.recv(1) == b""


def test_step_4_tells_everybody_what_everybody_says() -> None:
    with step("step4_chat.py") as address, Person(address) as anna:
        assert anna.line() == f"* {anna.name} is here"
        with Person(address) as boris:
            assert anna.line() == boris.line() == f"* {boris.name} is here"
            anna.send("Привет\r\n".encode())
            assert anna.line() == boris.line() == f"{anna.name}: Привет"
        assert anna.line() == f"* {boris.name} has gone"


def test_step_5_shows_what_comes_and_sends_what_is_typed(screen: str) -> None:
    with step("step4_chat.py") as address, Person(address) as anna:
        window = [sys.executable, "-c", TYPING, str(STEPS), *map(str, address)]
        with Program(program=window) as program:
            assert anna.line() == f"* {anna.name} is here"
            name = anna.line()[2:].removesuffix(" is here")
            anna.send("Видно?\r\n".encode())
            assert anna.line() == f"{anna.name}: Видно?"
            program.expect(f"^shown: {re.escape(anna.name)}: Видно\\?$")
            assert anna.line() == f"{name}: Видно!"
            assert anna.line() == f"* {name} has gone"
            assert program.wait() == 0


TYPING = """
import socket, sys, tkinter
sys.path.insert(0, sys.argv[1])
from step5_window import Window
sock = socket.create_connection((sys.argv[2], int(sys.argv[3])))
window = Window(tkinter.Tk(), sock)
def look():
    shown = window.text.get("1.0", "end").splitlines()
    seen = [line for line in shown if line.endswith("Видно?")]
    if seen and not window.entry.get() and not typed:
        typed.append(1)
        print("shown:", seen[0], flush=True)
        window.entry.insert(0, "Видно!")
        window.entry.focus_force()
        window.entry.event_generate("<Return>")
    if any(line.endswith("Видно!") for line in shown):
        window.close()
    else:
        window.root.after(20, look)
typed = []
window.root.after(20, look)
window.root.mainloop()
"""


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_each_step_is_a_short_program_that_both_pages_explain(path: Path) -> None:
    assert 15 <= len(path.read_text(encoding="utf-8").splitlines()) <= 80
    for page in ("README.md", "README.ru.md"):
        assert f"docs/steps/{path.name}" in (STEPS / page).read_text(encoding="utf-8")


def test_there_are_five_steps() -> None:
    assert [path.name[:5] for path in PROGRAMS] == [f"step{number}" for number in range(1, 6)]
