"""chat.exe: built from build.spec by a Windows Python under Wine, and run there as on a lab PC.

Wine is not Windows: what its consoles, Explorer, antivirus and firewall do is not shown here.
"""

import json
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from program.version import VERSION
from tests.tools.desktop import click_into, find_window, needs_xdotool, type_into
from tests.tools.irc import Client
from tests.tools.programs import CHAT, Program, run
from tests.tools.screen import has_virtual_screen, virtual_screen
from tests.tools.sources import ROOT

SCRIPT = ROOT.parent / "shared" / "windows" / "make_windows_python.sh"
WINDOWS = ROOT / "build" / "windows"
WINRUN = str(WINDOWS / "winrun")

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]  # the first makes a Windows Python, and builds


@dataclass(frozen=True)
class Exe:
    """The executable, and an environment that belongs to it."""

    path: Path

    @property
    def program(self) -> list[str]:
        return [WINRUN, str(self.path)]


def prepare() -> None:
    """Make the Windows Python, or skip the test; in CI, where the script is, fail it."""
    if sys.platform != "linux":
        pytest.skip("Wine is used on Linux alone; on Windows test_executable.py builds the executable")
    if not SCRIPT.is_file():
        pytest.skip(f"{SCRIPT.name} does not lie beside this clone, in ../shared/windows")
    made = subprocess.run(
        [SCRIPT, WINDOWS],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    if made.returncode:
        reason = f"no Windows Python under Wine: {made.stdout[-1500:]}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """A screen for Wine alone: other tests, which measure windows, must not find what it has changed."""
    if not has_virtual_screen():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Xvfb: .ci/run installs it")
    with virtual_screen() as display, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", display)
        yield display


@pytest.fixture(scope="session")
def exe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exe]:
    """chat.exe, in a folder whose name has Russian letters and a space; Windows ends with the tests."""
    prepare()
    work = tmp_path_factory.mktemp("windows")
    folder = work / "Лабораторная работа"
    command: list[str | Path] = [WINDOWS / "winpy", "-m", "PyInstaller", "--noconfirm"]
    command += ["--distpath", folder, "--workpath", work / "work", "build.spec"]
    built = subprocess.run(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=500,
        check=False,
    )
    assert built.returncode == 0, built.stdout[-4000:]
    assert [path.name for path in folder.iterdir()] == ["chat.exe"]
    yield Exe(folder / "chat.exe")
    end_windows()
    shutil.rmtree(work, ignore_errors=True)
    for left in WINDOWS.glob("prefix/drive_c/users/*/Temp/_MEI*"):
        shutil.rmtree(left, ignore_errors=True)


def end_windows() -> None:
    """End every program of this Wine prefix, and of no other."""
    subprocess.run(
        ["wineserver", "-k"],
        env={**os.environ, "WINEPREFIX": str(WINDOWS / "prefix")},
        check=False,
        timeout=60,
    )


@pytest.fixture
def windows(exe: Exe) -> Iterator[Exe]:
    """The executable; what it started is ended behind each test: a signal does not reach it through Wine."""
    yield exe
    end_windows()


def test_it_says_its_version_in_a_folder_with_a_russian_name(windows: Exe) -> None:
    result = run("--version", program=windows.program)
    assert (result.returncode, result.stdout) == (0, f"LabChat {VERSION}\n"), result


def test_russian_comes_out_right_through_a_pipe(windows: Exe) -> None:
    result = run("demo", "--text", "--clients", "2", "--lang", "ru", program=windows.program)
    assert result.returncode == 0, result
    assert "Анна   отправляет    Привет! Всем видно эту строку?" in result.stdout
    assert "Все вышли, сервер остановлен." in result.stdout
    refused = run("server", "--port", "x", "--lang", "ru", program=windows.program)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("--port: порт — это число")


def test_check_finds_what_a_class_needs(windows: Exe, screen: str) -> None:
    result = run("check", "--port", "0", "--lang", "ru", program=windows.program)
    assert "исполняемый файл, внутри Python 3.11" in result.stdout, result
    assert "Windows 10" in result.stdout
    assert "netsh advfirewall" in result.stdout
    assert result.returncode == 0, result


@pytest.fixture
def closed_folders() -> Iterator[None]:
    """The folders of the program's data and settings are there, and nobody can write in them."""
    prepare()
    folders = [
        user / "AppData" / name / "LabChat"
        for user in (WINDOWS / "prefix" / "drive_c" / "users").iterdir()
        for name in ("Local", "Roaming")
    ]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    closed = subprocess.run(["chattr", "+i", *folders], capture_output=True, check=False)
    if closed.returncode:
        pytest.skip("chattr cannot close a folder here")
    yield
    end_windows()
    subprocess.run(["chattr", "-i", *folders], check=True)
    for folder in folders:
        shutil.rmtree(folder)


def test_a_folder_that_takes_no_files_holds_nobody_up(closed_folders: None) -> None:
    """`tempfile` would try two thousand million names there: `run` would not wait for that."""
    python = [str(WINDOWS / "winpy"), str(ROOT / "chat.py")]
    checked = run("check", "--port", "0", program=python)
    assert checked.returncode == 1, checked
    assert "LabChat cannot be written to" in checked.stdout
    assert run("demo", "--text", "--clients", "2", program=python).returncode == 0
    refused = run("server", "--port", "0", program=python)
    assert refused.returncode == 2, refused
    assert "--no-history" in refused.stderr


@pytest.mark.parametrize("of_windows", ["server", "client"])
def test_messages_cross_between_windows_and_linux(
    windows: Exe, screen: str, tmp_path: Path, of_windows: str
) -> None:
    """Once chat.exe serves its own two windows and a Linux one; once the Linux program serves chat.exe's."""
    needs_xdotool()
    history = tmp_path / "история" / "history.sqlite3"
    history.parent.mkdir()
    wine, linux = windows.program, list(CHAT)
    with ExitStack() as stack:
        server = Program(
            *("server", "--port", "0", "--history", history, "--lang", "ru"),
            program=wine if of_windows == "server" else linux,
        )
        if of_windows == "server":
            stack.callback(end_windows)
        stack.enter_context(server)
        server.expect("Сервер слушает 127.0.0.1:", 60)
        port = int(server.lines[-1].rpartition(":")[2])
        vera = stack.enter_context(Client(("127.0.0.1", port)))
        vera.register("Vera")
        vera.enter()
        people = {"Anna": wine, "Boris": wine} | ({"Galya": linux} if of_windows == "server" else {})
        for nick, program in people.items():
            arguments = ("client", "--server", f"127.0.0.1:{port}", "--nick", nick, "--lang", "ru")
            stack.enter_context(Program(*arguments, program=program))
            if program is wine:
                stack.callback(end_windows)
            vera.expect(rf":?{nick}!\S+ JOIN :?#lab", 60)
        for nick in people:
            window = find_window(rf"#lab.*{nick}")
            click_into(window)
            type_into(window, f"hello from {nick}")
            vera.expect(rf":?{nick}!\S+ PRIVMSG #lab :hello from {nick}$")
        vera.send("PRIVMSG #lab :Всем привет!")
        vera.send("PING done")
        vera.expect("PONG .*done")
        reader = wine if of_windows == "server" else linux
        said = json.loads(run("export", "--history", history, "--format", "json", program=reader).stdout)
        assert [one["text"] for one in said] == [*(f"hello from {nick}" for nick in people), "Всем привет!"]


def test_the_launchers_server_ends_gently_and_leaves_no_unpacked_files(windows: Exe) -> None:
    unpacked = "prefix/drive_c/users/*/Temp/_MEI*"
    before = set(WINDOWS.glob(unpacked))
    pipe = subprocess.PIPE
    command = [*windows.program, "server", "--port", "0", "--lang", "en"]
    environment = {**os.environ, "CHAT_ENDS_WITH_INPUT": "1", "WINRUN_STDIN": "1"}
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, encoding="utf-8") as server:
        assert server.stdout
        assert server.stdout.readline().startswith("Listening on")
        said, _errors = server.communicate(timeout=60)
    assert (server.returncode, said.split()[-1]) == (0, "stopped")
    assert set(WINDOWS.glob(unpacked)) == before


def test_explorer_can_show_what_it_is(exe: Exe) -> None:
    """Version, icon, manifest: Wine shows none of them, so they are read from the file."""
    content = exe.path.read_bytes()
    assert "LabChat\0".encode("utf-16-le") in content
    assert VERSION.encode("utf-16-le") in content
    for wanted in (b"PerMonitorV2", b"longPathAware", b"consoleAllocationPolicy", b"asInvoker"):
        assert content.count(wanted) >= 1, wanted
    icon = (ROOT / "executable" / "icon.ico").read_bytes()
    count = struct.unpack_from("<H", icon, 4)[0]
    assert count == 9
    for index in range(count):
        length, offset = struct.unpack_from("<II", icon, 6 + 16 * index + 8)
        assert icon[offset : offset + length] in content
