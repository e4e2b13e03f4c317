"""Whether a window can be opened here: tkinter is installed, and there is a screen."""

from collections.abc import Iterator
from contextlib import contextmanager

from commandline.windows_console import hide_own_console
from program.errors import UserFacingError
from translations import _


class NoWindowError(UserFacingError):
    """No window can be opened: there is no screen, or no tkinter."""


@contextmanager
def desktop() -> Iterator[None]:
    """Surround what opens a window; the console that Windows opened for a double-click is hidden first.

    Raises:
        NoWindowError: there is no tkinter, or no screen.
    """
    try:
        import tkinter  # noqa: PLC0415 - it may be missing
    except ImportError as error:
        problem = _(
            "The window needs tkinter, which this Python lacks: install it, on Debian and Ubuntu with "
            "“sudo apt install python3-tk”."
        )
        raise NoWindowError(problem) from error
    hide_own_console()
    try:
        yield
    except tkinter.TclError as error:
        if "display" not in str(error):
            raise
        problem = _("There is no screen to open a window on: start the program on a desktop.")
        raise NoWindowError(problem) from error
