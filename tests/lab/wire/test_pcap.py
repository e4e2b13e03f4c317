"""Wireshark's own dissector reads the export as IRC, with nothing to complain about."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from lab.wire.pcap import pcapng
from lab.wire.ring import Ring
from sockets.tap import Call, CallName
from tests.tools.irc import Irc
from translations import use_language


@pytest.fixture
def tshark() -> str:
    """Where Wireshark's program without a window is."""
    found = shutil.which("tshark")
    if not found:
        if os.environ.get("CI"):
            pytest.fail("no tshark: .ci/run installs it")
        pytest.skip("no tshark: install it to check the export")
    return found


def read(tshark: str, path: Path, port: int, *options: str) -> list[str]:
    """What tshark prints about the file, with all checksums checked."""
    checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
    done = subprocess.run(
        [tshark, "-r", str(path), "-d", f"tcp.port=={port},irc", *checks, *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        encoding="utf-8",
    )
    return done.stdout.splitlines()


def conversation(irc: Irc, host: str = "127.0.0.1") -> tuple[list[Call], int]:
    """The calls of a server with two clients: pieces of lines, a long answer, a good-bye."""
    ring, half = Ring(), threading.Event()

    def tap(call: Call) -> None:
        ring(call)
        if call.held_after:
            half.set()

    irc.tap = tap
    irc.server(host=host, password="letmein", motd=("x" * 300,) * 20)
    anna, boris = irc.client("Анна", password="letmein"), irc.client("Борис", password="letmein")
    for one in (anna, boris):
        one.enter()
    half.clear()
    anna.send_bytes("PRIVMSG #lab :При".encode())
    assert half.wait(10)
    anna.send_bytes("вет!\r\nPRIVMSG #lab :ещё\r\n".encode())
    boris.expect("ещё$")
    boris.send("QUIT")
    boris.expect_closed()
    port = irc.address[1]
    irc.close()
    return ring.calls(), port


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_tshark_decodes_the_export_without_complaints(
    irc: Irc, tshark: str, tmp_path: Path, host: str
) -> None:
    use_language("ru")
    calls, port = conversation(irc, host)
    path = tmp_path / "lab.pcapng"
    path.write_bytes(pcapng(calls))
    complaints = read(tshark, path, port, "-Y", "_ws.malformed || _ws.expert.severity >= 0x600000")
    assert complaints == []
    damaged = "tcp.analysis.lost_segment || tcp.analysis.retransmission || tcp.checksum.status == 0"
    assert read(tshark, path, port, "-Y", damaged) == []
    requests = read(tshark, path, port, "-Y", "irc.request", "-T", "fields", "-e", "irc.request.command")
    assert requests[0].split(",")[:1] == ["PASS"]
    assert "PRIVMSG" in ",".join(requests)
    responses = read(
        tshark, path, port, "-Y", "irc.response", "-T", "fields", "-e", "irc.response.num_command"
    )
    assert "366" in ",".join(responses)


def test_the_bytes_are_those_of_the_calls(irc: Irc, tshark: str, tmp_path: Path) -> None:
    calls, port = conversation(irc)
    path = tmp_path / "lab.pcapng"
    path.write_bytes(pcapng(calls))
    raw = {}
    for field, name in (("dstport", "recv"), ("srcport", "send")):
        payloads = read(
            tshark,
            path,
            port,
            "-Y",
            f"tcp.{field} == {port} && tcp.len > 0",
            "-T",
            "fields",
            "-e",
            "tcp.payload",
        )
        raw[name] = b"".join(bytes.fromhex(line.replace(":", "")) for line in payloads)
        in_order = sorted(calls, key=lambda call: call.time)
        assert raw[name] == b"".join(call.data for call in in_order if call.name == name)
    assert "PRIVMSG #lab :Привет!".encode() in raw["recv"]
    assert b"letmein" not in path.read_bytes()


def test_every_packet_and_the_file_say_that_headers_are_synthetic(
    irc: Irc, tshark: str, tmp_path: Path
) -> None:
    calls, port = conversation(irc)
    path = tmp_path / "lab.pcapng"
    path.write_bytes(pcapng(calls))
    comments = read(tshark, path, port, "-T", "fields", "-e", "frame.comment")
    assert len(comments) > 20
    assert all("the headers are synthetic" in comment for comment in comments)
    assert b"handshakes and acknowledgements are synthetic" in path.read_bytes()


def test_calls_of_a_client_are_shown_from_its_side(tmp_path: Path, tshark: str) -> None:
    made: list[tuple[CallName, bytes]] = [
        ("connect", b""),
        ("send", b"NICK a\r\n"),
        ("recv", b":s 001 a :hi\r\n"),
        ("recv", b""),
        ("close", b""),
    ]
    calls = [Call(name, "10.0.0.1:6667", data, local="10.0.0.2:50000") for name, data in made]
    path = tmp_path / "client.pcapng"
    path.write_bytes(pcapng(calls))
    rows = read(tshark, path, 6667, "-Y", "tcp.flags.syn == 1", "-T", "fields", "-e", "ip.src")
    assert rows == ["10.0.0.2", "10.0.0.1"]
    ends = read(tshark, path, 6667, "-Y", "tcp.flags.fin == 1", "-T", "fields", "-e", "ip.src")
    assert ends == ["10.0.0.1", "10.0.0.2"]
