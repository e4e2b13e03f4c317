"""The steps: each one runs, shows what it promises, and has the weakness that a later one mends."""

import ast
import contextlib
import io
import re
import socket
import struct
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.tools.documents import document
from tests.tools.programs import DEADLINE, Program
from tests.tools.replay import console_client
from tests.tools.sources import ROOT

STEPS: Final = ROOT / "docs" / "steps"
PROGRAMS: Final = sorted(path.name for path in STEPS.glob("*.py"))
LONGEST: Final = 140
"""Lines of a step."""
MUCH: Final = 16 * 1024 * 1024
"""Bytes that no system keeps for a client that does not read."""
RESET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER on and 0 seconds: closing resets the connection instead of ending the stream."""


@contextlib.contextmanager
def step(name: str) -> Iterator[tuple[str, int]]:
    """Run a server of the steps on a free port; yield its address."""
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

    def reset(self) -> None:
        """Break off the connection as a crash does."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.stream.close()
        self.sock.close()


def exchange(speaker: Person, listener: Person) -> str:
    """Let one speak, much, while both wait for each line; return the first line that he has not said."""
    text = "x" * 900
    for _ in range(MUCH // len(text)):
        speaker.send(f"{text}\r\n".encode())
        for person in (speaker, listener):
            line = person.line()
            if not line.endswith(text):
                return line
    return ""


@pytest.mark.parametrize("name", ["step1_echo.py", "step2_threads.py", "step3_framing.py"])
def test_a_client_that_resets_the_connection_does_not_end_the_server(name: str) -> None:
    with step(name) as address:
        for _ in range(3):
            with Person(address) as rude:
                rude.send(b"one\n")
                assert rude.line().endswith("one")
                rude.send(b"two\n" * 1000)
                rude.reset()
        with Person(address) as polite:
            polite.send(b"still there?\n")
            assert polite.line().endswith("still there?")


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


def test_step_4_stands_still_when_one_client_does_not_read() -> None:
    with step("step4_chat.py") as address, Person(address) as anna, Person(address) as boris:
        assert anna.line() == f"* {anna.name} is here"
        assert anna.line() == boris.line() == f"* {boris.name} is here"
        with Person(address) as silent:
            assert anna.line() == boris.line() == f"* {silent.name} is here"
            for person in (anna, boris):
                person.sock.settimeout(1)
            with pytest.raises(TimeoutError):
                exchange(boris, anna)


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


def test_step_5_says_where_no_server_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
    for file in (STEPS / "step5_window.py", STEPS / "ru" / "step5_window.py"):
        done = subprocess.run(
            [sys.executable, file, "127.0.0.1", port], capture_output=True, text=True, timeout=20, check=False
        )
        assert done.returncode == 1
        assert f"127.0.0.1:{port}" in done.stderr
        assert "Traceback" not in done.stderr


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


def test_step_6_has_rooms_and_names() -> None:
    with step("step6_rooms.py") as address, Person(address) as anna:
        assert anna.line() == f"* {anna.name} is in #lab"
        anna.send("/name Анна\r\n".encode())
        assert anna.line() == f"* {anna.name} is now Анна"
        with Person(address) as boris:
            assert anna.line() == boris.line() == f"* {boris.name} is in #lab"
            boris.send("/name АННА\r\n".encode())
            assert boris.line() == "* АННА is taken"
            boris.send(b"/join #games\r\nIs anybody here?\r\n")
            assert anna.line() == boris.line() == f"* {boris.name} goes to #games"
            assert boris.line() == f"* {boris.name} is in #games"
            assert boris.line() == f"{boris.name}: Is anybody here?"
            anna.send("Где Борис?\r\n".encode())
            assert anna.line() == "Анна: Где Борис?"
            boris.send(b"/join #lab\r\n")
            assert anna.line() == f"* {boris.name} is in #lab"
        assert anna.line() == f"* {boris.name} has gone"


def test_step_6_drops_a_client_that_does_not_read_and_delays_nobody() -> None:
    with step("step6_rooms.py") as address, Person(address) as anna, Person(address) as boris:
        assert anna.line() == f"* {anna.name} is in #lab"
        assert anna.line() == boris.line() == f"* {boris.name} is in #lab"
        with Person(address) as silent:
            assert anna.line() == boris.line() == f"* {silent.name} is in #lab"
            for person in (anna, boris):
                person.sock.settimeout(5)
            assert exchange(boris, anna) == f"* {silent.name} has gone"


def test_the_console_client_sends_what_is_typed_and_shows_what_comes() -> None:
    with step("step4_chat.py") as address, Person(address) as anna:
        assert anna.line() == f"* {anna.name} is here"
        with console_client(address) as client:
            name = anna.line()[2:].removesuffix(" is here")
            client.type_line("Привет!")
            assert anna.line() == f"{name}: Привет!"
            anna.send("Видно?\r\n".encode())
            client.expect(f"^{re.escape(anna.name)}: Видно\\?$")
            assert anna.line() == f"{anna.name}: Видно?"
            client.end_input()
            assert anna.line() == f"* {name} has gone"
            assert client.wait() == 0


def test_the_console_client_says_that_the_server_has_gone_and_ends_with_the_next_line() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        console_client(listener.getsockname()) as client,
    ):
        listener.accept()[0].close()
        client.expect("^\\* The connection is closed")
        client.type_line("")
        assert client.wait() == 0


def test_the_console_client_says_where_it_cannot_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    with console_client(address) as client:
        client.expect(f"^Cannot connect to 127.0.0.1:{address[1]}: ")
        assert client.wait() == 1


def code_of(path: Path) -> list[tuple[int, str]]:
    """Return the words of a program and the lines where they stand, without comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    docstrings = {
        node.body[0].lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)
    }
    words = tokenize.generate_tokens(io.StringIO(text).readline)
    return [
        (word.start[0], word.string)
        for word in words
        if word.type != tokenize.COMMENT
        and not (word.type == tokenize.STRING and word.start[0] in docstrings)
    ]


def test_the_programs_are_the_same_in_both_languages_but_for_comments_and_docstrings() -> None:
    assert sorted(path.name for path in (STEPS / "ru").glob("*.py")) == PROGRAMS
    differing = [name for name in PROGRAMS if code_of(STEPS / name) != code_of(STEPS / "ru" / name)]
    assert not differing
    english = [name for name in PROGRAMS if not re.search("[а-я]", first_line(STEPS / "ru" / name))]
    assert not english


def first_line(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0]


def test_each_step_is_a_short_program_that_its_page_explains_and_sets_a_task_for() -> None:
    assert [name for name in PROGRAMS if name.startswith("step")] == [
        "step1_echo.py",
        "step2_threads.py",
        "step3_framing.py",
        "step4_chat.py",
        "step5_window.py",
        "step6_rooms.py",
    ]
    for folder, page, task in (
        ("docs/steps", "docs/steps/README.md", "*Now you:*"),
        ("docs/steps/ru", "docs/steps/README.ru.md", "*Теперь вы:*"),
    ):
        sections = document(page).text.split("\n## ")[1:]
        assert len(sections) == len(PROGRAMS)
        for name, section in zip(PROGRAMS, sections, strict=True):
            assert f"`{folder}/{name}`" in section
            assert task in section.splitlines()[-1] or task in section.split("\n\n")[-1]
            assert 15 <= len((ROOT / folder / name).read_text(encoding="utf-8").splitlines()) <= LONGEST
