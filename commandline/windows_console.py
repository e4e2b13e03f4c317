"""The console of the Windows executable: there for `chat server`, out of the way of a double-click.

Windows gives a console program a new console unless it is started from one. Since Windows 11 24H2 the
manifest (`executable/chat.manifest`) prevents that; on older systems the new console is hidden. A command
that prints opens a console where the manifest has left it without one, as when a shortcut starts `server`.
"""

import sys
from pathlib import Path

_SW_HIDE = 0


def hide_own_console() -> None:
    """Hide the console if Windows opened it for this program alone; do nothing if it was there before."""
    if sys.platform == "win32" and getattr(sys, "frozen", False):
        import ctypes  # noqa: PLC0415 - Windows only

        kernel32 = ctypes.windll.kernel32
        # A one-file executable runs as two processes: the one that unpacked it, and this one.
        unpacked = Path(getattr(sys, "_MEIPASS", "")).parent != Path(sys.executable).parent
        ours = 2 if unpacked else 1
        processes = (ctypes.c_uint32 * 8)()
        if 0 < kernel32.GetConsoleProcessList(processes, len(processes)) <= ours:
            ctypes.windll.user32.ShowWindow(ctypes.c_void_p(kernel32.GetConsoleWindow()), _SW_HIDE)


def open_console() -> None:
    """Open a console if the output has nowhere to go: neither a console nor a file nor a pipe."""
    if sys.platform == "win32" and sys.stdout is None:
        import ctypes  # noqa: PLC0415 - Windows only

        if ctypes.windll.kernel32.AllocConsole():
            sys.stdout = sys.stderr = open("CONOUT$", "w", encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115
