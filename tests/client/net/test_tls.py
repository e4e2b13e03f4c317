"""The client's TLS: which servers it believes, what it says of the others, and a talk over it."""

import socket
import threading
from collections.abc import Iterator
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
