"""The student's report: one HTML file with the data of his own run, for browsers, Word and LibreOffice."""

import base64
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from client.model.conversations import SPOKEN, Entry
from client.model.spoken import audience_of
from lab.experiments.experiment import Trial
from lab.report.sequence_diagram import PAGE, draw_pages, find_arrows
from lab.report.texts import aim, questions, results, task
from lab.threads.listing import ThreadPlace
from lab.wire.call_text import format_clock, left_over, shorten_bytes
from program.version import NAME, VERSION
from protocol.text import visible_speech
from sockets.tap import Call
from translations import _, language, plural

MOST_CALLS: Final = 300
"""Rows of the wire log; more belong in the capture file."""
MOST_ARROWS: Final = 4 * PAGE
_STYLE: Final = """
body { font-family: "Times New Roman", serif; font-size: 12pt; }
h1 { font-size: 18pt; text-align: center; }
h2 { font-size: 14pt; margin-top: 8mm; }
h3 { font-size: 12pt; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
td, th { border: 1px solid black; padding: 1mm 2mm; text-align: left; vertical-align: top; }
td { overflow-wrap: break-word; }
code, pre { font-family: "Courier New", monospace; font-size: 8pt; }
pre { white-space: pre-wrap; }
.blank { border-bottom: 1px solid black; height: 8mm; }
img { max-width: 100%; height: auto; }
@media screen {
  body { max-width: 190mm; margin: 15mm auto; }
}
@media print {
  body { margin: 0; }
  tr, img { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
"""
"""Widths of columns and borders also stand in attributes, because word processors ignore them in CSS."""
_SVG_SIZE: Final = re.compile(r'width="(\d+)" height="(\d+)"')
_UNBROKEN: Final = re.compile(r"[^\s\0]{12}(?=[^\s\0]{4})")
_CODE: Final = '<code style="font-size: 7.5pt">'
_IMAGE_WIDTH: Final = 640
_BYTES: Final = (14, 16, 8, 17, 7, 38)
"""Widths of the wire log's columns, in hundredths."""


@dataclass(frozen=True, slots=True)
class TitlePage:
    """The fields of the title page; empty ones are left to be filled in by hand."""

    university: str = ""
    course: str = ""
    group: str = ""
    name: str = ""
    teacher: str = ""


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything that a report is made of."""

    title: TitlePage = field(default_factory=TitlePage)
    transcript: Sequence[Entry] = ()
    """The entries of a conversation; of these, what people said is shown."""
    calls: Sequence[Call] = ()
    """As a `lab.wire.ring.Ring` remembers them: with passwords masked."""
    server: str = ""
    """What the diagram calls the server."""
    threads: Sequence[ThreadPlace] = ()
    trials: Sequence[Trial] = ()


def report_html(data: ReportData) -> str:
    """Return the report in the language in use; everything in it is escaped."""
    title = _("Laboratory report: a client-server chat on sockets")
    blank = '<div class="blank">&nbsp;</div>'
    body = [
        f"<h1>{escape(title)}</h1>",
        _title_page(data.title),
        _heading(1, _("Aim of the work")),
        _paragraph(aim()),
        _heading(2, _("Task")),
        "<ol>" + "".join(f"<li>{escape(point)}</li>" for point in task()) + "</ol>",
        _heading(3, _("Course of the work")),
        _part("3.1", _("What was said"), _transcript(data.transcript)),
        _part("3.2", _("Calls and bytes"), _wire(data.calls)),
        _part("3.3", _("Sequence diagram"), _diagram(data.calls, data.server or _("server"))),
        _part("3.4", _("Threads"), _threads(data.threads)),
        _heading(4, _("Experiments")),
        *(_trial(f"4.{number}", trial) for number, trial in enumerate(data.trials, 1)),
        "" if data.trials else blank * 2,
        _heading(5, _("Table of results")),
        _results(),
        _heading(6, _("Control questions")),
        "".join(f"<p>{number}. {escape(text)}</p>{blank * 2}" for number, text in enumerate(questions(), 1)),
        _heading(7, _("Conclusion")),
        blank * 5,
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + f"\n<p><small>{escape(NAME)} {escape(VERSION)}</small></p>\n</body>\n</html>\n"
    )


def _heading(number: int, text: str) -> str:
    return f"<h2>{number}. {escape(text)}</h2>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _part(number: str, text: str, content: str) -> str:
    return f"<h3>{number}. {escape(text)}</h3>\n{content}"


def _title_page(title: TitlePage) -> str:
    rows = [
        (_("University"), title.university),
        (_("Course"), title.course),
        (_("Group"), title.group),
        (_("Done by"), title.name),
        (_("Checked by"), title.teacher),
        (_("Date"), time.strftime("%d.%m.%Y")),
        (_("Mark, signature"), ""),
    ]
    return _table((), rows, (30, 70))


def _results() -> str:
    heads = (_("Action"), _("Expected"), _("What happened here"))
    return _table(heads, [(row.action, row.expected, "") for row in results()], (30, 40, 30))


def _transcript(transcript: Sequence[Entry]) -> str:
    spoken = (entry for entry in transcript if entry.kind in SPOKEN)
    rows = [(format_clock(entry.time), _author(entry), entry.text) for entry in spoken]
    return _table((_("Time"), _("Who"), _("Text")), rows, (15, 20, 65))


def _author(entry: Entry) -> str:
    audience = audience_of(entry)
    return f"{entry.nick} ({audience})" if audience else entry.nick


def _wire(calls: Sequence[Call]) -> str:
    rows = []
    for call in calls[:MOST_CALLS]:
        size = str(len(call.data)) if call.name in ("recv", "send") else ""
        text = shorten_bytes(call.data)
        if call.held_after:
            text += f"  {left_over(call, shorten_bytes)}"
        rows.append((format_clock(call.time, 6), call.thread, call.name, call.connection, size, text))
    heads = (_("Time"), _("Thread"), _("Call"), _("Connection"), _("Bytes"), _("What they were"))
    more = len(calls) - MOST_CALLS
    rest = _paragraph(plural("{count} more call", "{count} more calls", more)) if more > 0 else ""
    return f"{_table(heads, rows, _BYTES, code=True)}{rest}"


def _diagram(calls: Sequence[Call], server: str) -> str:
    arrows = find_arrows(calls, server)
    drawn = arrows[:MOST_ARROWS]
    # As an image, because word processors leave out <svg>; and as text, because some leave out such an image.
    lines = (f"{format_clock(one.time, 3)}  {one.source} → {one.target}: {one.text}" for one in drawn)
    text = escape("\n".join(map(visible_speech, lines)))
    alt = escape(_("Sequence diagram"))
    images = [_image(svg, alt) for svg in draw_pages(drawn)]
    note = _paragraph(_("PING, PONG and what the server tells about itself after 001 are left out."))
    more = len(arrows) - len(drawn)
    rest = [_paragraph(plural("{count} more arrow", "{count} more arrows", more))] if more else []
    return "\n".join([note, *images, *rest, f"<pre>{text}</pre>"])


def _image(svg: str, alt: str) -> str:
    width, height = map(int, _SVG_SIZE.findall(svg)[0])
    shown = f'width="{_IMAGE_WIDTH}" height="{_IMAGE_WIDTH * height // width}" alt="{alt}"'
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return f'<img {shown} src="data:image/svg+xml;base64,{data}">'


def _threads(threads: Sequence[ThreadPlace]) -> str:
    rows = [(one.name, f"{one.place}, {one.line}" if one.place else "") for one in threads]
    heads = (_("Thread"), _("Where it is: file, function, line"))
    return _table(heads, rows, (30, 70), code=True)


def _trial(number: str, trial: Trial) -> str:
    experiment, result = trial.experiment, trial.result
    predictions = experiment.predictions()
    made = predictions[trial.prediction] if trial.prediction is not None else ""
    seen = []
    for one in result.observations[:MOST_CALLS]:
        data = shorten_bytes(one.data) if one.call else ""
        what = "  — ".join(part for part in (data, one.text) if part)
        seen.append((f"{one.seconds * 1000:.2f}", one.who, one.call, one.size, what))
    rows = [
        (_("Question"), experiment.question(trial.parameters)),
        (_("Prediction"), made),
        (_("What happened"), predictions[result.happened]),
        *result.figures,
        (_("Why"), result.explanation),
        (_("In our code"), ", ".join(experiment.code)),
    ]
    heads = (_("ms"), _("Who"), _("Call"), _("Bytes"), _("What they were"))
    table = f"{_table((), rows, (30, 70))}\n{_table(heads, seen, (11, 14, 9, 8, 58), code=True)}"
    return _part(number, experiment.title(), table)


def _table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int], *, code: bool = False
) -> str:
    """Return a table; `widths` of its columns in hundredths; `code`: small monospaced letters."""

    def line(tag: str, cells: Iterable[str]) -> str:
        pairs = zip(cells, widths, strict=True)
        made = (f'<{tag} width="{width}%">{cell}</{tag}>' for cell, width in pairs)
        return f"<tr>{''.join(made)}</tr>"

    before, after = (_CODE, "</code>") if code else ("", "")
    head = [line("th", map(escape, heads))] if heads else []
    lines = [line("td", (f"{before}{_breakable(text)}{after}" for text in row)) for row in rows]
    start = '<table border="1" cellspacing="0" cellpadding="4" width="100%">'
    return "\n".join([start, *head, *lines, "</table>"])


def _breakable(text: str) -> str:
    """Return text for a cell, with places where a word processor may break a long word."""
    return "<wbr>".join(escape(piece) for piece in _UNBROKEN.sub(r"\g<0>\0", text).split("\0"))
