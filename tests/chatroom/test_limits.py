"""What one client could make grow or overuse has a bound, and the client is told."""

import contextlib
import re
import socket
import time
from collections import deque
from typing import Final

import pytest

from chatroom.client import Departed
from chatroom.config import Config, Limits
from chatroom.history.store import open_history
from chatroom.state import ServerState
from sockets import admission as admission_module
from sockets.admission import Admission
from tests.tools.irc import Client, Irc

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
    with contextlib.ExitStack() as closing:
        sockets = [closing.enter_context(sock) for _ in range(2) for sock in socket.socketpair()]
        one, other, third, _fourth = sockets
        assert [admission.admit("a", sock) for sock in (one, other, third)] == ["", "", WHY]
        assert admission.admit("b", third) == ""
        assert admission.admit("c", third) == "the server is full; try again later"
        admission.leave("a", one)
        assert admission.admit("c", third) == ""


def test_who_has_hung_up_keeps_nobody_out_before_the_hub_knows() -> None:
    admission = Admission(10, 2)
    with contextlib.ExitStack() as closing:
        for _ in range(2):
            for _ in range(2):
                ours, theirs = map(closing.enter_context, socket.socketpair())
                assert admission.admit("a", ours) == ""
                theirs.close()
        assert admission.admit("a", closing.enter_context(socket.socket())), "no more than twice as many"


def test_a_class_behind_one_address_that_reconnects_is_let_in(
    irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission_module, "is_loopback", lambda _address: False)
    irc.server(limits=Limits(clients_per_address=3))
    clients = deque[Client]()
    for number in range(60):
        if len(clients) == 3:
            clients.popleft().close()
        clients.append(irc.raw())
        clients[-1].register(f"n{number}")


def test_the_computer_of_the_server_may_have_any_number_of_connections() -> None:
    admission = Admission(1000, Limits().clients_per_address)
    with contextlib.ExitStack() as closing:
        ours = [closing.enter_context(sock) for _ in range(25) for sock in socket.socketpair()]
        assert [admission.admit("10.0.0.7", sock) for sock in ours[:5]] == [*[""] * 4, WHY]
        for address in ("127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"):
            assert [admission.admit(address, sock) for sock in ours] == [""] * 50


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
