"""What the tests of the windows share: waiting without sleeping, and people to chat with."""

import time
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from client.settings import Change, Settings
from client_gui import ChatWindow
from gui.chat.connect_page import Form
from gui.main_window import MainWindow
from gui.over_page import OverPage
from lab.laboratory import Laboratory
from tests.tools.irc import Client, Irc

DEADLINE: Final = 15.0
"""Seconds that anything may take."""
_TICK_MS: Final = 10
OverT = TypeVar("OverT", bound=OverPage)


def until(root: tk.Misc, condition: Callable[[], object], deadline: float = DEADLINE) -> None:
    """Run the windows until the condition holds.

    Raises:
        AssertionError: it does not hold within `deadline` seconds.
    """
    end = time.monotonic() + deadline
    tick = ""

    def wake() -> None:
        nonlocal tick
        tick = root.after(_TICK_MS, wake)

    wake()
    try:
        while not condition():
            assert time.monotonic() < end, "the window did not get there"
            root.tk.dooneevent(0)
    finally:
        root.after_cancel(tick)


@contextmanager
def chat_window(
    root: tk.Tk | tk.Toplevel,
    settings: Settings | None = None,
    laboratory: Laboratory | None = None,
    operator_token: str = "",
    remember: Callable[[Change], object] = lambda change: None,
) -> Iterator[ChatWindow]:
    """A window in `root`; it is closed and its threads have ended when the block is left."""
    window = ChatWindow(
        root, settings, remember=remember, laboratory=laboratory, operator_token=operator_token
    )
    root.deiconify()
    try:
        yield window
    finally:
        end_window(window)


def end_window(window: ChatWindow) -> None:
    """Close a window that may have been closed, and wait until its threads have ended."""
    if window.master.tk.call("info", "commands", str(window.master)):
        window.close()
    for connection in window.connections:
        assert connection.join(DEADLINE)


class Memory:
    """What a window has remembered."""

    def __init__(self) -> None:
        self.settings = Settings()

    def remember(self, change: Change) -> None:
        """Take a change, as `gui.keeper.Keeper` does."""
        self.settings = change(self.settings)


class PollGaps:
    """Measures how long a window's queue has to wait from one poll to the next, and how long a poll takes."""

    def __init__(self, window: ChatWindow, clock: Callable[[], float] = time.perf_counter) -> None:
        """Args: clock: `time.thread_time` leaves out the time that other programs took from this thread."""
        self.longest = 0.0
        """Seconds; a key may have had to wait as long."""
        self._clock = clock
        self._at = clock()
        self._poll = window._poll
        window._poll = self._timed_poll  # type: ignore[method-assign]

    def _timed_poll(self) -> None:
        self._mark()
        self._poll()
        self._mark()

    def _mark(self) -> None:
        now = self._clock()
        self.longest = max(self.longest, now - self._at)
        self._at = now


def enter_room(
    window: ChatWindow, address: tuple[str, int], nick: str = "Анна", room: str = "#lab", password: str = ""
) -> None:
    """Connect and wait until the room is shown."""
    window.connect(Form(f"{address[0]}:{address[1]}", nick, room, password))
    until(window.master, lambda: shows(window, room))


@contextmanager
def watched_window(root: tk.Tk, irc: Irc) -> Iterator[tuple[ChatWindow, Laboratory, Client]]:
    """Анна's window with its laboratory, and Борис in the same room."""
    laboratory = Laboratory()
    with chat_window(root, Settings(), laboratory) as window:
        enter_room(window, irc.address)
        yield window, laboratory, irc.client("Борис").enter()


def page_over(window: MainWindow, kind: type[OverT]) -> OverT:
    """Return what stands above the window's page, which is to be of this kind."""
    page = window._over
    assert isinstance(page, kind)
    return page


def shows(window: ChatWindow, name: str) -> bool:
    """Tell whether the window shows this conversation."""
    return window.page.shown is not None and window.page.shown.name == name


def say(window: ChatWindow, text: str) -> None:
    """Type a text and press Enter."""
    window.page.composer.insert(text)
    window.page.composer.submit()
