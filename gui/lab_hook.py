"""What may be passed into a chat window so that it can be watched; nothing below knows who watches."""

from collections.abc import Callable, Sequence
from typing import Protocol

from gui.chat.controller import ChatController
from gui.main_window import MainWindow
from gui.toolkit.action import Action
from sockets.tap import ActivityTap, Tap


class LabHook(Protocol):
    """Watches a window's connection, and offers what it sees in the window's menu."""

    @property
    def tap(self) -> Tap:
        """Is told of each socket call."""

    @property
    def activity_tap(self) -> ActivityTap:
        """Is told what the connection's threads are doing."""

    def open(
        self,
        main_window: MainWindow,
        controller: ChatController,
        send_line: Callable[[str], bool],
        queue_depths: Callable[[], tuple[int, int]],
    ) -> Sequence[Action]:
        """Called once, when the window is made; return what the laboratory offers in it.

        Args:
            send_line: sends a line of the protocol as it stands; returns False if there is no connection.
            queue_depths: returns what waits for the window, and what waits for the sending thread.
        """

    def introduce(self) -> None:
        """Called once in a window that is a program of its own, not one of a demo's."""

    def unfinished(self) -> Sequence[str]:
        """Say in sentences what would be lost if the window were closed now."""
