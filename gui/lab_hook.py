"""What may be passed into a chat window from above, so that it can be watched: nothing here knows of it."""

from collections.abc import Callable
from typing import Any, Protocol

from gui.toolkit.menu import Item
from sockets.tap import Stage, Tap


class Laboratory(Protocol):
    """Watches a window's connection, and offers what it sees in the window's menu."""

    @property
    def tap(self) -> Tap:
        """Told every socket call."""

    @property
    def stage(self) -> Stage:
        """Told what the connection's threads do."""

    def open(self, window: Any) -> Callable[[], list[Item]]:
        """Called once with a `client_gui.ChatWindow`; return what gives the laboratory's part of its menu."""
