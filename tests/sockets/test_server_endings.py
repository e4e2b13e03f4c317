"""How connections end that do not end well: of the silent, the slow, the half registered, and too many."""

import contextlib
import dataclasses
import socket
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue

import pytest

import server
import sockets.connection
from chatroom.config import Config, Limits
from server import ChatServer, ServerOptions
from sockets.connection import ANSWER_ROOM, ClientCaughtUp, Connection, Inbox
from sockets.starter import ThreadStarter
from tests.tools.irc import Client, Irc
from tests.tools.programs import Program


def test_who_was_sent_away_and_does_not_go_is_put_out(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LINGER_SECONDS", 0.2)
    irc.server(max_clients=1)
    rude = irc.client("Груб")
    rude.send("QUIT")
    rude.expect_closed()  # the server's direction; his own stays open
    deadline = time.monotonic() + 10
    while True:
        with contextlib.suppress(AssertionError, OSError):
            irc.raw().register("Вера")
            break
        assert time.monotonic() < deadline, "his place was not freed"


def test_who_is_silent_is_asked_and_then_closed(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets.connection, "IDLE_SECONDS", 0.2)
    anna = irc.client("Анна")
    for _ in range(3):  # who answers is asked again and again
        anna.expect("^PING :chat.lab$")
        anna.send("PONG :chat.lab")
    anna.expect("^PING :chat.lab$")
    assert anna.expect_closed()[-1] == "ERROR :Closing link: 127.0.0.1 (Ping timeout)"


def test_the_last_line_comes_behind_the_line_that_was_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer thread starts late, as on a busy machine."""
    start = threading.Thread.start
    writers: SimpleQueue[threading.Thread] = SimpleQueue()
    monkeypatch.setattr(
        threading.Thread,
        "start",
        lambda thread: writers.put(thread) if thread.name.startswith("writer") else start(thread),
    )
    one, other = socket.socketpair()
    with one:
        starter = ThreadStarter()
        connection = Connection(other, ("peer", 1), SimpleQueue(), starter)
        connection.send((b"x" * 399 + b"\r\n") * 5000)
        assert connection.waiting % 401, "the socket took whole lines by chance"
        connection.finish(b"ERROR :slow\r\n")
        writer = writers.get(timeout=10)
        start(writer)
        one.settimeout(10)
        data = bytearray()
        while chunk := one.recv(65536):
            data += chunk
        writer.join()
        starter.stop()
        connection.close()
        other.close()
    *lines, last, end = bytes(data).split(b"\r\n")
    assert (last, end) == (b"ERROR :slow", b"")
    assert set(lines) == {b"x" * 399}


def test_the_room_learns_at_once_that_a_slow_client_has_gone(
    irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LINGER_SECONDS", 60.0)
    monkeypatch.setattr(sockets.connection, "SENDQ_SECONDS", 0.5)
    anna, loud, slow = irc.client("Анна").enter(), irc.client("Громкий").enter(), irc.raw()
    slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.register("Медленный")
    slow.enter()
    for _ in range(10):  # megabytes, and after them nobody says anything
        loud.send_bytes((b"PRIVMSG #lab :" + b"x" * 400 + b"\r\n") * 1500)
    anna.expect("QUIT :SendQ exceeded$")


@pytest.mark.parametrize(
    "said", [b"NICK anna\r\n", b"CAP LS 302\r\nNICK anna\r\nUSER a 0 * :A\r\n", b"PING x\r\n"]
)
def test_who_does_not_finish_registering_is_closed(irc: Irc, said: bytes) -> None:
    irc.server(limits=dataclasses.replace(Limits(), registration_seconds=0.2))
    slow = irc.raw()
    slow.send_bytes(said)
    assert slow.expect_closed()[-1] == "ERROR :Closing link: 127.0.0.1 (Registration timeout)"


def test_a_flooder_has_one_chunk_in_the_inbox_and_waits() -> None:
    go_on = threading.Event()
    options = ServerOptions(port=0, quiet=True, config=Config(throttle=False))

    def on_activity(activity: str, _about: str) -> None:
        if activity == "act":
            go_on.wait(60)

    started = ChatServer(options, activity_tap=on_activity)
    started.start()
    try:
        with socket.create_connection(started.address) as flooder:
            flooder.settimeout(1)
            with pytest.raises(TimeoutError):
                flooder.sendall(b"x\n" * 20_000_000)
            assert started.status().inbox <= 1
    finally:
        go_on.set()
        started.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="takes away a program's descriptors")
def test_where_no_descriptor_is_left_the_server_refuses_and_goes_on() -> None:
    with Program("server", "--port", "0", "--no-history", "--max-clients", "5") as program:
        import resource

        address, number = program.address(), program.process.pid
        _soft, hard = resource.prlimit(number, resource.RLIMIT_NOFILE)
        for spare in (1, 2):  # one is enough for `accept`, but not for the connection's second face
            taken = {int(path.name) for path in Path(f"/proc/{number}/fd").iterdir()}
            free = [one for one in range(1000) if one not in taken]
            resource.prlimit(number, resource.RLIMIT_NOFILE, (free[spare], hard))
            crowd = [Client(address) for _ in range(8)]
            for _ in range(6):
                program.expect("a connection could not be accepted")
            resource.prlimit(number, resource.RLIMIT_NOFILE, (hard, hard))
            for client in crowd:
                client.close()
            deadline = time.monotonic() + 10
            while True:
                with contextlib.suppress(AssertionError, OSError), Client(address) as anna:
                    anna.register("Анна")
                    break
                assert time.monotonic() < deadline, "the places were not freed"


@pytest.mark.parametrize("size", [ANSWER_ROOM // 2, 4 * ANSWER_ROOM])
def test_the_hub_hears_of_a_writer_thread_only_what_it_waits_for(size: int) -> None:
    inbox: Inbox = SimpleQueue()
    starter = ThreadStarter()
    one, other = socket.socketpair()
    with one:
        connection = Connection(other, ("peer", 1), inbox, starter)
        while not connection.waiting:
            connection.send(b"x" * 1023 + b"\n")
        connection.send((b"x" * 1023 + b"\n") * (size // 1024))
        starter.stop()
        writers = [thread for thread in threading.enumerate() if thread.name == "writer peer:1"]
        connection.finish()
        while one.recv(65536):
            pass
        for writer in writers:
            writer.join(10)
        connection.close()
        other.close()
    events = [inbox.get() for _ in range(inbox.qsize())]
    assert [type(event) for event in events] == [ClientCaughtUp] * (size > ANSWER_ROOM)
