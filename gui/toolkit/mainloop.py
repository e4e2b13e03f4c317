"""The main loop of a window that also listens to Ctrl+C and `kill`."""

import signal
import time
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


class PollClock:
    """Measures how long a window's queue waited from one poll to the next, at the longest: so long a key may
    have waited too."""

    def __init__(self) -> None:
        self.longest = 0.0
        """Seconds."""
        self._at = 0.0

    def start(self) -> None:
        """Measure from now on."""
        self.longest = 0.0
        self._at = time.perf_counter()

    def begin(self) -> None:
        """A poll begins."""
        self.end()
        self._at = time.perf_counter()

    def end(self) -> None:
        """The poll is over."""
        self.longest = max(self.longest, time.perf_counter() - self._at)
