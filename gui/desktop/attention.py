"""A window that asks for attention, in the way of each desktop, and a sound.

macOS is left out: Tk 8.6 cannot let the Dock jump.
"""

import ctypes
import sys
import tkinter as tk
from contextlib import suppress

from gui.desktop.x11 import open_display


def demand(window: tk.Tk | tk.Toplevel, *, on: bool) -> None:
    """Let a window's entry in the taskbar ask for attention, or no more; nothing where that cannot be."""
    if sys.platform == "win32":
        _flash(window, on=on)
    elif window.tk.call("tk", "windowingsystem") == "x11" and (
        display := open_display(window.winfo_screen())
    ):
        display.demand_attention(window.winfo_id(), on=on)


def ring(window: tk.Misc) -> None:
    """Make the desktop's own sound for a message; does not wait for its end."""
    if sys.platform == "win32":
        import winsound  # noqa: PLC0415 - Windows only

        with suppress(RuntimeError):  # there is no sound device
            winsound.MessageBeep(winsound.MB_ICONASTERISK)
    else:
        window.bell()


if sys.platform == "win32":
    from ctypes import wintypes

    _STOP, _TASKBAR, _UNTIL_FOREGROUND = 0, 2, 12

    class _FlashInfo(ctypes.Structure):
        """FLASHWINFO."""

        _fields_ = (
            ("size", wintypes.UINT),
            ("window", wintypes.HWND),
            ("flags", wintypes.DWORD),
            ("count", wintypes.UINT),
            ("milliseconds", wintypes.DWORD),
        )

    def _flash(window: tk.Tk | tk.Toplevel, *, on: bool) -> None:
        flags = _TASKBAR | _UNTIL_FOREGROUND if on else _STOP
        info = _FlashInfo(ctypes.sizeof(_FlashInfo), int(window.wm_frame(), 16), flags, 0, 0)
        with suppress(OSError, AttributeError):
            ctypes.windll.user32.FlashWindowEx(ctypes.byref(info))
