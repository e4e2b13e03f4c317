"""Programs that the launcher starts, and that must end with it. No widgets here."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from program.variables import IN_LAUNCHER

MAX_LINES: Final = 1000
"""Lines of output that may wait to be shown; then the program waits until some were taken."""
LONGEST_LINE: Final = 10_000
"""Characters; a longer line becomes several."""
PATIENCE: Final = 4.0
"""Seconds within which a program must end by itself before it is killed."""
LAST_WORDS: Final = 0.1
"""Seconds to wait for the last lines of a program that has ended. A program that it started, such as a
browser, may hold the pipe open much longer."""
_CHECK: Final = 0.2


class Child:
    """A started program and its output, line by line.

    Args:
        command: the program and its arguments.
        secrets: environment variables that it alone gets, or ("") does not get; other users do not see them.

    Raises:
        OSError: the program cannot be started.
    """

    def __init__(self, command: Sequence[str], secrets: Mapping[str, str] = MappingProxyType({})) -> None:
        usual = {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", IN_LAUNCHER: "1"}
        environment = {**os.environ, **usual, **secrets}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env={name: value for name, value in environment.items() if value or name not in secrets},
            # A group of its own: a one-file executable is two processes, and both must end.
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._lines: queue.Queue[str] = queue.Queue(MAX_LINES)
        self._ending = threading.Event()
        """Nobody takes its lines any more."""
        self._silent_since: float | None = None
        """Since when it has ended and nothing was there to take."""
        self._reader = threading.Thread(target=self._read, name="child output", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    @property
    def has_ended(self) -> bool:
        """Tell whether it has ended, and all that it said was taken."""
        is_reading = self._reader.is_alive()  # before the look into the queue, which it fills
        if self.exit_code is None or not self._lines.empty():
            return False
        if self._silent_since is None:
            self._silent_since = time.monotonic()
        return not is_reading or time.monotonic() - self._silent_since > LAST_WORDS

    def take_lines(self) -> list[str]:
        """Return the lines that came since the last call; does not wait."""
        lines: list[str] = []
        with contextlib.suppress(queue.Empty):
            while len(lines) < MAX_LINES:
                lines.append(self._lines.get_nowait())
        if lines:
            self._silent_since = None
        return lines

    def forget_output(self) -> None:
        """Drop what it prints from now on: nobody takes it, and the program must not wait for that."""
        self._ending.set()

    def say(self, line: str) -> None:
        """Let the program read this line from its standard input."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it has ended, or was told to
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()

    def ask_to_end(self) -> None:
        """Tell the program to end, by a signal or, on Windows, by the end of its input; does not wait."""
        if self.exit_code is not None:
            return
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if sys.platform != "win32":
            self._signal(signal.SIGTERM)

    def wait(self, timeout: float) -> None:
        """Wait until it has ended; kill it after `timeout` seconds. Its lines are not taken any more."""
        self.forget_output()
        try:
            self._process.wait(max(0.0, timeout))
        except subprocess.TimeoutExpired:
            if sys.platform == "win32":
                # `/T`: a one-file executable is two processes.
                subprocess.run(
                    ["taskkill", "/T", "/F", "/PID", str(self.pid)],
                    check=False,
                    capture_output=True,
                    creationflags=subprocess.CREATE_NO_WINDOW,
                )
                self._process.kill()
            else:
                self._signal(signal.SIGKILL)
            self._process.wait()
        self._reader.join(LAST_WORDS)
        if self._process.stdin:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        if self._process.stdout and not self._reader.is_alive():
            self._process.stdout.close()

    def _signal(self, number: int) -> None:
        if sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    def _read(self) -> None:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline(LONGEST_LINE):
            while not self._ending.is_set():
                with contextlib.suppress(queue.Full):
                    self._lines.put(line.rstrip(), timeout=_CHECK)
                    break


def end_all(children: Iterable[Child]) -> None:
    """End these programs, all at the same time; returns when the last has ended, after PATIENCE at most."""
    known = list(children)
    for child in known:
        child.ask_to_end()
        child.forget_output()
    deadline = time.monotonic() + PATIENCE
    for child in known:
        child.wait(deadline - time.monotonic())
