"""HELP: what the commands are for."""

from tests.tools.irc import Irc


def test_every_command_has_a_help(irc: Irc) -> None:
    from chatroom.command_table import COMMANDS

    for name, command in COMMANDS.items():
        assert command.handler.__doc__, f"{name} has no help"


def test_help_lists_the_commands_and_tells_about_one(irc: Irc) -> None:
    anna = irc.client("Анна")
    for command, numerics in (("HELP", "704 705 706"), ("HELP privmsg", "704 706"), ("HELP nonsense", "524")):
        anna.send(command)
        for numeric in numerics.split():
            anna.expect(f"^:chat.lab {numeric} Анна ")
    anna.send("HELP chathistory")
    anna.expect(" 704 Анна CHATHISTORY :CHATHISTORY ")
