"""What one client could make grow or overuse has a bound, and the client is told."""

import re
import time
from typing import Final

import pytest

from chatroom.client import Departed
from chatroom.config import Config, Limits
from chatroom.history.store import open_history
from chatroom.state import ServerState
from sockets import admission as admission_module
from sockets.admission import Admission
from tests.tools.irc import Irc

WHY: Final = "too many connections from your address"


def test_one_address_has_so_many_connections_and_no_more(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        admission_module, "is_loopback", lambda _address: False
    )  # as if all came from a network
    irc.server(limits=Limits(clients_per_address=2))
    irc.client("Анна")
    irc.client("Борис")
    assert irc.raw().expect_closed() == [f"ERROR :Closing link: {WHY}"]


def test_places_are_counted_by_address() -> None:
    admission = Admission(3, 2)
    assert [admission.admit("a") for _ in range(3)] == ["", "", WHY]
    assert admission.admit("b") == ""
    assert admission.admit("c") == "the server is full; try again later"
    admission.leave("a")
    assert admission.admit("c") == ""


def test_the_computer_of_the_server_may_have_any_number_of_connections() -> None:
    admission = Admission(1000, Limits().clients_per_address)
    assert [admission.admit("10.0.0.7") for _ in range(5)] == [*[""] * 4, WHY]
    for address in ("127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"):
        assert [admission.admit(address) for _ in range(50)] == [""] * 50


def test_limits_end_though_the_clock_was_once_wrong(irc: Irc) -> None:
    history = open_history(irc.history)
    history.add("#lab", 4_000_000_000_000, ":a!b@c PRIVMSG #lab :in 2096")
    history.commit()
    history.close()
    limits = Limits(nick_changes_per_minute=20, wrong_passwords=1)
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


def test_what_is_remembered_of_a_crowd_is_made_anew_to_the_last_number() -> None:
    state = ServerState(Config())
    gone = [Departed(f"Анна{number}", "~a", "10.0.0.1", "А", 1.5 + number) for number in range(20)]
    state.whowas.extend(gone)
    state.compact()
    assert list(state.whowas) == gone
    assert not {id(value) for one in gone for value in one} & {
        id(value) for one in state.whowas for value in one
    }
