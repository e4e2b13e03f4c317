"""The console of a server as its operator uses it: the real program in a real terminal (tmux)."""

import os
import pty
import re
import signal
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.foreign_clients import TerminalClient
from tests.tools.irc import Client
from tests.tools.programs import CHAT, free_port, wait_for

PASSWORD = "not-shown-anywhere"


class Console(TerminalClient):
    """`chat server` in a terminal."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port = free_port()
        history = folder / "history.sqlite3"
        super().__init__(
            *CHAT, "server", "--port", str(self.port), "--history", history, "--oper", "teacher", *arguments
        )  # fmt: skip
        self.expect(f":{self.port}$")

    def spoken(self, nick: str, text: str) -> str:
        return text

    def last_line(self) -> str:
        return self.shown().strip().splitlines()[-1]


@pytest.fixture
def console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    monkeypatch.setenv("CHAT_OPER_PASSWORD", PASSWORD)
    running = Console(tmp_path, "--lang", "ru")
    yield running
    running.close()


def test_the_operator_types_at_a_prompt(console: Console) -> None:
    with Client(("127.0.0.1", console.port)) as anna:
        anna.register("Анна")
        console.expect("клиент 1 — это Анна")
        console.type("mute анна 5")
        console.expect("^> mute анна 5$")
        console.expect("Анна не может говорить 5 мин")
        console.type("nonsense")
        console.expect("Нет такого слова: nonsense. Все слова: help$")
        console.press("Up", "Up")
        wait_for(lambda: console.last_line() == "> mute анна 5", console.shown)
        console.press("C-u")
        console.write("unmute А")
        console.press("Tab", "Enter")
        console.expect("Анна снова может говорить")
    assert PASSWORD not in console.shown()


def test_what_is_printed_never_tears_what_is_typed(console: Console) -> None:
    console.write("announce перемнa")
    console.press("Left", "BSpace")
    for number in range(5):
        with Client(("127.0.0.1", console.port)) as student:
            student.register(f"student{number}")
            console.expect(f"— это student{number}")
    console.write("е")
    console.press("Right")
    wait_for(lambda: console.last_line() == "> announce перемеa", console.shown)
    console.write(" " + "длинно " * 40 + "!")
    wait_for(lambda: console.last_line().endswith("длинно !"), console.shown)
    lines = console.shown().splitlines()
    assert sum("> " in line or "announce" in line for line in lines) == 1, console.shown()


def test_ctrl_c_ends_it_and_gives_the_terminal_back(tmp_path: Path) -> None:
    """A pseudo-terminal of our own: its settings are the same before and after."""
    master, terminal = pty.openpty()

    before = termios.tcgetattr(terminal)
    command = [*CHAT, "server", "--port", "0", "--no-history", "--lang", "en"]
    with subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True, cwd=tmp_path
    ) as process:
        printed = b""
        while b"Ctrl+C." not in printed:
            printed += os.read(master, 4096)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert termios.tcgetattr(terminal) == before
    os.close(master)
    os.close(terminal)


def test_on_a_pipe_it_only_logs(tmp_path: Path) -> None:
    command = [*CHAT, "server", "--port", "0", "--no-history", "--lang", "en"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"help\n")
        process.stdin.flush()
        while b"Ctrl+C" not in (line := process.stdout.readline()):
            assert line
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read().decode()
        assert process.wait(20) == 0
    assert not re.search("help|> ", rest)
