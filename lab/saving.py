"""Files written by a thread of their own, so that a slow disk never stops a window."""

import threading
import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from tkinter import filedialog
from typing import Final

from gui.toolkit.mainloop import in_background
from program.errors import UserFacingError
from program.files import replacing
from translations import _
from translations.system_errors import explain_error

_THREAD: Final = "saver"


def ask_path(parent: tk.Misc, title: str, name: str, kinds: Sequence[tuple[str, str]] = ()) -> str:
    """Ask the user for a file to write; "" if none is wanted.

    Args:
        name: proposes one, with its ending.
        kinds: what the file may be, and the ending of its name then.
    """
    try:
        return filedialog.asksaveasfilename(
            parent=parent,
            title=title,
            initialfile=name,
            defaultextension=Path(name).suffix,
            filetypes=kinds,
        )
    except tk.TclError:  # the window was closed meanwhile, and the question with it
        return ""


def is_saving() -> bool:
    """Tell whether a file is being written."""
    return any(thread.name == _THREAD for thread in threading.enumerate())


def save_in_background(
    widget: tk.Misc,
    path: str,
    make: Callable[[], str | bytes],
    done: Callable[[str], object],
    saved: Callable[[], object] = lambda: None,
) -> None:
    """Make and write a file in a thread, which the program waits for when it ends.

    Args:
        widget: waits for the result; if it is destroyed before, nobody is told.
        make: returns what the file holds; touches nothing of Tk.
        done: gets a sentence that says how it went, in the Tk thread.
        saved: called there before, if it went well.
    """

    def write() -> tuple[str, bool]:
        try:
            content = make()
            data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
            with replacing(Path(path)) as file:
                file.write(data)
            return _("Saved: {path}.").format(path=path), True
        except UserFacingError as error:
            return str(error), False
        except OSError as error:
            reason = explain_error(error)
            return _("The file could not be written: {error}.").format(error=reason), False
        except Exception as error:
            return _("It did not work: {error}.").format(error=error), False

    def tell(result: tuple[str, bool]) -> None:
        sentence, went_well = result
        if went_well:
            saved()
        done(sentence)

    in_background(widget, _THREAD, write, tell)
