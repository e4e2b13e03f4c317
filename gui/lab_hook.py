"""What may be passed into a chat window so that it can be watched; nothing below knows who watches."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from gui.toolkit.action import Action
from sockets.tap import ActivityTap, Tap

Window_contra = TypeVar("Window_contra", contravariant=True)
"""The window that is watched; `client_gui.ChatWindow` is above this room, so it is named there."""


class LabHook(Protocol[Window_contra]):
    """Watches a window's connection, and offers what it sees in the window's menu."""

    @property
    def tap(self) -> Tap:
        """Is told of each socket call."""

    @property
    def activity_tap(self) -> ActivityTap:
        """Is told what the connection's threads are doing."""

    def open(self, window: Window_contra) -> Sequence[Action]:
        """Called once, when the window is made; return what the laboratory offers in it."""
