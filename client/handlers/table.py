"""The table of handlers: which function handles which command of the server.

A handler is given the state and the message, changes the state, and returns what is left for others to do:

    @on("JOIN")
    def _join(state: ClientState, message: Message) -> Outcome | None: ...
"""

from collections.abc import Callable
from typing import Final, TypeVar

from client.handlers.outcomes import Outcome
from client.model.state import ClientState
from protocol.message import Message

Handler = Callable[[ClientState, Message], Outcome | None]
HANDLERS: Final[dict[str, Handler]] = {}
_Made = TypeVar("_Made", bound=Handler)


def on(*commands: str) -> Callable[[_Made], _Made]:
    """Register the decorated function for these commands and numerics."""

    def register(handler: _Made) -> _Made:
        for command in commands:
            if command in HANDLERS:
                raise ValueError(f"{command} has a handler already")
            HANDLERS[command] = handler
        return handler

    return register
