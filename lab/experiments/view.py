"""The experiments in a window: predict, run, see the real bytes, and read why."""

import queue
import threading
import tkinter as tk
from collections.abc import Callable, Collection, Mapping, Sequence
from tkinter import ttk
from typing import Final

from gui.toolkit.editing.edit_menu import EditMenu
from gui.toolkit.field import Field
from gui.toolkit.mainloop import repeat
from gui.toolkit.text import add_scrollbar, writable
from gui.toolkit.text_list import TextList, TextRow
from gui.toolkit.theme import Look
from lab.experiments.catalogue import EXPERIMENTS
from lab.experiments.experiment import Experiment, Observation, Parameter, Result, Trial
from lab.wire.call_text import shorten_bytes
from translations import _, decimal
from translations.system_errors import explain_error

POLL_MS: Final = 60
AT_ONCE: Final = 100
"""Observations that are shown at one poll."""
MOST_SHOWN: Final = 500
"""Observations of one run that are shown; the report has a bound of its own."""


_Events = queue.SimpleQueue[Observation | Result | Exception]


class ExperimentView(ttk.Frame):
    """A list of experiments and the page of one of them. For the Tk thread only.

    `on_done(trial)`: an experiment has been run.
    """

    def __init__(self, master: tk.Misc, look: Look, kept: Callable[[], Sequence[Trial]]) -> None:
        """Args: kept: returns the first run of each experiment that was done, as the report will show it."""
        super().__init__(master)
        self._kept = kept
        self._seen: Collection[str] = ()
        """Names of those that the list marks as done."""
        self._last: dict[str, Trial] = {}
        """The last run of each in this view, by name."""
        self.on_done: Callable[[Trial], object] = lambda trial: None
        self._look = look
        self._experiment = next(iter(EXPERIMENTS.values()))
        self._prediction: int | None = None
        self._fields: dict[str, Field] = {}
        self._buttons: list[ttk.Button] = []
        self._texts: list[ttk.Label] = []
        self._events = _Events()
        self._begun: dict[str, tuple[int | None, dict[str, str]]] = {}
        """Prediction and parameters of the experiments that are not shown, by their names."""
        self._running: tuple[Experiment, dict[str, int], int | None] | None = None
        self._count = 0
        self.list: TextList[str] = TextList(self, look)
        self._line = ttk.Frame(self, style="Line.TFrame")
        self._page = ttk.Frame(self)
        self._title = ttk.Label(self._page, style="Title.TLabel")
        self._question = ttk.Label(self._page, justify="left")
        self._ask = ttk.Label(self._page, style="Heading.TLabel")
        self._predictions = ttk.Frame(self._page)
        self._parameters = ttk.Frame(self._page)
        self.run_button = ttk.Button(self._page, style="Accent.TButton", command=self.run)
        self._result = ttk.Frame(self._page)
        self.text = tk.Text(self._result, state="disabled", wrap="word", width=1, height=1, cursor="arrow")
        self._lay_out()
        EditMenu(self.text, look)
        self.list.on_choose = self._choose
        self._page.bind("<Configure>", lambda _: self._wrap())
        look.follow(self, self._restyle)

    def _lay_out(self) -> None:
        self.list.grid_propagate(False)
        self.list.pack(side="left", fill="y")
        self._line.pack(side="left", fill="y")
        self._page.pack(side="left", fill="both", expand=True)
        page = self._page
        choice = (self._ask, self._predictions, self._parameters, self.run_button)
        for row, widget in enumerate((self._title, self._question, *choice)):
            widget.grid(row=row, column=0, sticky="w")
        self._result.grid(row=6, column=0, sticky="nsew")
        page.columnconfigure(0, weight=1)
        page.rowconfigure(6, weight=1)
        self.text.grid(row=0, column=0, sticky="nsew")
        self._result.columnconfigure(0, weight=1)
        self._result.rowconfigure(0, weight=1)
        add_scrollbar(self.text)

    # What the user does.

    def _choose(self, name: str) -> None:
        if EXPERIMENTS[name] is not self._experiment and self._running is None:
            self._begun[self._experiment.name] = self._prediction, self._written()
            self._experiment = EXPERIMENTS[name]
            self._prediction, written = self._begun.get(name, (None, {}))
            self._show(written)
            self._show_finished()

    @property
    def is_running(self) -> bool:
        """Tell whether an experiment is being done."""
        return self._running is not None

    @property
    def _first(self) -> Trial | None:
        """The first run of the experiment that is shown: its prediction counts, and stays."""
        return next((trial for trial in self._kept() if trial.experiment is self._experiment), None)

    def predict(self, index: int) -> None:
        """Make a prediction, counted from 0, or another one; not after the answer has been seen."""
        if self._running is None and self._first is None:
            self._prediction = index
            self._show_buttons()

    def run(self) -> None:
        """Do the experiment in a thread of its own, if a prediction was made and the parameters are sound."""
        parameters = self._read_fields()
        if parameters is None or self._running:
            return
        if self._prediction is None and self._first is None:
            self._ask.configure(style="Error.TLabel", text=_("Predict first: choose one of the answers."))
            self._buttons[0].focus_set()
            return
        experiment, events = self._experiment, _Events()
        self._events = events  # not the queue of the run before, whose threads may still tell something
        self._running = experiment, parameters, None if self._first else self._prediction
        self._count = 0
        self._write_nothing()
        self._question.configure(text=experiment.question(parameters))
        self._show_buttons()
        self.run_button.state(["disabled"])
        self.run_button.configure(text=_("Running …"))

        def work() -> None:
            try:
                events.put(experiment.run(events.put, parameters))
            except Exception as error:
                events.put(error)

        threading.Thread(target=work, name="experiment", daemon=True).start()
        repeat(self, POLL_MS, self._poll)

    def _read_fields(self) -> dict[str, int] | None:
        """Return the parameters; None if one is not sound, which its field then says."""
        read: dict[str, int] = {}
        for parameter in self._experiment.parameters:
            field = self._fields[parameter.name]
            text = field.get()
            value = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
            if parameter.allows(value):
                read[parameter.name] = value
            field.set_error("" if parameter.allows(value) else _bounds(parameter))
        return read if len(read) == len(self._experiment.parameters) else None

    # What comes of it.

    def _poll(self) -> bool:
        """Show what has come; tell whether more is to come."""
        for _number in range(AT_ONCE):
            try:
                event = self._events.get_nowait()
            except queue.Empty:
                break
            if not isinstance(event, Observation):
                self._finish(event)
                return False
            self._show_observation(event)
        return True

    def _finish(self, event: Result | Exception) -> None:
        assert self._running
        experiment, parameters, prediction = self._running
        self._running = None
        self.run_button.state(["!disabled"])
        if isinstance(event, Exception):
            self.run_button.configure(text=_("Run again"))
            self._show_buttons()
            self._write(
                _("The experiment did not succeed: {error}.").format(error=explain_error(event)) + "\n",
                "error",
            )
            return
        trial = Trial(experiment, parameters, event, prediction)
        self._last[experiment.name] = trial
        self.on_done(trial)
        self._show_outcome(trial)
        self._show(self._written())

    def refresh(self) -> bool:
        """Show what is kept for the report, if that has changed; return True."""
        done = {trial.experiment.name for trial in self._kept()}
        if self._running is None and done != self._seen:
            for name in set(self._seen) - done:
                self._last.pop(name, None)
                self._begun.pop(name, None)
                if name == self._experiment.name:
                    self._prediction = None
            self._show(self._written())
            self._show_finished()
        return True

    def _show_finished(self) -> None:
        """Show the last run of the experiment, if it was done."""
        self._write_nothing()
        if first := self._first:
            trial = self._last.get(self._experiment.name, first)
            self._count = 0
            for observation in trial.result.observations[:MOST_SHOWN]:
                self._show_observation(observation)
            self._show_outcome(trial)

    def _show_outcome(self, trial: Trial) -> None:
        for name, value in trial.result.figures:
            self._write(f"{name}: ", "quiet")
            self._write(f"{value}\n", "result")
        self._write(_("What happened") + "\n", "title")
        self._write(trial.happened + ".\n", "result")
        if trial.prediction is not None:
            right = trial.was_right
            told = _("Your prediction was right.") if right else _("Your prediction was another one.")
            self._write(told + "\n", "right" if right else "wrong")
        else:
            self._write(_("Your first prediction counts: it was for the first run.") + "\n", "quiet")
        self._write(_("Why") + "\n", "title")
        self._write(trial.result.explanation + "\n", "body")
        self._write(_("Where this is in our code:") + "\n", "title")
        for place in trial.experiment.code:
            self._write(place + "\n", "code")

    def _show_observation(self, observation: Observation) -> None:
        self._count += 1
        if self._count > MOST_SHOWN:
            return
        self._write(f"{decimal(observation.seconds * 1000, 2):>9}  ", "quiet")
        if observation.who:
            self._write(f"{observation.who}  ", "who")
        if observation.call:
            self._write(f"{observation.call} ", "call")
            if observation.size:
                self._write(f"{observation.size}  ", "figure")
        if observation.data:
            self._write(shorten_bytes(observation.data) + "  ", "code")
        self._write(observation.text + "\n", "body" if not observation.call else "quiet")

    def _write(self, text: str, tag: str) -> None:
        with writable(self.text):
            self.text.insert("end", text, (tag, "row") if tag in ("quiet", "who", "call", "code") else (tag,))
        self.text.see("end")

    def _write_nothing(self) -> None:
        with writable(self.text):
            self.text.delete("1.0", "end")

    # Drawing.

    def _written(self) -> dict[str, str]:
        return {name: field.get() for name, field in self._fields.items()}

    def _show(self, written: Mapping[str, str]) -> None:
        """Show the experiment; what was `written` into the fields of its parameters stands there again."""
        experiment = self._experiment
        self._show_list()
        self._title.configure(text=experiment.title())
        last = self._last.get(experiment.name) or self._first
        parameters = last.parameters if last else experiment.defaults()
        self._question.configure(text=experiment.question(parameters))
        if not self._running:
            self.run_button.configure(text=_("Run again") if self._first else _("Run"))
        for widget in (*self._predictions.winfo_children(), *self._parameters.winfo_children()):
            widget.destroy()
        self._buttons, self._texts = [], []
        for index, words in enumerate(experiment.predictions()):
            self._add_prediction(index, words)
        self._fields = {one.name: self._add_field(one) for one in experiment.parameters}
        for name, text in written.items():
            self._fields[name].set(text)
        self._show_buttons()
        self._wrap()

    def _show_list(self) -> None:
        """Show which experiments there are, what `chat lab` calls them, and which are done."""
        self._seen = {trial.experiment.name for trial in self._kept()}
        rows = [
            TextRow(one.name, one.title(), "✓" if one.name in self._seen else "", f"  {one.name}")
            for one in EXPERIMENTS.values()
        ]
        text, tail = self._look.fonts["body"].measure, self._look.fonts["small"].measure
        widest = max(text(row.text) + tail(row.tail) for row in rows)
        self.list.configure(width=widest + self._look.em(5))
        self.list.show(rows, self._experiment.name)

    def _add_prediction(self, index: int, words: str) -> None:
        button = ttk.Button(
            self._predictions, text=str(index + 1), width=2, command=lambda: self.predict(index)
        )
        label = ttk.Label(self._predictions, text=words, justify="left")
        label.bind("<Button-1>", lambda _: self.predict(index))
        gap = self._look.em(0.15)
        button.grid(row=index, column=0, sticky="nw", pady=gap)
        label.grid(row=index, column=1, sticky="w", padx=self._look.em(0.6), pady=gap)
        self._buttons.append(button)
        self._texts.append(label)

    def _add_field(self, parameter: Parameter) -> Field:
        field = Field(self._parameters, self._look, lambda: (parameter.meaning(), _bounds(parameter)))
        field.set(str(parameter.default))
        field.pack(side="left", anchor="s", padx=(0, self._look.em(1)))
        field.entry.bind("<Return>", lambda _: self.run())
        return field

    def _show_buttons(self) -> None:
        """Show the prediction, and whether it can still be changed."""
        first = self._first
        chosen = first.prediction if first else self._prediction
        is_settled = first is not None or self._running is not None
        self._ask.configure(
            style="Heading.TLabel", text=_("Your prediction:") if is_settled else _("Predict first:")
        )
        for index, button in enumerate(self._buttons):
            button.configure(style="Accent.TButton" if index == chosen else "TButton")
            button.state(["disabled" if is_settled and index != chosen else "!disabled"])

    def _wrap(self) -> None:
        width = max(1, self._page.winfo_width() - self._look.em(3))
        for label in (self._title, self._question):
            label.configure(wraplength=width)
        for label in self._texts:
            label.configure(wraplength=max(1, width - self._look.em(5)))

    def _restyle(self) -> None:
        look, text = self._look, self.text
        p, em = look.palette, look.em
        self._line.configure(width=look.px(1))
        self._page.configure(padding=em(1))
        for widget in (self._question, self._ask, self._parameters, self._result):
            widget.grid_configure(pady=(em(0.5), 0))
        look.text(text, p.code)
        text.configure(padx=em(0.8), pady=em(0.5))
        for tag, font, colour in (
            ("quiet", "small", p.muted),
            ("who", "bold", p.text),
            ("call", "mono", p.accent),
            ("code", "mono", p.text),
            ("title", "heading", p.muted),
            ("result", "bold", p.text),
            ("body", "body", p.text),
            ("right", "bold", p.success),
            ("wrong", "bold", p.warning),
            ("error", "body", p.danger),
        ):
            text.tag_configure(tag, font=f"Lab_{font}", foreground=colour)
        text.tag_configure("title", spacing1=em(0.7))
        text.tag_configure("row", lmargin2=em(3))
        if self._running is None:
            # During a run only the words around the result change language, and they come later.
            self._show(self._written())
            if self._first:
                self._show_finished()


def _bounds(parameter: Parameter) -> str:
    return _("from {lowest} to {highest}").format(lowest=parameter.lowest, highest=parameter.highest)
