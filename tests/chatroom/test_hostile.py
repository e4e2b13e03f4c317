"""Lines that once confused the server, or through it a client: each has its test."""

import socket
import struct

import pytest

from chatroom.command_table import COMMANDS
from sockets.connection import ANSWER_ROOM
from tests.tools.irc import Irc


@pytest.mark.parametrize(
    ("line", "failure"),
    [
        ("REDACT Анна ::x y", "REDACT UNKNOWN_MSGID Анна * :There is no such message"),
        ("CHATHISTORY ::a b", "CHATHISTORY INVALID_PARAMS * :Unknown subcommand"),
        ("BATCH :+b1 :x", "BATCH INVALID_REFTAG * :No such batch, or of no known type"),
        ("CHATHISTORY LATEST Анна * :a b", "CHATHISTORY INVALID_PARAMS LATEST * :Invalid limit"),
    ],
)
def test_a_failure_names_no_parameter_that_would_break_its_line(irc: Irc, line: str, failure: str) -> None:
    anna = irc.client("Анна")
    anna.send(line)
    assert anna.expect(" FAIL ").string == f":chat.lab FAIL {failure}"


def test_who_asks_for_much_gets_it_as_fast_as_he_reads(irc: Irc) -> None:
    started = irc.server()
    anna = irc.client("Анна")
    greedy = irc.client("Жадина")
    greedy.send_bytes(b"HELP\n" * 10_000)
    anna.expect_nothing()
    assert sum(client.waiting for client in started.status().clients) < 2 * ANSWER_ROOM
    for _ in range(10_000):
        greedy.expect(" 706 ")


def test_a_flooder_that_hangs_up_is_gone_though_it_was_slowed_down(irc: Irc) -> None:
    irc.server(throttle=True)
    anna = irc.client("Анна")
    anna.send("MONITOR + Потоп")
    flooder = irc.client("Потоп")
    anna.expect(" 730 ")
    flooder.send_bytes(b"x\n" * 10_000)  # a quarter of an hour's lines
    flooder.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    flooder.close()
    anna.expect(" 731 ", timeout=60)  # far from that, on a busy computer too


def test_a_command_that_fails_is_answered_and_stops_nobody(
    irc: Irc, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("our own mistake")

    monkeypatch.setitem(COMMANDS, "FAIL", COMMANDS["TIME"]._replace(handler=fail))
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    anna.send("FAIL")
    anna.expect(" 400 Анна ")
    assert "our own mistake" in caplog.text
    anna.send("PRIVMSG #lab :дальше")
    boris.expect(":дальше$")


def test_a_numeric_names_no_parameter_that_would_break_its_line(irc: Irc) -> None:
    anna = irc.client("Анна")
    for line, answer in (
        ("JOIN :a b", "403 Анна * :"),
        ("MODE ::x", "401 Анна * :"),
        ("NICK ::x", "432 Анна * :"),
    ):
        anna.send(line)
        anna.expect(f"^:chat.lab {answer}".replace("*", r"\*"))
