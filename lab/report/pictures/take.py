"""A picture of a window, in the way that the system has."""

import subprocess
import sys
import tkinter as tk
from collections.abc import Callable
from typing import Final

from gui.toolkit.mainloop import in_background
from lab.report.pictures import gdi, png, xlib
from lab.report.rendering.model import Picture
from program.files import temporary_folder
from program.folders import temporary_files

_PATIENCE: Final = 10.0
"""Seconds that macOS may take."""


def take_in_background(window: tk.Tk | tk.Toplevel, done: Callable[[Picture | None], object]) -> None:
    """Take a picture of a window as it is now, and make a file of it in a thread.

    Args:
        done: gets it in the Tk thread; None: the system does not let that be. Not called if the window goes.
    """
    window.update_idletasks()
    try:
        make = take(window)
    except OSError:
        done(None)
        return

    def finish() -> Picture | None:
        try:
            return make()
        except OSError:
            return None

    in_background(window, "picture", finish, done, daemon=True)


def take(window: tk.Tk | tk.Toplevel) -> Callable[[], Picture]:
    """Take the pixels of a window as it is now; return what makes a picture of them, for another thread.

    On macOS that is also when the picture is taken. For the Tk thread only.

    Raises:
        OSError: the system does not let that be; what is returned may raise it, too.
    """
    if sys.platform == "win32":
        return gdi.grab(window.winfo_id()).picture
    x, y, width, height = (
        getattr(window, f"winfo_{name}")() for name in ("rootx", "rooty", "width", "height")
    )
    if sys.platform == "darwin":
        return lambda: _screencapture(x, y, width, height)
    window.winfo_pointerxy()  # a question, whose answer comes when all before it has been drawn
    # What is outside the screen cannot be read.
    left, top = max(0, -x), max(0, -y)
    right = min(width, window.winfo_screenwidth() - x)
    bottom = min(height, window.winfo_screenheight() - y)
    if right <= left or bottom <= top:
        raise OSError("the window is not on the screen")
    area = (left, top, right - left, bottom - top)
    return xlib.grab(window.winfo_screen().rpartition(".")[0], window.winfo_id(), *area).picture


def _screencapture(x: int, y: int, width: int, height: int) -> Picture:
    with temporary_folder(temporary_files()) as folder:
        file = folder / "window.png"
        try:
            subprocess.run(
                ["/usr/sbin/screencapture", "-x", f"-R{x},{y},{width},{height}", str(file)],
                check=True,
                timeout=_PATIENCE,
            )
            return png.read(file.read_bytes())[1]
        except (subprocess.SubprocessError, ValueError) as error:
            raise OSError("the screen cannot be read") from error
