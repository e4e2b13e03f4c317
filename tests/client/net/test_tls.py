"""The client's TLS: which servers it believes, what it says of the others, and a talk over it."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client.model.conversations import Kind
from client.model.events import Phase, PhaseChanged, Problem
from client.model.state import Profile
from client.net.tls import Tls
from client.runner import run_together
from sockets import tls
from sockets.tls import Tunnel, server_context
from tests.tools.certificates import Certificate, make_certificate
from tests.tools.irc import Irc
from tests.tools.users import Windowless

DEADLINE = 20.0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


class User(Windowless):
    """Somebody with a client that speaks TLS."""

    def __init__(self, host: str, port: int, tls: Tls | None, nick: str = "Анна") -> None:
        super().__init__((host, port), Profile(nick, server=f"{host}:{port}"), tls)

    def problem(self) -> PhaseChanged:
        """Wait until there is a problem, or none; return what the session says of it."""
        over = (Phase.ONLINE, Phase.WAITING)
        events = run_together([self.runner], lambda: self.session.state.phase in over, DEADLINE)
        return [event for event in events if isinstance(event, PhaseChanged)][-1]


@pytest.fixture
def users() -> Iterator[list[User]]:
    made: list[User] = []
    yield made
    for user in made:
        user.close()


def start(irc: Irc, certificate: Certificate) -> int:
    return int(irc.server(tls_cert=certificate.path, tls_key=certificate.key, tls_port=0).tls_port)


def meet(users: list[User], host: str, port: int, tls: Tls | None, nick: str = "Анна") -> User:
    users.append(User(host, port, tls, nick))
    return users[-1]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_that_the_system_trusts_is_enough(
    irc: Irc, users: list[User], certificate: Certificate, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    user = meet(users, host, start(irc, certificate), Tls())
    assert user.problem().phase is Phase.ONLINE


def test_an_unknown_certificate_is_refused_and_its_fingerprint_shown(
    irc: Irc, users: list[User], certificate: Certificate
) -> None:
    change = meet(users, "localhost", start(irc, certificate), Tls()).problem()
    assert change.problem is Problem.CERTIFICATE_UNKNOWN
    assert change.fingerprint == certificate.fingerprint
    shown = change.text.rpartition(" ")[2]
    assert shown.replace(":", "").lower() == certificate.fingerprint


def test_a_certificate_for_another_host_is_refused(
    irc: Irc, users: list[User], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_certificate(tmp_path, subject="DNS:other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.path))
    port = start(irc, other)
    for host in ("localhost", "127.0.0.1"):
        change = meet(users, host, port, Tls()).problem()
        assert change.problem is Problem.CERTIFICATE_OF_ANOTHER
        assert change.fingerprint == other.fingerprint


def test_exactly_the_trusted_certificate_is_accepted(
    irc: Irc, users: list[User], certificate: Certificate
) -> None:
    port = start(irc, certificate)
    assert meet(users, "localhost", port, Tls(certificate.fingerprint)).problem().phase is Phase.ONLINE
    change = meet(users, "localhost", port, Tls("0" * 64), "Борис").problem()
    assert (change.problem, change.fingerprint) == (Problem.CERTIFICATE_CHANGED, certificate.fingerprint)


def test_nothing_is_said_to_a_server_that_is_not_believed(
    certificate: Certificate, users: list[User]
) -> None:
    heard: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        for _connection in range(2):
            tunnel = Tunnel(listener.accept()[0], server_context(certificate.path, certificate.key))
            with tunnel.open("server", handshake_first=True) as end:
                end.settimeout(DEADLINE)
                while data := end.recv(1000):
                    heard.append(data)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve, args=(listener,))
        server.start()
        assert meet(users, "127.0.0.1", listener.getsockname()[1], Tls()).problem().problem
        server.join(DEADLINE)
    assert heard == []


def test_a_plain_server_is_named_so(irc: Irc, users: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "HANDSHAKE_SECONDS", 0.5)
    change = meet(users, *irc.address, Tls()).problem()
    assert change.problem is Problem.NO_TLS
    assert "6697" in change.text


@pytest.mark.parametrize(
    ("days", "problem"),
    [((-9, -2), Problem.CERTIFICATE_EXPIRED), ((2, 9), Problem.CERTIFICATE_NOT_YET_VALID)],
)
def test_a_certificate_of_another_time_sends_the_user_to_the_clock_and_is_not_to_be_trusted(
    irc: Irc,
    users: list[User],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days: tuple[int, int],
    problem: Problem,
) -> None:
    dated = make_certificate(tmp_path, days=days)
    monkeypatch.setenv("SSL_CERT_FILE", str(dated.path))
    port = start(irc, dated)
    change = meet(users, "localhost", port, Tls()).problem()
    assert (change.problem, change.fingerprint) == (problem, "")
    assert "clock" in change.text
    assert time.strftime("%d.%m.%Y") in change.text
    # Whoever trusts exactly this one, as by --tls-fingerprint, does not ask for its dates.
    trusting = meet(users, "localhost", port, Tls(dated.fingerprint), "Борис")
    assert trusting.problem().phase is Phase.ONLINE


@pytest.mark.parametrize(
    ("days", "problem"),
    [((-9, -2), Problem.CERTIFICATE_EXPIRED), ((2, 30_000), Problem.CERTIFICATE_NOT_YET_VALID)],
)
def test_of_an_unknown_certificate_it_is_said_that_it_is_of_another_time(
    irc: Irc, users: list[User], tmp_path: Path, days: tuple[int, int], problem: Problem
) -> None:
    dated = make_certificate(tmp_path, days=days)
    change = meet(users, "localhost", start(irc, dated), Tls()).problem()
    assert (change.problem, change.fingerprint) == (problem, dated.fingerprint)
    assert "clock" in change.text


def tls_server(certificate: Certificate, change: Callable[[ssl.SSLContext], object]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    change(context)
    context.load_cert_chain(certificate.path, certificate.key)
    return context


def only_old(context: ssl.SSLContext) -> None:
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1


def only_anonymous(context: ssl.SSLContext) -> None:
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aNULL:@SECLEVEL=0")


@contextlib.contextmanager
def listening(serve: Callable[[socket.socket], object], times: int = 3) -> Iterator[int]:
    """Serve so many connections, one after the other, each in the same thread; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(DEADLINE)

        def run() -> None:
            for _time in range(times):
                with contextlib.suppress(OSError):
                    sock, _address = listener.accept()
                    with sock:
                        sock.settimeout(DEADLINE)
                        serve(sock)

        thread = threading.Thread(target=run)
        thread.start()
        yield listener.getsockname()[1]
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(DEADLINE)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("change", "problem", "word"),
    [(only_old, Problem.TLS_TOO_OLD, "1.2"), (only_anonymous, Problem.TLS_FAILED, "handshake failure")],
)
def test_a_tls_that_is_too_old_or_too_weak_is_not_taken_for_none(
    users: list[User],
    certificate: Certificate,
    change: Callable[[ssl.SSLContext], object],
    problem: Problem,
    word: str,
) -> None:
    context = tls_server(certificate, change)
    with listening(lambda sock: context.wrap_socket(sock, server_side=True).close()) as port:
        told = meet(users, "127.0.0.1", port, Tls()).problem()
        assert (told.problem, told.fingerprint) == (problem, "")
        assert word in told.text


@pytest.mark.parametrize("greeting", [b"NOTICE * :*** Looking up\r\n", b"HTTP/1.1 400 Bad\r\n\r\n", b""])
def test_who_speaks_no_tls_is_named_so_and_the_user_is_told_to_untick_it(
    users: list[User], greeting: bytes
) -> None:
    def serve(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(greeting)

    with listening(serve) as port:
        change = meet(users, "127.0.0.1", port, Tls()).problem()
        assert (change.problem, change.fingerprint) == (Problem.NO_TLS, "")
        assert "Untick" in change.text


def test_who_connects_without_tls_to_our_port_of_tls_is_told_to_tick_it(
    irc: Irc, users: list[User], certificate: Certificate
) -> None:
    change = meet(users, "127.0.0.1", start(irc, certificate), None).problem()
    # The server's alert may be lost when it closes a connection with bytes that it has not read.
    assert change.problem in (Problem.TLS_WANTED, Problem.CLOSED_SILENTLY)
    assert "tick" in change.text.lower()


def test_an_alert_of_tls_is_understood_without_tls(users: list[User]) -> None:
    def serve(sock: socket.socket) -> None:
        sock.sendall(b"\x15\x03\x01\x00\x02\x02\x46")
        sock.recv(1000)

    with listening(serve) as port:
        assert meet(users, "127.0.0.1", port, None).problem().problem is Problem.TLS_WANTED


def test_of_a_server_that_hangs_up_without_a_word_tls_is_supposed(users: list[User]) -> None:
    with listening(lambda sock: sock.recv(1000)) as port:
        change = meet(users, "127.0.0.1", port, None).problem()
        assert change.problem is Problem.CLOSED_SILENTLY
        assert "tick" in change.text
    with listening(lambda sock: sock.sendall(b"NOTICE * :hi\r\n")) as port:
        problem = meet(users, "127.0.0.1", port, None, "Борис").problem().problem
        assert problem is Problem.NOT_LET_IN


def test_a_server_that_hangs_up_in_the_handshake_is_tried_again(users: list[User]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        user = meet(users, "127.0.0.1", listener.getsockname()[1], Tls())
        listener.settimeout(DEADLINE)
        listener.accept()[0].close()
        assert user.problem().problem in (Problem.NO_TLS, Problem.LOST)
        listener.accept()[0].close()


def test_two_talk_one_with_tls_and_survive_a_restart(
    irc: Irc, users: list[User], certificate: Certificate
) -> None:
    first = irc.server(tls_cert=certificate.path, tls_key=certificate.key, tls_port=0)
    (host, port), tls_port = first.address, int(first.tls_port)
    anna = meet(users, host, tls_port, Tls(certificate.fingerprint), "Анна")
    boris = meet(users, host, port, None, "Борис")
    runners = [anna.runner, boris.runner]

    def said(user: User) -> list[str]:
        lab = user.session.state.conversations.get("#lab")
        return [entry.text for entry in lab.entries if entry.kind is Kind.MESSAGE] if lab else []

    def both_in() -> bool:
        return all(
            (lab := user.session.state.conversations.get("#lab")) and len(lab.members) == 2
            for user in (anna, boris)
        )

    run_together(runners, both_in, DEADLINE)
    anna.session.submit(anna.session.state.conversations["#lab"], "по секрету")
    run_together(runners, lambda: said(boris) == ["по секрету"], DEADLINE)
    irc.stop(first)
    run_together(runners, lambda: anna.session.state.phase is Phase.WAITING, DEADLINE)
    boris.session.submit(boris.session.state.conversations["#lab"], "после перерыва")
    irc.server(port=port, tls_cert=certificate.path, tls_key=certificate.key, tls_port=tls_port)
    for user in (anna, boris):
        user.connection.reconnect_now()
    run_together(runners, lambda: said(anna) == ["по секрету", "после перерыва"], DEADLINE)
