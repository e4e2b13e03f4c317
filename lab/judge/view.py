"""The judge in a window: check by check, with what came back and what it means."""

import queue
import tkinter as tk
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tkinter import ttk
from typing import Final

from client import settings as settings_file
from gui.actions import WindowActions
from gui.keeper import Keeper
from gui.main_window import MainWindow
from gui.toolkit import mainloop
from gui.toolkit.editing.edit_menu import EditMenu
from gui.toolkit.mainloop import repeat
from gui.toolkit.text import add_scrollbar, writable
from gui.toolkit.text_list import TextList, TextRow
from gui.toolkit.theme import Look, Root
from lab.judge.background import BackgroundJudge, Request
from lab.judge.check import CancelledError, Mark, Outcome
from lab.judge.form import JudgeForm
from lab.judge.judgement import Judgement, explain, word_for, write_html, write_json
from lab.saving import ask_path, save_in_background
from lab.wire.call_text import shorten_bytes
from program.errors import UserFacingError
from program.version import NAME
from translations import _, decimal

_POLL_MS: Final = 60
_LEADS: Final = {Mark.PASSED: "+", Mark.FAILED: "!", Mark.NOT_JUDGED: "–"}


class JudgeView(ttk.Frame):
    """What is judged, the checks, and what came of one of them. For the Tk thread only."""

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master)
        self._look = look
        self._run: BackgroundJudge | None = None
        self._outcomes: dict[str, Outcome] = {}
        """By the names of the checks that were made."""
        self.judgement: Judgement | None = None
        """What was found last, with the checks that were made again since."""
        self._shown = ""
        """The check whose outcome is shown."""
        self.form = JudgeForm(self, look)
        self._buttons = ttk.Frame(self)
        self.start = ttk.Button(self._buttons, style="Accent.TButton", command=self.judge)
        self.cancel = ttk.Button(self._buttons, command=self._cancel)
        self.save = ttk.Button(self._buttons, command=self._ask_and_save)
        self._note = ttk.Label(self._buttons, justify="left")
        self._request = ttk.Frame(self)
        self.request = ttk.Label(self._request, style="Bold.TLabel", justify="left")
        self.yes = ttk.Button(self._request, style="Accent.TButton", command=lambda: self._answer(yes=True))
        self.no = ttk.Button(self._request, command=lambda: self._answer(yes=False))
        self._below = ttk.Frame(self)
        self.list: TextList[str] = TextList(self._below, look)
        self._line = ttk.Frame(self._below, style="Line.TFrame")
        self._page = ttk.Frame(self._below)
        self._title = ttk.Label(self._page, style="Title.TLabel", justify="left")
        self.again = ttk.Button(self._page, command=lambda: self.judge(self._shown))
        self.text = tk.Text(self._page, state="disabled", wrap="word", width=1, height=1, cursor="arrow")
        self._lay_out()
        EditMenu(self.text, look)
        self.list.on_choose = self.show
        self.form.on_change = self._forget
        self.form.on_enter = self.judge
        self._page.bind("<Configure>", lambda _: self._wrap())
        self.bind("<Destroy>", lambda _: self._cancel())
        look.follow(self, self._restyle)
        self.start.focus_set()

    def _lay_out(self) -> None:
        self.columnconfigure(0, weight=1)
        self.rowconfigure(3, weight=1)
        self.form.grid(row=0, column=0, sticky="ew")
        self._buttons.grid(row=1, column=0, sticky="ew")
        self._below.grid(row=3, column=0, sticky="nsew")
        self.list.grid_propagate(False)
        self.list.pack(side="left", fill="y")
        self._line.pack(side="left", fill="y")
        self._page.pack(side="left", fill="both", expand=True)
        self._page.columnconfigure(0, weight=1)
        self._page.rowconfigure(2, weight=1)
        self._title.grid(row=0, column=0, sticky="w")
        self.again.grid(row=1, column=0, sticky="w")
        self.text.grid(row=2, column=0, sticky="nsew")
        add_scrollbar(self.text, row=2)

    # What the user does.

    @property
    def is_judging(self) -> bool:
        """Tell whether the judge is at work."""
        return self._run is not None

    def judge(self, only: str = "") -> None:
        """Make all checks, or one with those that it needs, if the judge is not at work."""
        task = self.form.task()
        if task is None or self._run:
            return
        if not only:
            self._outcomes, self.judgement = {}, None
        command = self.form.command.get() or None
        self._run = BackgroundJudge(task, self.form.where, command, only or None)
        self.show(self._shown)
        self._show_state()
        repeat(self, _POLL_MS, self._poll)

    def _cancel(self) -> None:
        if self._run:
            self._run.cancel()

    def _answer(self, *, yes: bool) -> None:
        if self._run:
            self._run.answer(yes=yes)
        self._request.grid_remove()

    def _forget(self) -> None:
        """Begin anew: other checks were chosen."""
        self._outcomes, self.judgement, self._shown = {}, None, ""
        self.show("")
        self._show_state()

    def _ask_and_save(self) -> None:
        kinds = ((_("For the browser"), ".html"), (_("For the report and the teacher"), ".json"))
        path = ask_path(self, _("Save what the judge has found"), "judge.html", kinds)
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Save what was found, as the ending of the file's name says."""
        write = {".html": write_html, ".json": write_json}.get(path.suffix.lower())
        judgement = self.judgement
        if write and judgement:
            save_in_background(self, str(path), lambda: write(judgement), self._tell)
        else:
            self._tell(_("Choose a name that ends with .html or .json."))

    # What comes of it.

    def _poll(self) -> bool:
        """Show what has come; tell whether more is to come."""
        assert self._run
        while True:
            try:
                event = self._run.events.get_nowait()
            except queue.Empty:
                return True
            if isinstance(event, Request):
                self._show_request(event)
            elif isinstance(event, Outcome):
                self._request.grid_remove()
                self._outcomes[event.name] = event
                self.show(event.name if event.mark is Mark.FAILED or self._run.only else self._shown)
                self._show_state()
            else:
                self._finish(event)
                return False

    def _finish(self, event: Judgement | Exception) -> None:
        self._run = None
        self._request.grid_remove()
        if isinstance(event, Judgement):
            known = self.judgement or event
            outcomes = tuple(self._outcomes[name] for name in self._titles() if name in self._outcomes)
            self.judgement = replace(known, outcomes=outcomes)
        self.show(self._shown)
        self._show_state()
        if isinstance(event, CancelledError):
            self._tell(_("Broken off."))
        elif isinstance(event, UserFacingError):
            self._tell(str(event))
        elif isinstance(event, Exception):
            self._tell(_("It did not work: {error}.").format(error=event))

    def _titles(self) -> Mapping[str, tuple[int, str]]:
        task = self.form.task()
        return task.titles() if task else {}

    # Drawing.

    def _tell(self, sentence: str) -> None:
        self._note.configure(text=sentence)

    def _show_state(self) -> None:
        """Show how far the judge is, and which buttons can be pressed."""
        runs = self._run is not None
        self.form.enable(enabled=not runs)
        for button, can in (
            (self.start, not runs),
            (self.cancel, runs),
            (self.save, self.judgement is not None and not runs),
            (self.again, not runs and bool(self._shown)),
        ):
            button.state(["!disabled" if can else "disabled"])
        titles = self._titles()
        count = len(titles.keys() & self._outcomes.keys())
        if self.judgement and not runs:
            self._tell(self.judgement.summary())
        elif runs:
            self._tell(_("{count} of {all} checks").format(count=count, all=len(titles)))
        else:
            self._tell("")

    def _show_request(self, request: Request) -> None:
        self.request.configure(text=request.text)
        for button in (self.yes, self.no):
            if request.is_question:
                button.pack(side="left", padx=(0, self._look.em(0.5)))
            else:
                button.pack_forget()
        self._request.grid(row=2, column=0, sticky="ew")

    def _show_list(self) -> None:
        palette = self._look.palette
        colours = {Mark.PASSED: palette.success, Mark.FAILED: palette.danger, Mark.NOT_JUDGED: palette.muted}
        rows: list[TextRow[str]] = []
        before = 0
        for name, (level, title) in self._titles().items():
            if level != before:
                rows.append(TextRow(None, _("Level {number}").format(number=level)))
                before = level
            outcome = self._outcomes.get(name)
            lead, colour = (_LEADS[outcome.mark], colours[outcome.mark]) if outcome else ("", palette.text)
            failed = outcome is not None and outcome.mark is Mark.FAILED
            rows.append(TextRow(name, title, lead, f"  {name}", colour, bold=failed))
        self.list.show(rows, self._shown or None)

    def show(self, name: str) -> None:
        """Show what came of a check; "" for none."""
        self._shown = name
        self._show_list()
        _level, title = self._titles().get(name, (0, ""))
        prompt = _("Choose what to judge, and press “Judge”.")
        if self._outcomes or self._run:
            prompt = _("Choose a check: what came of it is shown here.")
        self._title.configure(text=title or prompt)
        if name:
            self.again.grid()
        else:
            self.again.grid_remove()
        self.again.state(["disabled" if self._run else "!disabled"])
        with writable(self.text):
            self.text.delete("1.0", "end")
            if outcome := self._outcomes.get(name):
                self._write_outcome(outcome)
        self.text.yview_moveto(0.0)

    def _write_outcome(self, outcome: Outcome) -> None:
        self.text.insert("end", word_for(outcome.mark) + "\n", outcome.mark.name)
        for sentence in explain(outcome) if outcome.mark is not Mark.PASSED else ():
            self.text.insert("end", _readable(sentence) + "\n", "body")
        for step in outcome.steps:
            data = _readable(shorten_bytes(step.data))
            self.text.insert("end", f"{decimal(step.seconds * 1000):>9}  {step.who}  ", ("quiet", "row"))
            self.text.insert("end", f"{step.call} {step.size}  ", ("call", "row"))
            self.text.insert("end", f"{data}  ", ("code", "row"))
            self.text.insert("end", f"{step.text}\n", ("quiet", "row"))

    def _wrap(self) -> None:
        self._title.configure(wraplength=max(1, self._page.winfo_width() - self._look.em(3)))
        self.request.configure(wraplength=max(1, self.winfo_width() - self._look.em(14)))

    def _restyle(self) -> None:
        look = self._look
        p, em = look.palette, look.em
        self.form.configure(padding=(em(1.2), em(1), em(1.2), 0))
        self._buttons.configure(padding=(em(1.2), 0, em(1.2), em(0.8)))
        self._request.configure(padding=(em(1.2), 0, em(1.2), em(0.8)))
        for button, words in (
            (self.start, _("Judge")),
            (self.cancel, _("Break off")),
            (self.save, _("Save …")),
        ):
            button.configure(text=words)
            button.pack(side="left", padx=(0, em(0.5)))
        self._note.pack(side="left", padx=em(0.8))
        self.request.pack(side="left", padx=(0, em(1)))
        self.yes.configure(text=_("Yes"))
        self.no.configure(text=_("No"))
        self.again.configure(text=_("Judge this again"))
        self.again.grid_configure(pady=(em(0.6), 0))
        self.text.grid_configure(pady=(em(0.8), 0))
        self.list.configure(width=em(36))
        self._line.configure(width=look.px(1))
        self._page.configure(padding=em(1))
        look.text(self.text, p.code)
        self.text.configure(padx=em(0.8), pady=em(0.5))
        for tag, font, colour in (
            (Mark.PASSED.name, "bold", p.success),
            (Mark.FAILED.name, "bold", p.danger),
            (Mark.NOT_JUDGED.name, "bold", p.muted),
            ("body", "body", p.text),
            ("quiet", "small", p.muted),
            ("call", "mono", p.accent),
            ("code", "mono", p.text),
        ):
            self.text.tag_configure(tag, font=f"Lab_{font}", foreground=colour)
        self.text.tag_configure("body", spacing3=em(0.4))
        self.text.tag_configure("row", lmargin2=em(3))
        self.show(self._shown)
        self._show_state()


def _readable(text: str) -> str:
    """Return text with CR and LF as Python writes them: few fonts have pictures for them."""
    return text.replace("␍", r"\r").replace("␊", r"\n")


def main() -> int:
    """Show the judge in a window of its own until it is closed. Return 0.

    Raises:
        tk.TclError: there is no display.
    """
    root = Root(NAME)
    keeper = Keeper()
    settings = replace(settings_file.load(), geometry="")  # that is a chat window's
    window = MainWindow(root, settings, keeper.remember)
    WindowActions(window)
    window.set_title(_("Judge of programs"))
    window.show_page(JudgeView(root, window.look))
    try:
        mainloop.run(root, root.destroy)
    finally:
        keeper.finish()
    return 0
