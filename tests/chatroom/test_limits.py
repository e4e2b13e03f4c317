"""What one client could make grow or overuse has a bound, and the client is told."""

import dataclasses
import re
import time
from typing import Any

from chatroom.config import Limits
from chatroom.history.store import open_history
from chatroom.passwords import WrongPasswords
from protocol.masks import matches
from sockets.admission import Admission
from tests.tools.irc import Irc


def few(**limits: Any) -> Limits:
    return dataclasses.replace(Limits(), **limits)


def test_nicks_are_changed_only_so_often(irc: Irc) -> None:
    irc.server(throttle=True, limits=few(nick_changes_per_minute=2))
    anna = irc.client("Анна")
    for nick in ("Аня", "Анюта"):
        anna.send(f"NICK {nick}")
        anna.expect(f"NICK :{nick}$")
    anna.send("NICK Анечка")
    anna.expect(" 263 Анюта NICK ")


def test_rooms_are_entered_only_so_often(irc: Irc) -> None:
    irc.server(throttle=True, limits=few(joins_per_minute=2))
    anna = irc.client("Анна")
    anna.send("JOIN #a,#b,#c")
    anna.expect(" 366 Анна #b ")
    anna.expect(" 263 Анна JOIN ")


def test_one_client_is_in_so_many_rooms_and_no_more(irc: Irc) -> None:
    irc.server(limits=few(channels_per_client=2))
    anna = irc.client("Анна")
    assert "CHANLIMIT=#:2,&:2" in " ".join(anna.lines)
    anna.send("JOIN #a,#b,#c")
    anna.expect(" 366 Анна #b ")
    anna.expect(" 405 Анна #c ")


def test_one_address_has_so_many_connections_and_no_more(irc: Irc) -> None:
    irc.server(limits=few(clients_per_address=2))
    irc.client("Анна")
    irc.client("Борис")
    assert irc.raw().expect_closed() == ["ERROR :Closing link: too many connections from your address"]


def test_places_are_counted_by_address() -> None:
    admission = Admission(3, 2)
    assert [admission.admit("a") for _ in range(3)] == ["", "", "too many connections from your address"]
    assert admission.admit("b") == ""
    assert admission.admit("c") == "the server is full; try again later"
    admission.leave("a")
    assert admission.admit("c") == ""


def test_guessing_a_password_becomes_slow(irc: Irc) -> None:
    irc.server(password="тайна", limits=few(wrong_passwords=2, longest_wait=1.0))
    for _ in range(2):
        client = irc.raw()
        client.send("PASS мимо")
        client.send("NICK Анна")
        client.send("USER a 0 * :A")
        client.expect(" 464 Анна :Password incorrect$")
    blocked = irc.raw()
    blocked.send("PASS тайна")
    blocked.send("NICK Анна")
    blocked.send("USER a 0 * :A")
    blocked.expect(" 464 Анна :Too many wrong passwords; try again in 1 seconds$")
    blocked.expect_closed()


def test_the_wait_doubles_and_is_forgotten() -> None:
    wrong = WrongPasswords(few(wrong_passwords=1, longest_wait=4.0))
    waits = []
    for _ in range(5):
        wrong.count_one("a", 100.0)
        waits.append(wrong.seconds_to_wait("a", 100.0))
    assert waits == [1, 2, 4, 4, 4]
    assert wrong.seconds_to_wait("b", 100.0) == 0
    assert wrong.seconds_to_wait("a", 104.0) == 0
    wrong.count_one("a", 10_000.0)
    assert wrong.seconds_to_wait("a", 10_000.0) == 1


def test_guessing_the_operators_password_becomes_slow(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p", limits=few(wrong_passwords=2))
    anna = irc.client("Анна")
    for _ in range(2):
        anna.send("OPER t wrong")
        anna.expect(" 464 Анна :Password incorrect$")
    anna.send("OPER t p")
    anna.expect(" 464 Анна :Too many wrong passwords; try again in ")


def test_an_invitation_dies_with_its_room(irc: Irc) -> None:
    anna, boris, vera = (irc.client(nick) for nick in ("Анна", "Борис", "Вера"))
    anna.enter()
    anna.send("INVITE Борис #lab")
    boris.expect("INVITE")
    anna.send("PART #lab")
    anna.expect("PART")
    vera.enter()
    vera.send("MODE #lab +i")
    vera.expect(r"\+i")
    boris.send("INVITE")
    assert boris.expect(" (336|337) ")[1] == "337"
    boris.send("JOIN #lab")
    boris.expect(" 473 ")


def test_rooms_are_listed_only_so_often_and_by_so_many_conditions(irc: Irc) -> None:
    irc.server(throttle=True, limits=few(lists_per_minute=2, list_conditions=2))
    anna = irc.client("Анна")
    assert "LIST:2," in " ".join(anna.lines)
    anna.send("JOIN #a,#b,#c")
    anna.expect(" 366 Анна #c ")
    for _ in range(2):
        anna.send("LIST #a,#b,#c")
        anna.expect(" 323 ")
    assert sum(" 322 " in line for line in anna.lines) == 4
    anna.send("LIST")
    anna.expect(" 263 Анна LIST ")


def test_no_mask_holds_up_the_room() -> None:
    began = time.monotonic()
    for mask in ("*" + "a" * 75 + "b", "*?" + "a" * 75 + "b", "*" + "?a" * 100 + "b"):
        for _ in range(300):
            assert not matches(mask, "a" * 150)
    assert time.monotonic() - began < 1, "WHO looks at four texts of each of a thousand clients"


def test_limits_end_though_the_clock_was_once_wrong(irc: Irc) -> None:
    history = open_history(irc.history)
    history.add("#lab", 4_000_000_000_000, ":a!b@c PRIVMSG #lab :in 2096", "", event=False)
    history.commit()
    history.close()
    limits = few(nick_changes_per_minute=20, wrong_passwords=1)
    irc.server(throttle=True, limits=limits, oper_name="t", oper_password="p")
    anna = irc.client("Анна")
    anna.send("OPER t wrong")
    anna.expect(" 464 ")
    for _ in range(11):
        for nick in ("Аня", "Анна"):
            anna.send(f"NICK {nick}")
    anna.expect(" 263 ")
    deadline = time.monotonic() + 10
    for line, done in (("NICK Маша", "NICK :Маша$"), ("OPER t p", " 381 ")):
        while not any(re.search(done, line) for line in anna.lines):
            assert time.monotonic() < deadline, "the limit lasts until 2096"
            anna.send(line)
            anna.expect(" (263|464) |NICK :Маша$| 381 ")
