"""Lines that once confused the server, or through it a client: each has its test."""

import dataclasses
import logging
import socket
import struct

import pytest

from chatroom.command_table import COMMANDS
from chatroom.config import Limits
from tests.tools.irc import Irc


def test_a_nick_whose_folded_form_holds_a_space_is_refused(irc: Irc) -> None:
    anna = irc.client("Анна")
    for nick in ("\ufdfa", "\u037a", "\u1160"):
        anna.send(f"NICK {nick}")
        anna.expect(" 432 ")


@pytest.mark.parametrize("mask", [":a b", "::a", ":\x1b[31m", "a" * 151, "ж" * 75])
def test_a_mask_that_would_break_a_mode_line_is_refused(irc: Irc, mask: str) -> None:
    anna = irc.client("Анна")
    anna.enter()
    anna.send(f"MODE #lab +b {mask}")
    anna.expect(" 696 Анна #lab b ")
    anna.send("MODE #lab b")
    assert "368" in anna.expect(" 36[78] ")[0]


def test_no_mode_change_is_cut_off_a_line(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.enter()
    boris.enter()
    masks = [f"{letter * 36}!*@*" for letter in "abcdefghijk"]
    anna.send(f"MODE #lab +{'b' * 11}v {' '.join(mask.removesuffix('!*@*') for mask in masks)} Борис")
    boris.expect(r"MODE #lab \+\S*v .*Борис$")
    said = " ".join(line for line in boris.lines if " MODE #lab " in line)
    assert all(mask in said for mask in masks)
    assert all(len(line.encode()) <= 510 for line in boris.lines)


def test_modes_on_the_console_carry_no_escape_sequence(irc: Irc, caplog: pytest.LogCaptureFixture) -> None:
    anna = irc.client("Анна")
    anna.enter()
    with caplog.at_level(logging.INFO, "chat.server"):
        anna.send("MODE #lab +kb \x1b[31m \x1b[2J")
        anna.send("MODE #lab +b a")
        anna.expect("MODE #lab .*b a!")
    assert "\x1b" not in caplog.text


def test_changes_of_ones_own_modes_are_told_as_what_came_of_them(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.send(f"MODE Анна {'+i-i' * 100}+wB")
    anna.expect(r"MODE Анна \+Bw$")


def test_no_name_is_cut_off_in_a_room_of_long_names(irc: Irc) -> None:
    room = "#" + "ы" * 63
    nicks = [letter * 30 for letter in "абвгдежзик"]
    clients = [irc.client(nick) for nick in nicks]
    for client in clients:
        client.enter(room)
    last = clients[-1]
    named = [line.partition(" :")[2].lstrip("@") for line in last.lines if " 353 " in line]
    assert " ".join(named).split() == nicks


def test_no_room_is_cut_off_in_whois(irc: Irc) -> None:
    anna = irc.client("Анна")
    rooms = [f"#{number}{'ы' * 30}" for number in range(20)]
    for room in rooms:
        anna.enter(room)
    anna.lines.clear()
    anna.send("WHOIS Анна")
    anna.expect(" 318 ")
    told = " ".join(line.partition(" :")[2] for line in anna.lines if " 319 " in line)
    assert told.replace("@", "").split() == rooms


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


def test_invitations_are_bounded_and_the_oldest_is_forgotten(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for number in range(120):
        anna.enter(f"#{number}")
        anna.send(f"INVITE Борис #{number}")
        anna.expect(" 341 ")
        if number < 80:
            anna.send(f"PART #{number}")
    boris.send("INVITE")
    boris.expect(" 337 ")
    invited = [line.rpartition(" ")[2] for line in boris.lines if " 336 " in line]
    assert invited == [f"#{number}" for number in range(80, 120)]


def test_short_lines_that_ask_for_much_end_when_the_answers_take_too_much_memory(irc: Irc) -> None:
    irc.server(limits=dataclasses.replace(Limits(), answer_bytes=50_000))
    anna = irc.client("Анна")
    greedy = irc.client("Жадина")
    greedy.send_bytes(b"HELP\n" * 5000)
    lines = greedy.expect_closed()
    assert lines[-1] == "ERROR :Closing link: 127.0.0.1 (SendQ exceeded)"
    assert sum(len(line) for line in lines) < 100_000
    anna.expect_nothing()


def test_a_flooder_that_hangs_up_is_gone_though_it_was_slowed_down(irc: Irc) -> None:
    irc.server(throttle=True)
    anna = irc.client("Анна")
    anna.send("MONITOR + Потоп")
    flooder = irc.client("Потоп")
    anna.expect(" 730 ")
    flooder.send_bytes(b"x\n" * 10_000)  # a quarter of an hour's lines
    flooder.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    flooder.close()
    anna.expect(" 731 ", timeout=15)


def test_whoever_is_not_among_the_hearers_sees_the_echo_all_the_same(irc: Irc) -> None:
    anna, vera = irc.client("Анна"), irc.client("Вера", capabilities=["echo-message"])
    for client in (anna, vera):
        client.enter()
    vera.send("PRIVMSG @#lab :операторам")
    vera.expect("^:Вера!.* PRIVMSG @#lab :операторам$")
    anna.send("MODE #lab -n")
    vera.expect("MODE #lab -n")
    vera.send("PART #lab")
    vera.expect("PART")
    vera.send("PRIVMSG #lab :снаружи")
    vera.expect("^:Вера!.* PRIVMSG #lab :снаружи$")
    anna.expect("^:Вера!.* PRIVMSG #lab :снаружи$")


def test_no_line_of_a_message_carries_ctcp_into_a_room_that_wants_none(irc: Irc) -> None:
    anna = irc.client("Анна")
    able = irc.client("Able", capabilities=["batch", "message-tags", "draft/multiline"])
    for client in (anna, able):
        client.enter()
    anna.send("MODE #lab +C")
    able.expect("MODE")
    for line in (
        "BATCH +x draft/multiline #lab",
        "@batch=x PRIVMSG #lab :hi",
        "@batch=x PRIVMSG #lab :\x01VERSION\x01",
        "BATCH -x",
    ):
        able.send(line)
    able.expect(" 404 Able #lab ")
    anna.expect_nothing_but("JOIN|MODE")


def test_who_tells_of_an_invisible_client_no_room_that_whois_does_not(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.send("MODE Анна +i")
    anna.expect("MODE")
    anna.enter()
    boris.send("WHO Анна")
    boris.expect(r" 352 Борис \* \S+ \S+ \S+ Анна H :")
    boris.enter()
    boris.send("WHO Анна")
    boris.expect(" 352 Борис #lab .* Анна H@ :")


def test_a_ban_is_not_lifted_by_the_invitation_of_somebody_who_is_no_operator(irc: Irc) -> None:
    anna, boris, banned = irc.client("Анна"), irc.client("Борис"), irc.client("Banned")
    for client in (anna, boris):
        client.enter()
    anna.send("MODE #lab +b Banned")
    boris.expect(r"MODE #lab \+b")
    boris.send("INVITE Banned #lab")
    banned.expect("INVITE Banned #lab")
    banned.send("JOIN #lab")
    banned.expect(" 474 ")
    anna.send("INVITE Banned #lab")
    banned.expect("INVITE Banned #lab")
    banned.enter()


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
