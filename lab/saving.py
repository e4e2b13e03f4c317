"""Files written by a thread of their own, so that a slow disk never stops a window."""

import queue
import threading
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog
from typing import Final

from gui.toolkit.mainloop import repeat
from translations import _

_LOOK_MS: Final = 60


def ask_path(parent: tk.Misc, title: str, name: str) -> str:
    """Ask the user for a file to write; "" if none is wanted. `name` proposes one, with its ending."""
    return filedialog.asksaveasfilename(
        parent=parent, title=title, initialfile=name, defaultextension=Path(name).suffix
    )


def in_background(widget: tk.Misc, work: Callable[[], str], done: Callable[[str], object]) -> None:
    """Do some work in a thread, and hand the sentence that it returns to `done` in the Tk thread.

    Args:
        widget: waits for the result; if it is destroyed before, nobody is told.
        work: touches nothing of Tk; what it raises becomes a sentence.
    """
    results: queue.SimpleQueue[str] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put(work())
        except OSError as error:
            results.put(_("The file could not be written: {error}.").format(error=error.strerror or error))
        except Exception as error:
            results.put(_("It did not work: {error}.").format(error=error))

    def look() -> bool:
        try:
            done(results.get_nowait())
        except queue.Empty:
            return True
        return False

    threading.Thread(target=run, name="saver", daemon=True).start()
    repeat(widget, _LOOK_MS, look)


def write(path: str, content: str | bytes) -> str:
    """Write a file and return a sentence that says so.

    Raises:
        OSError: it cannot be written.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    Path(path).write_bytes(data)
    return _("Saved: {path}").format(path=path)
