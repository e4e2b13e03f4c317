"""The judge in a window: real programs, real sockets, real files, and somebody who presses the buttons."""

import json
import shlex
import socket
import sys
import tkinter as tk
from itertools import product
from pathlib import Path

import pytest

from gui.toolkit.theme import look_of
from lab.judge.check import Mark
from lab.judge.protocols import PROTOCOLS
from lab.judge.task import CLIENT, SERVER, find_task
from lab.judge.variants import VARIANTS
from lab.judge.view import JudgeView
from tests.students.programs import FOLDER
from tests.tools.irc import Irc
from tests.tools.programs import free_port
from tests.tools.windows import until, watched_window
from translations import use_language

LONGEST = 60.0
"""Seconds that the judge may take, with the program that it starts."""
SERVER_PROGRAM = FOLDER / "python/server_threads.py"
ECHO = """
import socket, sys
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        sock, _address = server.accept()
        while data := sock.recv(4096):
            sock.sendall(data)
"""


def opened(root: tk.Tk) -> JudgeView:
    view = JudgeView(root, look_of(root))
    view.pack(fill="both", expand=True)
    root.geometry("1024x700")
    root.deiconify()
    root.update()
    return view


@pytest.fixture
def echo(tmp_path: Path) -> Path:
    """A program that attends to one client at a time."""
    program = tmp_path / "echo.py"
    program.write_text(ECHO, encoding="utf-8")
    return program


def let_start(view: JudgeView, program: Path) -> None:
    port = free_port()
    view.form.places[SERVER].set(f"127.0.0.1:{port}")
    view.form.command.set(shlex.join([sys.executable, str(program), str(port)]))


def test_a_failure_is_told_with_its_bytes_and_saved(root: tk.Tk, tmp_path: Path, echo: Path) -> None:
    view = opened(root)
    let_start(view, echo)
    view.judge("several")
    assert view.is_judging
    view.judge("accept")  # one at a time
    until(root, lambda: not view.is_judging, LONGEST)
    assert view.judgement
    marks = {one.name: one.mark for one in view.judgement.outcomes}
    assert marks == {"accept": Mark.PASSED, "answer": Mark.PASSED, "several": Mark.FAILED}
    told = view.text.get("1.0", "end")
    failure = view.judgement.outcomes[-1]
    for wanted in (failure.meaning, failure.expected, f"Section {failure.section}", "send", r"\n"):
        assert wanted in told
    for name in ("found.json", "found.html"):
        view.save_to(tmp_path / name)
        until(root, lambda name=name: name in view._note.cget("text"))  # type: ignore[misc]
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert [one["mark"] for one in found["checks"]] == ["passed", "passed", "failed"]
    assert "several" in (tmp_path / "found.html").read_text(encoding="utf-8")
    view.save_to(tmp_path / "found.pdf")
    assert ".json" in view._note.cget("text")
    assert not (tmp_path / "found.pdf").exists()


def test_enter_in_a_field_judges_and_keys_that_change_no_variant_keep_what_was_found(
    root: tk.Tk, echo: Path
) -> None:
    view = opened(root)
    let_start(view, echo)
    view.form.variant.entry.focus_force()
    root.update()
    for event in ("<KeyPress-5>", "<KeyRelease-5>", "<KeyPress-Return>", "<KeyRelease-Return>"):
        view.form.variant.entry.event_generate(event)
        root.update()
    assert view.is_judging
    assert view.form.variant.get() == "5"
    until(root, lambda: len(view._outcomes) > 1, LONGEST)
    view.cancel.invoke()
    until(root, lambda: not view.is_judging, LONGEST)
    found = dict(view._outcomes)
    view.form.variant.entry.event_generate("<KeyRelease-Tab>")
    root.update()
    assert view._outcomes == found


def test_one_check_is_made_again_and_the_others_stay(root: tk.Tk, echo: Path) -> None:
    view = opened(root)
    let_start(view, echo)
    view.judge("several")
    until(root, lambda: not view.is_judging, LONGEST)
    for name, program_now, last in (
        ("accept", echo, Mark.FAILED),
        ("several", SERVER_PROGRAM, Mark.PASSED),
    ):
        let_start(view, program_now)
        view.show(name)
        view.again.invoke()
        until(root, lambda: not view.is_judging, LONGEST)
        assert view.judgement
        assert [one.mark for one in view.judgement.outcomes] == [Mark.PASSED, Mark.PASSED, last]
    view.form.choose_side(CLIENT)
    assert view.judgement is None


def test_a_check_that_needs_one_above_the_variant_s_level_is_made_alone(root: tk.Tk, echo: Path) -> None:
    view = opened(root)
    view.form.variant.set("5")
    let_start(view, echo)
    task = view.form.task()
    assert task
    assert (task.level, task.feature) == (5, "buffer")
    assert "slow" not in task.titles()
    view.judge("buffer")
    until(root, lambda: not view.is_judging, LONGEST)
    assert view.judgement
    assert [(one.name, one.mark) for one in view.judgement.outcomes][-1] == ("buffer", Mark.NOT_JUDGED)
    assert "slow" not in [one.name for one in view.judgement.outcomes]
    assert view.start.instate(["!disabled"])


def test_the_judge_is_broken_off_and_what_it_started_ends(root: tk.Tk) -> None:
    view = opened(root)
    let_start(view, SERVER_PROGRAM)
    view.judge()
    until(root, lambda: len(view._outcomes) > 1, LONGEST)
    view.cancel.invoke()
    until(root, lambda: not view.is_judging, LONGEST)
    assert view._note.cget("text") == "Broken off."
    host, port = view.form.where.split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))


def test_the_user_of_a_client_is_told_what_to_do_and_answers_with_buttons(root: tk.Tk) -> None:
    view = opened(root)
    view.form.choose_side(CLIENT)
    port = free_port()
    view.form.places[CLIENT].set(str(port))
    view.judge("shows")
    until(root, lambda: str(port) in view.request.cget("text"))
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"Anna\n")
        until(root, view.yes.winfo_ismapped, LONGEST)
        view.no.invoke()
        until(root, lambda: not view.is_judging, LONGEST)
    assert view.judgement
    assert [one.mark for one in view.judgement.outcomes] == [Mark.PASSED, Mark.FAILED]
    assert not view.yes.winfo_ismapped()


def test_another_computer_is_contacted_only_after_a_question(root: tk.Tk) -> None:
    view = opened(root)
    view.form.places[SERVER].set("192.0.2.1:7000")
    view.judge()
    until(root, view.no.winfo_ismapped)
    assert "192.0.2.1:7000" in view.request.cget("text")
    view.no.invoke()
    until(root, lambda: not view.is_judging)
    assert view._note.cget("text") == "Nothing was sent."
    view.form.places[SERVER].set("nonsense here")
    view.judge()
    until(root, lambda: not view.is_judging)
    assert "127.0.0.1:7000" in view._note.cget("text")


def test_a_variant_chooses_protocol_and_checks(root: tk.Tk) -> None:
    view = opened(root)
    view.form.variant.set("7")
    view.form.variant.entry.focus_force()
    root.update()
    view.form.variant.entry.event_generate("<KeyRelease>", keysym="7")
    task = view.form.task()
    assert task
    assert (task.protocol, task.feature) == (VARIANTS[7].framing, VARIANTS[7].feature)
    assert task.feature in [row.key for row in view.list.rows]
    view.form.variant.set("31")
    view.judge()
    assert not view.is_judging
    assert "30" in view.form.variant.error


@pytest.mark.parametrize("code", ["ru", "en"])
def test_the_page_is_there_in_both_languages(root: tk.Tk, code: str) -> None:
    use_language(code)
    view = opened(root)
    root.update()
    for widget in (
        view.start,
        view.cancel,
        view.save,
        *view.form.sides.values(),
        *view.form.protocols.values(),
    ):
        assert widget.winfo_ismapped()
        assert widget.winfo_width() >= widget.winfo_reqwidth()
    assert view.text.winfo_height() > 100
    use_language("en")


@pytest.mark.parametrize("code", ["ru", "en"])
def test_what_a_check_is_about_is_not_cut(root: tk.Tk, code: str) -> None:
    use_language(code)
    view, look = opened(root), look_of(root)
    room = view.list.canvas.winfo_width() - look.em(3.4)
    cut = {
        title
        for side, protocol, variant in product((SERVER, CLIENT), PROTOCOLS, (None, *VARIANTS))
        for name, (_level, title) in find_task(side, protocol, variant).titles().items()
        if look.fonts["bold"].measure(title) + look.fonts["small"].measure(f"  {name}") > room
    }
    assert cut == set()
    use_language("en")


def test_the_window_says_before_it_closes_that_a_program_is_being_judged(root: tk.Tk, irc: Irc) -> None:
    with watched_window(root, irc) as (_window, lab, _other):
        view = lab.judge.show()
        let_start(view, SERVER_PROGRAM)
        assert lab.unfinished() == []
        view.judge()
        assert len(lab.unfinished()) == 1
        view.cancel.invoke()
        until(root, lambda: not view.is_judging, LONGEST)
