"""The table of commands: who may use them, with how many parameters, and which function acts."""

from collections.abc import Callable
from inspect import isgeneratorfunction
from typing import Final, NamedTuple

from chatroom.client import Client
from chatroom.delivery import Portions
from chatroom.state import ServerState
from protocol.message import Message

Handler = Callable[[ServerState, Client, Message], Portions | None]
"""Acts on a line. One whose answer may be long returns the rest of it in portions; one that is itself a
generator only answers, and is not even begun for a client that has gone."""


class Command(NamedTuple):
    """One entry of the table."""

    handler: Handler
    minimum: int
    before_registration: bool
    only_answers: bool
    """It changes nothing."""


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
        COMMANDS[name] = Command(handler, minimum, before_registration, isgeneratorfunction(handler))
        return handler

    return enter
