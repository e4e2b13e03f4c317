"""The launcher's contract: its options, its languages, its sentences about bad input, its end."""

import ast
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

import pytest

from client.net.address import DEFAULT_TLS_PORT
from commandline.options import ServerCommand, make_parser, parse
from program.version import VERSION
from server import ServerOptions
from tests.tools.irc import Client
from tests.tools.programs import CHAT, DEADLINE, Program, run
from tests.tools.sources import ROOT

LANGUAGES = ("ru", "en")
ENDS_WITH_INPUT = "CHAT_ENDS_WITH_INPUT"
NO_SCREEN: dict[str, str | None] = {"DISPLAY": None, "WAYLAND_DISPLAY": None}
ARGPARSE_WORDS = re.compile(r"\b(?:argument|expected|allowed|ignored|explicit|invalid choice|choose)\b")
OPTIONS = {
    "server": "--host --lan --port --name --description --motd --password --password-file --oper "
    "--oper-password --oper-password-file --history --no-history --history-limit --no-throttle --max-clients "
    "--wire --quiet --lang",
    "client": "--server --nick --room --password --password-file --lang",
    "demo": "--clients --text --lang",
    "check": "--port --lang",
    "export": "--history --port --room --format --out --lang",
}


def assert_refused(result: subprocess.CompletedProcess[str], language: str, about: str) -> None:
    """One sentence on stderr, in the language, with what it is about; exit code 2; no traceback."""
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert about in result.stderr
    assert bool(re.search("[а-яё]{3}", result.stderr)) == (language == "ru"), result.stderr
    if language == "ru":
        assert not ARGPARSE_WORDS.search(result.stderr)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("arguments", "about"),
    [
        (["server", "--prot", "6667"], "--port"),
        (["server", "--frobnicate"], "--frobnicate"),
        (["serve"], "serve"),
        (["client", "Anna"], "Anna"),
        (["server", "--port"], "--port"),
        (["server", "--port", "65536"], "65535"),
        (["server", "--port", "-1"], "--port"),
        (["server", "--port", "six"], "six"),
        (["server", "--port", "６６６７"], "６６６７"),
        (["server", "--max-clients", "0"], "--max-clients"),
        (["server", "--name", "two words"], "two words"),
        (["server", "--lan", "--host", "127.0.0.1"], "--lan"),
        (["server", "--history", "x", "--no-history"], "--no-history"),
        (["server", "--quiet=yes"], "yes"),
        (["export", "--format", "pdf"], "html"),
        (["server", "--port", "0", "--no-history", "--host", "no-such-host.invalid"], "no-such-host.invalid"),
        (["server", "--port", "0", "--no-history", "--motd", "no-such-file"], "no-such-file"),
        (["server", "--port", "0", "--no-history", "--password-file", "no-such-file"], "no-such-file"),
        (["server", "--port", "0", "--no-history", "--oper", "teacher"], "teacher"),
        (["server", "--port", "0", "--no-history", "--oper-password", "x"], "--oper"),
        (["server", "--port", "0", "--no-history", "--rooms", "#a"], "--rooms"),
        (["server", "--port", "0", "--no-history", "--reserve", "Anna"], "--reserve"),
        (["server", "--port", "0", "--no-history", "--oper-from-network"], "--oper-from-network"),
        (["server", "--port", "0", "--no-history", "--password", ""], ""),
        (["server", "--port", "0", "--no-history", "--password", "x" * 401], "400"),
        (["server", "--port", "0", "--no-history", "--description", "a\r\nERROR :b"], r"a\r\nERROR"),
        (["server", "--port", "0", "--no-history", "--host", "a..b"], "a..b"),
        (["server", "--port", "0", "--no-history", "--tls-port", "0"], "--tls-cert"),
        (["server", "--port", "0", "--history", ""], "--history"),
        (["lab", "--count", "3"], "chat.py lab"),
        (["client", "--room", "#a,b"], "#a,b"),
        (["client", "--nick", "1st"], "1st"),
        (["client", "--server", "localhost:99999"], "localhost:99999"),
        (["client", "--server", ":6667"], ":6667"),
        (["demo", "--clients", "1"], "--clients"),
        (["demo", "--clients", "many"], "many"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_gets_a_sentence(arguments: Sequence[str], about: str, language: str) -> None:
    assert_refused(run(*arguments, "--lang", language), language, about)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_busy_port_gets_a_sentence(language: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_refused(
            run("server", "--port", str(port), "--no-history", "--lang", language), language, str(port)
        )


def not_a_database(folder: Path) -> Path:
    path = folder / "notes.txt"
    path.write_text("A shopping list, much longer than the header of a database. " * 20, encoding="utf-8")
    return path


def of_another_program(folder: Path) -> Path:
    path = folder / "other.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE shopping (what TEXT)")
    database.close()
    return path


def a_folder(folder: Path) -> Path:
    return folder


def in_no_folder(folder: Path) -> Path:
    file = folder / "file"
    file.touch()
    return file / "history.sqlite3"


def in_a_folder_that_takes_no_files(folder: Path) -> Path:
    """A folder where not even root can write; elsewhere one without the permission."""
    if sys.platform == "linux":
        return Path("/proc/self/history.sqlite3")
    closed = folder / "closed"
    closed.mkdir(mode=0o500)
    return closed / "history.sqlite3"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "history",
    [not_a_database, of_another_program, a_folder, in_no_folder, in_a_folder_that_takes_no_files],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_bad_history_gets_a_sentence_and_stays_as_it_is(
    history: Callable[[Path], Path], language: str, tmp_path: Path
) -> None:
    path = history(tmp_path)
    before = path.read_bytes() if path.is_file() else None
    assert_refused(run("server", "--port", "0", "--history", path, "--lang", language), language, str(path))
    assert (path.read_bytes() if path.is_file() else None) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_is_no_text_gets_a_sentence(language: str, tmp_path: Path) -> None:
    motd = tmp_path / "motd.txt"
    motd.write_bytes("Привет".encode("cp1251"))
    result = run("server", "--port", "0", "--no-history", "--motd", motd, "--lang", language)
    assert_refused(result, language, str(motd))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_without_a_screen_gets_a_sentence(language: str) -> None:
    assert_refused(run("client", "--lang", language, environment=NO_SCREEN), language, "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_without_tkinter_gets_a_sentence(language: str) -> None:
    without = "import sys; sys.modules['tkinter'] = None; import chat; sys.exit(chat.main(sys.argv[1:]))"
    result = run(
        "client",
        "--lang",
        language,
        program=[sys.executable, "-c", without],
        environment={"PYTHONPATH": str(ROOT)},
    )
    assert_refused(result, language, "tkinter")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen")
def test_without_a_screen_no_argument_prints_the_help() -> None:
    result = run(environment=NO_SCREEN)
    assert result.returncode == 0
    assert "chat.py server --lan" in result.stdout


@pytest.mark.parametrize(("language", "word"), [("ru", "примеры:"), ("en", "examples:")])
@pytest.mark.parametrize("command", ["", "server", "client", "demo"])
def test_help_is_complete_in_the_language(command: str, language: str, word: str) -> None:
    result = run(*command.split(), "--help", "--lang", language)
    assert result.returncode == 0
    assert word in result.stdout
    assert f"chat.py {command}".strip() in result.stdout
    for option in OPTIONS.get(command, "server client demo --version --lang").split():
        assert option in result.stdout
    if language == "ru":
        assert not re.findall(r"\b(?:usage|options|arguments|show|this|exit|the)\b", result.stdout)


@pytest.mark.parametrize("command", ["server", "client", "demo", "check", "export", "lab", "report"])
def test_every_option_reaches_the_command(command: str) -> None:
    parsed, _unknown = make_parser().parse_known_args([command])
    assert vars(parsed).keys() - {"command", "parser"} == {field.name for field in fields(parsed.command)}


def test_the_server_that_is_started_without_options_is_the_usual_one() -> None:
    command = parse(["server"])
    assert isinstance(command, ServerCommand)
    usual = ServerOptions()
    assert (command.host, command.port, DEFAULT_TLS_PORT) == (usual.host, usual.port, usual.tls_port)
    assert command.max_clients == usual.max_clients
    assert f"({usual.history_limit};" in run("server", "--help").stdout


def test_the_version_is_printed() -> None:
    assert run("--version").stdout == f"LabChat {VERSION}\n"


@pytest.mark.parametrize(
    ("environment", "remembered", "word"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "", "параметры"),
        ({"LANG": "en_GB.UTF-8"}, "", "options"),
        ({"LANG": "de_DE.UTF-8"}, "", "options"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "ru_RU.UTF-8"}, "", "параметры"),
        ({"LANG": "ru_RU.UTF-8"}, "en", "options"),
        ({"LANG": "en_GB.UTF-8"}, "ru", "параметры"),
    ],
)
def test_the_language_is_the_remembered_one_else_the_systems(
    environment: dict[str, str | None], remembered: str, word: str
) -> None:
    from client import settings

    if remembered:
        assert settings.save(lambda _kept: settings.Settings(language=remembered))
    assert word in run("--help", environment=environment).stdout


def test_a_console_that_knows_no_russian_breaks_nothing() -> None:
    result = run("--help", "--lang", "ru", environment={"PYTHONIOENCODING": "ascii"})
    assert result.returncode == 0
    assert "параметры" in result.stdout


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
@pytest.mark.parametrize("options", [[], ["--quiet"], ["--lang", "ru"]], ids=" ".join)
def test_a_signal_ends_the_server_and_frees_the_port(how: signal.Signals, options: list[str]) -> None:
    with Program("server", "--port", "0", *options) as program:
        host, port = program.address()
        assert host == "127.0.0.1"
        with Client((host, port)) as anna:
            anna.register("Анна")
            assert program.stop(how) == 0
            assert "ERROR" in anna.expect_closed()[-1]
        socket.create_server((host, port)).close()
    assert not [line for line in program.lines if "Traceback" in line]


@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl+C goes to all programs of a console")
def test_ctrl_c_while_the_program_is_loaded_ends_it_quietly() -> None:
    command = (sys.executable, "-v", *CHAT[1:], "server", "--port", "0", "--no-history")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        next(line for line in process.stderr if line.startswith("import 'client."))
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert "Traceback" not in rest
    assert process.returncode


def test_a_server_for_the_network_says_what_students_type() -> None:
    with Program("server", "--lan", "--port", "0", "--no-history") as program:
        _host, port = program.address()
        said = program.expect(r"Students type|no network address")
        if "Students" in said[0]:
            assert f":{port}" in program.lines[-1]


def test_the_history_is_kept_in_the_users_data_folder(user_folders: Path) -> None:
    with Program("server", "--port", "0") as program:
        program.address()
        found = list(user_folders.rglob("*.sqlite3"))
    assert [path.name for path in found] == ["history-0.sqlite3"]


def test_options_reach_the_server(tmp_path: Path) -> None:
    motd = tmp_path / "motd.txt"
    motd.write_text("Добро пожаловать\nв лабораторию", encoding="utf-8")
    secret = tmp_path / "secret.txt"
    secret.write_text("пароль\n", encoding="utf-8")
    options: list[str | Path] = [
        "--name",
        "room303.lab",
        "--motd",
        motd,
        "--password-file",
        secret,
        "--oper",
        "teacher",
    ]
    with (
        Program(
            "server", "--port", "0", "--no-history", *options, environment={"CHAT_OPER_PASSWORD": "chalk"}
        ) as program,
        Client(program.address()) as anna,
        Client(program.address()) as boris,
    ):
        anna.register("Анна", password="пароль")
        assert any("в лабораторию" in line and line.startswith(":room303.lab 372 ") for line in anna.lines)
        anna.send("OPER teacher chalk")
        anna.expect(" 381 ")
        boris.send("PASS wrong\r\nNICK Борис\r\nUSER b 0 * :B")
        boris.expect(" 464 ")


def test_the_password_may_come_from_the_environment() -> None:
    with (
        Program("server", "--port", "0", "--no-history", environment={"CHAT_PASSWORD": "chalk"}) as program,
        Client(program.address()) as anna,
    ):
        anna.register("Anna", password="chalk")


@pytest.mark.parametrize("options", [["--oper", "head", "--rooms", "a,#b", "--reserve", "Учитель"], []])
def test_the_token_makes_an_operator_on_this_computer_and_is_never_shown(options: list[str]) -> None:
    token = "T0ken" * 5
    environment: dict[str, str | None] = {"CHAT_OPERATOR_TOKEN": token}
    arguments = ["--port", "0", "--no-history", "--wire", *options]
    with Program("server", *arguments, environment=environment) as program:
        with Client(program.address()) as anna:
            anna.register("Анна")
            assert any(f"chat.lab/CLASS={'#a,#b' if options else '#lab'} " in line for line in anna.lines)
            anna.send("NICK Учитель_")
            anna.expect(" 433 " if options else " NICK ")
            anna.send(f"OPER operator {token}")
            anna.expect(" 381 ")
            anna.send("NICK Учитель_1")
            anna.expect(" NICK ")
        program.expect(" close ")
        assert program.stop() == 0
    assert token not in "\n".join(program.lines)


def test_a_token_that_is_easily_guessed_opens_no_server() -> None:
    for token in ("", "short", "with spaces in the token", ":" + "x" * 20):
        refused = run("server", "--port", "0", "--no-history", environment={"CHAT_OPERATOR_TOKEN": token})
        assert refused.returncode == 2
        assert len(refused.stderr.splitlines()) == 1


def test_the_console_warns_of_operators_from_the_network() -> None:
    options = ["--oper", "t", "--oper-password", "p", "--oper-from-network"]
    with Program("server", "--port", "0", "--no-history", *options) as program:
        program.expect("open network")


def test_the_wire_is_shown_without_passwords() -> None:
    with Program("server", "--port", "0", "--no-history", "--wire", "--password", "chalk") as program:
        with Client(program.address()) as anna:
            anna.register("Анна", password="chalk")
        program.expect(r"recv .*PASS \*{5}\\r\\n")
        program.expect(r"NICK Анна\\r\\n")
        program.expect(r" close ")
        assert program.stop() == 0
    assert "chalk" not in "\n".join(program.lines)


def test_the_server_never_loads_tkinter() -> None:
    script = (
        "import json, sys, chat\n"
        "code = chat.main(['server', '--port', '0', '--no-history', '--wire'])\n"
        "print(json.dumps([code, [name for name in sys.modules if 'tk' in name.lower()]]))"
    )
    with Program(program=[sys.executable, "-c", script], environment={"PYTHONPATH": str(ROOT)}) as program:
        program.address()
        assert program.stop(signal.SIGINT) == 0
    assert json.loads(program.lines[-1]) == [0, []]


def test_the_launcher_runs_from_any_folder(tmp_path: Path) -> None:
    result = subprocess.run([*CHAT, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert VERSION in result.stdout


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen")
def test_without_a_screen_the_demo_is_told_as_text() -> None:
    result = run("demo", "--clients", "2", "--lang", "ru", environment=NO_SCREEN)
    assert result.returncode == 0, result
    assert "экрана нет" in result.stdout.splitlines()[0]
    assert "Анна: Привет!" in result.stdout


def test_ctrl_c_ends_the_demo_as_text_quietly(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with Program("demo", "--text", "--clients", "9", environment={"TMPDIR": str(temporary)}) as program:
        program.expect(r"127.0.0.1:\d+")
        assert program.stop(signal.SIGINT) in (130, 0)  # 0: it was over before the signal came
    assert not [line for line in program.lines if "Traceback" in line or "Error" in line]
    assert list(temporary.iterdir()) == []


def test_the_launchers_server_ends_gently_when_its_input_does() -> None:
    """On Windows nothing else reaches a program without a console; a kill would leave its unpacked files."""
    command = [*CHAT, "server", "--port", "0", "--no-history"]
    pipe = subprocess.PIPE
    environment = {**os.environ, ENDS_WITH_INPUT: "1"}
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, encoding="utf-8") as server:
        assert server.stdout
        assert server.stdout.readline().startswith("Listening on")
        said, _errors = server.communicate(timeout=20)
    assert server.returncode == 0
    assert said.rstrip().endswith("stopped")


def test_whoever_reads_may_stop_reading() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([*CHAT, "lab"], stdout=pipe, stderr=pipe, encoding="utf-8") as program:
        assert program.stdout
        assert program.stderr
        program.stdout.close()
        assert program.stderr.read() == ""
        assert program.wait(DEADLINE) == 0


@pytest.mark.parametrize("content", ["", "\n", "\nsecret\n"])
def test_a_password_file_without_a_password_opens_nothing(tmp_path: Path, content: str) -> None:
    path = tmp_path / "password.txt"
    path.write_text(content, encoding="utf-8")
    refused = run("server", "--port", "0", "--no-history", "--password-file", str(path), "--lang", "ru")
    assert_refused(refused, "ru", "password.txt")


def test_a_long_line_of_the_message_of_the_day_goes_on_in_the_next(tmp_path: Path) -> None:
    path = tmp_path / "motd.txt"
    path.write_text("слово " * 100 + "конец\x1b[2J\n", encoding="utf-8")
    with Program("server", "--port", "0", "--no-history", "--motd", str(path)) as server:
        with Client(server.address()) as anna:
            anna.register("anna")
        lines = [line.partition(" :- ")[2] for line in anna.lines if " 372 " in line]
    assert " ".join(lines).split() == ["слово"] * 100 + ["конец␛[2J"]


@pytest.mark.skipif(sys.platform == "win32", reason="a console there can be had later")
@pytest.mark.parametrize(
    "arguments", [["--version"], ["check"], ["demo", "--text"], ["lab", "glue", "--no-ask"]]
)
def test_without_streams_nothing_is_printed_and_nothing_breaks(arguments: Sequence[str]) -> None:
    command = " ".join([*CHAT, *arguments]) + " >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], timeout=DEADLINE, check=False).returncode in (0, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["check"], ["demo", "--text"], ["report"]])
def test_a_full_disk_gets_a_sentence(arguments: Sequence[str]) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        result = subprocess.run(
            [*CHAT, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=DEADLINE, check=False
        )
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert "the disk is full" in result.stderr


def test_a_console_that_stands_still_holds_up_nobody_who_is_watched() -> None:
    command = [*CHAT, "server", "--port", "0", "--no-history", "--no-throttle", "--wire"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        address = next(
            found for line in program.stdout if (found := re.search(r"([\d.]+):(\d+)$", line.strip()))
        )
        try:
            with Client((address[1], int(address[2]))) as anna:
                anna.register("anna")
                for _ in range(20):  # more than a pipe holds, and nobody reads it
                    anna.send_bytes(b"PING %s\r\n" % (b"x" * 400) * 20)
                anna.send("PING done")
                anna.expect("PONG .*done")
        finally:
            program.kill()


def test_an_older_python_gets_a_sentence() -> None:
    source = (ROOT / "chat.py").read_text(encoding="utf-8").replace("(3, 11)", "(99, 0)", 1)
    ast.parse(source, feature_version=(3, 6))
    result = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, timeout=DEADLINE, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert "Python 3.11 or newer is needed" in result.stderr
    assert "Нужен Python 3.11 или новее" in result.stderr


@pytest.mark.parametrize("host", ["a..b", "a" * 64, ".lab"])
def test_a_host_that_is_no_name_gets_a_sentence(host: str) -> None:
    assert_refused(run("server", "--port", "0", "--no-history", "--host", host), "en", host)


@pytest.mark.parametrize("path", ["", ".", "/"])
def test_a_history_that_has_no_name_gets_a_sentence(path: str) -> None:
    assert_refused(run("server", "--port", "0", "--history", path), "en", "--history")


def test_an_address_of_another_computer_gets_its_own_sentence() -> None:
    result = run("server", "--port", "0", "--no-history", "--host", "192.0.2.1")
    assert_refused(result, "en", "This computer has no address “192.0.2.1”.")


def test_a_history_in_no_folder_makes_none(tmp_path: Path) -> None:
    result = run("server", "--port", "0", "--history", tmp_path / "x" / "y" / "z")
    assert result.returncode == 2
    assert str(tmp_path / "x" / "y" / "z") in result.stderr
    assert not (tmp_path / "x").exists()


def test_a_class_that_keeps_nothing_ends_without_a_fault() -> None:
    token = {"CHAT_OPERATOR_TOKEN": "no-one-can-guess-this"}
    with Program("server", "--port", "0", "--no-history", environment=token) as server:
        server.address()
        assert server.stop() == 0
        assert "thread" not in "\n".join(server.lines)
