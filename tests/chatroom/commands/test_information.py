"""What the server says of itself."""

import re

from tests.tools.irc import Irc


def test_the_server_tells_about_itself(irc: Irc) -> None:
    anna = irc.client("Анна")
    for command, numerics in (
        ("ADMIN", "256 257 258 259"),
        ("INFO", "371 374"),
        ("LINKS", "364 365"),
        ("STATS u", "242 219"),
    ):
        anna.send(command)
        for numeric in numerics.split():
            anna.expect(f"^:chat.lab {numeric} Анна ")
    anna.send("INFO elsewhere.example")
    anna.expect(" 402 ")


def test_the_message_of_the_day_is_shown(irc: Irc) -> None:
    irc.server(motd=("Добро пожаловать", "на лабораторную"))
    anna = irc.client("Анна")
    anna.send("MOTD")
    anna.expect("^:chat.lab 375 ")
    anna.expect("372 Анна :- Добро пожаловать$")
    anna.expect("372 Анна :- на лабораторную$")
    anna.expect("^:chat.lab 376 ")


def test_the_server_says_what_it_is(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.send("VERSION")
    anna.expect(r" 351 Анна LabChat-\d+\.\d+\.\d+ chat.lab ")
    anna.send("TIME")
    anna.expect(r" 391 Анна chat.lab :\d{4}-\d\d-\d\d ")
    anna.send("LUSERS")
    anna.expect(r" 251 Анна :There are 1 users and 0 invisible on 1 servers$")
    anna.send("VERSION elsewhere.example")
    anna.expect(" 402 ")
    anna.send("NONSENSE")
    anna.expect(" 421 Анна NONSENSE ")


def test_numerics_are_the_standards() -> None:
    import protocol.numerics as n

    values = [value for name, value in vars(n).items() if re.match("(RPL|ERR)_", name)]
    assert all(re.fullmatch(r"\d{3}", value) for value in values)
    assert len(values) == len(set(values))


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
