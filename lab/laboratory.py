"""The laboratory of a chat window: it is passed into the window, watches its sockets, and opens its views.

client_gui.main(form, Laboratory())
"""

import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from gui.chat.controller import ChatController
from gui.main_window import MainWindow
from gui.toolkit.action import Action
from lab.experiments.experiment import Trial
from lab.experiments.view import ExperimentView
from lab.own_window import OwnWindow
from lab.report.content import make_document
from lab.report.data import ReportData, TitlePage
from lab.report.form import ReportForm
from lab.report.judgement import read_judgement
from lab.report.rendering.files import renderer
from lab.report.sources import read_source
from lab.saving import is_saving, save_in_background
from lab.threads.activity import ActivityTracker
from lab.threads.listing import thread_places
from lab.threads.scene import ClientScene
from lab.threads.view import ThreadView
from lab.wire.model import WireModel
from lab.wire.pane import WirePane
from lab.wire.pcap import pcapng
from lab.wire.ring import Ring
from translations import _, plural

_WIRE_KEY: Final = "F12"


class Laboratory:
    """Watches one window's connection from its first call on, and opens its views (`gui.lab_hook.LabHook`).

    For the Tk thread only, but for the two taps.
    """

    def __init__(self) -> None:
        self.tap = Ring()
        self.activity_tap = ActivityTracker()
        self.wire: WirePane
        self.threads: OwnWindow[ThreadView]
        self.experiments: OwnWindow[ExperimentView]
        self.report: OwnWindow[ReportForm]
        self._main_window: MainWindow
        self._controller: ChatController
        self._queue_depths: Callable[[], tuple[int, int]]
        self._trials: dict[str, Trial] = {}
        """By name: the last run of each experiment that was done in this window."""
        self._unsaved: set[str] = set()
        """Those of them that are in no saved report."""

    def open(
        self,
        main_window: MainWindow,
        controller: ChatController,
        send_line: Callable[[str], bool],
        queue_depths: Callable[[], tuple[int, int]],
    ) -> list[Action]:
        """Begin to watch a window; return what the laboratory offers in it."""
        self._main_window, self._controller, self._queue_depths = main_window, controller, queue_depths
        master, look = main_window.master, main_window.look
        self.wire = WirePane(look, controller, WireModel(self.tap), send_line, _WIRE_KEY)
        self.threads = OwnWindow(master, look, lambda: _("Threads"), (70, 36), self._make_threads)
        self.experiments = OwnWindow(
            master, look, lambda: _("Experiments"), (80, 50), self._make_experiments, True
        )
        self.report = OwnWindow(master, look, lambda: _("Report"), (62, 40), self._make_report, True)
        return [
            Action(
                lambda: _("Hide the socket calls") if self.wire.view else _("Show the socket calls"),
                self.wire.toggle,
                _WIRE_KEY,
                lambda: _("Show or hide the socket calls"),
            ),
            Action(lambda: _("Threads …"), self._show_threads, "Shift+F12", lambda: _("Show the threads")),
            Action(lambda: _("Experiments …"), self.experiments.show),
            Action(lambda: _("Save report …"), self.report.show),
        ]

    def _show_threads(self) -> None:
        self.threads.show().slow.focus_set()

    def _make_threads(self, window: tk.Toplevel) -> ThreadView:
        window.bind("<Escape>", lambda _: self.threads.close())
        scene = ClientScene(self.activity_tap, self._address, self._queue_depths)
        return ThreadView(window, self._main_window.look, scene)

    def _make_experiments(self, window: tk.Toplevel) -> ExperimentView:
        view = ExperimentView(window, self._main_window.look)
        view.on_done = self._keep_trial
        view.list.canvas.focus_set()
        return view

    def _keep_trial(self, trial: Trial) -> None:
        self._trials.pop(trial.experiment.name, None)  # the latest stands last
        self._trials[trial.experiment.name] = trial
        self._unsaved.add(trial.experiment.name)

    def _make_report(self, window: tk.Toplevel) -> ReportForm:
        window.bind("<Escape>", lambda _: self.report.close())
        form = ReportForm(window, self._main_window.look, self._main_window.settings.report)
        form.on_change = self._remember_title
        form.on_save = lambda path, title: self._save_report(form, path, title)
        form.on_capture = lambda path: save_in_background(
            form, path, lambda: pcapng(self.tap.calls()), form.show_note
        )
        form.fields["university"].enter()
        return form

    def _save_report(self, form: ReportForm, path: str, title: TitlePage) -> None:
        """Write the report in a thread, and remember the title page's fields."""
        shown, written = self._controller.page.shown, set(self._trials)
        self._remember_title(asdict(title))

        def saved() -> None:
            self._unsaved -= written

        entries, trials = tuple(shown.entries) if shown else (), tuple(self._trials.values())
        data = ReportData(title, entries, self.tap.calls(), (), self._address(), thread_places(), trials)
        judgement, listings = form.judgement, tuple(form.listings)

        def content() -> bytes:
            render = renderer(Path(path))
            judged = read_judgement(judgement) if judgement else None
            sources = [read_source(file) for file in listings]
            return render(make_document(replace(data, judgement=judged, sources=sources)))

        save_in_background(form, path, content, form.show_note, saved)

    def _remember_title(self, fields: Mapping[str, str]) -> None:
        self._main_window.choose(lambda kept: replace(kept, report={**kept.report, **fields}))

    def _address(self) -> str:
        session = self._controller.session
        return session.state.profile.server if session else _("not connected")

    def unfinished(self) -> list[str]:
        """Say in sentences what would be lost if the window were closed now."""
        losses = [_("An experiment is running.")] if self._is_experimenting() else []
        losses += [_("A file is being saved.")] if is_saving() else []
        if self._unsaved:
            told = plural(
                "{count} experiment is in no saved report.",
                "{count} experiments are in no saved report.",
                len(self._unsaved),
            )
            losses.append(told)
        return losses

    def _is_experimenting(self) -> bool:
        return self.experiments.view is not None and self.experiments.view.is_running
