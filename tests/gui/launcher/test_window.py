"""The launcher's window starts programs, shows what they say, and leaves none of them behind."""

import os
import re
import socket
import sys
import threading
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.settings import Settings
from commandline.process import ENDS_WITH_INPUT
from gui.launcher.processes import LAST_WORDS, Child, end_all
from gui.launcher.window import LEAST, MAX_LOG_LINES, SIDE_BY_SIDE, Launcher
from gui.main_window import MainWindow
from gui.question_page import QuestionPage
from sockets.listening import announced_address
from tests.tools.sources import ROOT
from tests.tools.windows import until
from translations import use_language


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (["Listening on 127.0.0.1:6667"], "127.0.0.1:6667"),
        (["Listening on 0.0.0.0:6667", "Students type: 192.168.0.5:6667"], "192.168.0.5:6667"),
        (["LabChat 0.1.0", "12:34:56  connected"], ""),
        ([], ""),
    ],
)
def test_the_address_to_type_is_found_in_what_the_server_says(lines: list[str], address: str) -> None:
    assert announced_address(lines) == address


@pytest.fixture
def launcher(root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Launcher]:
    """A launcher whose server takes any free port."""
    monkeypatch.setenv(ENDS_WITH_INPUT, "1")  # as chat.py does
    command = tmp_path / "program.py"
    command.write_text(
        "import runpy, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "if sys.argv[1] == 'server':\n"
        "    sys.argv += ['--port', '0', '--no-history']\n"
        f"runpy.run_path({str(ROOT / 'chat.py')!r}, run_name='__main__')\n",
        encoding="utf-8",
    )
    window = MainWindow(root, Settings())
    made = Launcher(window, [sys.executable, str(command)])
    window.show_page(made)
    root.update()
    yield made
    made.end()
    made.destroy()


def test_the_server_is_started_and_stopped(launcher: Launcher, root: tk.Tk) -> None:
    launcher.start_server.button.invoke()
    until(root, lambda: re.search(r"127\.0\.0\.1:\d+", launcher._state.cget("text")))
    host, port = announced_address(launcher._plain_lines).split(":")
    socket.create_connection((host, int(port)), 10).close()
    launcher._copy.invoke()
    assert root.clipboard_get() == f"{host}:{port}"
    launcher.start_server.button.invoke()
    until(root, lambda: launcher.server is None)
    assert "not running" in launcher._state.cget("text")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), 10).close()


def test_a_server_that_cannot_start_says_why(launcher: Launcher, root: tk.Tk) -> None:
    launcher._command = [*launcher._command[:1], "-c", "import sys; sys.exit('port 6667 is taken')"]
    launcher.start_server.button.invoke()
    until(root, lambda: launcher.server is None)
    assert "port 6667 is taken" in launcher.log.get("1.0", "end")


def test_the_last_words_of_a_program_are_shown_though_its_reader_is_late(
    launcher: Launcher, root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Child._read

    def read_late(child: Child) -> None:
        child._process.wait()
        threading.Event().wait(LAST_WORDS / 2)
        read(child)

    monkeypatch.setattr(Child, "_read", read_late)
    monkeypatch.setattr("gui.launcher.window.POLL_MS", 1)
    test_a_server_that_cannot_start_says_why(launcher, root)


def test_the_check_is_shown(launcher: Launcher, root: tk.Tk) -> None:
    launcher.check.invoke()
    until(root, lambda: launcher.checking is None)
    shown = launcher.log.get("1.0", "end")
    assert "is this computer ready for the class?" in shown
    assert "history: " in shown
    assert launcher.children_started == []


def test_what_the_check_says_has_the_titles_room_and_its_end_is_seen(launcher: Launcher, root: tk.Tk) -> None:
    em = launcher._look.em
    root.geometry(f"{em(SIDE_BY_SIDE) + 20}x{em(LEAST[1])}")
    root.deiconify()
    until(root, lambda: launcher._title.winfo_ismapped() and launcher.winfo_height() == em(LEAST[1]))
    launcher.check.invoke()
    until(root, lambda: launcher.checking is None)
    until(root, lambda: not launcher._title.winfo_ismapped())
    root.update()
    assert launcher.log.bbox("end-1c")


def test_a_program_that_is_not_there_is_told(launcher: Launcher, root: tk.Tk, tmp_path: Path) -> None:
    launcher._command = [str(tmp_path / "nothing")]
    launcher.open_client.button.invoke()
    assert "could not be started" in launcher.log.get("1.0", "end")


def test_nothing_that_it_started_outlives_it(launcher: Launcher, root: tk.Tk) -> None:
    launcher.start_server.button.invoke()
    until(root, lambda: announced_address(launcher._plain_lines))
    launcher.open_client.button.invoke()
    started = list(launcher.children_started)
    assert len(started) == 2
    launcher.end()
    for child in started:
        with pytest.raises(ProcessLookupError):
            os.kill(child.pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_program_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.launcher.processes.PATIENCE", 0.5)
    deaf = (
        "import signal\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('I hear nothing', flush=True)\n"
        "signal.pause()\n"
    )
    child = Child([sys.executable, "-c", deaf])
    while not child.take_lines():
        assert child.exit_code is None
    end_all([child])
    assert child.exit_code is not None


def test_people_who_are_connected_are_asked_about(launcher: Launcher, root: tk.Tk) -> None:
    use_language("ru")
    closed: list[bool] = []
    launcher.ask_to_close(lambda: closed.append(True))
    assert closed == [True]  # nothing runs
    launcher.start_server.button.invoke()
    until(root, lambda: announced_address(launcher._plain_lines))
    host, port = announced_address(launcher._plain_lines).split(":")
    with socket.create_connection((host, int(port)), 10):
        until(root, lambda: launcher._visitors.addresses)
        launcher.ask_to_close(lambda: closed.append(True))
        asked = launcher._window._over
        assert isinstance(asked, QuestionPage)
        assert asked._text.cget("text") == "Подключён 1 человек."
        asked.button.invoke()
        launcher.start_server.button.invoke()
        asked = launcher._window._over
        assert isinstance(asked, QuestionPage)
        assert launcher.server
        asked.button.invoke()
        assert closed == [True]
    until(root, lambda: not launcher._visitors.addresses)
    launcher.start_server.button.invoke()  # nobody is there: no question
    assert launcher._window._over is None
    until(root, lambda: launcher.server is None)


def test_windows_that_it_has_opened_are_asked_about(launcher: Launcher, root: tk.Tk) -> None:
    launcher.open_client.button.invoke()
    launcher.ask_to_close(lambda: pytest.fail("closed"))
    asked = launcher._window._over
    assert isinstance(asked, QuestionPage)
    assert "1 window" in str(asked._text.cget("text"))


@pytest.mark.parametrize("lines", [1, 20_000])
def test_however_much_a_program_prints_its_newest_line_and_its_address_are_known(
    launcher: Launcher, root: tk.Tk, lines: int
) -> None:
    many = f"for n in range({lines}): print('line', n)\n"
    program = f"print('Listening on 192.168.0.7:7000')\n{many}print('the end')\ninput()"
    launcher._command = [sys.executable, "-c", program]
    launcher.start_server.button.invoke()
    until(root, lambda: "the end" in launcher.log.get("end-2l", "end"), 60)
    assert announced_address(launcher._plain_lines) == "192.168.0.7:7000"
    assert int(str(launcher.log.index("end-1c")).partition(".")[0]) <= MAX_LOG_LINES + 1


def test_a_program_that_ends_at_once_after_many_lines_has_said_them_all(
    launcher: Launcher, root: tk.Tk
) -> None:
    launcher._command = [sys.executable, "-c", "for n in range(5000): print('line', n)"]
    launcher.start_server.button.invoke()
    until(root, lambda: launcher.server is None)
    assert "line 4999" in launcher.log.get("end-2l", "end")


def test_the_cards_stand_below_each_other_in_a_narrow_window(launcher: Launcher, root: tk.Tk) -> None:
    cards = (launcher.start_server, launcher.open_client, launcher.see_demo)
    root.deiconify()
    narrowest = launcher._look.em(SIDE_BY_SIDE)
    for width, across in ((1100, True), (500, False), (narrowest, True), (narrowest - 1, False)):
        root.geometry(f"{width}x700")
        until(root, lambda width=width: root.winfo_width() == width)  # type: ignore[misc]
        until(root, lambda across=across: (cards[0].winfo_y() == cards[2].winfo_y()) is across)  # type: ignore[misc]
        root.update()
        for card in cards:
            for widget in filter(None, (card.button, card.extra)):
                assert widget.winfo_width() >= widget.winfo_reqwidth()
            assert card.winfo_rootx() + card.winfo_width() <= root.winfo_rootx() + width
