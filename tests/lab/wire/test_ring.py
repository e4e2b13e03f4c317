"""The ring remembers the last calls of all threads, in order, bounded, and never a password."""

import threading

from lab.wire.ring import MAX_BYTES, Ring
from sockets.tap import Call
from tests.tools.irc import Irc
from tests.tools.programs import wait_for


def call(number: int) -> Call:
    return Call("send", "127.0.0.1:1", str(number).encode())


def test_a_reader_gets_each_call_once_and_in_order() -> None:
    ring = Ring()
    ring(call(1))
    ring(call(2))
    first, cursor = ring.calls_since()
    ring(call(3))
    second, cursor = ring.calls_since(cursor)
    assert [(one.number, one.call.data) for one in first + second] == [(1, b"1"), (2, b"2"), (3, b"3")]
    assert ring.calls_since(cursor) == ([], 3)


def test_a_send_stands_before_its_answer_though_another_thread_told_of_that_first() -> None:
    ring = Ring()
    told = {
        "connect": Call("connect", "x", thread="receiver", time=1.0),
        "send": Call("send", "x", b"PRIVMSG", thread="sender", time=2.0),
        "set back": Call("recv", "x", b"PONG", thread="receiver", time=0.5),
        "answer": Call("recv", "x", b"PRIVMSG", thread="receiver", time=2.1),
        "next send": Call("send", "x", b"PING", thread="sender", time=1.5),
    }
    for name in ("connect", "answer", "send", "set back"):
        ring(told[name])
    fresh, cursor = ring.calls_since()
    assert [one.call for one in fresh] == [told[name] for name in ("connect", "send", "answer", "set back")]
    ring(told["next send"])
    assert [(one.number, one.call) for one in ring.calls_since(cursor)[0]] == [(5, told["next send"])]


def test_the_oldest_calls_are_forgotten_and_the_gap_can_be_seen() -> None:
    ring = Ring(3)
    for number in range(1, 11):
        ring(call(number))
    fresh, cursor = ring.calls_since(2)
    assert ([one.number for one in fresh], cursor) == ([8, 9, 10], 10)
    ring.clear()
    ring(call(11))
    assert [one.number for one in ring.calls_since(cursor)[0]] == [11]


def test_threads_lose_nothing() -> None:
    ring = Ring(4000)

    def fill() -> None:
        for number in range(1000):
            ring(call(number))

    threads = [threading.Thread(target=fill) for _ in range(4)]
    seen: list[int] = []
    cursor = 0
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) or cursor < 4000:
        fresh, cursor = ring.calls_since(cursor)
        seen += [one.number for one in fresh]
    assert seen == list(range(1, 4001))


def test_passwords_do_not_get_in_even_in_two_pieces() -> None:
    ring = Ring()
    ring(Call("recv", "x", b"PASS sec", held_after=b"PASS sec"))
    ring(Call("recv", "x", b"ret\r\nOPER t word\r\n", held_before=b"PASS sec"))
    one, two = ring.calls()
    assert (one.data, one.held_after) == (b"PASS ***", b"PASS ***")
    assert (two.held_before, two.data) == (b"PASS ***", b"***\r\nOPER t ****\r\n")


def test_a_server_s_calls_are_in_the_ring(irc: Irc) -> None:
    ring = irc.tap = Ring()
    irc.server(password="letmein")
    irc.client("anna", password="letmein").close()
    irc.close()
    all_names = {"listen", "accept", "recv", "send", "close"}
    # The thread of a client that had gone before says that it has closed in its own time.
    wait_for(lambda: {one.name for one in ring.calls()} == all_names, lambda: str(ring.calls()))
    received = b"".join(one.data for one in ring.calls() if one.name == "recv")
    assert received.startswith(b"PASS *******\r\nNICK anna\r\n")
    assert b"letmein" not in received


def test_what_it_remembers_is_bounded_in_bytes_too() -> None:
    ring = Ring()
    for _ in range(200):
        ring(Call("send", "peer:1", b"x" * 10, held_after=b"y" * 100_000))
    assert sum(len(call.held_after) for call in ring.calls()) <= MAX_BYTES
    assert len(ring.calls()) > 50
