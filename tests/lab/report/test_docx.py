"""The .docx: read by python-docx, printed by LibreOffice, with the measures that GOST 7.32-2017 asks for."""

import re
import sys
import zipfile
from dataclasses import replace
from html import unescape
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import docx as python_docx
import pytest
from docx.document import Document as Read
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from gui.toolkit.shapes import png, rounded
from lab.demo.participants import participants, running_server
from lab.demo.script import script, speakers
from lab.demo.text import hold_conversation
from lab.experiments.catalogue import EXPERIMENTS
from lab.experiments.experiment import Trial
from lab.judge.check import Mark, Outcome
from lab.judge.judgement import Judgement
from lab.report.content import make_document
from lab.report.data import ReportData, SourceFile, TitlePage
from lab.report.pictures.taken import TakenPicture
from lab.report.rendering.docx import docx
from lab.report.rendering.html import html
from lab.report.rendering.model import Document, Lines, Picture, Table
from lab.report.texts import questions
from lab.threads.listing import thread_places
from lab.wire.ring import Ring
from tests.tools.office import pages_of
from tests.tools.programs import run
from translations import use_language

CORE = ("glue", "letter", "naive", "slow")
"""Four experiments, as many as a lesson of two hours has."""
MOST_PAGES = 12
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def core_work(sources: tuple[SourceFile, ...] = ()) -> ReportData:
    """A real conversation, real experiments, pictures and a judgement of all levels."""
    ring = Ring()
    with running_server(ring) as address, participants(address, speakers(3)) as everybody:
        hold_conversation(address, everybody, script(3, in_windows=False))
        threads = thread_places()
        room = everybody[-1].room
        assert room
        said = tuple(room.entries)
    trials = [
        Trial(experiment, experiment.defaults(), experiment.run(), 0)
        for experiment in (EXPERIMENTS[name] for name in CORE)
    ]
    window = Picture(png(rounded(900, 560, 8, "#f0f0f0")), 900, 560)
    pictures = [TakenPicture("client", window), TakenPicture("calls", window)]
    outcomes = [
        Outcome(
            *(f"check-{number}", number // 3 + 1, "takes two messages that are glued", "3.3", mark),
            meaning="It took one.",
        )
        for number, mark in enumerate([Mark.PASSED] * 23 + [Mark.FAILED])
    ]
    title = TitlePage("Ministry", "University", "Department", "Networks", "3", "", "7", "ИВТ-21", "Anna")
    judged = Judgement("server", "127.0.0.1:1", "lines", tuple(outcomes))
    calls = ring.calls()
    return ReportData(title, said, calls, (), address, threads, trials, judged, pictures, sources)


@pytest.fixture(scope="module")
def core() -> ReportData:
    return core_work()


def read(document: Document) -> Read:
    return python_docx.Document(BytesIO(docx(document)))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason=".ci/run installs LibreOffice on Linux alone")
@pytest.mark.parametrize("code", ["ru", "en"])
def test_the_core_work_takes_at_most_twelve_pages(tmp_path: Path, core: ReportData, code: str) -> None:
    use_language(code)
    file = tmp_path / "report.docx"
    file.write_bytes(docx(make_document(core)))
    assert 8 <= pages_of(file, tmp_path) <= MOST_PAGES


def test_it_has_the_measures_of_the_standard(core: ReportData) -> None:
    found = read(make_document(core))
    section = found.sections[0]
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert [round(margin.mm) for margin in margins if margin] == [30, 15, 20, 20]
    assert (section.page_width, section.page_height) == (Mm(210), Mm(297)) or (
        section.page_width is not None and round(section.page_width.mm) == 210
    )
    normal = found.styles["Normal"]
    assert (normal.font.name, normal.font.size) == ("Times New Roman", Pt(14))
    layout = normal.paragraph_format
    assert layout.line_spacing == 1.5
    assert layout.first_line_indent is not None
    assert round(layout.first_line_indent.mm, 1) == 12.5
    assert layout.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert section.different_first_page_header_footer
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" not in section.first_page_footer._element.xml


def test_word_processors_find_headings_tables_and_pictures(core: ReportData) -> None:
    document = make_document(core)
    found = read(document)
    styles = ("Heading 1", "Heading 2", "Structural element")
    headings = [one.text for one in found.paragraphs if one.style and one.style.name in styles]
    assert headings == [heading.title for heading in document.headings]
    contents = [one.text for one in found.paragraphs if one.style and one.style.name.startswith("toc")]
    assert [line.partition("\t")[0] for line in contents] == [one.entry for one in document.headings]
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert len(found.tables) == len(tables) + 1  # who signs
    for table, block in zip(found.tables[1:], tables, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == list(block.heads)
        assert len(table.rows) == len(block.rows) + 1
        assert table.rows[0]._tr.xml.count("<w:tblHeader/>") == 1  # repeated on each page
        assert sum(column.width or 0 for column in table.columns) <= Mm(165)
    assert len(found.inline_shapes) == 3
    assert all(shape.width <= Mm(165) for shape in found.inline_shapes)
    parts = [part.content_type for part in found.part.package.iter_parts()]
    assert parts.count("image/png") == 2
    assert parts.count("image/x-emf") == 1


def test_both_kinds_of_file_say_the_same(core: ReportData) -> None:
    document = make_document(core)
    page = unescape(re.sub("<[^>]+>", "", html(document)))
    found = read(document)
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    words = [one.text.partition("\t")[0] for one in found.paragraphs] + cells
    missing = [text for text in words if text.replace("\u200b", "").strip() not in page]
    assert missing == []


def test_every_part_is_xml_and_every_reference_leads_somewhere(core: ReportData) -> None:
    evil = "\x00\x1b\ufffe\ud800<&>\"'\u200b"
    data = ReportData(TitlePage(name=evil), sources=[SourceFile(evil, evil)])
    for document in (make_document(core), make_document(data)):
        with zipfile.ZipFile(BytesIO(docx(document))) as package:
            assert package.testzip() is None
            roots = {
                name: ElementTree.fromstring(package.read(name))
                for name in package.namelist()
                if name.endswith((".xml", ".rels"))
            }
            names = set(package.namelist())
        targets = {f"word/{one.get('Target')}" for one in roots["word/_rels/document.xml.rels"]}
        assert targets <= names
        ids = {one.get("Id") for one in roots["word/_rels/document.xml.rels"]}
        references = {
            value
            for one in roots["word/document.xml"].iter()
            for name, value in one.items()
            if name.startswith(R)
        }
        assert references <= ids
        body = roots["word/document.xml"]
        marks = {mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")}
        assert {link.get(f"{W}anchor") for link in body.iter(f"{W}hyperlink")} == marks
        known = {style.get(f"{W}styleId") for style in roots["word/styles.xml"].iter(f"{W}style")}
        assert {style.get(f"{W}val") for style in body.iter(f"{W}pStyle")} <= known


def test_there_is_room_for_the_student_s_own_words(core: ReportData) -> None:
    document = make_document(core)
    found = read(document)
    lines = [one for one in found.paragraphs if one.style and one.style.name == "Lines to write on"]
    assert len(lines) == sum(block.count for block in document.blocks if isinstance(block, Lines))
    assert len(lines) > 12
    empty = {
        block.heads[-1]: len(block.rows)
        for block in document.blocks
        if isinstance(block, Table) and not any(row[-1].strip() for row in block.rows)
    }
    assert empty == {"My explanation": len(CORE), "Answer": len(questions())}


def test_each_structural_element_begins_a_page_and_no_section_does(core: ReportData) -> None:
    data = replace(core, sources=[SourceFile("server.c", "int main() {}\n")])
    found = read(make_document(data))
    beginning = [one.text for one in found.paragraphs if one.paragraph_format.page_break_before]
    assert beginning == ["CONTENTS", "CONCLUSION", "LIST OF SOURCES", "APPENDIX A"]


def test_a_picture_of_a_window_is_as_wide_as_the_text_and_two_stand_on_a_page(core: ReportData) -> None:
    _diagram, one, other = read(make_document(core)).inline_shapes
    assert one.width > Mm(150)
    assert one.height + other.height < Mm(297 - 20 - 20 - 50), "captions and a heading need room too"


def test_the_student_s_file_is_printed_whole() -> None:
    text = "int main()\n{\n\treturn 0;\n}\n"
    found = read(make_document(ReportData(sources=[SourceFile("server.c", text)])))
    printed = [one.text for one in found.paragraphs if one.style and one.style.name == "Listing"]
    assert printed == ["int main()", "{", "    return 0;", "}"]


def test_the_file_s_name_decides_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "отчёт.DOCX"
    done = run("report", "--out", file, "--experiments", "none", "--name", "Anna")
    assert (done.returncode, done.stderr) == (0, "")
    found = python_docx.Document(str(file))
    assert any("Anna" in cell.text for row in found.tables[0].rows for cell in row.cells)
