"""What others ask for, however dear it is, does not keep anybody waiting; and the gone are gone."""

import socket
import struct
import sys
import threading
import time

import pytest

import server
from chatroom import dispatch
from chatroom.command_table import COMMANDS
from chatroom.config import Limits
from chatroom.delivery import Portions
from protocol.framing import LineReader
from protocol.message import Message, decode
from server import ChatServer
from sockets import connection
from sockets.hangup import has_hung_up
from tests.tools.irc import Client, Irc
from tests.tools.programs import wait_for


@pytest.fixture
def from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address counts as the one of its port, so that each connection is an account of its own."""
    numbers = iter(range(10_000))
    monkeypatch.setattr(server, "account_of", lambda _host: str(next(numbers)))


def count_rounds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list whose length is the number of batches so far."""
    rounds: list[int] = []
    send = ChatServer._send

    def count(hub: ChatServer) -> None:
        rounds.append(1)
        send(hub)

    monkeypatch.setattr(ChatServer, "_send", count)
    return rounds


@pytest.mark.usefixtures("from_elsewhere")
def test_an_innocent_line_is_handled_in_the_next_batch_whatever_waits(
    irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = count_rounds(monkeypatch)
    steps = 0

    def dear(*_: object) -> Portions:
        nonlocal steps
        for _step in range(300):
            end = time.perf_counter() + 0.001
            while time.perf_counter() < end:
                pass
            steps += 1
            yield

    monkeypatch.setitem(COMMANDS, "DEAR", COMMANDS["TIME"]._replace(handler=dear))
    irc.server(throttle=True)
    anna = irc.client("Анна")
    greedy = [irc.client(f"greedy{number}") for number in range(4)]
    for client in greedy:
        client.send_bytes(b"DEAR\r\n" * 20)  # 24 seconds of work
    deadline = time.monotonic() + 10
    while not steps:
        assert time.monotonic() < deadline, "nothing is being done"
    for number in range(5):
        before = len(rounds)
        anna.send(f"PING {number}")
        anna.expect(f"PONG .*{number}$")
        assert len(rounds) - before < 30, "it waited for the others"
    assert steps < 300 * 20 * 4, "all was done before"


def test_a_labelled_answer_of_many_portions_is_one_batch(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TURN_SECONDS", 0.0)  # each step is a turn
    irc.server(max_clients=20)
    anna = irc.client("Анна", capabilities=["batch", "labeled-response", "message-tags"])
    for number in range(50):
        anna.send(f"JOIN #r{number}")
    anna.expect("366 .* #r49 ")
    anna.send("@label=7 LIST")
    anna.send("PING behind")
    reference = anna.expect(r"^@label=7 :chat.lab BATCH \+(\S+) labeled-response$")[1]
    for number in range(50):
        anna.expect(rf"^@batch={reference} :chat.lab 322 Анна #r{number} 1 ")
    anna.expect(rf"^@batch={reference} :chat.lab 323 ")
    anna.expect(rf"^:chat.lab BATCH -{reference}$")
    anna.expect("PONG .*behind")


def test_a_long_answer_comes_whole_though_rooms_and_people_go_meanwhile(
    irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "ANSWER_ROOM", 2000)
    irc.server()
    anna, boris = irc.raw(), irc.client("Борис")
    anna.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    anna.register("Анна")
    for number in range(100):
        boris.send(f"JOIN #r{number}" if number < 50 else f"JOIN &r{number}")
    for number in range(50):
        boris.send(f"TOPIC #r{number} :{'t' * 390}")
    boris.expect("TOPIC #r49 ")
    anna.send("LIST\r\nNAMES\r\nWHO *\r\nPING end")
    boris.send("QUIT")
    boris.expect_closed()
    boris.close()
    lines: list[str] = []
    while not lines or "PONG" not in lines[-1]:
        lines.append(anna.expect("").string)
    numerics = [line.split()[1] for line in lines]
    for end in ("323", "366", "315", "PONG"):
        assert numerics.count(end) == 1
    assert [one for one in numerics if one in ("323", "366", "315")] == ["323", "366", "315"]


@pytest.mark.parametrize("leaves", ["without a word", "with a reset"])
def test_who_floods_and_hangs_up_is_gone_in_seconds(
    irc: Irc, monkeypatch: pytest.MonkeyPatch, leaves: str
) -> None:
    monkeypatch.setattr(connection, "GONE_SECONDS", 0.2)
    monkeypatch.setattr(connection, "PROBE_SECONDS", 0.0)
    irc.server(throttle=True)
    anna = irc.client("Анна")
    anna.send("MONITOR + flooder")
    flooder = irc.client("flooder")
    anna.expect(" 730 ")
    flooder.socket.settimeout(0.5)
    with pytest.raises(TimeoutError):
        flooder.socket.sendall(b"PONG x\r\n" * 10_000_000)  # megabytes wait, hours of lines
    if leaves == "without a word":  # its end of the stream is stuck behind what it sent
        flooder.take()
        flooder.close()
    else:
        flooder.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        flooder.close()
    anna.expect(" 731 ", timeout=9)


def test_an_end_behind_what_is_not_read_is_seen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        there = socket.create_connection(listener.getsockname())
        here, _address = listener.accept()
        with here, there:
            there.sendall(b"unread")
            assert not has_hung_up(here)
            there.shutdown(socket.SHUT_WR)
            wait_for(lambda: has_hung_up(here), lambda: "nobody sees the end")
            assert here.recv(100) == b"unread"
    assert has_hung_up(here), "of a closed socket"


def test_a_thread_that_runs_out_of_memory_leaves_no_ghost(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = irc.client("Анна")
    anna.send("MONITOR + unlucky")
    unlucky = irc.client("unlucky")
    anna.expect(" 730 ")

    def fail(_reader: LineReader, _data: bytes) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(LineReader, "feed", fail)
        unlucky.send("PING x")
        unlucky.expect_closed()
    anna.expect(" 731 ")
    irc.client("unlucky")


def test_to_parse_lines_takes_the_time_of_who_sent_them(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[str] = set()

    def parse(raw: bytes) -> Message:
        threads.add(threading.current_thread().name)
        return decode(raw)

    monkeypatch.setattr(dispatch, "decode", parse)
    irc.client("Анна")
    assert threads == {"hub"}


def test_a_student_to_whom_many_speak_at_once_is_not_dropped(irc: Irc) -> None:
    irc.server(throttle=True)
    student = irc.client("student")
    for number in range(40):
        speaker = irc.client(f"speaker{number}")
        line = f"PRIVMSG student,STUDENT,Student,sTUDENT :{'x' * 390}\r\n"
        speaker.send_bytes(line.encode() * 30)
    heard = 0
    while heard < 40 * 30:
        assert "PRIVMSG student" in student.expect("").string
        heard += 1
    student.expect_nothing_but("PRIVMSG")


def test_the_threads_of_a_crowd_do_not_fight_for_the_lock(irc: Irc) -> None:
    usual = sys.getswitchinterval()
    started = irc.server(max_clients=500, limits=Limits(clients_per_address=400))
    crowd = [Client(irc.address) for _ in range(300)]
    wait_for(lambda: len(started.status().clients) == len(crowd), lambda: "not all are in")
    assert sys.getswitchinterval() > usual
    for client in crowd:
        client.close()
    irc.stop(started)
    assert sys.getswitchinterval() == pytest.approx(usual)


def test_where_too_much_waits_those_go_for_whose_address_most_waits(
    irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = iter(["anna", "slow", *["greedy"] * 4])
    monkeypatch.setattr(server, "account_of", lambda _host: next(accounts))
    monkeypatch.setattr(server, "MAX_WAITING", 3 * 1024 * 1024)
    anna = irc.client("Анна")
    for nick in ("Медленный", *(f"Жадный{number}" for number in range(4))):
        deaf = irc.raw()
        deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.register(nick)
        deaf.enter()
    anna.enter()
    block = b"x" * 400 + b"\r\n"
    anna.send_bytes(("PRIVMSG Медленный :".encode() + block) * 700)
    deadline = time.monotonic() + 60
    while not any(" QUIT :SendQ exceeded" in line for line in anna.lines):
        assert time.monotonic() < deadline, "nobody was dropped"
        anna.send_bytes((b"PRIVMSG #lab :" + block) * 50)
        anna.send("PING x")
        anna.expect("PONG .*:x$")
    assert not any(":Медленный!" in line and "QUIT" in line for line in anna.lines)


def test_the_hub_does_not_wait_until_a_writer_thread_runs(irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    start, asked, may_run = threading.Thread.start, threading.Event(), threading.Event()

    def start_late(thread: threading.Thread) -> None:
        if thread.name.startswith("writer"):
            asked.set()
            may_run.wait(30)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_late)
    anna, stopped = irc.client("Анна"), irc.raw()
    stopped.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stopped.register("Стоп")
    while not asked.is_set():
        anna.send_bytes(("PRIVMSG Стоп :".encode() + b"x" * 400 + b"\r\n") * 100)
        anna.send("PING before")
        anna.expect("PONG .*:before$")
    anna.send("PING meanwhile")
    anna.expect("PONG .*:meanwhile$", timeout=10)
    may_run.set()


def test_threads_whose_clients_have_hung_up_end_as_the_hub_lets_them(irc: Irc) -> None:
    hub = irc.server()
    clients = [irc.client(f"a{number}") for number in range(20)]
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("client ")]
    assert len(threads) == len(clients)
    go_on = threading.Event()
    hub._inbox.put(go_on.wait)
    try:
        for client in clients:
            client.close()
        wait_for(lambda: hub._inbox.qsize() == len(clients), lambda: "the hub has not heard of all")
        threads[0].join(0.2)
        assert all(thread.is_alive() for thread in threads), "they end all at once"
    finally:
        go_on.set()
    wait_for(lambda: not any(thread.is_alive() for thread in threads), lambda: "some never end")
