"""What the judge found: for a person, for programs (JSON), and as a page."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

from lab.judge.check import Mark, Outcome
from lab.wire.call_text import shorten_bytes
from program.errors import UserFacingError
from program.version import VERSION
from translations import _, decimal, language
from translations.system_errors import explain_error

_LARGEST_FILE: Final = 8 * 1024 * 1024
"""Bytes of a JSON file that are read."""
_STYLE: Final = """
body { font-family: sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; width: 100%; }
td, th { border: 1px solid #888; padding: 0.3em 0.6em; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
code { font-family: monospace; white-space: pre-wrap; }
.failed { background: #fdd; color: #000; }
.passed { background: #dfd; color: #000; }
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcomes of one program."""

    side: str
    """`server` or `client`."""
    address: str
    protocol: str
    outcomes: tuple[Outcome, ...]
    variant: int | None = None
    began: float = 0.0
    """Seconds since the epoch."""
    seconds: float = 0.0

    def count(self, mark: Mark) -> int:
        """Tell how many checks have this mark."""
        return sum(outcome.mark is mark for outcome in self.outcomes)

    @property
    def level(self) -> int:
        """The highest level up to which nothing failed; 0 if the first level did."""
        failed = min((one.level for one in self.outcomes if one.mark is Mark.FAILED), default=None)
        levels = {one.level for one in self.outcomes if failed is None or one.level < failed}
        return max(levels, default=0)

    def summary(self) -> str:
        """Return the counts in a sentence."""
        return _("{passed} passed, {failed} failed, {rest} not judged; level {level}.").format(
            passed=self.count(Mark.PASSED),
            failed=self.count(Mark.FAILED),
            rest=self.count(Mark.NOT_JUDGED),
            level=self.level,
        )


def word_for(mark: Mark) -> str:
    """Return a mark in the user's language."""
    return {Mark.PASSED: _("passed"), Mark.FAILED: _("FAILED"), Mark.NOT_JUDGED: _("not judged")}[mark]


def write_json(judgement: Judgement) -> str:
    """Return a judgement for programs; what came back stands as text, and as hexadecimal digits."""
    found: dict[str, Any] = {
        "labchat": VERSION,
        "side": judgement.side,
        "address": judgement.address,
        "protocol": judgement.protocol,
        "variant": judgement.variant,
        "time": time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(judgement.began)),
        "seconds": round(judgement.seconds, 1),
        "level": judgement.level,
    }
    found |= {mark.name.lower(): judgement.count(mark) for mark in Mark}
    found["checks"] = [_json_of(outcome) for outcome in judgement.outcomes]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _json_of(outcome: Outcome) -> dict[str, Any]:
    return {
        "name": outcome.name,
        "level": outcome.level,
        "mark": outcome.mark.value,
        "title": outcome.title,
        "section": outcome.section,
        "expected": outcome.expected,
        "received": shorten_bytes(outcome.received),
        "received_hex": outcome.received.hex(),
        "meaning": outcome.meaning,
        "steps": [
            {
                "ms": round(step.seconds * 1000),
                "who": step.who,
                "call": step.call,
                "bytes": shorten_bytes(step.data),
                "text": step.text,
            }
            for step in outcome.steps
        ],
    }


def write_html(judgement: Judgement) -> str:
    """Return a judgement as a page, in the language in use; everything in it is escaped."""
    title = _("What {address} does right").format(address=judgement.address)
    began = time.strftime("%d.%m.%Y %H:%M", time.localtime(judgement.began))
    facts = [began, _("protocol: {protocol}").format(protocol=judgement.protocol)]
    if judgement.variant is not None:
        facts.append(_("variant {number}").format(number=judgement.variant))
    rows = "".join(
        f"<tr><td>{one.level}</td><td>{escape(one.title)} <code>{escape(one.name)}</code></td>"
        f'<td class="{one.mark.name.lower()}">{escape(word_for(one.mark))}</td></tr>\n'
        for one in judgement.outcomes
    )
    heads = "".join(f"<th>{escape(head)}</th>" for head in (_("Level"), _("Check"), _("Mark")))
    details = "".join(_details(one) for one in judgement.outcomes if one.mark is not Mark.PASSED)
    return (
        f'<!DOCTYPE html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n<p>{escape('; '.join(facts))}</p>\n<p>{escape(judgement.summary())}</p>\n"
        f"<table>\n<tr>{heads}</tr>\n{rows}</table>\n{details}</body>\n</html>\n"
    )


def _details(outcome: Outcome) -> str:
    parts = [f"<h2>{escape(outcome.name)}: {escape(outcome.title)}</h2>"]
    parts += [f"<p>{escape(text)}</p>" for text in explain(outcome)]
    if outcome.mark is Mark.FAILED:
        steps = "".join(
            f"<tr><td>{decimal(step.seconds * 1000)}</td><td>{escape(step.who)}</td>"
            f"<td>{escape(step.call)}</td><td>{step.size}</td>"
            f"<td><code>{escape(shorten_bytes(step.data))}</code> {escape(step.text)}</td></tr>\n"
            for step in outcome.steps
        )
        heads = "".join(
            f"<th>{escape(head)}</th>" for head in (_("ms"), _("who"), _("call"), _("bytes"), _("what"))
        )
        parts.append(f"<table>\n<tr>{heads}</tr>\n{steps}</table>")
    return "\n".join(parts) + "\n"


def explain(outcome: Outcome) -> list[str]:
    """Return what a check that was not passed is about, in sentences."""
    if outcome.mark is Mark.NOT_JUDGED:
        return [outcome.meaning]
    told = [_("Expected: {text}.").format(text=outcome.expected)]
    if outcome.received:
        told.append(_("What came last: {bytes}").format(bytes=shorten_bytes(outcome.received)))
    else:
        told.append(_("What came: nothing."))
    told.append(_("What it means: {text}").format(text=outcome.meaning))
    told.append(_("Section {number} of the laboratory report explains it.").format(number=outcome.section))
    return told


def read_judgement(file: Path) -> Judgement:
    """Return what `write_json` has written, but for the steps and what came back.

    Raises:
        UserFacingError: the file cannot be read, or holds something else.
    """
    try:
        with file.open("rb") as opened:
            found = json.loads(opened.read(_LARGEST_FILE))
        outcomes = tuple(
            Outcome(
                *(str(one["name"]), int(one["level"]), str(one["title"]), str(one["section"])),
                Mark(one["mark"]),
                meaning=str(one["meaning"]),
            )
            for one in found["checks"]
        )
        return Judgement(str(found["side"]), str(found["address"]), str(found["protocol"]), outcomes)
    except OSError as error:
        text = _("The file {path} cannot be read ({error}); check its name and whether you may read it.")
        raise UserFacingError(text.format(path=file, error=explain_error(error))) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        text = _("The file {path} is no judgement: such a file is made by “{command}”.")
        command = "chat judge server … --json FILE"
        raise UserFacingError(text.format(path=file, command=command)) from error


def table(judgements: Sequence[tuple[str, Judgement]]) -> list[list[str]]:
    """Return one table of many judgements: a row of headings, and a row for each.

    A check that was passed is 1, one that failed 0, one that was not judged an empty cell.

    Args:
        judgements: each with a name.
    """
    columns = list(dict.fromkeys(one.name for _name, judged in judgements for one in judged.outcomes))
    cells = {Mark.PASSED: "1", Mark.FAILED: "0", Mark.NOT_JUDGED: ""}
    heads = [_("Program"), _("Address"), _("Protocol"), _("Level"), _("Passed"), _("Failed"), _("Not judged")]
    rows = []
    for name, judged in judgements:
        counts = [str(judged.count(mark)) for mark in Mark]
        found = {one.name: cells[one.mark] for one in judged.outcomes}
        facts = [name, judged.address, judged.protocol, str(judged.level), *counts]
        rows.append([*facts, *(found.get(column, "") for column in columns)])
    return [[*heads, *columns], *rows]
