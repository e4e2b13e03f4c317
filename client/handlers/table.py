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
_NEEDS: Final[dict[str, int]] = {}
"""How many parameters a line needs at least to mean what its handler says."""
_OTHERS: Final[list[Handler]] = []
_Made = TypeVar("_Made", bound=Handler)


def on(*commands: str, needs: int = 0) -> Callable[[_Made], _Made]:
    """Register the decorated function for these commands and numerics.

    Args:
        needs: with fewer parameters, our own nick in a numeric counted, the line is shown as it was said.
    """

    def register(handler: _Made) -> _Made:
        for command in commands:
            if command in HANDLERS:
                raise ValueError(f"{command} has a handler already")
            HANDLERS[command] = handler
            _NEEDS[command] = needs
        return handler

    return register


def on_others(handler: _Made) -> _Made:
    """Register the decorated function for lines that nobody else handles, or that lack parameters."""
    _OTHERS.append(handler)
    return handler


def find_handler(message: Message) -> Handler:
    """Return the function that handles this line."""
    lacks = len(message.params) < _NEEDS.get(message.command, 0)
    return _OTHERS[0] if lacks else HANDLERS.get(message.command, _OTHERS[0])
