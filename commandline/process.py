"""The process's surroundings: its streams, its language, its folders, and the programs that it starts."""

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from program.folders import data_folder
from translations import LANGUAGES

ENDS_WITH_INPUT: Final = "CHAT_ENDS_WITH_INPUT"
"""The environment variable that asks a program to end when its standard input does."""


def prepare_streams() -> None:
    """Make the standard streams able to print Russian, whatever the console's code page is."""
    logging.raiseExceptions = False  # a console that is gone is no fault to tell about
    if sys.platform != "win32":  # there a program without a console has none, and may open one
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is None:
                setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        try:
            "Привет".encode(stream.encoding or "ascii")
            holds_russian = True
        except UnicodeEncodeError:
            holds_russian = False
        if sys.platform == "win32" or not holds_russian:
            reconfigure(encoding="utf-8", errors="replace")
        else:
            reconfigure(errors="backslashreplace")


def leave_frozen_environment() -> None:
    """Give the programs that we start an environment of their own, not that of the unpacked executable.

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


def end_with_input() -> None:
    """Act as on Ctrl+C when the standard input ends, if whoever started this program asks for that.

    Windows has no other way to end a program without a console gently; one that is killed leaves the files
    that it unpacked. And a program that the launcher started ends with it, however the launcher ends.
    """
    # Taken away, so that the programs which this one starts, without an input, do not end at once.
    if os.environ.pop(ENDS_WITH_INPUT, ""):
        threading.Thread(target=_wait_for_end_of_input, name="input", daemon=True).start()


def _wait_for_end_of_input() -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 1024):  # not sys.stdin: its lock would hold up the end of the program
            pass
    signal.raise_signal(signal.SIGINT)


def is_frozen() -> bool:
    """Tell whether this is the executable that PyInstaller made."""
    return bool(getattr(sys, "frozen", False))


def program_name() -> str:
    """Return what the user typed to start us: `chat.py`, or the executable's name."""
    return Path(sys.executable).name if is_frozen() else "chat.py"


def own_command() -> list[str]:
    """Return the command that starts this program anew; its arguments go behind."""
    if is_frozen():
        return [sys.executable]
    return [sys.executable, str(Path(__file__).resolve().parent.parent / "chat.py")]


def history_file(port: int) -> Path:
    """Return where a server that is asked for this port keeps its history: in the user's data folder."""
    return data_folder() / f"history-{port}.sqlite3"


def language_in(arguments: Sequence[str]) -> str | None:
    """Find `--lang` before anything else is read, so that help and refusals are in that language."""
    for index, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--lang":
            value = value if equals else "".join(arguments[index + 1 : index + 2])
            return value if value in LANGUAGES else None
    return None
