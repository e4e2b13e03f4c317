"""OPER, KILL and WALLOPS: the server's operator, the teacher."""

import pytest

from chatroom.config import Limits
from tests.tools.irc import Irc
from translations import use_language


def test_the_console_says_in_its_language_why_somebody_has_gone(
    irc: Irc, caplog: pytest.LogCaptureFixture
) -> None:
    irc.server(oper_name="t", oper_password="p")
    use_language("ru")
    caplog.set_level("INFO", "chat.server")
    teacher = irc.client("teacher")
    teacher.send("OPER t p")
    teacher.expect(" 381 ")
    for nick, line, reason in (
        ("Анна", "QUIT :до завтра", "клиент вышел: до завтра"),
        ("Борис", "QUIT", "клиент вышел"),
        ("Вера", "KILL Вера :хватит", "отключено оператором teacher (хватит)"),
    ):
        gone = irc.client(nick)
        (teacher if line.startswith("KILL") else gone).send(line)
        gone.expect_closed()
        assert caplog.messages[-1].endswith(f" {nick}: {reason}")


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


def test_oper_needs_the_right_name_and_password(irc: Irc) -> None:
    irc.server(oper_name="teacher", oper_password="secret")
    anna = irc.client("Анна")
    anna.send("OPER teacher")
    anna.expect(" 461 ")
    for wrong in ("teacher wrong", "student secret"):
        anna.send(f"OPER {wrong}")
        anna.expect(" 464 ")
    anna.send("OPER teacher secret")
    anna.expect(" 381 ")
    anna.expect(r"MODE Анна :\+o$")


def test_without_an_operator_configured_nobody_becomes_one(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.send("OPER a b")
    anna.expect(" 491 ")


def test_guessing_the_operators_password_becomes_slow(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p", limits=Limits(wrong_passwords=2))
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for _ in range(2):
        anna.send("OPER t wrong")
        anna.expect(" 464 Анна :Password incorrect$")
    anna.send("OPER t wrong\r\nOPER t p")
    anna.expect(" 464 Анна :Too many wrong passwords; try again in ")
    boris.send("OPER t p")
    boris.expect(" 381 Борис ")
    assert any("Password incorrect" in line for line in anna.take())
