"""HELP: what the commands are for."""

from typing import Final

from chatroom.client import Client
from chatroom.command_table import COMMANDS, command
from chatroom.state import ServerState
from protocol import numerics as n
from protocol.message import Message

_HINT: Final = "HELP <command> tells more of one."


@command("HELP")
def help_(state: ServerState, client: Client, message: Message) -> None:
    """HELP [<command>]."""
    _send_help(state, client, message.param(0).upper())


@command("HELPOP")
def helpop(state: ServerState, client: Client, message: Message) -> None:
    """HELPOP [<command>]: as HELP."""
    _send_help(state, client, message.param(0).upper())


def _send_help(state: ServerState, client: Client, subject: str) -> None:
    if not subject:
        lines = [
            "The commands of this server:",
            *_columns(sorted(name for name in COMMANDS)),
            _HINT,
        ]
    elif subject in COMMANDS:
        lines = [line.strip() for line in (COMMANDS[subject].handler.__doc__ or subject).splitlines()]
    else:
        state.reply(client, n.ERR_HELPNOTFOUND, subject, f"There is no help on this. {_HINT}")
        return
    name = subject or "*"
    first, *rest = lines
    state.reply(client, n.RPL_HELPSTART, name, first)
    for line in rest:
        state.reply(client, n.RPL_HELPTXT, name, line)
    state.reply(client, n.RPL_ENDOFHELP, name, "End of /HELP")


def _columns(names: list[str], width: int = 8) -> list[str]:
    return [" ".join(names[start : start + width]) for start in range(0, len(names), width)]
