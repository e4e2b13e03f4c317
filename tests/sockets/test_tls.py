"""TLS behind a plain socket: bytes both ways, ends, cuts, and nothing left behind."""

import contextlib
import hashlib
import os
import random
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from program.errors import UserFacingError
from sockets import connection, pump, tls
from sockets.pump import RECORDS_AT_ONCE
from sockets.tls import Tunnel, client_context, server_context
from tests.tools.certificates import Certificate, make_certificate
from tests.tools.irc import Client, Irc
from tests.tools.programs import Program

DEADLINE = 20.0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not until():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def pumps() -> int:
    return sum(thread.name.startswith("tls ") for thread in threading.enumerate())


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0  # noqa: PTH208


@pytest.fixture(autouse=True)
def nothing_stays(certificate: Certificate) -> Iterator[None]:
    before = descriptors()
    yield
    wait(lambda: pumps() == 0 and descriptors() <= before)


def tcp_pair() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = socket.create_connection(listener.getsockname())
        return one, listener.accept()[0]


def serve(tcp: socket.socket, certificate: Certificate) -> socket.socket:
    """The program's end of a TLS connection whose handshake a thread does, as in the server."""
    return Tunnel(tcp, server_context(certificate.path, certificate.key)).open("s", handshake_first=True)


def tls_pair(certificate: Certificate) -> tuple[socket.socket, socket.socket]:
    """Two programs' ends, client's and server's, of one TLS connection."""
    one, other = tcp_pair()
    there = serve(other, certificate)
    tunnel = Tunnel(one, client_context(checked=False), hostname="localhost")
    tunnel.handshake()
    here = tunnel.open("client")
    for end in (here, there):
        end.settimeout(DEADLINE)
    return here, there


def read_all(sock: socket.socket) -> bytes:
    data = bytearray()
    while chunk := sock.recv(65536):
        data += chunk
    return bytes(data)


def test_megabytes_go_both_ways_at_once_unchanged(certificate: Certificate) -> None:
    here, there = tls_pair(certificate)
    sent = {here: random.randbytes(6_000_000), there: random.randbytes(7_000_001)}
    received: dict[socket.socket, bytes] = {}

    def talk(end: socket.socket) -> None:
        def send() -> None:
            end.sendall(sent[end])
            end.shutdown(socket.SHUT_WR)

        sender = threading.Thread(target=send)
        sender.start()
        received[end] = read_all(end)
        sender.join()

    with here, there:
        threads = [threading.Thread(target=talk, args=(end,)) for end in sent]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE)
    assert hashlib.sha256(received[here]).digest() == hashlib.sha256(sent[there]).digest()
    assert hashlib.sha256(received[there]).digest() == hashlib.sha256(sent[here]).digest()


def test_each_direction_ends_by_itself(certificate: Certificate) -> None:
    here, there = tls_pair(certificate)
    with here, there:
        here.sendall(b"QUIT\r\n")
        here.shutdown(socket.SHUT_WR)
        assert read_all(there) == b"QUIT\r\n"
        there.sendall(b"ERROR :bye\r\n")
        there.close()
        assert read_all(here) == b"ERROR :bye\r\n"


def test_who_does_not_read_is_not_read_from(certificate: Certificate) -> None:
    here, there = tls_pair(certificate)
    with here, there:
        here.settimeout(0)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            for _turn in range(200):
                with contextlib.suppress(BlockingIOError):
                    while True:
                        sent += here.send(bytes(65536))
                threading.Event().wait(0.01)
        assert 65536 <= sent < 30_000_000
        there.settimeout(DEADLINE)
        left = sent
        while left:
            left -= len(there.recv(1 << 20))


def test_who_ends_his_own_direction_still_reads_all_that_was_under_way(certificate: Certificate) -> None:
    one, other = tcp_pair()
    sent = random.randbytes(3_000_000)
    outer = serve(other, certificate)
    context = client_context(checked=False)
    with outer, context.wrap_socket(one, server_hostname="localhost") as peer:

        def send() -> None:
            for start in range(0, len(sent), 1000):  # small records, of which the pump decrypts only some
                peer.sendall(sent[start : start + 1000])
            peer.shutdown(socket.SHUT_WR)

        sender = threading.Thread(target=send)
        sender.start()
        threading.Event().wait(0.3)  # until everything between the two is full
        outer.shutdown(socket.SHUT_WR)
        threading.Event().wait(0.1)
        outer.settimeout(DEADLINE)
        assert read_all(outer) == sent
        sender.join(DEADLINE)


def test_records_of_one_byte_are_counted_and_few_are_decrypted_at_once(certificate: Certificate) -> None:
    counted: list[int] = []

    def count(records: int) -> float:
        counted.append(records)
        return 0.0

    one, other = tcp_pair()
    tunnel = Tunnel(other, server_context(certificate.path, certificate.key))
    outer = tunnel.open("s", handshake_first=True, throttle=count)
    with outer, client_context(checked=False).wrap_socket(one, server_hostname="localhost") as peer:
        for _byte in range(1000):
            peer.sendall(b"x")
        outer.settimeout(DEADLINE)
        with outer.makefile("rb") as received:
            assert received.read(1000) == b"x" * 1000
        assert sum(counted) == 1000
        assert max(counted) <= RECORDS_AT_ONCE


def test_who_is_slowed_down_and_hangs_up_is_gone_with_what_waits(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "LINGER_SECONDS", 0.0)
    gone = threading.Event()

    def slow_down(_records: int) -> float:
        assert gone.wait(DEADLINE)
        return 0.0

    one, other = tcp_pair()
    tunnel = Tunnel(other, server_context(certificate.path, certificate.key))
    outer = tunnel.open("s", handshake_first=True, throttle=slow_down)
    with outer, client_context(checked=False).wrap_socket(one, server_hostname="localhost") as peer:
        for _byte in range(1000):
            peer.sendall(b"x")
        peer.shutdown(socket.SHUT_WR)
        gone.set()
        outer.settimeout(DEADLINE)
        assert len(read_all(outer)) <= RECORDS_AT_ONCE


def test_closing_wakes_the_pump_though_the_other_side_does_not_read(certificate: Certificate) -> None:
    one, other = tcp_pair()
    with one:
        outer = serve(other, certificate)
        context = client_context(checked=False)
        with context.wrap_socket(one, server_hostname="localhost"):
            outer.settimeout(0)
            for _turn in range(50):
                with contextlib.suppress(BlockingIOError):
                    while True:
                        outer.send(bytes(65536))
                threading.Event().wait(0.01)
            outer.shutdown(socket.SHUT_RDWR)
            outer.close()
            wait(lambda: pumps() == 0)


def hello() -> bytes:
    """The first bytes that a client sends."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context(checked=False).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 1.0])
@pytest.mark.parametrize("reset", [False, True])
def test_a_cut_in_the_handshake_is_an_end_of_file(certificate: Certificate, part: float, reset: bool) -> None:
    one, other = tcp_pair()
    with serve(other, certificate) as end:
        data = hello()
        one.sendall(data[: int(len(data) * part)])
        if reset:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        one.close()
        end.settimeout(DEADLINE)
        assert end.recv(1) == b""


@pytest.mark.parametrize("garbage", [b"NICK anna\r\n", b"GET / HTTP/1.0\r\n\r\n", bytes(range(256)) * 40])
def test_garbage_ends_the_handshake_at_once(certificate: Certificate, garbage: bytes) -> None:
    one, other = tcp_pair()
    with serve(other, certificate) as end, one:
        one.sendall(garbage)
        end.settimeout(DEADLINE / 4)
        assert end.recv(1) == b""


def test_who_never_finishes_the_handshake_is_dropped(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "HANDSHAKE_SECONDS", 0.5)
    one, other = tcp_pair()
    with serve(other, certificate) as end, one:
        end.settimeout(DEADLINE)
        for byte in hello()[:30]:
            with contextlib.suppress(OSError):
                one.send(bytes([byte]))
            threading.Event().wait(0.02)
        assert end.recv(1) == b""


def test_the_program_may_leave_during_the_handshake(certificate: Certificate) -> None:
    one, other = tcp_pair()
    with one:
        end = serve(other, certificate)
        end.sendall(b"ERROR :too late\r\n")
        end.close()
        wait(lambda: pumps() == 0)


def test_an_end_without_close_notify_is_an_end(certificate: Certificate) -> None:
    one, other = tcp_pair()
    end = serve(other, certificate)
    with end:
        context = client_context(checked=False)
        wrapped = context.wrap_socket(one, server_hostname="localhost")
        wrapped.sendall(b"half a li")
        wrapped.close()
        end.settimeout(DEADLINE)
        assert read_all(end) == b"half a li"


def test_old_versions_are_refused(certificate: Certificate) -> None:
    one, other = tcp_pair()
    with serve(other, certificate), one:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(one)


# The server.


def tls_irc(irc: Irc, certificate: Certificate, **options: object) -> int:
    started = irc.server(tls_cert=certificate.path, tls_key=certificate.key, tls_port=0, **options)
    assert started.tls_port
    return int(started.tls_port)


def tls_client(port: int, nick: str) -> Client:
    client = Client(("127.0.0.1", port))
    client.socket = client_context(checked=False).wrap_socket(client.socket)
    client.register(nick)
    client.enter()
    return client


def test_plain_and_tls_clients_meet_in_one_room(irc: Irc, certificate: Certificate) -> None:
    port = tls_irc(irc, certificate)
    plain = irc.client("plain")
    plain.send("JOIN #lab")
    with tls_client(port, "secret") as secret:
        plain.expect("secret!.* JOIN")
        plain.send("PRIVMSG #lab :туда")
        secret.expect("PRIVMSG #lab :туда")
        secret.send("PRIVMSG #lab :обратно")
        plain.expect("PRIVMSG #lab :обратно")
        plain.send("WHOIS secret")
        plain.expect(" 671 plain secret :")
        plain.expect(" 318 ")
        plain.send("WHOIS plain")
        plain.expect_nothing_but(r"^:\S+ (?!671)\d")
        secret.send("QUIT :всё")
        assert secret.expect_closed()[-1].startswith("ERROR :")
        plain.expect("secret!.* QUIT :Quit: всё")


def test_many_tls_clients_come_and_go(irc: Irc, certificate: Certificate) -> None:
    port = tls_irc(irc, certificate)
    clients = [tls_client(port, f"bot{number}") for number in range(60)]
    clients[0].send("PRIVMSG #lab :всем")
    for client in clients[1:]:
        client.expect("PRIVMSG #lab :всем")
    for client in clients[::2]:
        client.close()
    for client in clients[1::2]:
        client.send("QUIT")
        client.expect_closed()
        client.close()
    wait(lambda: pumps() == 0)


def test_a_tls_client_that_does_not_read_is_dropped(
    irc: Irc, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SENDQ_SECONDS", 0.5)
    port = tls_irc(irc, certificate)
    with tls_client(port, "stopped"):
        talker = irc.client("talker")
        talker.enter()
        line = b"PRIVMSG #lab :" + b"x" * 400 + b"\r\n"
        for _turn in range(400):
            talker.send_bytes(line * 50)
        talker.expect("stopped!.* QUIT :SendQ exceeded", DEADLINE)
        wait(lambda: pumps() == 0)


def test_silent_tls_connections_hold_up_nobody(irc: Irc, certificate: Certificate) -> None:
    port = tls_irc(irc, certificate)
    silent = [socket.create_connection(("127.0.0.1", port)) for _number in range(20)]
    with tls_client(port, "quick"):
        pass
    started = irc._servers[-1]
    irc.stop(started)
    for each in silent:
        each.close()


def test_the_server_says_its_certificates_fingerprint(certificate: Certificate, tmp_path: Path) -> None:
    both = tmp_path / "both.pem"  # with its key before it, as some keep it
    both.write_text(certificate.key.read_text() + certificate.path.read_text())
    files = ["--tls-cert", str(both), "--tls-key", str(both)]
    with Program("server", "--port", "0", "--tls-port", "0", "--no-history", *files) as program:
        line = program.expect("SHA-256").string
    assert line.rpartition(" ")[2].replace(":", "").lower() == certificate.fingerprint


@pytest.mark.parametrize(
    ("certificate_text", "key_text", "sentence"),
    [
        (None, "", "cannot be read"),
        ("", None, "cannot be read"),
        ("nonsense", "nonsense", "are not a certificate and its unencrypted key"),
    ],
)
def test_a_server_without_a_usable_certificate_says_why(
    irc: Irc, tmp_path: Path, certificate_text: str | None, key_text: str | None, sentence: str
) -> None:
    for name, text in (("a.pem", certificate_text), ("a.key", key_text)):
        if text is not None:
            (tmp_path / name).write_text(text)
    with pytest.raises(UserFacingError, match=sentence):
        irc.server(tls_cert=tmp_path / "a.pem", tls_key=tmp_path / "a.key")


def test_a_key_of_another_certificate_is_named(irc: Irc, tmp_path: Path, certificate: Certificate) -> None:
    other = make_certificate(tmp_path, "other")
    with pytest.raises(UserFacingError, match=r"other\.key does not belong"):
        irc.server(tls_cert=certificate.path, tls_key=other.key)


def test_who_speaks_tls_to_a_port_without_it_sees_the_end_at_once(irc: Irc) -> None:
    irc.server()
    stranger = irc.raw()
    stranger.socket.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200))
    assert stranger.socket.recv(1) == b""
