"""This process: its streams, its environment, how it was started and how it is asked to end."""

import contextlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from program.ending import ending_signals

ENDS_WITH_INPUT: Final = "CHAT_ENDS_WITH_INPUT"
"""The environment variable that asks a program to end when its standard input does."""

_LONGEST_LINE: Final = 10_000
_has_launcher: Final = threading.Event()
_lines: Final[queue.SimpleQueue[str]] = queue.SimpleQueue()


def prepare_streams() -> None:
    """Make the standard streams able to print Russian, whatever the encoding of the terminal."""
    if sys.platform != "win32":  # there a program without a console has no streams, and may open a console
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is None:
                setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        try:
            "Привет".encode(stream.encoding or "ascii")
            knows_russian = True
        except UnicodeEncodeError:
            knows_russian = False
        if sys.platform == "win32" or not knows_russian:
            reconfigure(encoding="utf-8", errors="replace")
        else:
            reconfigure(errors="backslashreplace")


def leave_frozen_environment() -> None:
    """Take the unpacked executable's own variables out of the environment that our child processes inherit.

    Otherwise a window that the launcher started would lose its files when the launcher ends (PyInstaller's
    manual, "Independent subprocess"), and a web browser would load our libraries.
    """
    if not is_frozen():
        return
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    os.environ.pop("LD_LIBRARY_PATH", None)
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is not None:
        os.environ["LD_LIBRARY_PATH"] = original


def end_as_on_ctrl_c() -> None:
    """Let every signal that asks the program to end do what Ctrl+C does: it ends, and leaves nothing behind.

    Servers and windows have handlers of their own (`program.ending.on_end`).
    """
    for each in ending_signals():
        signal.signal(each, signal.default_int_handler)


def end_with_input() -> None:
    """Act as on Ctrl+C when the standard input ends, if the parent process asked for that.

    What can be read there until then is for `launchers_lines`.

    Windows offers no other gentle way to end a program without a console, and one that is killed leaves the
    files that it unpacked. It also makes a program end with the launcher that started it, however that ends.
    """
    # Removed, so that our own child processes, which have no input, do not end at once.
    if os.environ.pop(ENDS_WITH_INPUT, ""):
        _has_launcher.set()
        threading.Thread(target=_wait_for_end_of_input, name="input", daemon=True).start()


def _wait_for_end_of_input() -> None:
    rest = b""
    with contextlib.suppress(OSError):
        while data := os.read(0, 1024):  # not sys.stdin: its lock would hold up the end of the program
            *lines, rest = (rest + data).split(b"\n")
            rest = rest[-_LONGEST_LINE:]
            for line in lines:
                _lines.put(line.decode("utf-8", "replace").strip())
    signal.raise_signal(signal.SIGINT)


def launchers_lines() -> Iterator[str]:
    """Give each line that the launcher writes, and wait for the next; none where there is no launcher."""
    while _has_launcher.is_set():
        yield _lines.get()


def is_frozen() -> bool:
    """Tell whether this is the executable that PyInstaller made."""
    return bool(getattr(sys, "frozen", False))


def program_name() -> str:
    """Return what the user types to start this program: `chat.py`, or the executable's name."""
    return Path(sys.executable).name if is_frozen() else "chat.py"


def own_command() -> list[str]:
    """Return the command that starts this program once more; arguments can be appended."""
    if is_frozen():
        return [sys.executable]
    return [sys.executable, str(Path(__file__).resolve().parent.parent / "chat.py")]
