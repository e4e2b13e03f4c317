"""Which addresses are one, and on whose account they go."""

import contextlib
import socket

import pytest

from protocol.addresses import account_of
from sockets.admission import Admission


@pytest.mark.parametrize(
    "spellings",
    [
        ["10.0.0.7", "::ffff:10.0.0.7", "0::ffff:a00:7"],
        ["2001:db8::1", "2001:DB8:0:0::1", "2001:db8::ffff:1", "2001:db8:0:0:ffff:ffff:ffff:ffff"],
        ["::1", "0::1"],
        ["fe80::1%lo", "fe80::2%eth0", "fe80::1"],
    ],
)
def test_spellings_and_neighbours_in_an_ipv6_network_are_one_account(spellings: list[str]) -> None:
    assert len(set(map(account_of, spellings))) == 1


def test_others_have_other_accounts() -> None:
    others = ["10.0.0.7", "10.0.0.8", "2001:db8::1", "2001:db8:0:1::1", "::1", "127.0.0.1", "nonsense"]
    assert len(set(map(account_of, others))) == len(others)


def test_a_network_of_ipv6_has_as_many_connections_as_an_address_of_ipv4() -> None:
    admission = Admission(100, 2)
    with contextlib.ExitStack() as closing:
        sockets = [closing.enter_context(sock) for _ in range(2) for sock in socket.socketpair()]
        one, other, third, _fourth = sockets
        assert [admission.admit("2001:db8::1", one), admission.admit("2001:db8::2", other)] == ["", ""]
        assert admission.admit("2001:db8::3", third) == "too many connections from your address"
        assert admission.admit("2001:db8:0:1::3", third) == ""
        admission.leave("2001:db8::2", other)
        assert admission.admit("2001:db8::4", third) == ""
