"""The launcher as its users run it: a process, its output and its end."""

import os
import queue
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pytest

from tests.tools.sources import ROOT

CHAT: Final = (sys.executable, str(ROOT / "chat.py"))
DEADLINE: Final = 20.0
"""Seconds that a program may take to start, to say something, or to end."""
SEARCH_PATH: Final = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
"""Where programs are looked for: Debian keeps servers where a user's PATH does not lead."""
_LOOK_AGAIN: Final = 0.03
_chance: Final = random.SystemRandom()


def needs(*programs: str) -> None:
    """Skip the test where one of the programs is not installed; in CI, fail it."""
    for program in programs:
        if shutil.which(program, path=SEARCH_PATH) is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no {program}: .ci/run installs it")


def wait_for(condition: Callable[[], object], failure: Callable[[], str], timeout: float = DEADLINE) -> None:
    """Look again and again until the condition holds: for what other programs do, which tell us nothing.

    Args:
        failure: what to say if it does not hold.
        timeout: seconds.

    Raises:
        AssertionError: it does not hold in time.
    """
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, failure()
        time.sleep(_LOOK_AGAIN)


def free_port() -> int:
    """Return a port of the loopback address on which nobody listens now.

    It lies below those that systems give to outgoing connections (from 32,768 on Linux, 49,152 elsewhere), so
    that none of the other tests' takes it before, or between two starts of, the server that it is meant for.
    """
    while True:
        port = _chance.randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def run(
    *arguments: str | Path,
    program: Sequence[str] = CHAT,
    environment: Mapping[str, str | None] | None = None,
    seconds: float = DEADLINE * 2,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; its output is text in UTF-8.

    Args:
        program: the command, `chat.py` unless another is given.
        environment: variables to set, or with None to take away.
        seconds: how long it may take.
    """
    return subprocess.run(
        [*program, *map(str, arguments)],
        env=_environment(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )


class Program:
    """A program that runs until it is told to stop; its output is read all the time."""

    def __init__(
        self,
        *arguments: str | Path,
        program: Sequence[str] = CHAT,
        environment: Mapping[str, str | None] | None = None,
        has_keyboard: bool = False,
    ) -> None:
        """Start it; the arguments are those of `run`.

        Args:
            has_keyboard: its input is what `type_line` types; otherwise its input is empty.
        """
        self.lines: list[str] = []
        """All lines that it has printed on stdout and stderr, as far as `expect` has read them."""
        self.process = subprocess.Popen(
            [*program, *map(str, arguments)],
            env=_environment(environment),
            stdin=subprocess.PIPE if has_keyboard else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self._address: tuple[str, int] | None = None
        self._printed: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="program output")
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join()
        self.end_input()
        assert self.process.stdout
        self.process.stdout.close()

    def type_line(self, text: str) -> None:
        """Type a line and press Enter; for a program with a keyboard."""
        assert self.process.stdin
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()

    def end_input(self) -> None:
        """Close the program's input, as Ctrl+D does."""
        if self.process.stdin:
            self.process.stdin.close()

    def expect(self, pattern: str, timeout: float = DEADLINE) -> re.Match[str]:
        """Wait for a line in which the regular expression is found.

        Raises:
            AssertionError: it did not come in time, or the program ended without it.
        """
        deadline = time.monotonic() + timeout
        while True:
            try:
                line = self._printed.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"no line matched {pattern!r}; printed:\n" + "\n".join(self.lines))
            self.lines.append(line)
            if found := re.search(pattern, line):
                return found

    def address(self) -> tuple[str, int]:
        """Wait until a server says where it listens; return host and port. May be asked again."""
        if self._address is None:
            found = self.expect(r"(\S+):(\d+)$")
            self._address = found[1], int(found[2])
        return self._address

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Send a signal, wait for the end and return the exit code; `lines` then holds all its output."""
        self.process.send_signal(how)
        return self.wait()

    def wait(self) -> int:
        """Wait for the end and return the exit code; `lines` then holds all that was printed."""
        code = self.process.wait(DEADLINE)
        self._reader.join()
        while (line := self._printed.get()) is not None:
            self.lines.append(line)
        self._printed.put(None)
        return code

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._printed.put(line.rstrip("\n"))
        self._printed.put(None)


def _environment(changes: Mapping[str, str | None] | None) -> dict[str, str]:
    merged = {**os.environ, "PYTHONWARNINGS": "error", **(changes or {})}
    return {name: value for name, value in merged.items() if value is not None}
