"""HELP: what the commands are for."""

from tests.tools.irc import Irc


def test_every_command_has_a_help(irc: Irc) -> None:
    from chatroom.command_table import COMMANDS

    for name, command in COMMANDS.items():
        assert command.handler.__doc__, f"{name} has no help"
