"""Questions to the server: about people, rooms and the server itself; and its operator's commands."""

import pytest

from chatroom.config import Limits
from tests.tools.irc import Irc


def test_whox_answers_the_fields_that_were_asked(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.enter()
    anna.send("WHO #lab %tcuihsnfdlaor,152")
    anna.expect(r" 354 Анна 152 #lab ~test 127.0.0.1 127.0.0.1 chat.lab Анна H@ 0 \d+ 0 n/a :A test$")
    anna.send("WHO Анна %nt,7")
    anna.expect(" 354 Анна 7 :Анна$")
    anna.send("WHO Никто")
    anna.expect(" 315 Анна Никто ")


def test_who_keeps_operators_only(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p")
    teacher, anna = irc.client("teacher"), irc.client("Анна")
    teacher.send("OPER t p")
    teacher.expect(" 381 ")
    anna.send("WHO * o")
    assert " teacher H* " in anna.expect(" 352 ").string
    anna.expect(r" 315 Анна \* ")


def test_whowas_remembers_who_has_gone(irc: Irc) -> None:
    anna = irc.client("Анна")
    for _ in range(2):
        boris = irc.client("Борис")
        boris.send("QUIT")
        boris.expect_closed()
    anna.send("WHOWAS борис")
    for _ in range(2):
        anna.expect(r" 314 Анна Борис ~test 127.0.0.1 \* :A test$")
        anna.expect(" 312 Анна Борис chat.lab ")
    anna.expect(" 369 Анна борис ")
    anna.send("WHOWAS борис 1")
    anna.expect(" 314 ")
    anna.expect(" 312 ")
    assert anna.expect(" (314|369) ")[1] == "369"
    anna.send("WHOWAS Никто")
    anna.expect(" 406 Анна Никто ")
    anna.expect(" 369 Анна Никто ")


def test_userhost_and_ison(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    boris.send("AWAY :обед")
    boris.expect(" 306 ")
    anna.send("USERHOST Анна борис Никто")
    anna.expect(r" 302 Анна :Анна=\+~test@127.0.0.1 Борис=-~test@127.0.0.1$")
    anna.send("ISON Никто борис Анна")
    anna.expect(" 303 Анна :Борис Анна$")


def test_the_server_tells_about_itself(irc: Irc) -> None:
    anna = irc.client("Анна")
    for command, numerics in (
        ("ADMIN", "256 257 258 259"),
        ("INFO", "371 374"),
        ("LINKS", "364 365"),
        ("STATS u", "242 219"),
        ("HELP", "704 705 706"),
        ("HELP privmsg", "704 706"),
        ("HELP nonsense", "524"),
    ):
        anna.send(command)
        for numeric in numerics.split():
            anna.expect(f"^:chat.lab {numeric} Анна ")
    anna.send("HELP chathistory")
    anna.expect(" 704 Анна CHATHISTORY :CHATHISTORY ")
    anna.send("INFO elsewhere.example")
    anna.expect(" 402 ")


def test_every_command_has_a_help(irc: Irc) -> None:
    from chatroom.command_table import COMMANDS

    for name, command in COMMANDS.items():
        assert command.handler.__doc__, f"{name} has no help"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (">1", {"#two"}),
        ("<2", {"#one", "#лаб"}),
        ("*о*", set()),
        ("#t*", {"#two"}),
        ("!#t*", {"#one", "#лаб"}),
        ("C<5", {"#one", "#two", "#лаб"}),
        ("C>5", set()),
        ("T<5", {"#two"}),
        ("T>5", set()),
        ("#one,#лаб", {"#one", "#лаб"}),
        ("#t*,>5", set()),
        (">x", set()),
    ],
)
def test_the_list_takes_conditions(irc: Irc, condition: str, found: set[str]) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for room in ("#one", "#two", "#лаб"):
        anna.enter(room)
    boris.enter("#two")
    anna.send("TOPIC #two :Тема")
    anna.expect("TOPIC")
    anna.send(f"LIST {condition}")
    anna.expect(" 321 ")
    rooms = set()
    while (line := anna.expect(r" (322|323) Анна (\S+)"))[1] == "322":
        rooms.add(line[2])
    assert rooms == found


def test_the_operator_ends_connections_and_speaks_to_all(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p")
    teacher, anna, boris = irc.client("teacher"), irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
        client.send("KILL teacher :бунт")
        client.expect(" 481 ")
        client.send("WALLOPS :бунт")
        client.expect(" 481 ")
    teacher.send("OPER t p")
    teacher.expect(" 381 ")
    anna.send("MODE Анна +w")
    anna.expect(r"\+w")
    teacher.send("WALLOPS :перерыв")
    anna.expect("^:teacher!.* WALLOPS :перерыв$")
    teacher.send("KILL Борис :хватит")
    assert boris.expect_closed()[-1].startswith("ERROR :Closing link: 127.0.0.1 (Killed (teacher (хватит)))")
    anna.expect(r"^:Борис!.* QUIT :Killed \(teacher \(хватит\)\)$")
    teacher.send("KILL Никто")
    teacher.expect(" 401 ")
    teacher.send("WHOIS Анна")
    teacher.expect(" 338 teacher Анна 127.0.0.1 ")
    teacher.send("MODE teacher -o")
    teacher.expect("-o")
    teacher.send("WALLOPS :x")
    teacher.expect(" 481 ")


def test_names_without_a_channel_shows_all_that_one_may_see(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.enter("#open")
    anna.enter("#secret")
    anna.send("MODE #secret +s")
    anna.expect(r"\+s")
    boris.send("NAMES")
    boris.expect(" 353 Борис = #open :@Анна$")
    boris.expect(r" 366 Борис \* ")
    assert not [line for line in boris.lines if "#secret" in line]


def test_names_and_whowas_take_several_targets(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.send("JOIN #a,&b")
    for room in ("#a", "&b"):
        anna.expect(f" 366 Анна {room} ")
    anna.send("NAMES #a,&b")
    for room in ("#a", "&b"):
        anna.expect(f" 353 Анна = {room} :@Анна$")
    anna.expect(" 366 Анна #a,&b ")
    for nick in ("Борис", "Вера"):
        other = irc.client(nick)
        other.send("QUIT")
        other.expect_closed()
    anna.send("WHOWAS Борис,Вера")
    for nick in ("Вера", "Борис"):
        anna.expect(f" 314 Анна {nick} ")
    anna.expect(" 369 Анна Борис,Вера ")


def test_questions_about_everybody_are_not_asked_too_often(irc: Irc) -> None:
    irc.server(throttle=True, limits=Limits(lists_per_minute=2))
    anna = irc.client("Анна", capabilities=["draft/chathistory"])
    now = "timestamp=2026-01-01T00:00:00.000Z"
    for line, numeric in (
        ("NAMES", "366"),
        ("WHO *a*", "315"),
        (f"CHATHISTORY TARGETS {now} {now} 5", "PONG"),
    ):
        for _ in range(2):
            anna.send(line)
            anna.send("PING ok")
            anna.expect(f" {numeric} ")
        anna.send(line)
        anna.expect(f" 263 Анна {line.split()[0]} ")
    anna.send("WHO Анна")
    anna.expect(" 352 ")
