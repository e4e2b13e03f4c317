"""The server's sockets and threads: nobody waits for anybody, and everything ends."""

import contextlib
import dataclasses
import queue
import re
import socket
import threading
import time
from collections.abc import Callable

import pytest

import sockets.connection
from chatroom.config import Limits
from client.net.address import parse_address
from program.throttle import Throttle
from sockets.connection import MAX_SENDQ, Connection, Inbox
from sockets.listening import announcement, listen
from sockets.starter import ThreadStarter
from sockets.tap import Call
from tests.tools.irc import DEADLINE, Client, Irc
from tests.tools.programs import wait_for


def test_a_stopped_client_delays_nobody_and_is_told_why(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets.connection, "SENDQ_SECONDS", 0.5)
    anna, boris, stopped = (irc.client(nick) for nick in ("Анна", "Борис", "Стоп"))
    for client in (anna, boris, stopped):
        client.enter()
    block = b"".join(b"PRIVMSG #lab :%d " % number + b"x" * 400 + b"\r\n" for number in range(100))
    deadline = time.monotonic() + 60
    sent = 0
    while not any("QUIT :SendQ exceeded" in line for line in boris.lines):
        assert time.monotonic() < deadline, "the stopped client is still there"
        anna.send_bytes(block)
        sent += 100
        boris.expect(r"PRIVMSG #lab :99 x+$")
    assert sent * 400 > MAX_SENDQ
    received = stopped.expect_closed()
    assert received[-1] == "ERROR :Closing link: 127.0.0.1 (SendQ exceeded)"
    assert all(len(line) > 400 for line in received if "PRIVMSG" in line), "a line was cut"
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("writer")]


def test_a_slow_reader_loses_nothing_below_the_bound(irc: Irc) -> None:
    anna, slow = irc.client("Анна"), irc.raw()
    slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
    slow.register("Медленный")
    for client in (anna, slow):
        client.enter()
    count = MAX_SENDQ // 2 // 450
    anna.send_bytes(
        b"".join(b"PRIVMSG #lab :%06d " % number + b"x" * 400 + b"\r\n" for number in range(count))
    )
    anna.expect_nothing_but("JOIN")
    numbers = [int(slow.expect(r"PRIVMSG #lab :(\d+) ")[1]) for _ in range(count)]
    assert numbers == list(range(count))


def test_a_flooder_is_slowed_and_the_others_are_not(irc: Irc) -> None:
    irc.server(throttle=True)
    anna, boris, flooder = (irc.client(nick) for nick in ("Анна", "Борис", "Поток"))
    for client in (anna, boris, flooder):
        client.enter()
    flooder.send_bytes(b"PRIVMSG #lab :flood\r\n" * (Limits().lines_at_once * 10))
    anna.send("PRIVMSG #lab :я здесь")
    boris.expect("я здесь$")
    flooded = sum(line.endswith(":flood") for line in boris.lines)
    assert flooded <= Limits().lines_at_once, f"{flooded} lines came through"


@pytest.mark.parametrize("nothing", [b"\n", b"x"])
def test_a_flood_that_says_nothing_is_slowed_too(irc: Irc, nothing: bytes) -> None:
    read = 0

    def count(call: Call) -> None:
        nonlocal read
        read += len(call.data) if call.name == "recv" else 0

    irc.tap = count
    irc.server(throttle=True)
    flooder = irc.raw()
    flooder.socket.settimeout(0.5)
    with pytest.raises(TimeoutError):
        flooder.socket.sendall(nothing * 100_000_000)
    assert read < 1_000_000, "what waits in the system is not work"


def test_bytes_that_trickle_are_paid_for() -> None:
    paid: queue.SimpleQueue[int] = queue.SimpleQueue()

    def throttle(lines: int) -> float:
        paid.put(lines)
        return 0.0

    theirs, ours = socket.socketpair()
    starter = ThreadStarter()
    with theirs:
        inbox: Inbox = queue.SimpleQueue()
        connection = Connection(ours, ("10.0.0.7", 1), inbox, starter, throttle=throttle)
        connection.thread.start()
        for letter in b"NICK":
            theirs.send(bytes([letter]))
            assert paid.get(timeout=DEADLINE) == 1
    connection.release()
    connection.thread.join(DEADLINE)
    starter.stop()


def test_the_throttle_pays_back_what_was_spent() -> None:
    throttle = Throttle(40, 12.0, 100.0)
    assert throttle.delay(40, 100.0) == 0
    assert throttle.delay(12, 100.0) == pytest.approx(1.0)
    assert throttle.delay(1, 1000.0) == 0


def test_who_does_not_register_is_closed(irc: Irc) -> None:
    irc.server(limits=dataclasses.replace(Limits(), registration_seconds=0.2))
    silent = irc.raw()
    assert silent.expect_closed()[-1] == "ERROR :Closing link: 127.0.0.1 (Registration timeout)"
    anna = irc.client("Анна")
    anna.expect_nothing()


def test_one_client_too_many_is_told_so(irc: Irc) -> None:
    irc.server(max_clients=2)
    anna, _boris = irc.client("Анна"), irc.client("Борис")
    third = irc.raw()
    assert "the server is full" in third.expect_closed()[0]
    anna.send("QUIT")
    anna.expect_closed()
    anna.close()
    deadline = time.monotonic() + 10
    while True:
        fourth = irc.raw()
        try:
            fourth.register("Вера")
            break
        except (AssertionError, OSError):
            assert time.monotonic() < deadline, "the place was not freed"


def test_stopping_tells_the_clients_and_frees_the_port_at_once(irc: Irc) -> None:
    started = irc.server()
    host, port = started.address
    anna = irc.client("Анна")
    anna.enter()
    irc.stop(started)
    assert anna.expect_closed()[-1] == "ERROR :Closing link: 127.0.0.1 (Server shutting down)"
    irc.server(port=port)
    assert irc.address == (host, port)
    irc.client("Анна")


def test_every_call_is_shown_to_the_tap(irc: Irc) -> None:
    calls: list[Call] = []
    irc.tap = calls.append
    started = irc.server()
    anna = irc.client("Анна")
    anna.send_bytes(b"PING half")
    anna.send_bytes(b"-and-half\r\n")
    anna.expect("PONG .*half-and-half")
    anna.send("QUIT")
    anna.expect_closed()
    anna.close()
    irc.stop(started)
    # The thread of a client that had gone before says that it has closed in its own time.
    wait_for(lambda: calls[-1].name == "close", lambda: f"no close at last: {calls}")
    names = [call.name for call in calls]
    assert names[:2] == ["listen", "accept"]
    received = b"".join(call.data for call in calls if call.name == "recv")
    assert (
        received
        == b"NICK \xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0\r\nUSER test 0 * :A test\r\nPING half-and-half\r\nQUIT\r\n"
    )
    sent = b"".join(call.data for call in calls if call.name == "send")
    assert sent.decode().split("\r\n")[:-1] == anna.lines
    for call in calls:
        if call.name == "recv":
            assert (call.held_before + call.data).endswith(call.held_after)
            assert call.thread.startswith("client 127.0.0.1:")
        if call.name == "send":
            assert call.thread == "hub"


def test_a_client_may_speak_in_any_pieces(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    anna.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in "PRIVMSG #lab :по байту\r\n".encode():
        anna.send_bytes(bytes([byte]))
    boris.expect("^:Анна!.* PRIVMSG #lab :по байту$")


def test_hostile_bytes_break_nothing(irc: Irc) -> None:
    anna, hostile = irc.client("Анна"), irc.client("Hostile")
    for client in (anna, hostile):
        client.enter()
    anna.expect("JOIN #lab")
    for raw in (
        b"\x00\x01\x02\xff\xfe",
        b"PRIVMSG #lab \x00:x",
        b"\r\n\r\n\n\n\r\r",
        b"@" * 100,
        b": : :",
        b":" + b" " * 400,
        b"x" * 100_000,
        b"MODE #lab " + b"+" * 300,
        b"JOIN " + b"#," * 200,
        b"KICK " + b"," * 200 + b" " + b"," * 200,
        b"CAP REQ :" + b"- " * 100,
        b"WHO " + b"*" * 400,
        b"CHATHISTORY BETWEEN #lab msgid= timestamp= 99999999999999999999",
        "PRIVMSG #lab :\u202eescape \x1b[2J".encode(),
    ):
        hostile.send_bytes(raw + b"\r\n")
    hostile.send("PRIVMSG #lab :жив")
    anna.expect("^:Hostile!.* PRIVMSG #lab :жив$")
    assert not [line for line in hostile.lines if " 400 " in line], "a handler failed"


def stop_reading(irc: Irc, nick: str, is_enough: Callable[[], bool]) -> Client:
    """Return one who reads nothing in a room, to whom much was said."""
    loud, stopped = irc.client("Громкий"), irc.raw()
    stopped.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stopped.register(nick)
    for client in (loud, stopped):
        client.enter()
    deadline = time.monotonic() + 30
    while not is_enough():
        assert time.monotonic() < deadline
        loud.send_bytes((b"PRIVMSG #lab :" + b"x" * 400 + b"\r\n") * 500)
        loud.expect_nothing_but("JOIN|QUIT")
    return stopped


def test_a_line_that_was_cut_ends_its_connection(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets.connection, "IDLE_SECONDS", 0.5)
    monkeypatch.setattr(sockets.connection, "MAX_SENDQ", 1 << 40)
    anna = irc.client("Анна")
    anna.send("MONITOR + Стоп")
    stopped = stop_reading(
        irc, "Стоп", lambda: any(t.name.startswith("writer") for t in threading.enumerate())
    )
    anna.expect(" 730 ")
    anna.lines.clear()
    deadline = time.monotonic() + 10
    while not any(" 731 " in line for line in anna.lines):
        assert time.monotonic() < deadline, "he is half dead: spoken for, and told nothing more"
        with contextlib.suppress(OSError):
            stopped.send("PING alive")
        anna.send("PING alive")
        anna.expect("PONG .*alive")


def test_where_no_thread_is_left_only_the_slow_client_goes(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start
    refused = threading.Event()

    def start_no_writer(thread: threading.Thread) -> None:
        if thread.name.startswith("writer"):
            refused.set()
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_no_writer)
    anna = irc.client("Анна")
    anna.send("MONITOR + Стоп")
    stop_reading(irc, "Стоп", refused.is_set)
    anna.expect(" 730 ")
    anna.expect(" 731 ")
    anna.expect_nothing()


@pytest.mark.parametrize("host", ["::1", "::"])
def test_every_address_that_is_announced_can_be_typed_and_leads_here(host: str) -> None:
    with listen(host, 0) as listener:
        port = listener.getsockname()[1]
        for line in announcement(host, port):
            if found := re.search(r"(\S+:\d+)$", line):
                socket.create_connection(parse_address(found[1]), 5).close()
