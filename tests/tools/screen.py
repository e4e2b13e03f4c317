"""A screen for the windows that the tests open."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def virtual_screen(size: str = "1600x1000x24") -> Iterator[str]:
    """Start an X server without a screen (Xvfb) and yield its display's name, such as `:1`.

    Raises:
        FileNotFoundError: Xvfb is not installed.
    """
    read_end, write_end = os.pipe()
    try:
        process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-noreset", "-nolisten", "tcp"],
            pass_fds=[write_end],
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        os.close(read_end)
        raise
    finally:
        os.close(write_end)
    try:
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(10)


def has_virtual_screen() -> bool:
    """Tell whether Xvfb is installed."""
    return shutil.which("Xvfb") is not None


def has_real_screen() -> bool:
    """Tell whether windows can be opened on the user's own screen."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY"))
