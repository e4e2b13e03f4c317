"""The laboratory of a chat window: it is passed into the window, watches its sockets, and opens its views.

client_gui.main(form, Laboratory())

What a view needs is imported when it is opened: all of it would take a third of the time in which the
program starts, and an eighth of its memory.
"""

import re
import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gui.chat.controller import ChatController
from gui.main_window import MainWindow
from gui.question_page import Question
from gui.toolkit.action import Action
from gui.toolkit.keys import bind_keys
from gui.toolkit.mainloop import repeat
from lab.notice import hide_notice, show_notice
from lab.own_window import OwnWindow
from lab.saving import is_saving, save_in_background
from lab.threads.activity import ActivityTracker
from lab.tour import Tour
from lab.wire.model import WireModel
from lab.wire.pane import WirePane
from lab.wire.ring import Ring
from program.version import NAME
from protocol.text import visible
from sockets.tap import Call
from translations import _, plural

if TYPE_CHECKING:
    from lab.experiments.view import ExperimentView
    from lab.judge.view import JudgeView
    from lab.report.data import TitlePage
    from lab.report.draft import Draft
    from lab.report.form import ReportForm
    from lab.report.pictures.taken import TakenPicture
    from lab.threads.view import ThreadView

_WIRE_KEY: Final = "F12"
_PICTURE_KEY: Final = "Ctrl+Shift+P"
_LOOK_MS: Final = 500
_DRAWN_MS: Final = 200
"""After which a menu has gone from the screen, and a window that was covered is drawn."""
_UNREAD: Final = re.compile(r"^\(\d+(, @\d+)?\) ")
"""Before a window's title: how much is not read, which is no part of a caption."""


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
        self.judge: OwnWindow[JudgeView]
        self.report: OwnWindow[ReportForm]
        self.tour: Tour
        self._main_window: MainWindow
        self._controller: ChatController
        self._queue_depths: Callable[[], tuple[int, int]]
        self._chosen: list[Call] = []
        """The calls that the report is to show."""
        self._reported: Sequence[Call] = ()
        """Those that a saved report shows."""

    @cached_property
    def draft(self) -> "Draft":
        """What a report will hold."""
        from lab.report.draft import Draft  # noqa: PLC0415

        return Draft()

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
        self.wire = WirePane(look, controller, WireModel(self.tap), send_line, _WIRE_KEY, self._choose_calls)
        self.tour = Tour(main_window, controller, self.wire)
        self.threads = OwnWindow(master, look, lambda: _("Threads"), (70, 36), self._make_threads)
        self.experiments = OwnWindow(
            master, look, lambda: _("Experiments"), (80, 50), self._make_experiments, True
        )
        self.judge = OwnWindow(master, look, lambda: _("Judge of programs"), (84, 52), self._make_judge, True)
        self.report = OwnWindow(master, look, lambda: _("Report"), (66, 34), self._make_report, True)
        return [
            Action(
                lambda: _("Hide the socket calls") if self.wire.view else _("Show the socket calls"),
                self.wire.toggle,
                _WIRE_KEY,
                lambda: _("Show or hide the socket calls"),
            ),
            Action(lambda: _("Threads"), self._show_threads, "Shift+F12", lambda: _("Show the threads")),
            Action(lambda: _("Experiments"), self.experiments.show),
            Action(lambda: _("Judge a program …"), self.judge.show),
            Action(
                lambda: _("Take a picture for the report"),
                lambda: self.take_picture(master),
                _PICTURE_KEY,
            ),
            Action(lambda: _("Save report …"), self.report.show),
            Action(lambda: _("A tour of the laboratory"), self.tour.begin),
        ]

    def introduce(self) -> None:
        """Show what there is to somebody who has not seen it, once he has come into a room."""
        self.tour.offer()

    def _show_threads(self) -> None:
        self.threads.show().slow.focus_set()

    def _make_threads(self, window: tk.Toplevel) -> "ThreadView":
        from lab.threads.scene import ClientScene  # noqa: PLC0415
        from lab.threads.view import ThreadView  # noqa: PLC0415

        bind_keys(window, {_PICTURE_KEY: lambda: self.take_picture(window)})
        scene = ClientScene(self.activity_tap, self._address, self._queue_depths)
        return ThreadView(window, self._main_window.look, scene)

    def _make_experiments(self, window: tk.Toplevel) -> "ExperimentView":
        from lab.experiments.view import ExperimentView  # noqa: PLC0415

        view = ExperimentView(window, self._main_window.look, lambda: self.draft.trials)
        view.on_done = self.draft.keep_trial
        self.draft.look()
        repeat(view, _LOOK_MS, view.refresh)
        view.list.canvas.focus_set()
        bind_keys(window, {_PICTURE_KEY: lambda: self.take_picture(window)})
        return view

    def _make_judge(self, window: tk.Toplevel) -> "JudgeView":
        from lab.judge.view import JudgeView  # noqa: PLC0415

        bind_keys(window, {_PICTURE_KEY: lambda: self.take_picture(window)})
        return JudgeView(window, self._main_window.look)

    # Pictures, and what else the report will hold.

    def take_picture(self, window: tk.Tk | tk.Toplevel) -> None:
        """Take a picture of a window for the report; where that cannot be, a frame for one.

        X11 and macOS read the screen: the window comes to the top first, and is given time to be drawn.
        """
        from lab.report.pictures.take import take_in_background  # noqa: PLC0415
        from lab.report.pictures.taken import TakenPicture  # noqa: PLC0415

        hide_notice(window)
        window.lift()
        title = _UNREAD.sub("", window.title().removesuffix(f" — {NAME}"))
        caption = _("Window “{title}”").format(title=visible(title))
        is_drawn = False

        def step() -> bool:
            nonlocal is_drawn
            if is_drawn:
                take_in_background(
                    window, lambda picture: self._keep_picture(window, TakenPicture(caption, picture))
                )
            is_drawn = not is_drawn
            return is_drawn

        repeat(window, _DRAWN_MS, step)

    def _keep_picture(self, window: tk.Tk | tk.Toplevel, taken: "TakenPicture") -> None:
        self.draft.keep_picture(taken)
        number = len(self.draft.pictures)
        text = _("Picture {number} for the report was taken.")
        if taken.picture is None:
            text = _("The system lets no picture be taken: the report has a frame for it.")
        show_notice(window, self._main_window.look, text.format(number=number))

    def _choose_calls(self, calls: Sequence[Call]) -> str:
        """Take calls into the report; if all are in it already, out of it."""
        if not calls:
            return _("Click on a message or a call first.")
        if all(call in self._chosen for call in calls):
            self._chosen = [call for call in self._chosen if call not in calls]
        else:
            self._chosen += [call for call in calls if call not in self._chosen]
        count = len(self._chosen)
        return plural("The report will show {count} call.", "The report will show {count} calls.", count)

    def _holds(self) -> str:
        """Say what the report will hold."""
        nothing = _("none")
        text = _("It will hold: experiments {trials}; pictures {pictures}; calls {calls}.")
        return text.format(
            trials=", ".join(trial.experiment.name for trial in self.draft.trials) or nothing,
            pictures=len(self.draft.pictures) or nothing,
            calls=len(self._chosen) or _("the first exchange"),
        )

    def _ask_to_forget(self) -> None:
        """Begin a new report, after a question."""
        count = len(self.draft.names())
        losses = [
            plural("{count} experiment or picture goes.", "{count} experiments and pictures go.", count)
        ]
        question = Question(_("Begin a new report?"), losses if count else (), _("Begin anew"))
        self._main_window.ask(lambda: question, self._forget)

    def _forget(self) -> None:
        self.draft.clear()
        self._chosen.clear()

    def _make_report(self, window: tk.Toplevel) -> "ReportForm":
        from lab.report.form import ReportForm  # noqa: PLC0415
        from lab.wire.pcap import pcapng  # noqa: PLC0415

        form = ReportForm(window, self._main_window.look, self._main_window.settings.report)
        form.on_change = self._remember_title
        form.on_forget = self._ask_to_forget
        self.draft.look()
        repeat(form, _LOOK_MS, lambda: form.show_held(self._holds()))
        form.on_save = lambda path, title: self._save_report(form, path, title)
        form.on_capture = lambda path: save_in_background(
            form, path, lambda: pcapng(self.tap.calls()), form.show_note
        )
        form.fields["university"].enter()
        return form

    def _save_report(self, form: "ReportForm", path: str, title: "TitlePage") -> None:
        """Write the report in a thread, and remember the title page's fields."""
        from lab.judge.judgement import read_judgement  # noqa: PLC0415
        from lab.report.content import make_document  # noqa: PLC0415
        from lab.report.data import ReportData  # noqa: PLC0415
        from lab.report.rendering.files import renderer, saved_hint  # noqa: PLC0415
        from lab.report.sources import read_source  # noqa: PLC0415
        from lab.threads.listing import thread_places  # noqa: PLC0415

        shown, written, chosen = self._controller.page.shown, self.draft.names(), tuple(self._chosen)
        self._remember_title(asdict(title))

        hint = ""

        def saved() -> None:
            nonlocal hint
            hint = saved_hint(Path(path))
            self.draft.saved(written)
            self._reported = chosen

        entries = tuple(shown.entries) if shown else ()
        data = ReportData(
            *(title, entries, self.tap.calls(), chosen, self._address(), thread_places()),
            self.draft.trials,
            pictures=self.draft.pictures,
        )
        judgement, listings = form.judgement, tuple(form.listings)

        def content() -> bytes:
            render = renderer(Path(path))
            judged = read_judgement(judgement) if judgement else None
            sources = [read_source(file) for file in listings]
            return render(make_document(replace(data, judgement=judged, sources=sources)))

        save_in_background(form, path, content, lambda told: form.show_note(f"{told} {hint}".rstrip()), saved)

    def _remember_title(self, fields: Mapping[str, str]) -> None:
        self._main_window.choose(lambda kept: replace(kept, report={**kept.report, **fields}))

    def _address(self) -> str:
        session = self._controller.session
        return session.state.profile.server if session else _("not connected")

    def unfinished(self) -> list[str]:
        """Say in sentences what would be lost if the window were closed now."""
        losses = [_("An experiment is running.")] if self._is_experimenting() else []
        losses += [_("A program is being judged.")] if self.judge.view and self.judge.view.is_judging else []
        losses += [_("A file is being saved.")] if is_saving() else []
        trials, pictures = self.draft.unsaved()
        if trials:
            told = plural(
                "{count} experiment is in no saved report.",
                "{count} experiments are in no saved report.",
                trials,
            )
            losses.append(told)
        if pictures:
            told = plural(
                "{count} picture is in no saved report.", "{count} pictures are in no saved report.", pictures
            )
            losses.append(told)
        if calls := sum(call not in self._reported for call in self._chosen):
            told = plural(
                "{count} chosen call is in no saved report.",
                "{count} chosen calls are in no saved report.",
                calls,
            )
            losses.append(told)
        return losses

    def _is_experimenting(self) -> bool:
        return self.experiments.view is not None and self.experiments.view.is_running
