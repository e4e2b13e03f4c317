"""How a program is asked to end: by a signal, or on Windows when its console is closed."""

import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, Final

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""Ctrl+C, `kill`, the terminal was closed, Ctrl+\\, Ctrl+Break of Windows; no system has them all."""
_CONSOLE_ENDS: Final = frozenset({2, 5, 6})
"""CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT; Windows gives a program five seconds then."""
_GOODBYE_SECONDS: Final = 4.5
_kept: list[object] = []
"""What Windows calls must not be collected."""


def ending_signals() -> list[signal.Signals]:
    """Return the signals that ask a program to end; without SIGHUP where `nohup` has it ignored."""
    there = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    return [each for each in there if each.name != "SIGHUP" or signal.getsignal(each) is not signal.SIG_IGN]


def on_end(act: Callable[[], object]) -> dict[signal.Signals, Any]:
    """Call `act`, in the main thread, whenever the program is asked to end; return the handlers of before.

    For the main thread only.
    """
    return {each: signal.signal(each, lambda _signal, _frame: act()) for each in ending_signals()}


def on_console_closed(act: Callable[[], object], done: threading.Event) -> None:
    """On Windows call `act`, in a thread of Windows's, when the console is closed, and wait for `done`.

    When its handler returns, Windows ends the program.
    """
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        @ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint32)
        def handler(event: int) -> int:
            if event not in _CONSOLE_ENDS:
                return 0
            act()
            done.wait(_GOODBYE_SECONDS)
            return 1

        _kept.append(handler)
        ctypes.windll.kernel32.SetConsoleCtrlHandler(handler, 1)
