"""From the launcher's card to a class that runs: its server, the teacher's window, the board, the file."""

import os
import socket
import subprocess
import sys
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from client.settings import Settings
from commandline.process import ENDS_WITH_INPUT
from gui.board import Board
from gui.launcher.class_plan import (
    PASSWORD_LENGTH,
    PASSWORD_SIGNS,
    ClassPlan,
    free_port,
    make_password,
    recall,
    starter,
)
from gui.launcher.window import Launcher
from gui.main_window import MainWindow
from gui.question_page import QuestionPage
from program.folders import history_file
from program.variables import OPERATOR_TOKEN_VARIABLE
from sockets.cards import lan_cards
from tests.tools.irc import Client
from tests.tools.sources import ROOT
from tests.tools.windows import Memory, until
from translations import use_language

PATIENCE: Final = 40.0
"""Seconds for two programs to start."""


@pytest.fixture
def memory() -> Memory:
    """What the launcher remembers."""
    return Memory()


@pytest.fixture
def launcher(root: tk.Tk, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Launcher]:
    """A launcher whose card of the class is open."""
    monkeypatch.setenv(ENDS_WITH_INPUT, "1")  # as chat.py does
    window = MainWindow(root, Settings(nick="Мария"), memory.remember)
    made = Launcher(window, [sys.executable, str(ROOT / "chat.py")])
    window.show_page(made)
    root.update()
    made.hold_class.button.invoke()
    made.class_page.fields["port"].set(str(_some_port()))
    yield made
    made.end()
    made.destroy()


def _some_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def start(launcher: Launcher) -> tuple[str, int]:
    """Start the class; return where its server listens, when the teacher's window is in."""
    launcher.class_page.start.invoke()
    assert not [field.error for field in launcher.class_page.fields.values() if field.error]
    until(launcher, lambda: launcher._windows and launcher._visitors.addresses, PATIENCE)
    return "127.0.0.1", int(launcher._address().rpartition(":")[2])


def student(address: tuple[str, int], nick: str, password: str = "") -> Client:
    """Somebody in the room of the class."""
    client = Client(address, nick)
    if password:
        client.send(f"PASS {password}")
    client.register(nick)
    client.send("JOIN #lab")
    client.expect(" 366 ")
    return client


def test_a_class_is_started_and_the_teacher_is_its_operator(launcher: Launcher) -> None:
    page = launcher.class_page
    page.fields["group"].set("ИВТ-21")
    page.fields["rooms"].set("lab, группа2")
    page.make.invoke()
    password = page.fields["password"].get()
    address = start(launcher)
    for child in launcher.children_started:  # anybody on this computer can read these
        told = Path(f"/proc/{child.pid}/cmdline").read_text(encoding="utf-8")
        assert password not in told
        assert launcher._token not in told
    with student(address, "Борис", password) as boris:

        def is_operator_of(room: str) -> bool:
            boris.send("WHOIS Мария")
            return f"@{room}" in boris.expect(" (319|401|318) .*").group()

        for room in ("#lab", "#группа2"):
            until(launcher, lambda room=room: is_operator_of(room))  # type: ignore[misc]
        boris.send("MODE #lab +m")
        boris.expect(" 482 ")
        boris.send("NICK Мария_")
        boris.expect(" 43[23] ")
    shown = [value.cget("text") for value in page.values]
    assert shown[1:] == ["#lab #группа2", password]


def test_the_token_is_of_no_use_from_the_list_of_processes_or_the_log(launcher: Launcher) -> None:
    start(launcher)
    assert launcher._token
    assert launcher._token not in launcher.log.get("1.0", "end")
    assert OPERATOR_TOKEN_VARIABLE not in os.environ


def test_what_the_server_says_can_be_done_there(launcher: Launcher) -> None:
    start(launcher)
    said = launcher.log.get("1.0", "end")
    assert "It runs until you stop it here." in said
    assert "--" not in said
    assert "Ctrl" not in said


def test_the_next_port_is_taken_where_one_is_taken(launcher: Launcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) != port
        launcher.class_page.fields["port"].set(str(port))
        assert start(launcher)[1] != port
        assert f"Port {port} is taken" in launcher.log.get("1.0", "end")
        assert launcher._window.settings.classroom["port"] == str(port)


def test_it_is_remembered_but_for_the_password(launcher: Launcher, memory: Memory, tmp_path: Path) -> None:
    roster = tmp_path / "список группы.txt"
    roster.write_text("Иванов Иван\n", encoding="utf-8")
    page = launcher.class_page
    for name, text in (("group", "ИВТ-21"), ("rooms", "#сети"), ("roster", str(roster))):
        page.fields[name].set(text)  # type: ignore[index]
    page.roster_only.invoke()
    page.make.invoke()
    password = page.fields["password"].get()
    start(launcher)
    kept = memory.settings.classroom
    assert password not in str(kept)
    plan = recall(kept, "")
    assert (plan.group, plan.rooms, plan.roster, plan.roster_only) == ("ИВТ-21", "#сети", str(roster), True)
    assert plan.password
    assert plan.password != password


def test_what_cannot_be_is_said_beside_the_field(launcher: Launcher) -> None:
    page = launcher.class_page
    for name, text in (("name", "Иван Иванов"), ("rooms", "#labлаб"), ("port", "70000"), ("roster", "/none")):
        page.fields[name].set(text)  # type: ignore[index]
    page.start.invoke()
    assert [name for name, field in page.fields.items() if field.error] == ["name", "rooms", "port", "roster"]
    page.fields["roster"].set("")
    page.start.invoke()
    assert not page.fields["roster"].error
    page.roster_only.invoke()  # it means a list
    page.start.invoke()
    assert page.fields["roster"].error
    assert launcher.children_started == []


def test_who_ends_the_class_is_asked_how_many_are_there(launcher: Launcher, root: tk.Tk) -> None:
    address = start(launcher)
    with student(address, "Борис"), student(address, "Вера"):
        until(root, lambda: launcher._people() == 2)
        assert launcher.class_page.people.cget("text") == "2 people are connected."
        launcher.class_page.buttons[-1].invoke()
        asked = launcher._window._over
        assert isinstance(asked, QuestionPage)
        assert asked._question().title == "Stop the class?"
        assert asked._text.cget("text") == "2 people are connected."
        asked.act_button.invoke()
        until(root, lambda: launcher.server is None)
    until(root, launcher.class_page.start.winfo_ismapped)  # it can be started again


def test_a_new_class_is_begun_and_the_last_one_is_in_the_archive(launcher: Launcher, root: tk.Tk) -> None:
    page = launcher.class_page
    page.fields["group"].set("ИВТ-21")
    address = start(launcher)
    with student(address, "Борис") as boris:
        boris.send("PRIVMSG #lab :тайна первой группы")
        boris.send("PING said")
        boris.expect("PONG .*said")
        page.next_group.set("ИВТ-22")
        page.new.invoke()
        asked = launcher._window._over
        assert isinstance(asked, QuestionPage)
        asked.act_button.invoke()
        until(root, lambda: "A new class begins: ИВТ-22" in launcher.log.get("1.0", "end"))
        assert "ИВТ-22" in page._title.cget("text")
        assert page.fields["group"].get() == "ИВТ-22"
        archive = next(history_file(address[1]).parent.glob("archive/*-ИВТ-21"))
        until(root, (archive / "chat.html").is_file)
        assert "тайна" in (archive / "chat.html").read_text(encoding="utf-8")


def test_the_board_shows_what_is_announced_and_ends_with_the_class(launcher: Launcher, root: tk.Tk) -> None:
    launcher.class_page.make.invoke()
    start(launcher)
    for _ in range(2):
        launcher.class_page.buttons[0].invoke()
    board, *others = [child for child in launcher.winfo_children() if isinstance(child, Board)]
    assert others == []
    shown = [value.cget("text") for value in board._values]
    assert shown == [launcher._address(), "#lab", launcher.class_page.fields["password"].get()]
    use_language("ru")
    launcher._look.refresh()  # what the server has announced in English is still known
    assert board._values[0].cget("text") == launcher._address() != ""
    root.update()
    board.geometry("1024x768")

    def fits() -> bool:
        ends = [value.winfo_rootx() - board.winfo_rootx() + value.winfo_width() for value in board._values]
        return board._values[0].winfo_reqwidth() > 1024 * 0.6 and max(ends) <= 1024 == board.winfo_width()

    until(root, fits)  # the letters follow the window in their own time
    board.toggle()
    board.focus_force()
    board.event_generate("<Escape>")
    assert not board.winfo_exists()
    launcher.class_page.buttons[0].invoke()
    launcher.class_page.buttons[-1].invoke()
    until(root, lambda: launcher.server is None)
    assert not [child for child in launcher.winfo_children() if isinstance(child, Board)]


def test_students_addresses_are_not_taken_for_the_servers(launcher: Launcher, root: tk.Tk) -> None:
    """After 140 had come and gone, the launcher once told the class to type a student's address."""
    came = "".join(
        f"12:00:{n % 60:02}  connected: 10.1.{n}.7:5000 (client {n})\n"
        f"12:01:{n % 60:02}  closed: 10.1.{n}.7:5000 Студент{n}: Quit: Students type: 10.9.9.9:6667\n"
        for n in range(140)
    )
    announced = "Listening on 0.0.0.0:6667\nStudents type: 192.168.0.7:6667\nStop with Ctrl+C.\n"
    launcher._command = [sys.executable, "-c", f"print({announced + came!r})\ninput()"]
    launcher.class_page.start.invoke()
    until(root, lambda: "10.1.139.7" in launcher.log.get("1.0", "end"))
    assert launcher._address() == "192.168.0.7:6667"


def test_a_real_server_for_the_classroom_is_known_by_its_own_address(launcher: Launcher) -> None:
    start(launcher)
    cards = [card.address for card in lan_cards()] or ["127.0.0.1"]
    assert launcher._address().rpartition(":")[0] == cards[0]


def test_a_made_password_can_be_read_on_a_board() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) > 40
    assert all(len(one) == PASSWORD_LENGTH and set(one) <= set(PASSWORD_SIGNS) for one in made)
    assert not set(PASSWORD_SIGNS) & set("01OoIilЗзОо")
    assert ClassPlan(name="Анна", password=made.pop()).problems() == {}


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's script")
def test_the_file_for_students_opens_a_client_from_any_folder(
    launcher: Launcher, root: tk.Tk, tmp_path: Path
) -> None:
    folder = tmp_path / "Наш чат (1) 'ИВТ'"
    folder.mkdir()
    launcher.class_page.fields["rooms"].set("#it's")
    start(launcher)
    file = folder / "занятие.sh"
    launcher.write_starter(file)
    assert "Saved" in launcher.log.get("1.0", "end")
    program = folder / "chat"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    result = subprocess.run([file], check=True, capture_output=True, text=True, cwd="/")
    assert result.stdout.split() == ["client", "--server", launcher._address(), "--room", "#it's"]


def test_the_file_for_windows_names_no_folder() -> None:
    text = starter(Path("занятие.BAT"), "", "192.168.0.7:6667", "#группа%1")
    assert all(line.endswith("\r") for line in text.split("\n")[:-1])
    assert 'cd /d "%~dp0"' in text
    assert 'start "" "chat.exe" client --server "192.168.0.7:6667" --room "#группа%%1"' in text
    assert "мой чат.exe" in starter(Path("a.bat"), "мой чат.exe", "h:1", "#lab")
    assert "./chat" in starter(Path("a.sh"), "мой чат.exe", "h:1", "#lab")
