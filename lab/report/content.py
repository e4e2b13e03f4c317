"""What stands in the report, in which order: the student's own run, and room for his own words."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from client.model.conversations import SPOKEN, Entry
from client.model.spoken import audience_of
from lab.experiments.experiment import Trial
from lab.judge.check import Mark
from lab.judge.judgement import Judgement
from lab.judge.variants import VARIANTS
from lab.report.data import ReportData, SourceFile, TitlePage
from lab.report.evidence import Evidence, happened, summarize
from lab.report.extract import Row, choose_rows, find_rows
from lab.report.rendering.model import (
    Block,
    Document,
    Figure,
    Front,
    Heading,
    Lines,
    Listing,
    Paragraph,
    Points,
    Table,
)
from lab.report.sequence_diagram import draw, find_nicks
from lab.report.texts import OPTIONAL, aim, questions, results, task
from lab.report.theory import prompts, sources, theory
from lab.threads.listing import ThreadPlace
from lab.wire.call_text import format_clock, shorten_bytes, shorten_text, without_tags
from protocol.text import visible_bytes
from sockets.tap import Call
from translations import _, decimal, language, plural

_FEW: Final = 15
"""Messages of the conversation that are shown."""
_LONGEST: Final = 200
"""Characters of a message, or of a line of the protocol, that are shown."""
_OBSERVATIONS: Final = 3
"""Calls of each experiment that are shown."""
_APPENDIX: Final = {"ru": "А", "en": "A"}
"""How the only appendix is called in each language (GOST 7.32-2017, 6.17.3)."""
_EXPLANATION: Final = 4
"""Lines to write on; they grow with what is typed."""
_ANSWER: Final = 1
_ROOM: Final = 2
"""Lines more of a table's cell, for an answer and an explanation; it grows too."""


def make_document(data: ReportData) -> Document:
    """Return the report in the language in use."""
    report = _Report(data, find_rows(data.calls))
    report.write()
    return Document(
        _("Laboratory report: a client-server chat on sockets"),
        language(),
        _front(data.title),
        _("Contents"),
        report.blocks,
    )


def _front(title: TitlePage) -> Front:
    blank = "_" * 24
    topic = title.topic or _("A client-server chat on sockets")
    below = [
        _("on laboratory work No. {number}").format(number=title.work or "____"),
        _("in the course “{course}”").format(course=title.course or blank),
        _("Topic: “{topic}”").format(topic=topic),
    ]
    below += [_("Variant {number}").format(number=title.variant)] if title.variant else []
    return Front(
        [line for line in (title.ministry, title.university or blank, title.department) if line],
        _("REPORT"),
        below,
        [
            (_("Done by, group {group}").format(group=title.group or "________"), title.name),
            (_("Checked by"), title.teacher),
            (_("Mark, date"), ""),
        ],
        " ".join(part for part in (title.city, time.strftime("%Y")) if part),
    )


@dataclass(slots=True)
class _Report:
    """Puts the blocks one after the other, and counts sections, tables and figures."""

    data: ReportData
    rows: Sequence[Row]
    """Those of all calls that are worth showing."""
    blocks: list[Block] = field(default_factory=list)
    _section: int = 0
    _part: int = 0
    _tables: int = 0
    _figures: int = 0

    def write(self) -> None:
        """Write everything."""
        self._begin(_("Aim of the work"))
        self._say(aim())
        self._begin(_("Task"))
        self._add(Points(task()))
        if variant := _variant(self.data.title.variant):
            self._say(variant)
        self._begin(_("Theory in brief"))
        for text in theory():
            self._say(text)
        self._write_course()
        self._write_experiments()
        self._write_results()
        self._write_judgement()
        self._begin(_("Control questions"))
        self._write_questions()
        self._add(Heading(_("Conclusion")))
        for prompt in prompts():
            self._ask(f"{prompt} …", _EXPLANATION)
        self._add(Heading(_("List of sources")))
        self._add(Points(sources(), bracket=False))
        if self.data.sources:
            self._write_listings(self.data.sources)

    # The sections.

    def _write_course(self) -> None:
        data = self.data
        rows = choose_rows(self.rows, data.chosen)
        self._begin(_("Course of the work"))
        self._begin_part(_("What was said"))
        self._write_transcript([entry for entry in data.transcript if entry.kind in SPOKEN])
        self._begin_part(_("Calls and bytes"))
        table = self._next_table
        self._write_wire(rows)
        self._begin_part(_("Threads"))
        self._write_threads(data.threads)
        self._begin_part(_("Sequence of the exchange"))
        self._write_diagram(rows, table)
        self._begin_part(_("Windows of the program"))
        self._write_pictures()

    def _write_transcript(self, spoken: Sequence[Entry]) -> None:
        if not spoken:
            self._say(_("No conversation was shown when the report was saved."))
            return
        text = _("Table {number} shows what was said in this run.")
        self._say(text.format(number=self._next_table))
        rows = [(format_clock(entry.time), _author(entry), _shortened(entry.text)) for entry in spoken[:_FEW]]
        heads = (_("Time"), _("Who"), _("Text"))
        self._add_table(_("The conversation"), heads, rows, (14, 20, 66))
        more = len(spoken) - _FEW
        self._tell_rest(plural("{count} message is left out", "{count} messages are left out", more), more)

    def _write_wire(self, rows: Sequence[Row]) -> None:
        calls = self.data.calls
        if not calls:
            self._say(_("No socket call was seen in this run."))
            return
        sent, received = (
            _count_bytes(call for call in calls if call.name == name) for name in ("send", "recv")
        )
        text = _(
            "{calls}: {sent} sent, {received} received. Table {number} is an extract: "
            "{choice}. PING, what client and server negotiate, and the end of each line (the bytes 0D 0A) "
            "are left out; “@…” stands for the tags of a line. All calls with all their bytes belong into "
            "the file for Wireshark (.pcapng)."
        )
        choice = _("the messages that I have chosen") if self.data.chosen else _("the first exchange")
        made = plural("{count} socket call was seen", "{count} socket calls were seen", len(calls))
        self._say(
            text.format(calls=made, sent=sent, received=received, number=self._next_table, choice=choice)
        )
        heads = (_("Time"), _("Thread, connection"), _("Call"), _("Bytes"), _("What they were"))
        self._add_table(_("Socket calls"), heads, list(map(_wire_row, rows)), (16, 22, 10, 8, 44), code=True)

    def _write_diagram(self, rows: Sequence[Row], table: int) -> None:
        """Draw the rows of a table, which has this number."""
        if not rows:
            self._say(_("There is nothing to draw without socket calls."))
            return
        drawing, more = draw(rows, find_nicks(self.rows), self.data.server)
        text = _("Figure {number} shows the exchange of table {table}: who sent which line to whom.")
        self._say(text.format(number=self._next_figure, table=table))
        self._add_figure(Figure(_("Sequence of the exchange"), drawing))
        self._tell_rest(plural("{count} arrow is left out", "{count} arrows are left out", more), more)

    def _write_threads(self, threads: Sequence[ThreadPlace]) -> None:
        if not threads:
            self._say(_("The threads were not looked at."))
            return
        text = _(
            "Table {number} shows the threads of the program and the place where each of them is or waits."
        )
        self._say(text.format(number=self._next_table))
        names: dict[str, Counter[str]] = {}
        for one in threads:
            # Those of the clients have the same name, and an address behind it.
            kinds = names.setdefault(f"{one.place}, {one.line}" if one.place else "–", Counter())
            kinds[one.name.partition(" ")[0]] += 1
        rows = [(", ".join(map(_counted, kinds.items())), place) for place, kinds in names.items()]
        heads = (_("Thread"), _("Where it is: file, function, line"))
        self._add_table(_("Threads"), heads, rows, (36, 64), code=True)

    def _write_pictures(self) -> None:
        paste = _("Paste a picture of the window here.")
        figures = [Figure(one.caption, one.picture or paste) for one in self.data.pictures]
        if not figures:
            how = _("No picture was taken: Ctrl+Shift+P in a window of the program takes one for a report.")
            figures = [Figure(_("Window of the client"), f"{how} {paste}")]
        first, last = self._next_figure, self._next_figure + len(figures) - 1
        text = _("Figure {first} shows a window of the program in this work.")
        if len(figures) > 1:
            text = _("Figures {first}–{last} show the program's windows in this work.")
        self._say(text.format(first=first, last=last))
        for figure in figures:
            self._add_figure(figure)

    def _write_experiments(self) -> None:
        trials = self.data.trials
        self._begin(_("Experiments"))
        if not trials:
            self._ask(_("Experiment, prediction, what happened, and my explanation:"), _EXPLANATION)
            return
        text = _(
            "Table {results} compares my predictions with what happened; table {calls} shows the first calls "
            "of each experiment with their bytes; table {explained} holds my explanations."
        )
        first = self._next_table
        self._say(text.format(results=first, calls=first + 1, explained=first + 2))
        heads = (_("Experiment"), _("Prediction"), _("What happened"), _("What was measured"))
        compared = list(map(_trial_row, trials))
        self._add_table(_("Results of the experiments"), heads, compared, (17, 23, 23, 37))
        columns = (_("Experiment"), _("ms"), _("Who"), _("Call"), _("Bytes"), _("What they were"))
        seen = [row for trial in trials for row in _observation_rows(trial)]
        self._add_table(_("Calls in the experiments"), columns, seen, (14, 11, 17, 10, 8, 40), code=True)
        explained = [(trial.experiment.name, _ROOM * "\n") for trial in trials]
        own = (_("Experiment"), _("My explanation"))
        self._add_table(_("Explanations of the experiments"), own, explained, (14, 86))

    def _write_results(self) -> None:
        data = self.data
        found = happened(Evidence(data.calls, self.rows, data.trials, data.judgement))
        self._begin(_("Results"))
        text = _("Table {number} compares what was expected with what happened.")
        self._say(text.format(number=self._next_table))
        done = [row for row in results() if row.key in found or row.key not in OPTIONAL]
        rows = [
            (str(number), row.action, row.expected, found.get(row.key, ""))
            for number, row in enumerate(done, 1)
        ]
        heads = (_("No."), _("Action"), _("Expected"), _("What happened here"))
        self._add_table(_("Results"), heads, rows, (6, 25, 34, 35))

    def _write_judgement(self) -> None:
        self._begin(_("Check of my own program"))
        judgement = self.data.judgement
        if judgement is None:
            self._ask(_("My own program, and what checking it has shown:"), _EXPLANATION)
            return
        text = _(
            "The program was checked with “chat judge” (protocol {protocol}). {summary}. Table {number} "
            "shows the result."
        )
        summary = summarize(judgement)
        self._say(text.format(protocol=judgement.protocol, summary=summary, number=self._next_table))
        heads = (_("Level"), _("Check"), _("Result"))
        self._add_table(_("Result of the checks"), heads, _judged_rows(judgement), (12, 56, 32))

    def _write_questions(self) -> None:
        text = _("Table {number} holds my answers.")
        self._say(text.format(number=self._next_table))
        rows = [(str(number), question, _ANSWER * "\n") for number, question in enumerate(questions(), 1)]
        self._add_table(_("Control questions"), (_("No."), _("Question"), _("Answer")), rows, (6, 47, 47))

    def _write_listings(self, files: Sequence[SourceFile]) -> None:
        letter = _APPENDIX[language()]
        appendix = _("Appendix {letter}").format(letter=letter)
        self._add(Heading(appendix, below=_("Listing of my own program")))
        for number, file in enumerate(files, 1):
            caption = _("Listing {letter}.{number} — {name}")
            self._add(Listing(caption.format(letter=letter, number=number, name=file.name), file.text))

    # The pieces.

    @property
    def _next_table(self) -> int:
        return self._tables + 1

    @property
    def _next_figure(self) -> int:
        return self._figures + 1

    def _add(self, block: Block) -> None:
        self.blocks.append(block)

    def _begin(self, title: str) -> None:
        self._section, self._part = self._section + 1, 0
        self._add(Heading(title, str(self._section)))

    def _begin_part(self, title: str) -> None:
        self._part += 1
        self._add(Heading(title, f"{self._section}.{self._part}", level=2))

    def _say(self, text: str) -> None:
        self._add(Paragraph(text))

    def _ask(self, text: str, lines: int) -> None:
        """Ask for the student's own words, with so many lines to write them on."""
        self._add(Paragraph(text, with_next=True))
        self._add(Lines(lines))

    def _tell_rest(self, sentence: str, count: int) -> None:
        if count > 0:
            self._say(f"{sentence}.")

    def _add_table(
        self,
        title: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[int],
        *,
        code: bool = False,
    ) -> None:
        self._tables += 1
        caption = _("Table {number} — {title}").format(number=self._tables, title=title)
        self._add(Table(caption, heads, rows, widths, code))

    def _add_figure(self, figure: Figure) -> None:
        self._figures += 1
        caption = _("Figure {number} — {title}").format(number=self._figures, title=figure.caption)
        self._add(Figure(caption, figure.image))


def _variant(number: str) -> str:
    """Return what is to be built, if the variant is one of the lab's."""
    found = VARIANTS.get(int(number)) if number.isascii() and number.isdecimal() else None
    if found is None:
        return ""
    _number, framing, concurrency, feature, side, programming_language = found.cells()
    text = _(
        "Variant {number}. The end of a message: {framing}; many clients: {concurrency}; feature: {feature}; "
        "all levels: {side}; language: {language}."
    )
    return text.format(
        number=found.number,
        framing=framing,
        concurrency=concurrency,
        feature=feature,
        side=side,
        language=programming_language,
    )


def _counted(kind: tuple[str, int]) -> str:
    name, count = kind
    return f"{name} ({count})" if count > 1 else name


def _count_bytes(calls: Iterable[Call]) -> str:
    return plural("{count} byte", "{count} bytes", sum(len(call.data) for call in calls))


def _author(entry: Entry) -> str:
    audience = audience_of(entry)
    return f"{entry.nick} ({audience})" if audience else entry.nick


def _shortened(text: str) -> str:
    return shorten_text(text, _LONGEST)


def _wire_row(row: Row) -> tuple[str, ...]:
    call = row.call
    where = call.thread if call.connection in call.thread else f"{call.thread}\n{call.connection}"
    size = str(len(call.data)) if call.name in ("recv", "send") else ""
    texts = [_shortened(visible_bytes(without_tags(line.raw.rstrip(b"\r\n")))) for line in row.lines]
    return (format_clock(call.time, 3), where, call.name, size, "\n".join(texts))


def _trial_row(trial: Trial) -> tuple[str, ...]:
    experiment, result = trial.experiment, trial.result
    predictions = experiment.predictions()
    made = predictions[trial.prediction] if trial.prediction is not None else _("none was made")
    figures = "\n".join(f"{name}: {value}" for name, value in result.figures)
    return (f"{experiment.title()} ({experiment.name})", made, trial.happened, figures)


def _observation_rows(trial: Trial) -> Iterator[tuple[str, ...]]:
    for one in [one for one in trial.result.observations if one.call][:_OBSERVATIONS]:
        data = shorten_bytes(one.data)
        what = " — ".join(part for part in (data, one.text) if part)
        milliseconds = decimal(one.seconds * 1000, 2)
        yield (trial.experiment.name, milliseconds, one.who, one.call, one.size, _shortened(what))


def _judged_rows(judgement: Judgement) -> list[tuple[str, ...]]:
    """Return a row for what was passed of each level, and one for each check that was not."""
    rows: list[tuple[str, ...]] = []
    for level in sorted({one.level for one in judgement.outcomes}):
        outcomes = [one for one in judgement.outcomes if one.level == level]
        passed = [one for one in outcomes if one.mark is Mark.PASSED]
        if passed:
            titles = "; ".join(one.title for one in passed)
            rows.append((str(level), titles, _("passed")))
        for one in outcomes:
            if one.mark is not Mark.PASSED:
                mark = _("failed") if one.mark is Mark.FAILED else _("not judged")
                rows.append((str(level), one.title, f"{mark}. {one.meaning}"))
    return rows
