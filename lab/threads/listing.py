"""The threads of this process, and where each of them is at this moment."""

import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Final, NamedTuple

_ROOT: Final = Path(__file__).resolve().parents[2]


class ThreadPlace(NamedTuple):
    """One thread and where it is."""

    name: str
    place: str
    """`file.py:function` of our code, the innermost; "" if it is in none."""
    line: int


def thread_places() -> list[ThreadPlace]:
    """Return the threads that run now; may be called from any thread.

    The calling thread is given as it was before it called this.
    """
    frames = dict(sys._current_frames())
    frames[threading.get_ident()] = _before(sys._getframe(1))
    return [_place(thread.name, frames.get(thread.ident or 0)) for thread in threading.enumerate()]


def _before(frame: FrameType) -> FrameType:
    """Return the frame in which a window's main loop was entered, else the caller's own."""
    found: FrameType = frame
    at: FrameType | None = frame
    while at is not None:
        if at.f_code.co_name == "mainloop" and at.f_back:
            found = at.f_back
        at = at.f_back
    return found


def _place(name: str, frame: FrameType | None) -> ThreadPlace:
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
            where = f"{path.relative_to(_ROOT).as_posix()}:{frame.f_code.co_qualname}"
            return ThreadPlace(name, where, frame.f_lineno)
        frame = frame.f_back
    return ThreadPlace(name, "", 0)
