"""The client's connection over real sockets: two threads, a queue, and what becomes of a loss."""

import contextlib
import queue
import select
import socket
import struct
import threading
import time
import tkinter as tk
import tracemalloc
from collections.abc import Iterator
from typing import TypeVar

import pytest

from client.model.events import (
    Problem,
    TransportClosed,
    TransportConnecting,
    TransportEvent,
    TransportOpened,
    TransportReceived,
)
from client.net import connection as module
from client.net.address import AddressError, format_address, parse_address, room_in, wants_tls
from client.net.connection import Connection, decode_tolerantly, new_event_queue
from gui.chat.connect_page import Form
from protocol.message import Message
from sockets.tap import Call
from tests.tools.programs import wait_for
from tests.tools.windows import chat_window, until

DEADLINE = 10.0
T = TypeVar("T")


class Peer:
    """A server that does what the test says."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(DEADLINE)
        self.port: int = self.listener.getsockname()[1]
        self.accepted: list[socket.socket] = []

    def accept(self) -> socket.socket:
        sock, _address = self.listener.accept()
        sock.settimeout(DEADLINE)
        self.accepted.append(sock)
        return sock

    def close(self) -> None:
        for sock in (self.listener, *self.accepted):
            sock.close()


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


class Client:
    """A connection and its queue."""

    def __init__(self, port: int, *, host: str = "127.0.0.1", reconnect: bool = True) -> None:
        self.events: queue.Queue[TransportEvent] = new_event_queue()
        self.calls: list[Call] = []
        self.connection = Connection(host, port, self.events, tap=self.calls.append)
        self.connection.retrying = reconnect
        self.connection.start()

    def next(self, kind: type[T]) -> T:
        """Return the next event of this kind; those before it are dropped."""
        deadline = time.monotonic() + DEADLINE
        while True:
            event = self.events.get(timeout=max(0.01, deadline - time.monotonic()))
            if isinstance(event, kind):
                return event

    def messages(self, count: int) -> list[Message]:
        """Return so many messages."""
        found: list[Message] = []
        while len(found) < count:
            found += self.next(TransportReceived).messages
        return found


@pytest.fixture
def client(peer: Peer) -> Iterator[Client]:
    made = Client(peer.port)
    yield made
    made.connection.close()
    peer.close()
    assert made.connection.join(DEADLINE)


def read_line(sock: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\r\n"):
        piece = sock.recv(1000)
        if not piece:
            break
        data += piece
    return data


def test_lines_go_out_and_messages_come_in(peer: Peer, client: Client) -> None:
    sock = peer.accept()
    opened = client.next(TransportOpened)
    assert client.calls[0].connection == f"127.0.0.1:{peer.port}"
    client.connection.send(["NICK Анна", "USER a 0 * :a"], opened.number)
    assert sock.recv(1000) + b"" in ("NICK Анна\r\n".encode(), "NICK Анна\r\nUSER a 0 * :a\r\n".encode())
    sock.sendall(":srv 001 Анна :Здравствуйте\r\n".encode())
    assert client.messages(1) == [Message("001", ("Анна", "Здравствуйте"), "srv")]


def test_a_message_in_single_bytes_and_fifty_in_one_piece(peer: Peer, client: Client) -> None:
    sock = peer.accept()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in "PRIVMSG #lab :по байту\r\n".encode():
        sock.sendall(bytes([byte]))
    assert client.messages(1)[0].params == ("#lab", "по байту")
    sock.sendall(b"".join(b"PING %d\r\n" % number for number in range(250)))
    found = client.messages(250)
    assert [message.params[0] for message in found] == [str(number) for number in range(250)]


def test_garbage_is_skipped(peer: Peer, client: Client) -> None:
    sock = peer.accept()
    sock.sendall(b"\r\n:only\r\n\x00\x01\xff\r\n @ \r\n" + b"x" * 100_000 + b"\r\nPING ok\r\n")
    while client.messages(1)[-1] != Message("PING", ("ok",)):
        pass


def test_old_encodings_are_read() -> None:
    assert decode_tolerantly("PRIVMSG #lab :Привет".encode("cp1251")) == Message(
        "PRIVMSG", ("#lab", "Привет")
    )
    assert decode_tolerantly(b"PRIVMSG #lab :\xd0\x98\x98") is not None
    assert decode_tolerantly(b":x") is None


def test_a_closed_connection_is_made_again(peer: Peer, client: Client) -> None:
    sock = peer.accept()
    sock.sendall(b"NOTICE * :hello\r\n")
    client.messages(1)
    sock.close()
    closed = client.next(TransportClosed)
    assert closed.problem is Problem.CLOSED_BY_SERVER
    assert closed.retry_in == pytest.approx(module.FIRST_PAUSE, rel=module.JITTER)
    peer.accept()
    assert client.next(TransportOpened).number == 2


def test_a_reset_connection_is_lost(peer: Peer, client: Client) -> None:
    sock = peer.accept()
    sock.sendall(b"NOTICE * :hello\r\n")
    client.messages(1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
    assert client.next(TransportClosed).problem is Problem.LOST


def test_pauses_grow_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(module, "JITTER", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    made = Client(port)
    found = [made.next(TransportClosed) for _try in range(5)]
    made.connection.close()
    assert made.connection.join(DEADLINE)
    assert {event.problem for event in found} == {Problem.REFUSED}
    assert [event.retry_in for event in found] == [0.01, 0.02, 0.04, 0.05, 0.05]


def test_the_user_need_not_wait_for_the_pause(peer: Peer, client: Client) -> None:
    peer.accept().close()
    client.next(TransportClosed)
    began = time.monotonic()
    client.connection.reconnect_now()
    peer.accept()
    client.next(TransportOpened)
    assert time.monotonic() - began < module.FIRST_PAUSE * (1 - module.JITTER)


def test_reconnect_now_drops_a_connection_that_stands(peer: Peer, client: Client) -> None:
    first = peer.accept()
    client.next(TransportOpened)
    client.connection.reconnect_now()
    assert client.next(TransportClosed).retry_in == 0.0
    assert first.recv(10) == b""
    peer.accept()
    assert client.next(TransportOpened).number == 2


def test_a_cut_at_any_moment_wakes_the_receiving_thread(peer: Peer, client: Client) -> None:
    for number in range(1, 101):
        sock = peer.accept()
        assert client.next(TransportOpened).number == number
        client.connection.reconnect_now()
        assert sock.recv(10) == b""


def test_lines_for_a_lost_connection_never_go_out_on_the_next(peer: Peer, client: Client) -> None:
    peer.accept().close()
    old = client.next(TransportOpened).number
    sock = peer.accept()
    new = client.next(TransportOpened).number
    client.connection.send(["OLD"], old)
    client.connection.send(["NEW"], new)
    assert read_line(sock) == b"NEW\r\n"


def test_who_closes_while_the_connection_is_just_being_made_ends_it(peer: Peer) -> None:
    connection = Connection("127.0.0.1", peer.port, new_event_queue())

    class Closing(threading.Event):
        """The connection is made after `close` has begun, and before it is noted that it has."""

        def set(self) -> None:
            connection.start()
            peer.accept()
            wait_for(lambda: connection._link, lambda: "no link")
            super().set()

    connection._closing = Closing()
    connection.close()
    assert connection.join(DEADLINE)


def test_without_retrying_it_waits_for_the_word(peer: Peer) -> None:
    made = Client(peer.port, reconnect=False)
    peer.accept().close()
    assert made.next(TransportClosed).retry_in is None
    made.connection.reconnect_now()
    peer.accept()
    assert made.next(TransportOpened).number == 2
    made.connection.close()
    peer.close()
    assert made.connection.join(DEADLINE)


@pytest.mark.parametrize(
    ("host", "problem"), [("no.such.host.invalid", Problem.UNKNOWN_HOST), ("a" * 70, Problem.UNKNOWN_HOST)]
)
def test_an_unknown_host_is_told_from_a_silent_one(host: str, problem: Problem) -> None:
    made = Client(6667, host=host, reconnect=False)
    closed = made.next(TransportClosed)
    made.connection.close()
    assert made.connection.join(DEADLINE)
    assert closed.problem is problem


def test_a_host_that_does_not_answer_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT_TIMEOUT", 0.2)
    # A listener whose queue is full drops further requests, as a host that is off does.
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _filler in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        made = Client(port, reconnect=False)
        closed = made.next(TransportClosed)
        made.connection.close()
        for filler in fillers:
            filler.close()
    assert made.connection.join(DEADLINE)
    assert closed.problem is Problem.TIMEOUT


def test_the_last_line_arrives_before_the_connection_ends(peer: Peer) -> None:
    made = Client(peer.port)
    sock = peer.accept()
    made.next(TransportOpened)
    made.connection.send(["A"] * 100)
    made.connection.close("QUIT :пока")
    received = b""
    while piece := sock.recv(65536):
        received += piece
    assert received == b"A\r\n" * 100 + "QUIT :пока\r\n".encode()
    sock.close()
    assert made.connection.join(DEADLINE)


def test_closing_waits_for_nobody_even_if_the_server_reads_nothing(peer: Peer) -> None:
    made = Client(peer.port)
    peer.accept()
    made.next(TransportOpened)
    made.connection.send(["x" * 5000] * 5000)
    assert made.connection.unsent, "the server takes all of it"
    began = time.monotonic()
    made.connection.close("QUIT")
    assert time.monotonic() - began < 0.2
    assert made.connection.join(DEADLINE)


def test_a_server_that_takes_nothing_is_said_to_be_lost_not_to_have_closed(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.net.connection.STALLED_AFTER", 0.5)
    made = Client(peer.port)
    sock = peer.accept()
    made.next(TransportOpened)
    made.connection.send(["x" * 5000] * 5000)
    assert made.next(TransportClosed).problem is Problem.LOST
    sock.close()
    made.connection.close()
    assert made.connection.join(DEADLINE)


def test_closing_while_the_owner_takes_nothing_ends_the_threads(peer: Peer) -> None:
    made = Client(peer.port)
    sock = peer.accept()
    stop = threading.Event()

    def flood() -> None:
        while not stop.is_set():
            try:
                sock.sendall(b"PING x\r\n" * 1000)
            except OSError:
                return

    flooder = threading.Thread(target=flood)
    flooder.start()
    deadline = time.monotonic() + DEADLINE
    while not made.events.full() and time.monotonic() < deadline:
        stop.wait(0.01)
    assert made.events.full()
    made.connection.close()
    assert made.connection.join(module.GOODBYE_PATIENCE + 3)
    stop.set()
    peer.close()
    flooder.join(DEADLINE)


def test_an_owner_that_takes_nothing_slows_the_server_down(peer: Peer, client: Client) -> None:
    sock = peer.accept()
    sock.settimeout(1.0)
    with pytest.raises(TimeoutError):
        sock.sendall(b"PRIVMSG #lab :x\r\n" * 4_000_000)
    assert client.events.full()


def test_every_call_is_shown_to_the_watcher(peer: Peer, client: Client) -> None:
    sock = peer.accept()
    client.next(TransportOpened)
    sock.sendall(b"PING 1\r\nPI")
    client.messages(1)
    client.connection.send(["PONG 1"])
    read_line(sock)
    sock.close()
    client.next(TransportClosed)
    received = [
        (call.name, call.data, call.held_before, call.held_after)
        for call in client.calls
        if call.thread == "receiver"
    ]
    assert received == [
        ("connect", b"", b"", b""),
        ("recv", b"PING 1\r\nPI", b"", b"PI"),
        ("recv", b"", b"PI", b"PI"),
        ("close", b"", b"", b""),
    ]
    sent = [(call.name, call.data) for call in client.calls if call.thread == "sender"]
    assert sent == [("send", b"PONG 1\r\n")]
    assert {call.connection for call in client.calls} == {f"127.0.0.1:{peer.port}"}


def test_the_first_event_says_that_it_tries(client: Client) -> None:
    assert client.next(TransportConnecting)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("chat.example", ("chat.example", 6667)),
        (" 10.0.0.5:7000 ", ("10.0.0.5", 7000)),
        ("[::1]:6668", ("::1", 6668)),
        ("[::1]", ("::1", 6667)),
        ("::1", ("::1", 6667)),
        ("чат.рф:1", ("чат.рф", 1)),
        ("192,168,0,10", ("192.168.0.10", 6667)),
        ("192,168,0,10:7000", ("192.168.0.10", 7000)),
        ("192ю168ю0ю10Ж7000", ("192.168.0.10", 7000)),
        ("192. 168. 0. 10", ("192.168.0.10", 6667)),
        ("192 168 0 10 7000", ("192.168.0.10", 7000)),
        ("192.168.0.10 : 7000", ("192.168.0.10", 7000)),
        ("192.168.0.10.", ("192.168.0.10", 6667)),
        ("192.168.0.10/", ("192.168.0.10", 6667)),
        ("chat.example./", ("chat.example", 6667)),
        ("http://192.168.0.10:7000/", ("192.168.0.10", 7000)),
        ("HTTP://192,168,0,10", ("192.168.0.10", 6667)),
        ("irc://chat.example:7000/#lab", ("chat.example", 7000)),
        ("ircs://chat.example/#lab", ("chat.example", 6697)),
        ("irc://[::1]:7000/", ("::1", 7000)),
        ("１９２．１６８．０．１０：７０００", ("192.168.0.10", 7000)),
        ("192。168。0。10", ("192.168.0.10", 6667)),
    ],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert parse_address(text) == address
    assert parse_address(format_address(*address)) == address


@pytest.mark.parametrize(
    ("text", "room", "tls"),
    [
        ("irc://chat.example/#lab", "#lab", False),
        ("irc://chat.example/lab", "#lab", False),
        ("ircs://chat.example:7000/%23lab?key", "#lab", True),
        ("irc://chat.example", "", False),
        ("http://chat.example/page", "", False),
        ("chat.example#lab", "", False),
    ],
)
def test_an_address_of_irc_names_a_room_and_may_ask_for_tls(text: str, room: str, tls: bool) -> None:
    assert (room_in(text), wants_tls(text)) == (room, tls)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        ":6667",
        "host:",
        "host:0",
        "host:65536",
        "host:abc",
        "host/path",
        "host:-1",
        "a b",
        "[::1",
        "[::1]x",
        "http://",
        "1,2,3",
        "u@h",
        "x" * 300,
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(AddressError):
        parse_address(text)


def test_a_line_of_ours_that_holds_a_line_end_stays_one_line(peer: Peer) -> None:
    made = Client(peer.port)
    sock = peer.accept()
    made.next(TransportOpened)
    made.connection.send(["PRIVMSG #lab :a\r\nQUIT"])
    made.connection.close("END")
    received = b""
    while piece := sock.recv(65536):
        received += piece
    assert received == b"PRIVMSG #lab :a  QUIT\r\nEND\r\n"
    sock.close()
    assert made.connection.join(DEADLINE)


def test_a_window_closes_at_once_though_its_server_does_not(root: tk.Tk, peer: Peer) -> None:
    with chat_window(root) as window:
        window.connect(Form(f"127.0.0.1:{peer.port}", "Анна", "#lab"))
        sock = peer.accept()
        until(root, lambda: select.select([sock], [], [], 0)[0])
        began = time.monotonic()
        window.close()
        assert time.monotonic() - began < 1


@pytest.mark.faults
def test_a_thread_that_cannot_be_started_is_said_and_the_connection_tried_again(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    start = threading.Thread.start
    refused: list[threading.Thread] = []

    def start_most(thread: threading.Thread) -> None:
        if thread.name == "sender" and not refused:
            refused.append(thread)
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_most)
    made = Client(peer.port)
    peer.accept()
    assert made.next(TransportClosed).problem is Problem.EXHAUSTED
    made.next(TransportOpened)
    made.connection.close()
    peer.close()
    assert made.connection.join(DEADLINE)


@pytest.mark.parametrize(
    "line", [b"A\r\n", b":s NOTICE x :" + b"y" * 8000 + b"\r\n", b"@a;b;c;d;e A b c d e f\r\n"]
)
def test_what_waits_for_the_owner_is_bounded_by_the_memory_that_it_takes(peer: Peer, line: bytes) -> None:
    made = Client(peer.port)
    sock = peer.accept()
    sock.settimeout(0.3)
    tracemalloc.start()
    with contextlib.suppress(TimeoutError):  # when nobody takes any more of it
        for _ in range(200):
            sock.sendall(line * (200_000 // len(line)))
    taken, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made.events.qsize() > 2
    assert taken < 3 * module.MAX_RECEIVED
    made.connection.close()
    peer.close()
    assert made.connection.join(DEADLINE)
