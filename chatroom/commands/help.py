"""HELP: what the commands are for."""

from typing import Final

from chatroom.client import Client
from chatroom.command_table import COMMANDS, command
from chatroom.state import ReplyError, ServerState
from protocol import numerics as n
from protocol.message import Message

_HINT: Final = "HELP <command> tells more of one."
_COLUMNS: Final = 8


@command("HELP")
@command("HELPOP")
def help_(state: ServerState, client: Client, message: Message) -> None:
    """HELP [<command>], or HELPOP."""
    subject = message.param(0).upper()
    if not subject:
        names = sorted(COMMANDS)
        rows = [" ".join(names[start : start + _COLUMNS]) for start in range(0, len(names), _COLUMNS)]
        lines = ["The commands of this server:", *rows, _HINT]
    elif subject in COMMANDS:
        lines = [line.strip() for line in (COMMANDS[subject].handler.__doc__ or subject).splitlines()]
    else:
        raise ReplyError(n.ERR_HELPNOTFOUND, subject, f"There is no help on this. {_HINT}")
    name = subject or "*"
    state.reply(client, n.RPL_HELPSTART, name, lines[0])
    for line in lines[1:]:
        state.reply(client, n.RPL_HELPTXT, name, line)
    state.reply(client, n.RPL_ENDOFHELP, name, "End of /HELP")
