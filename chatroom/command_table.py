"""The table of commands: who may use them, with how many parameters, and which function acts."""

from collections.abc import Callable
from typing import Final, NamedTuple

from chatroom.client import Client
from chatroom.state import ServerState
from protocol.message import Message

Handler = Callable[[ServerState, Client, Message], None]


class Command(NamedTuple):
    """One entry of the table."""

    handler: Handler
    minimum: int
    before_registration: bool


COMMANDS: Final[dict[str, Command]] = {}
"""Filled when the modules of `chatroom.commands` are imported, and not changed after that."""


def command(
    name: str, minimum: int = 0, *, before_registration: bool = False
) -> Callable[[Handler], Handler]:
    """Enter the decorated function into the table.

    Args:
        minimum: fewer parameters are answered with 461 before the function is called.
        before_registration: clients that have not finished NICK and USER may use it; others get 451.
    """

    def enter(handler: Handler) -> Handler:
        COMMANDS[name] = Command(handler, minimum, before_registration)
        return handler

    return enter
