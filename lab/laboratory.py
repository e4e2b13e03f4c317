"""The laboratory of a chat window: it is passed into the window, watches its sockets, and opens its views.

client_gui.main(form, Laboratory())
"""

from collections.abc import Callable
from dataclasses import asdict, replace

from client.model.conversations import Entry
from client_gui import ChatWindow
from gui.toolkit.action import Action
from lab.experiments.experiment import Trial
from lab.experiments.view import ExperimentView
from lab.own_window import OwnWindow, end_window
from lab.report.document import ReportData, TitlePage, report_html
from lab.report.form import ReportForm
from lab.saving import in_background, write
from lab.threads.activity import ActivityTracker
from lab.threads.listing import thread_places
from lab.threads.scene import ClientScene
from lab.threads.view import ThreadView
from lab.wire.call_lines import Line
from lab.wire.model import WireModel, find_entry
from lab.wire.pane import WirePane
from lab.wire.pcap import pcapng
from lab.wire.ring import Ring
from lab.wire.view import WireView
from translations import _


class Laboratory:
    """The watchers of one window's connection, from its first call on (`gui.lab_hook.LabHook`)."""

    def __init__(self) -> None:
        self.tap = Ring()
        self.activity_tap = ActivityTracker()
        self.windows: LabWindows | None = None

    def open(self, window: ChatWindow) -> list[Action]:
        """Begin to watch a window; return what the laboratory offers in it."""
        self.windows = LabWindows(window, self.tap, self.activity_tap)
        return self.windows.actions()


class LabWindows:
    """The views that the laboratory opens for one chat window. For the Tk thread only."""

    def __init__(self, window: ChatWindow, ring: Ring, tracker: ActivityTracker) -> None:
        self.threads: ThreadView | None = None
        self.experiments: ExperimentView | None = None
        self.report: ReportForm | None = None
        self._trials: dict[str, Trial] = {}
        """By name: the last run of each experiment that was done in this window."""
        self._ring = ring
        self._window = window
        self._tracker = tracker
        self.wire = WirePane(window.page, window.page.dock, window.main_window.look, WireModel(ring))
        self.wire.on_open = self._connect_wire
        self.wire.on_close = self._leave_wire
        window.page.on_entry = self._show_calls

    def actions(self) -> list[Action]:
        """Return what the laboratory offers in the window."""
        return [
            Action(
                lambda: _("Hide the socket calls") if self.wire.view else _("Show the socket calls"),
                self.toggle_wire,
                "F12",
                lambda: _("Show or hide the socket calls"),
            ),
            Action(lambda: _("Threads …"), self.show_threads, "Shift+F12", lambda: _("Show the threads")),
            Action(lambda: _("Experiments …"), self.show_experiments),
            Action(lambda: _("Save report …"), self.show_report),
        ]

    # The wire view.

    def toggle_wire(self) -> None:
        """Open the wire view below the chat, or close it wherever it is."""
        if self.wire.view:
            self.wire.close()
        elif self._window.main_window.page is self._window.page:
            self.wire.open()

    def _connect_wire(self, view: WireView) -> None:
        view.on_send = self._send
        view.on_line = self._mark_line
        view.room = lambda: self._window.page.shown.name if self._window.page.shown else ""
        view.nick = lambda: self._window.session.nick if self._window.session else ""

    def _leave_wire(self) -> None:
        self._mark_line(None, 0)
        if self._window.master.winfo_exists():
            self._window.page.composer.text.focus_set()

    def _new_window(
        self, title: Callable[[], str], size: tuple[float, float], close: Callable[[], object]
    ) -> OwnWindow:
        window = OwnWindow(self._window.master, self._window.main_window.look, title, size, close)
        window.rowconfigure(0, weight=1)
        return window

    # The threads.

    def show_threads(self) -> None:
        """Open the thread diagram in a window of its own, or bring it to the front."""
        if self.threads:
            self.threads.winfo_toplevel().lift()
            self.threads.slow.focus_set()
            return
        top = self._new_window(lambda: _("Threads"), (70, 36), self._close_threads)
        top.bind("<Escape>", lambda _: self._close_threads())
        scene = ClientScene(self._tracker, self._address, self._depths)
        self.threads = ThreadView(top, self._window.main_window.look, scene)
        self.threads.grid(row=0, column=0, sticky="nsew")
        self.threads.slow.focus_set()

    def _close_threads(self) -> None:
        if self.threads:
            end_window(self.threads)
            self.threads = None

    # Experiments and the report.

    def show_experiments(self) -> None:
        """Open the experiments in a window of their own, or bring it to the front."""
        if self.experiments:
            self.experiments.winfo_toplevel().lift()
            return
        top = self._new_window(lambda: _("Experiments"), (80, 50), self._close_experiments)
        view = self.experiments = ExperimentView(top, self._window.main_window.look)
        view.on_done = self._keep_trial
        view.grid(row=0, column=0, sticky="nsew")
        view.list.canvas.focus_set()

    def _close_experiments(self) -> None:
        if self.experiments:
            end_window(self.experiments)
            self.experiments = None

    def _keep_trial(self, trial: Trial) -> None:
        self._trials.pop(trial.experiment.name, None)
        self._trials[trial.experiment.name] = trial

    def show_report(self) -> None:
        """Open the form of the report's title page, or bring it to the front."""
        if self.report:
            self.report.winfo_toplevel().lift()
            return
        main_window = self._window.main_window
        top = self._new_window(lambda: _("Report"), (34, 38), self._close_report)
        top.bind("<Escape>", lambda _: self._close_report())
        self.report = ReportForm(top, main_window.look, main_window.settings.report)
        self.report.on_save = self.save_report
        self.report.on_capture = self.save_capture
        self.report.grid(row=0, column=0, sticky="nsew")
        self.report.fields["university"].entry.focus_set()

    def _close_report(self) -> None:
        if self.report:
            end_window(self.report)
            self.report = None

    def save_report(self, path: str, title: TitlePage) -> None:
        """Write the report in a thread, and remember the title page's fields."""
        main_window, form = self._window.main_window, self.report
        if form is None:
            return
        main_window.settings = replace(main_window.settings, report=asdict(title))
        shown = self._window.page.shown
        data = ReportData(
            title,
            tuple(shown.entries) if shown else (),
            self._ring.calls(),
            self._address(),
            thread_places(),
            list(self._trials.values()),
        )
        in_background(form, lambda: write(path, report_html(data)), form.show_note)

    def save_capture(self, path: str) -> None:
        """Write the socket calls for Wireshark, in a thread."""
        if self.report:
            calls = self._ring.calls()
            in_background(self.report, lambda: write(path, pcapng(calls)), self.report.show_note)

    def _address(self) -> str:
        session = self._window.session
        return session.profile.server if session else _("not connected")

    def _depths(self) -> tuple[int, int]:
        window = self._window
        return window.queue_depth, window.connections[-1].unsent if window.connections else 0

    # Between the transcript and the calls.

    def _show_calls(self, entry: Entry) -> None:
        if self.wire.view:
            self.wire.view.select_entry(entry)
            self._mark_entry(entry)

    def _mark_line(self, line: Line | None, seen_at: float) -> None:
        shown = self._window.page.shown
        if shown:
            self._mark_entry(find_entry(tuple(shown.entries), line, seen_at) if line else None)

    def _mark_entry(self, entry: Entry | None) -> None:
        page = self._window.page
        if page.shown:
            page.transcript(page.shown).mark(entry)

    def _send(self, line: str) -> str:
        return "" if self._window.send_line(line) else _("There is no connection.")
