"""The student's program as a process that the judge starts, types into, and stops."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import threading
from typing import Final

from lab.judge.check import last_bytes
from lab.wire.call_text import shorten_bytes
from program.errors import UserFacingError
from translations import _
from translations.system_errors import explain_error

_PYTHON: Final = {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
"""Python keeps what it prints into a pipe, and on Windows takes another encoding there."""
_STOP_SECONDS: Final = 3.0
_WINDOWS_EXCEPTION: Final = 0xC0000000
"""The exit codes from here on are those of programs that Windows has ended."""
_MOST_KEPT: Final = 1024 * 1024
"""Bytes of what it printed last that are kept."""


class Program:
    """A program that runs until it is stopped; what it prints is read all the time: no full pipe stops it."""

    def __init__(self, command: str) -> None:
        """Start it.

        Args:
            command: as it is typed at a terminal, without what only a shell knows.

        Raises:
            UserFacingError: it cannot be started.
        """
        self.command = command
        self._printed = bytearray()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it (again).

        Raises:
            UserFacingError: it cannot be started.
        """
        try:
            words = self.command if sys.platform == "win32" else self._words()
            process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, **_PYTHON},
                start_new_session=sys.platform != "win32",
            )
        except (OSError, ValueError) as error:
            text = _("The program could not be started ({error}); the command was: {command}")
            raise UserFacingError(text.format(error=explain_error(error), command=self.command)) from error
        self._process = process
        with self._lock:
            self._printed.clear()
        self._reader = threading.Thread(
            target=self._read, args=(process,), name="judged program", daemon=True
        )
        self._reader.start()

    def _words(self) -> list[str]:
        try:
            words = shlex.split(self.command)
        except ValueError:
            words = []
        if not words:
            text = _("The command “{command}” is empty, or a quotation mark in it is not closed.")
            raise UserFacingError(text.format(command=self.command))
        return words

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    def has_ended(self, seconds: float) -> bool:
        """Wait so long for its end; return whether it has ended."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        return not self.is_running

    @property
    def has_crashed(self) -> bool:
        """Whether the system has ended it, as for a wrong address in memory, or SIGPIPE."""
        code = self._process.poll() if self._process else None
        return code is not None and not 0 <= code < _WINDOWS_EXCEPTION

    def last_words(self) -> str:
        """Say how it has ended, and what it printed last; "" while it runs."""
        code = self._process.poll() if self._process else None
        if code is None:
            return ""
        how = _("exit code {code}").format(code=code)
        if code < 0:
            with contextlib.suppress(ValueError):
                how = _("signal {name}").format(name=signal.Signals(-code).name)
        self._reader.join(_STOP_SECONDS)
        return _("The program has ended ({how}); it printed last: {text}").format(
            how=how, text=shorten_bytes(last_bytes(self.printed)) or _("nothing")
        )

    @property
    def printed(self) -> bytes:
        """What it has printed last, on stdout and stderr, since it was started."""
        with self._lock:
            return bytes(self._printed)

    def type(self, line: str) -> bool:
        """Type a line and press Enter; return whether the program can read it."""
        stdin = self._process.stdin if self._process else None
        if stdin is None:
            return False
        try:
            stdin.write(f"{line}\n".encode())
            stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def stop(self) -> None:
        """Stop it and what it has started; again is allowed."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            if process.poll() is None:
                _signal(process, kill=False)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_STOP_SECONDS)
        finally:  # even when the user, tired of waiting, presses Ctrl+C again
            _signal(process, kill=True)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            self._reader.join(_STOP_SECONDS)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def _read(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdout
        while data := os.read(process.stdout.fileno(), 65536):
            with self._lock:
                self._printed += data
                del self._printed[:-_MOST_KEPT]


def _signal(process: "subprocess.Popen[bytes]", *, kill: bool) -> None:
    """Ask the program, and what it has started, to end; or end it."""
    with contextlib.suppress(OSError):
        if sys.platform != "win32":
            os.killpg(process.pid, signal.SIGKILL if kill else signal.SIGTERM)
        elif kill:
            command = ("taskkill", "/t", "/f", "/pid", str(process.pid))
            subprocess.run(command, capture_output=True, timeout=_STOP_SECONDS, check=False)
        else:
            process.terminate()
