"""The main loop of a window, which also listens to Ctrl+C and `kill`, and what is repeated in it."""

import queue
import signal
import threading
import tkinter as tk
from collections.abc import Callable
from typing import Final, TypeVar

from program.ending import on_end

HEARTBEAT_MS: Final = 250
"""Python handles signals between two of its own instructions, so a loop that sleeps in Tk must wake up."""
_LOOK_MS: Final = 60
_T = TypeVar("_T")


def run(root: tk.Tk, close: Callable[[], object], *, hidden: bool = False) -> None:
    """Show the window, unless it is `hidden`, until it is destroyed.

    A signal that asks the program to end calls `close`. For the main thread only.
    """
    asked = False

    def on_signal() -> None:
        nonlocal asked
        asked = True

    def heartbeat() -> bool:
        if asked:
            close()
        return not asked

    before = on_end(on_signal)
    repeat(root, HEARTBEAT_MS, heartbeat)
    if not hidden:
        root.deiconify()
    try:
        root.mainloop()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def repeat(widget: tk.Misc, milliseconds: int, step: Callable[[], bool]) -> None:
    """Call `step` now, and again after each pause, as long as it returns True and the widget lives."""
    pending = ""

    def again() -> None:
        nonlocal pending
        pending = widget.after(milliseconds, again) if step() else ""

    def stop(event: "tk.Event[tk.Misc]") -> None:
        if str(event.widget) == str(widget) and pending:
            widget.after_cancel(pending)

    widget.bind("<Destroy>", stop, add="+")
    again()


def in_background(
    widget: tk.Misc, name: str, work: Callable[[], _T], done: Callable[[_T], object], *, daemon: bool = False
) -> None:
    """Do something in a thread of its own, which the program waits for when it ends unless it is a daemon.

    Args:
        widget: waits for the result; if it is destroyed before, nobody is told.
        name: of the thread.
        work: touches nothing of Tk; never raises.
        done: gets what it returns, in the Tk thread.
    """
    results: queue.SimpleQueue[_T] = queue.SimpleQueue()

    def look() -> bool:
        try:
            result = results.get_nowait()
        except queue.Empty:
            return True
        done(result)
        return False

    threading.Thread(target=lambda: results.put(work()), name=name, daemon=daemon).start()
    repeat(widget, _LOOK_MS, look)
