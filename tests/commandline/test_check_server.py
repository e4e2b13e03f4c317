"""`chat check --server ADDRESS`: each step says what to do where the way ends."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from commandline.check import Verdict
from commandline.check_server import check_way
from sockets.cards import Card
from tests.tools.certificates import make_certificate
from tests.tools.irc import Irc
from tests.tools.programs import free_port, run


def steps(host: str, port: int, password: str = "", *, tls: bool = False) -> list[tuple[Verdict, str, str]]:
    return [
        (found.verdict, found.subject, f"{found.text} → {found.advice}")
        for found in check_way(host, port, password, tls=tls, cards=lambda: [Card("eth0", "203.0.113.5", 24)])
    ]


def test_a_server_that_lets_us_in_is_good_in_all_steps(irc: Irc) -> None:
    irc.server(password="secret")
    found = steps(*irc.address, "secret")
    assert [verdict for verdict, *_ in found] == [Verdict.GOOD] * len(found)
    assert [subject for _, subject, _ in found] == ["name", "network", "TCP", "protocol", "version", "way in"]
    assert "LabChat" in found[4][2]


@pytest.mark.parametrize(("password", "said"), [("", "needs a password"), ("wrong", "password is wrong")])
def test_a_password_that_is_missing_or_wrong_is_told(irc: Irc, password: str, said: str) -> None:
    irc.server(password="secret")
    verdict, subject, text = steps(*irc.address, password)[-1]
    assert (verdict, subject) == (Verdict.BAD, "way in")
    assert said in text
    assert "--password-file" in text


def test_a_port_on_which_nobody_listens_is_told() -> None:
    found = steps("127.0.0.1", free_port())
    assert [verdict for verdict, *_ in found] == [Verdict.GOOD, Verdict.GOOD, Verdict.BAD]
    assert "--lan" in found[-1][2]


def test_a_name_that_nobody_has_is_told() -> None:
    ((verdict, subject, text),) = steps("nobody.invalid", 6667)
    assert (verdict, subject) == (Verdict.BAD, "name")
    assert "board" in text


def test_a_name_is_looked_up_once_and_each_of_its_addresses_tried(
    irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    look_up = socket.getaddrinfo

    def note(host: str, *given: Any, **more: Any) -> Any:
        asked.append(host)
        return look_up(host, *given, **more)

    monkeypatch.setattr(socket, "getaddrinfo", note)
    irc.server()
    found = steps("localhost", irc.address[1])
    assert [verdict for verdict, *_ in found] == [Verdict.GOOD] * len(found)
    assert asked.count("localhost") == 1


@pytest.fixture
def stranger() -> Iterator[int]:
    """A port on which something speaks that is no IRC server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            sock, _ = listener.accept()
            with sock:
                sock.recv(1000)
                sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n\x1b[2J")

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_what_is_no_irc_server_is_told(stranger: int) -> None:
    verdict, subject, text = steps("127.0.0.1", stranger)[-1]
    assert (verdict, subject) == (Verdict.BAD, "protocol")
    assert "HTTP/1.1 400" in text
    assert "\x1b" not in text


def test_a_certificate_that_is_not_trusted_is_told(
    irc: Irc, tmp_path_factory: pytest.TempPathFactory
) -> None:
    certificate = make_certificate(tmp_path_factory.mktemp("tls"))
    server = irc.server(tls_cert=certificate.path, tls_key=certificate.key, tls_port=0)
    verdict, subject, text = steps("127.0.0.1", server.tls_port, tls=True)[-1]
    assert (verdict, subject) == (Verdict.BAD, "TLS")
    assert "fingerprint" in text


def test_another_network_is_told_before_the_connection_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("a real network"))
    way = check_way("198.51.100.7", 6667, "", tls=False, cards=lambda: [Card("eth0", "203.0.113.5", 24)])
    next(way)
    found = next(way)
    assert found.verdict is Verdict.NOTE
    assert "203.0.113.5/24" in found.text


def test_the_command_ends_with_1_where_the_way_ends() -> None:
    done = run("check", "--server", f"127,0,0,1:{free_port()}")
    assert (done.returncode, done.stderr) == (1, "")
    assert "BAD   TCP" in done.stdout
