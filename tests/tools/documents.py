"""The documents as the tests read them: headings, links, code spans, transcripts.

A transcript in a document is replayed against the real program. What differs from run to run (times, ports,
ids, byte counts) stands in it as an example and is compared by its shape; `…` stands for anything, and as a
line of its own for any number of lines. An invisible `<!-- replay: … -->` says what somebody does there.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from tests.tools.sources import ROOT

ELLIPSIS: Final = "…"
_BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$|^<!-- replay: (.*?) -->$", re.DOTALL | re.MULTILINE)
_COMMAND: Final = re.compile(
    r"(?:python3? |py )?(?:\./|dist[/\\])?chat(?:\.py|\.exe)?(?: (?P<arguments>.*))?"
)
_SHAPES: Final = (
    (r"\d\d:\d\d:\d\d\.\d{6}", r"\d\d:\d\d:\d\d\.\d{6}"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z", r"\d{4}-\d\d-\d\dT[\d:.]+Z"),
    (r"\d\d:\d\d:\d\d", r"\d\d:\d\d:\d\d"),
    (r"msgid=[0-9a-f]+-\d+", r"msgid=[0-9a-f]+-\d+"),
    (r"\d+ (?:bytes?|байта?)(?!\w)", r"\d+ (?:bytes?|байта?)"),
    (r"(?<![\d.])\d{4,5}(?![\d.])", r"\d{1,5}"),
    (r"\s+", r"\s+"),
    (ELLIPSIS, ".*"),
)
"""Examples, as they stand in documents, and the regular expressions that they stand for."""
_SHAPE: Final = re.compile("|".join(f"({example})" for example, _ in _SHAPES))


class Block(NamedTuple):
    """A fenced block."""

    kind: str
    """The word after the fence: `console`, `irc`, `python`, `text` …"""
    lines: list[str]

    @property
    def command(self) -> list[str] | None:
        """The arguments of the `chat.py` that a console block runs."""
        if self.kind != "console" or not self.lines[0].startswith("$ "):
            return None
        return arguments_in(self.lines[0][2:])


class Action(NamedTuple):
    """Something that somebody does while a transcript is replayed."""

    what: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file."""

    path: Path
    """Relative to the project's root."""
    text: str

    @property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return _BLOCK.sub("", self.text)

    @property
    def language(self) -> str:
        return "ru" if self.path.name.endswith(".ru.md") or "ru" in self.path.parts else "en"

    def rows_below(self, section: str) -> list[tuple[str, ...]]:
        """Return the rows of the first table in a section, without its head.

        Args:
            section: the number before its heading, of the third rank, with the dot.
        """
        text = self.text.partition(f"\n### {section} ")[2]
        table = text[text.index("\n|") + 1 :].partition("\n\n")[0]
        return [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in table.splitlines()[2:]]

    def headings(self) -> list[tuple[int, str]]:
        """Level and text of each heading."""
        found = re.findall(r"^(#+) (.+)$", self.prose, re.MULTILINE)
        return [(len(marks), text) for marks, text in found]

    def anchors(self) -> set[str]:
        """What links can name behind `#`, as GitHub makes it of the headings."""
        return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for _level, text in self.headings()}

    def links(self) -> list[str]:
        """Targets of links and pictures that lie in this project."""
        targets = re.findall(r"\]\(([^)\s]+)\)|\bsrc=\"([^\"]+)\"", self.prose)
        return [target for pair in targets for target in pair if target and "://" not in target]

    def code_spans(self) -> list[str]:
        return re.findall(r"`([^`\n]+)`", self.prose)

    def parts(self) -> Iterator[Block | Action]:
        """Blocks and actions in their order."""
        for found in _BLOCK.finditer(self.text):
            if found[3] is not None:
                what, _, rest = found[3].partition(" ")
                who, _, text = rest.partition(" ")
                yield Action(what, who, text)
            else:
                yield Block(found[1], found[2].splitlines())

    def blocks(self) -> list[Block]:
        return [part for part in self.parts() if isinstance(part, Block)]

    def commands(self) -> list[list[str]]:
        """The arguments of every `chat.py` that the document tells to run, in order."""
        lines = [line[2:] for block in self.blocks() for line in block.lines if line.startswith("$ ")]
        found = [arguments_in(line) for line in [*lines, *self.code_spans()] if ELLIPSIS not in line]
        return [arguments for arguments in found if arguments is not None]


@cache
def documents() -> tuple[Document, ...]:
    """Return the project's documents."""
    paths = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    return tuple(Document(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in paths)


def document(name: str) -> Document:
    """Return the document of this path, relative to the root."""
    return next(found for found in documents() if found.path == Path(name))


def arguments_in(line: str) -> list[str] | None:
    """Return the arguments if the line runs this program, else None."""
    found = _COMMAND.fullmatch(line)
    return shlex.split(found["arguments"] or "") if found else None


def pattern(example: str) -> str:
    """Return a regular expression for the whole line that this line of a transcript is an example of."""
    made = ""
    at = 0
    for found in _SHAPE.finditer(example):
        assert found.lastindex
        made += re.escape(example[at : found.start()]) + _SHAPES[found.lastindex - 1][1]
        at = found.end()
    return f"^{made}{re.escape(example[at:])}$"
