"""The main loop of a window that also listens to Ctrl+C and `kill`."""

import signal
import tkinter as tk
from collections.abc import Callable
from typing import Final

HEARTBEAT_MS: Final = 250
"""Python handles signals between two of its own instructions: a loop that sleeps in Tk has to come by."""


def run(root: tk.Tk, close: Callable[[], object], *, hidden: bool = False) -> None:
    """Show the window, unless it is `hidden`, until it is destroyed; SIGINT and SIGTERM call `close`.

    For the main thread only.
    """
    beat: str | None = None
    asked = False

    def on_signal(*_: object) -> None:
        nonlocal asked
        asked = True

    def heartbeat() -> None:
        nonlocal beat
        beat = None
        if asked:
            close()
        else:
            beat = root.after(HEARTBEAT_MS, heartbeat)

    def cancel(event: "tk.Event[tk.Misc]") -> None:
        if event.widget is root and beat:
            root.after_cancel(beat)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    root.bind("<Destroy>", cancel, add="+")
    heartbeat()
    if not hidden:
        root.deiconify()
    try:
        root.mainloop()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
