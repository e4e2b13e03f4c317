"""Which threads a process has at this moment, and where each of them is."""

import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Final, NamedTuple

_ROOT: Final = Path(__file__).resolve().parent.parent


class ThreadPlace(NamedTuple):
    """One thread and where it is."""

    name: str
    place: str
    """`file.py:function` of our code, the innermost; "" if it is in none."""
    line: int


def thread_places() -> list[ThreadPlace]:
    """Return the threads that run now; may be called from any thread."""
    frames = sys._current_frames()
    return [_place(thread.name, frames.get(thread.ident or 0)) for thread in threading.enumerate()]


def _place(name: str, frame: FrameType | None) -> ThreadPlace:
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
            where = f"{path.relative_to(_ROOT).as_posix()}:{frame.f_code.co_qualname}"
            return ThreadPlace(name, where, frame.f_lineno)
        frame = frame.f_back
    return ThreadPlace(name, "", 0)
