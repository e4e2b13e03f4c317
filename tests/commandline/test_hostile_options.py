"""Every option and environment variable: used, or refused with a sentence; nothing waits for ever."""

import argparse
import contextlib
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from commandline.options import _COMMANDS, make_parser, parse
from commandline.passwords import read_operator_password, read_password
from commandline.text_files import LARGEST, read_motd
from program.errors import UserFacingError
from sockets.listening import ListenError, listen
from tests.tools.irc import Client
from tests.tools.programs import CHAT, DEADLINE, Program, run
from tests.tools.sources import ROOT

HOSTILE = [
    *("", " ", "\t", "\0", "\n", "x" * 5000, "ы" * 300, "-1", "+1", "1_0", str(2**70), "٣", "²", "1e3"),
    *("0x10", "\udcff", "\ud800", "\x1b[2J", "\u202e", "{text}", "%s", ":", "*", ",", "..", "/", "~"),
    *("CON", "-", "--"),
]
NOWHERE = ["224.0.0.1", "239.255.0.1", "255.255.255.255", "127.255.255.255", "ff02::1", "ff02::1%lo"]


def options_of(name: str) -> list[str]:
    """Return the options of a command that take a value, and "" for its argument, if it has one."""
    parsed = make_parser().parse_args([name])
    actions: list[argparse.Action] = parsed.parser._actions
    return [(action.option_strings or [""])[-1] for action in actions if action.nargs != 0]


@pytest.mark.parametrize("name", _COMMANDS)
def test_whatever_stands_behind_an_option_is_taken_or_gets_a_sentence(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    hostile = [*HOSTILE, str(tmp_path), str(tmp_path / "pipe"), str(tmp_path / "none" / "x"), "/dev/zero"]
    for option in options_of(name):
        for value in hostile:
            said = ""
            try:
                parse([name, f"{option}={value}"] if option else [name, value])
            except UserFacingError as error:
                said = str(error)
            except SystemExit:
                said = option  # --help and --version print and end
            assert said.isprintable(), (option, value)


FILES = ["--motd", "--password-file", "--oper-password-file", "--tls-cert", "--tls-key", "--history"]


@pytest.mark.parametrize("option", FILES)
@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "folder", "link to a pipe", "too long", "NUL"])
def test_what_is_no_file_is_refused_and_nobody_waits_for_it(option: str, kind: str, tmp_path: Path) -> None:
    import socket

    path = str(tmp_path / "it")
    with socket.socket(socket.AF_UNIX) as local:
        match kind:
            case "pipe":
                os.mkfifo(path)
            case "link to a pipe":
                os.mkfifo(tmp_path / "pipe")
                Path(path).symlink_to(tmp_path / "pipe")
            case "socket":
                local.bind(path)
            case "device":
                path = "/dev/zero"
            case "folder":
                path = str(tmp_path)
            case "too long":
                path = "x" * 5000
            case "NUL":
                path = "a\0b"
        for command in ("server", "export", "client"):
            if option in options_of(command):
                with pytest.raises(UserFacingError, match=option):
                    parse([command, option, path])


def test_a_file_that_is_too_large_for_its_purpose_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "motd"
    with path.open("wb") as file:
        file.truncate(2**40)
    for read in (read_motd, lambda file: read_password(None, file)):
        with pytest.raises(UserFacingError, match=str(LARGEST)):
            read(path)


@pytest.mark.parametrize("value", ["", " ", "\t", "a\nb", "\udcff", "x" * 401])
@pytest.mark.parametrize("name", ["CHAT_PASSWORD", "CHAT_OPER_PASSWORD"])
def test_a_password_in_the_environment_is_used_or_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UserFacingError, match="password"):
        read_password(None, None, name)


def test_an_empty_password_in_the_environment_opens_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHAT_PASSWORD", "CHAT_OPER_PASSWORD"):
        refused = run("server", "--port", "0", "--no-history", environment={name: ""})
        assert refused.returncode == 2
        assert len(refused.stderr.splitlines()) == 1
    monkeypatch.setenv("CHAT_OPER_PASSWORD", "chalk")
    with pytest.raises(UserFacingError, match="--oper NAME"):
        read_operator_password(None, None, None)


def test_a_password_of_the_operator_fits_into_a_line_with_his_name() -> None:
    assert read_operator_password("t" * 100, "p" * 400, None)
    with pytest.raises(UserFacingError, match="password"):
        read_operator_password("я" * 100, "p" * 400, None)


@pytest.mark.parametrize(
    ("arguments", "about"),
    [
        ("server --password a --password-file b", "--password"),
        ("server --oper t --oper-password a --oper-password-file b", "--oper-password"),
        ("client --password a --password-file b", "--password"),
        ("server --no-history --history-limit 5", "--history-limit"),
        ("export --history a --port 5", "--history"),
        ("lab --no-ask", "lab"),
        ("server --reserve 1st", "1st"),
        ("server --reserve a,,b", "--reserve"),
        ("server --rooms #a,#Cа", "#Cа"),
        ("server --per-address 0", "--per-address"),
    ],
)
def test_an_option_that_would_not_be_used_is_refused(arguments: str, about: str) -> None:
    with pytest.raises(UserFacingError, match=about):
        parse(arguments.split())


@pytest.mark.parametrize("host", NOWHERE)
def test_where_nobody_can_connect_nobody_listens(host: str) -> None:
    with pytest.raises(ListenError):
        listen(host, 0)


IN_A_NAMESPACE = """
import socket, subprocess, sys
sys.path.insert(0, sys.argv[1])
for command in ("ip link set lo up", "ip addr add fe80::1/64 dev lo nodad"):
    subprocess.run(command.split(), check=True)
from client.net.address import format_address, parse_address
from sockets.listening import address_of, listen
with listen("fe80::1%lo", 0) as listener:
    text = format_address(*address_of(listener))
    socket.create_connection(parse_address(text), 5).close()
    print(text.rpartition(":")[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs namespaces")
def test_an_address_with_its_interface_is_listened_on_and_reached() -> None:
    if subprocess.run(["unshare", "-rn", "ip", "link"], capture_output=True, check=False).returncode:
        pytest.skip("no namespaces here")
    script = [sys.executable, "-c", IN_A_NAMESPACE, str(ROOT)]
    done = subprocess.run(
        ["unshare", "-rn", *script], capture_output=True, text=True, timeout=DEADLINE, check=False
    )
    assert (done.stdout, done.stderr) == ("[fe80::1%lo]\n", "")


def test_a_server_whose_terminal_is_closed_says_goodbye() -> None:
    master, terminal = pty.openpty()
    server = subprocess.Popen(
        ["setsid", "--ctty", *CHAT, "server", "--port", "0", "--no-history"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    try:
        text = b""
        while b"Stop with" not in text:
            text += os.read(master, 4096)
        port = int(text.partition(b"127.0.0.1:")[2].split()[0])
        with Client(("127.0.0.1", port)) as anna:
            anna.register("Анна")
            os.close(master)
            assert "Server shutting down" in anna.expect_closed()[-1]
        assert server.wait(DEADLINE) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.kill()
        server.wait()


def test_nohup_keeps_a_server_alive() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Program("server", "--port", "0", "--no-history") as program:
            address = program.address()
            program.process.send_signal(signal.SIGHUP)
            with Client(address) as anna:
                anna.register("Анна")
            assert program.stop() == 0
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("how", [signal.SIGHUP, signal.SIGTERM])
def test_what_is_told_as_text_ends_on_every_signal_and_leaves_nothing(
    how: signal.Signals, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with Program("demo", "--text", environment={"TMPDIR": str(temporary)}) as program:
        program.expect("Anna|Анна")
        assert program.stop(how) in (130, 0)  # 0: it was over before the signal came
    assert not list(temporary.iterdir())
    assert not [line for line in program.lines if "Traceback" in line]
