"""The table of handlers: which function handles which command of the server.

A handler's module fills the table when it is imported:

    @on("JOIN")
    def _join(session: Session, message: Message) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from protocol.message import Message

if TYPE_CHECKING:
    from client.session import Session

Handler = Callable[["Session", Message], None]
HANDLERS: Final[dict[str, Handler]] = {}


def on(*commands: str) -> Callable[[Handler], Handler]:
    """Register the decorated function for these commands and numerics."""

    def register(handler: Handler) -> Handler:
        for command in commands:
            if command in HANDLERS:
                raise ValueError(f"{command} has a handler already")
            HANDLERS[command] = handler
        return handler

    return register
