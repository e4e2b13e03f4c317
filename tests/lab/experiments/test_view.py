"""The experiments and the report in the window: real runs, real bytes, real files."""

import json
import tkinter as tk
from dataclasses import asdict
from pathlib import Path

import pytest

from client import settings as settings_file
from client.settings import Settings
from gui.toolkit.theme import look_of
from lab.experiments.catalogue import EXPERIMENTS
from lab.experiments.experiment import Trial
from lab.experiments.view import ExperimentView
from lab.report.data import TitlePage
from tests.tools.irc import Irc
from tests.tools.windows import say, until, watched_window
from translations import use_language


def opened(root: tk.Tk) -> tuple[ExperimentView, list[Trial]]:
    done: list[Trial] = []
    view = ExperimentView(root, look_of(root), lambda: done)
    view.on_done = done.append
    view.pack(fill="both", expand=True)
    root.geometry("1200x800")
    root.update()
    return view, done


def test_an_experiment_is_predicted_run_and_explained_with_its_bytes(root: tk.Tk) -> None:
    view, done = opened(root)
    view.predict(0)
    view.run_button.invoke()
    assert view._running
    view.run_button.invoke()  # one at a time
    until(root, lambda: done)
    told = view.text.get("1.0", "end")
    assert done[0].prediction == 0
    assert done[0].result.explanation in told
    assert "recv" in told
    assert done[0].experiment.code[0] in told
    assert len(done) == 1
    assert not view._running


def test_parameters_can_be_changed_and_nonsense_is_told_beside_the_field(root: tk.Tk) -> None:
    view, done = opened(root)
    view.predict(1)
    name, field = next(iter(view._fields.items()))
    parameter = view._experiment.parameters[0]
    for nonsense in ("", "x", "-1", str(parameter.highest + 1), "9" * 50):
        field.set(nonsense)
        view.run()
        assert field.error
        assert not view._running
    field.set(str(parameter.lowest))
    view.run()
    until(root, lambda: done)
    assert done[0].parameters[name] == parameter.lowest


def test_nothing_is_run_before_a_prediction_is_made(root: tk.Tk) -> None:
    view, _done = opened(root)
    view.run_button.invoke()
    assert not view._running
    assert "choose one of the answers" in view._ask.cget("text")


def test_the_first_prediction_counts_and_stays(root: tk.Tk) -> None:
    view, done = opened(root)
    view.predict(2)
    view.predict(0)  # before the answer it may be another one
    view._fields["delay"].set("200")
    view.run()
    view.predict(1)
    until(root, lambda: done)
    view._buttons[1].invoke()
    view._texts[1].event_generate("<Button-1>")
    assert view._prediction == 0
    assert (done[0].prediction, done[0].was_right) == (0, True)
    assert [button.instate(["disabled"]) for button in view._buttons] == [False, True, True]
    assert "Your prediction was right." in view.text.get("1.0", "end")
    view._fields["delay"].set("0")
    view.run()
    until(root, lambda: len(done) == 2)
    assert done[1].prediction is None
    told = view.text.get("1.0", "end")
    assert done[1].result.explanation in told
    assert "Your first prediction counts" in told


def test_one_goes_back_to_a_finished_experiment_and_finds_it(root: tk.Tk) -> None:
    view, done = opened(root)
    view.predict(1)
    view.run()
    until(root, lambda: done)
    told = view.text.get("1.0", "end")
    view.list.on_choose("split")
    assert not view.text.get("1.0", "end").strip()
    assert view._ask.cget("text") == "Predict first:"
    view.list.on_choose("glue")
    assert view.text.get("1.0", "end") == told
    assert [row.key for row in view.list.rows if row.lead] == ["glue"]
    done.clear()  # a new report is begun, perhaps by another student
    view.refresh()
    assert not view.text.get("1.0", "end").strip()
    assert not [row for row in view.list.rows if row.lead]
    view.predict(2)
    assert view._prediction == 2


def test_titles_are_whole_and_their_names_stand_beside_them(root: tk.Tk) -> None:
    view, _done = opened(root)
    canvas = view.list.canvas
    for code in ("ru", "en"):
        use_language(code)
        look_of(root).refresh()
        root.update()
        drawn = [
            canvas.tk.call(str(canvas), "itemcget", item, "-text")
            for item in canvas.find_all()
            if canvas.tk.call(str(canvas), "type", item) == "text"
        ]
        for name, experiment in EXPERIMENTS.items():
            assert experiment.title() in drawn
            assert f"  {name}" in drawn


@pytest.mark.parametrize("code", ["ru", "en"])
def test_every_experiment_has_its_page_in_both_languages(root: tk.Tk, code: str) -> None:
    view, _done = opened(root)
    use_language(code)
    look_of(root).refresh()
    for name, experiment in EXPERIMENTS.items():
        view.list.on_choose(name)
        root.update()
        assert view._title.cget("text") == experiment.title()
        assert len(view._buttons) == len(experiment.predictions())
        assert view.text.winfo_height() > 100
    use_language("en")


def test_the_report_holds_the_windows_own_words_calls_and_experiments(
    root: tk.Tk, irc: Irc, tmp_path: Path
) -> None:
    with watched_window(root, irc) as (window, lab, other):
        say(window, "моё слово")
        other.send("PRIVMSG #lab :<b>чужое</b>")
        until(root, lambda: "чужое" in window.transcript_text())
        view = lab.experiments.show()
        view.predict(1)
        view.run()
        until(root, lambda: lab.draft.trials)
        form = lab.report.show()
        form.fields["name"].set("Анна")
        form.on_save(str(tmp_path / "report.html"), TitlePage(name="Анна"))
        until(root, lambda: "report.html" in form._note.cget("text"))
        html = (tmp_path / "report.html").read_text(encoding="utf-8")
        for wanted in ("Анна", "моё слово", "&lt;b&gt;чужое", "PRIVMSG", "receiver"):
            assert wanted in html
        assert lab.draft.trials[0].experiment.title() in html
        form.on_capture(str(tmp_path / "chat.pcapng"))
        until(root, lambda: "chat.pcapng" in form._note.cget("text"))
        assert (tmp_path / "chat.pcapng").read_bytes()[:4] == b"\x0a\x0d\x0d\x0a"
        assert window.main_window.settings.report == asdict(TitlePage(name="Анна"))
        form.on_save(str(tmp_path / "no" / "report.html"), TitlePage())
        until(root, lambda: "could not be written" in form._note.cget("text"))


def test_the_title_page_is_remembered(tmp_path: Path) -> None:
    settings_file.save(lambda _kept: Settings(report={"name": "Анна", "group": "ИВТ-1"}), tmp_path)
    assert settings_file.load(tmp_path).report == {"name": "Анна", "group": "ИВТ-1"}
    (tmp_path / settings_file.FILE_NAME).write_text(json.dumps({"report": [1]}), encoding="utf-8")
    assert settings_file.load(tmp_path).report == {}
