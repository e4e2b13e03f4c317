"""The laboratory of a chat window: what is passed into it so that its sockets can be watched.

client_gui.main(form, Laboratory())
"""

import gc
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from tkinter import ttk
from typing import Final

from client.model.conversations import Entry
from client.model.events import Phase
from client_gui import ChatWindow
from gui.toolkit.menu import Item
from lab.experiments.experiment import Trial
from lab.experiments.view import ExperimentView
from lab.report.document import ReportData, report_html
from lab.report.form import ReportForm
from lab.saving import in_background, write
from lab.threads.activity import ActivityTracker
from lab.threads.listing import thread_places
from lab.threads.scene import ClientScene
from lab.threads.view import ThreadView
from lab.wire.call_lines import Line
from lab.wire.model import WireModel, entry_of
from lab.wire.pcap import pcapng
from lab.wire.ring import Ring
from lab.wire.view import WIDE, WireView
from program.version import NAME
from translations import _

HEIGHT: Final = 19.0
LOWEST: Final = 9.0
"""The pane's height at first, and the least that it can be dragged to, in ems."""


class Laboratory:
    """The watchers of one window's connection, from its first call on (`gui.lab_hook.LabHook`)."""

    def __init__(self) -> None:
        self.tap = Ring()
        self.activity_tap = ActivityTracker()
        self.windows: LabWindows | None = None

    def open(self, window: ChatWindow) -> Callable[[], list[Item]]:
        """Bind F12 in a window; return what gives the laboratory's part of its menu."""
        self.windows = LabWindows(window, self.tap, self.activity_tap)
        return self.windows.menu_items


class LabWindows:
    """The views that the laboratory opens for one chat window. For the Tk thread only."""

    def __init__(self, window: ChatWindow, ring: Ring, tracker: ActivityTracker) -> None:
        self.wire: WireView | None = None
        self.threads: ThreadView | None = None
        self.experiments: ExperimentView | None = None
        self.report: ReportForm | None = None
        self._trials: dict[str, Trial] = {}
        """By name: the last run of each experiment that was done in this window."""
        self._ring = ring
        self._window = window
        self._tracker = tracker
        self._model = WireModel(ring)
        self._top: tk.Toplevel | None = None
        self._sash: ttk.Frame | None = None
        self._height = 0
        window.page.on_entry = self._entry_clicked
        window.master.bind("<F12>", lambda _: self.toggle_wire())
        window.master.bind("<Shift-F12>", lambda _: self.show_threads())

    def menu_items(self) -> list[Item]:
        """Return the laboratory's part of the menu."""
        words = _("Hide the socket calls") if self.wire else _("Show the socket calls")
        return [
            Item(words, self.toggle_wire, "F12"),
            Item(_("Threads …"), self.show_threads, "Shift+F12"),
            Item(_("Experiments …"), self.show_experiments),
            Item(_("Save report …"), self.show_report),
        ]

    # The wire view.

    def toggle_wire(self) -> None:
        """Open the wire view below the chat, or close it wherever it is."""
        if self.wire:
            self.close_wire()
        elif self._window.shell.page is self._window.page:
            self._open_pane()

    def close_wire(self) -> None:
        """Close the wire view, and give the focus back."""
        self._remove()
        self._mark(None, 0)
        if self._window.master.winfo_exists():
            self._window.page.composer.text.focus_set()

    def move_wire(self) -> None:
        """Tear the pane off into a window of its own, or put it back."""
        torn_off = self._top is not None
        self._remove()
        if torn_off:
            self._open_pane()
        else:
            self._open_window()

    def _open_pane(self) -> None:
        page, look = self._window.page, self._window.shell.look
        dock = page.dock
        # In a narrow window the details stand below the table: that takes more height.
        first = look.em(HEIGHT) if page.winfo_width() >= look.em(WIDE) else page.winfo_height() // 2
        self._height = self._height or first
        sash = self._sash = ttk.Frame(dock, style="Line.TFrame", cursor="sb_v_double_arrow")
        sash.grid(row=0, column=0, sticky="ew")
        sash.bind("<B1-Motion>", lambda event: self._dragged(event.y_root))
        self._made(WireView(dock, look, self._model, own_window=False))
        dock.grid_propagate(False)
        dock.columnconfigure(0, weight=1)
        dock.rowconfigure(1, weight=1)

        def restyle() -> None:
            sash.configure(height=look.px(4))

        look.follow(sash, restyle)
        self._set_height(self._height)

    def _open_window(self) -> None:
        top = self._top = self._new_window(lambda: _("Socket calls"), 86, 44, self.close_wire)
        top.rowconfigure(1, weight=1)
        top.bind("<F12>", lambda _: self.close_wire())
        self._made(WireView(top, self._window.shell.look, self._model, own_window=True))

    def _new_window(
        self, title: Callable[[], str], width: float, height: float, close: Callable[[], object]
    ) -> tk.Toplevel:
        """Return a window of so many ems, which follows theme and language."""
        look = self._window.shell.look
        top = tk.Toplevel(self._window.master)
        top.iconphoto(False, look.app_icon())
        top.columnconfigure(0, weight=1)
        wide = min(look.em(width), top.winfo_screenwidth() * 9 // 10)
        high = min(look.em(height), top.winfo_screenheight() * 9 // 10)
        top.geometry(f"{wide}x{high}")
        top.minsize(look.em(30), look.em(20))
        top.protocol("WM_DELETE_WINDOW", close)

        def restyle() -> None:
            top.configure(background=look.palette.window)
            top.title(f"{title()} — {NAME}")
            look.title_bar(top)

        look.follow(top, restyle)
        return top

    def _made(self, view: WireView) -> None:
        self.wire = view
        view.on_close = self.close_wire
        view.on_move = self.move_wire
        view.on_send = self._send
        view.on_line = self._mark
        view.room = lambda: self._window.page.shown.name if self._window.page.shown else ""
        view.nick = lambda: self._window.session.nick if self._window.session else ""
        view.grid(row=1, column=0, sticky="nsew")
        view.list.canvas.focus_set()

    def _remove(self) -> None:
        if self.wire:
            self.wire.destroy()
        if self._top:
            self._top.destroy()
        if self._sash:
            self._sash.destroy()
            self._window.page.dock.configure(height=1)
        self.wire = self._top = self._sash = None

    def _dragged(self, y: int) -> None:
        page = self._window.page
        bottom = page.dock.winfo_rooty() + page.dock.winfo_height()
        self._set_height(bottom - y)

    def _set_height(self, height: int) -> None:
        page, look = self._window.page, self._window.shell.look
        most = max(look.em(LOWEST), page.winfo_height() - look.em(16))
        self._height = max(look.em(LOWEST), min(height, most))
        page.dock.configure(height=self._height)

    # The threads.

    def show_threads(self) -> None:
        """Open the thread diagram in a window of its own, or bring it to the front."""
        if self.threads:
            self.threads.winfo_toplevel().lift()
            self.threads.slow.focus_set()
            return
        top = self._new_window(lambda: _("Threads"), 70, 36, self._close_threads)
        top.bind("<Escape>", lambda _: self._close_threads())
        scene = ClientScene(self._tracker, self._address, self._depths)
        self.threads = ThreadView(top, self._window.shell.look, scene)
        self.threads.grid(row=0, column=0, sticky="nsew")
        top.rowconfigure(0, weight=1)
        self.threads.slow.focus_set()

    def _close_threads(self) -> None:
        if self.threads:
            top, self.threads = self.threads.winfo_toplevel(), None
            _end(top)

    # Experiments and the report.

    def show_experiments(self) -> None:
        """Open the experiments in a window of their own, or bring it to the front."""
        if self.experiments:
            self.experiments.winfo_toplevel().lift()
            return
        top = self._new_window(lambda: _("Experiments"), 80, 50, self._close_experiments)
        view = self.experiments = ExperimentView(top, self._window.shell.look)
        view.on_done = self._keep_trial
        view.grid(row=0, column=0, sticky="nsew")
        top.rowconfigure(0, weight=1)
        view.list.canvas.focus_set()

    def _close_experiments(self) -> None:
        if self.experiments:
            top, self.experiments = self.experiments.winfo_toplevel(), None
            _end(top)

    def _keep_trial(self, trial: Trial) -> None:
        self._trials.pop(trial.experiment.name, None)
        self._trials[trial.experiment.name] = trial

    def show_report(self) -> None:
        """Open the form of the report's title page, or bring it to the front."""
        if self.report:
            self.report.winfo_toplevel().lift()
            return
        shell = self._window.shell
        top = self._new_window(lambda: _("Report"), 34, 38, self._close_report)
        top.bind("<Escape>", lambda _: self._close_report())
        self.report = ReportForm(top, shell.look, shell.settings.report)
        self.report.on_save = self.save_report
        self.report.on_capture = self.save_capture
        self.report.grid(row=0, column=0, sticky="nsew")
        top.rowconfigure(0, weight=1)
        self.report.fields["university"].entry.focus_set()

    def _close_report(self) -> None:
        if self.report:
            top, self.report = self.report.winfo_toplevel(), None
            _end(top)

    def save_report(self, path: str, fields: dict[str, str]) -> None:
        """Write the report in a thread, and remember the title page's fields."""
        shell, form = self._window.shell, self.report
        if form is None:
            return
        shell.settings = replace(shell.settings, report=fields)
        shown = self._window.page.shown
        data = ReportData(
            form.title_page(),
            tuple(shown.entries) if shown else (),
            self._ring.calls(),
            self._address(),
            thread_places(),
            list(self._trials.values()),
        )
        in_background(form, lambda: write(path, report_html(data)), form.tell)

    def save_capture(self, path: str) -> None:
        """Write the socket calls for Wireshark, in a thread."""
        if self.report:
            calls = self._ring.calls()
            in_background(self.report, lambda: write(path, pcapng(calls)), self.report.tell)

    def _address(self) -> str:
        session = self._window.session
        return session.profile.server if session else _("not connected")

    def _depths(self) -> tuple[int, int]:
        window = self._window
        return window.queue_depth, window.connections[-1].unsent if window.connections else 0

    # Between the transcript and the calls.

    def _entry_clicked(self, entry: Entry) -> None:
        if self.wire:
            self.wire.select_entry(entry)
            self._mark_entry(entry)

    def _mark(self, line: Line | None, seen_at: float) -> None:
        shown = self._window.page.shown
        if shown:
            self._mark_entry(entry_of(tuple(shown.entries), line, seen_at) if line else None)

    def _mark_entry(self, entry: Entry | None) -> None:
        page = self._window.page
        if page.shown:
            page.transcript(page.shown).mark(entry)

    def _send(self, line: str) -> str:
        session = self._window.session
        if session is None or session.phase not in (Phase.ONLINE, Phase.REGISTERING):
            return _("There is no connection.")
        self._window.connections[-1].send([line])
        return ""


def _end(window: tk.Misc) -> None:
    window.destroy()
    # Tk's pictures must end in the thread that made them, not in whichever collects garbage next.
    gc.collect()
