"""The terminal of a console: keys come in one by one, and what is printed stands above the typed line."""

import codecs
import contextlib
import io
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, Final, TextIO, cast

from commandline.console.editor import LineEditor, split_keys, width_of

PROMPT: Final = "> "
_BACKGROUND_SECONDS: Final = 0.5
"""How often a program in the background looks whether it has the terminal again."""
_SCAN_CODES: Final = {
    "H": "\x1b[A",
    "P": "\x1b[B",
    "M": "\x1b[C",
    "K": "\x1b[D",
    "G": "\x1b[H",
    "O": "\x1b[F",
}
"""What Windows gives for the arrow keys, Home and End, as a terminal sends them; Delete is `S`."""


def is_interactive() -> bool:
    """Tell whether somebody can type here, and see what is printed."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


class Terminal:
    """Shows the line that is being typed below everything that is printed to `stream`.

    It writes the line anew whenever something is printed above it, with nothing but spaces and carriage
    returns, which every terminal knows. `stream` may be written to from any thread.
    """

    def __init__(self, editor: LineEditor) -> None:
        self.stream = cast(TextIO, _Above(self))
        self._out = sys.stdout
        self._editor = editor
        self._lock = threading.Lock()
        self._width = 0
        """Columns of what is shown of the line."""
        self._is_open = False

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Take keys one by one, and print to `stream` what goes to the standard output, until the end."""
        with _keys_one_by_one(), contextlib.redirect_stdout(self.stream):
            self._is_open = True
            self.refresh()
            try:
                yield
            finally:
                self._is_open = False
                with self._lock, contextlib.suppress(OSError):  # the terminal may have been closed
                    self._erase()
                    self._out.flush()

    def print_above(self, text: str) -> None:
        """Print whole lines above the line that is being typed."""
        with self._lock:
            self._erase()
            self._out.write(text)
            self._draw()

    def refresh(self) -> None:
        """Show the line as it is now."""
        with self._lock:
            self._erase()
            self._draw()

    def keep_line(self, line: str) -> None:
        """Leave a finished line on the screen, above the next one."""
        self.print_above(f"{PROMPT}{line}\n")

    def _erase(self) -> None:
        if self._width:
            self._out.write("\r" + " " * self._width + "\r")
            self._width = 0

    def _draw(self) -> None:
        if self._is_open and _has_terminal():
            columns = max(shutil.get_terminal_size().columns - len(PROMPT) - 1, 1)
            before, after = self._editor.view(columns)
            self._out.write(PROMPT + before + after)
            if after:
                self._out.write("\r" + PROMPT + before)
            self._width = len(PROMPT) + width_of(before + after)
        self._out.flush()


class _Above(io.TextIOBase):
    """The standard output while a line is being typed."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._begun = ""

    def write(self, text: str) -> int:
        whole, end, self._begun = (self._begun + text).rpartition("\n")
        if end:
            self._terminal.print_above(whole + end)
        return len(text)


def read_keys() -> Iterator[list[str]]:
    """Yield the keys that are pressed, as they come, until the terminal is gone; see `split_keys`."""
    rest = ""
    for text in _typed():
        keys, rest = split_keys(rest + text)
        yield keys


if sys.platform == "win32":
    import msvcrt

    def _typed() -> Iterator[str]:
        while True:
            char = msvcrt.getwch()
            if char in "\x00\xe0":
                code = msvcrt.getwch()
                yield "\x1b[3~" if code == "S" else _SCAN_CODES.get(code, "")
            elif char == "\x03":  # getwch takes it before Windows makes a signal of it
                signal.raise_signal(signal.SIGINT)
            else:
                yield char

    def _has_terminal() -> bool:
        return True

    @contextlib.contextmanager
    def _keys_one_by_one() -> Iterator[None]:
        yield

else:
    import termios
    import tty

    def _typed() -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while True:
            try:
                raw = os.read(0, 1024)
            except OSError:
                if _has_terminal():
                    return
                time.sleep(_BACKGROUND_SECONDS)  # nothing tells when the shell gives the terminal back
                continue
            if not raw:
                return
            yield decoder.decode(raw)

    def _has_terminal() -> bool:
        """Tell whether the shell has this program in the foreground."""
        try:
            return os.tcgetpgrp(0) == os.getpgrp()
        except OSError:
            return False

    @contextlib.contextmanager
    def _keys_one_by_one() -> Iterator[None]:
        before = termios.tcgetattr(0)

        def begin(*_signal: Any) -> None:
            with contextlib.suppress(termios.error):
                tty.setcbreak(0)

        # In the background a program is stopped when it reads from the terminal, or changes it.
        kept = {each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGTTIN, signal.SIGTTOU)}
        kept[signal.SIGCONT] = signal.signal(signal.SIGCONT, begin)
        try:
            if _has_terminal():
                begin()
            yield
        finally:
            if _has_terminal():
                with contextlib.suppress(termios.error):
                    termios.tcsetattr(0, termios.TCSADRAIN, before)
            for each, handler in kept.items():
                signal.signal(each, handler)
