"""Windows of the laboratory that close in the middle of something: no traceback, and nothing lost unasked."""

import threading
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk

import pytest

from client.settings import Settings
from gui.question_page import QuestionPage
from lab import saving
from lab.laboratory import Laboratory
from lab.report.data import TitlePage
from tests.tools.irc import Irc
from tests.tools.windows import Memory, chat_window, enter_room, page_over, until


@pytest.fixture
def errors(root: tk.Tk) -> list[str]:
    told: list[str] = []
    root.report_callback_exception = lambda kind, error, trace: told.append(repr(error))
    return told


@pytest.mark.parametrize("what", ["report", "capture", "wire", "menu", "experiment", "help"])
def test_a_window_that_closes_below_an_open_dialog_leaves_no_traceback(
    root: tk.Tk, irc: Irc, errors: list[str], what: str
) -> None:
    laboratory = Laboratory()
    top = tk.Toplevel(root)
    with chat_window(top, Settings(), laboratory) as window:
        enter_room(window, irc.address)
        laboratory.wire.toggle()
        assert laboratory.wire.view
        open_dialog: dict[str, Callable[[], object]] = {
            "report": laboratory.report.show().ask_and_save,
            "capture": laboratory.report.show().ask_and_capture,
            "wire": laboratory.wire.view.ask_and_save,
            "menu": window.actions.menu.perform,
            "experiment": laboratory.experiments.show().run,
            "help": window.actions.help.perform,
        }
        laboratory.experiments.show().predict(0)
        root.after(300, window.close)
        open_dialog[what]()
        until(root, lambda: not root.tk.call("winfo", "exists", str(top)))
        root.update()
    assert errors == []


def test_a_running_experiment_and_an_unsaved_one_are_asked_about(
    root: tk.Tk, irc: Irc, tmp_path: Path
) -> None:
    laboratory = Laboratory()
    with chat_window(root, Settings(), laboratory) as window:
        enter_room(window, irc.address)
        view = laboratory.experiments.show()
        view._fields["delay"].set("400")
        view.predict(1)
        view.run()
        window.ask_to_close()
        asked = page_over(window.main_window, QuestionPage)
        assert "An experiment is running." in str(asked._text.cget("text"))
        asked.button.invoke()
        laboratory.experiments.close()
        until(root, lambda: not view.is_running)
        assert laboratory.unfinished() == ["1 experiment is in no saved report."]
        form = laboratory.report.show()
        form.on_save(str(tmp_path / "report.html"), TitlePage())
        until(root, lambda: "Saved" in form._note.cget("text"))
        assert laboratory.unfinished() == []


def test_calls_that_were_chosen_for_a_report_are_asked_about(root: tk.Tk, irc: Irc, tmp_path: Path) -> None:
    laboratory = Laboratory()
    with chat_window(root, Settings(), laboratory) as window:
        enter_room(window, irc.address)
        laboratory._choose_calls(laboratory.tap.calls()[:2])
        assert laboratory.unfinished() == ["2 chosen calls are in no saved report."]
        form = laboratory.report.show()
        form.on_save(str(tmp_path / "report.html"), TitlePage())
        until(root, lambda: "Saved" in form._note.cget("text"))
        assert laboratory.unfinished() == []


def test_what_is_begun_in_a_window_is_there_again_when_it_is_opened_again(root: tk.Tk, irc: Irc) -> None:
    laboratory, memory = Laboratory(), Memory()
    with chat_window(root, Settings(), laboratory) as window:
        window.main_window._remember = memory.remember
        view = laboratory.experiments.show()
        view.predict(1)
        view._fields["count"].set("7")
        view._choose("split")
        assert view._prediction is None
        laboratory.experiments.close()
        view = laboratory.experiments.show()
        view._choose("glue")
        assert (view._prediction, view._fields["count"].get()) == (1, "7")
        form = laboratory.report.show()
        entry = form.fields["name"].entry
        entry.focus_force()
        root.update()
        entry.insert(0, "Анн")
        entry.event_generate("<Key>", keysym="Cyrillic_a")
        entry.event_generate("<KeyRelease>", keysym="Cyrillic_a")
        name = form.fields["name"].get()
        laboratory.report.close()
        assert laboratory.report.show().fields["name"].get() == name
    assert memory.settings.report == {"name": name}


def test_a_file_is_whole_or_as_it_was(root: tk.Tk, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text("old")
    notes: list[str] = []
    going_on, may_end = threading.Event(), threading.Event()

    def make() -> str:
        going_on.set()
        may_end.wait(10)
        raise OSError(28, "full")

    label = ttk.Label(root)
    saving.save_in_background(label, str(file), make, notes.append)
    assert going_on.wait(10)
    assert saving.is_saving()
    assert file.read_text() == "old"
    may_end.set()
    until(root, lambda: notes)
    assert "the disk is full" in notes[0]
    assert file.read_text() == "old"
    saving.save_in_background(label, str(file), lambda: "new", notes.append)
    until(root, lambda: len(notes) == 2)
    assert file.read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "report.html"]


@pytest.mark.parametrize("what", ["threads", "experiments", "judge", "report"])
def test_esc_closes_each_window_of_the_laboratory(root: tk.Tk, what: str) -> None:
    laboratory = Laboratory()
    with chat_window(root, Settings(), laboratory):
        opened = getattr(laboratory, what).show().winfo_toplevel()
        until(root, opened.winfo_ismapped)
        opened.focus_force()
        opened.event_generate("<Escape>")
        until(root, lambda: not root.tk.call("winfo", "exists", str(opened)) or not opened.winfo_ismapped())
