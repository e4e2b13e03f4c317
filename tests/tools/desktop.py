"""Other people's hands on the windows: xdotool finds them, types and closes."""

import os
import shutil
import subprocess
import time
from typing import Final

import pytest

DEADLINE: Final = 20.0
_LOOK: Final = 0.01
"""Seconds between two looks for a window; `xdotool search --sync` looks twice a second."""


def needs_xdotool() -> None:
    """Skip the test where there is no xdotool; in CI, fail it."""
    if shutil.which("xdotool") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no xdotool: .ci/run installs it")


def find_window(title: str) -> str:
    """Wait for a window whose title matches the regular expression; return its id.

    Raises:
        AssertionError: there is none within DEADLINE seconds.
    """
    end = time.monotonic() + DEADLINE
    search = ["xdotool", "search", "--onlyvisible", "--name", title]
    while not (found := subprocess.run(search, capture_output=True, text=True, check=False).stdout.split()):
        assert time.monotonic() < end, f"no window is called {title}"
        time.sleep(_LOOK)
    return found[0]


def activate(window: str) -> None:
    """Let whoever manages the desktop's windows give the keyboard to this one."""
    _xdotool("windowactivate", "--sync", window)


def type_into(window: str, text: str) -> None:
    """Give a window the keyboard and type a line into it, Enter included."""
    _xdotool("windowfocus", "--sync", window)
    _xdotool("key", "BackSpace")  # on a busy machine the first key after a change of focus gets lost
    _xdotool("type", "--delay", "20", text)
    _xdotool("key", "Return")


def press(window: str, key: str) -> None:
    """Give a window the keyboard and press a key, such as `ctrl+Tab`."""
    _xdotool("windowfocus", "--sync", window)
    _xdotool("key", key)


def click_into(window: str) -> None:
    """Bring a window to the front and click into its middle, as Wine wants it for a window among several."""
    _xdotool("windowraise", window)
    _xdotool("mousemove", "--sync", "--window", window, "400", "300")
    _xdotool("click", "1")


def _xdotool(*arguments: str) -> str:
    result = subprocess.run(
        ["xdotool", *arguments], capture_output=True, text=True, timeout=DEADLINE, check=True
    )
    return result.stdout
