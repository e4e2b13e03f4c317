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


def save_in_background(
    widget: tk.Misc, path: str, make: Callable[[], str | bytes], done: Callable[[str], object]
) -> None:
    """Make and write a file in a thread.

    Args:
        widget: waits for the result; if it is destroyed before, nobody is told.
        make: returns what the file holds; touches nothing of Tk.
        done: gets a sentence that says how it went, in the Tk thread.
    """
    results: queue.SimpleQueue[str] = queue.SimpleQueue()

    def run() -> None:
        try:
            content = make()
            data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
            Path(path).write_bytes(data)
            results.put(_("Saved: {path}").format(path=path))
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
