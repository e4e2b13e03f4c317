"""What the documents say is true: links, names in the code, commands, and every transcript."""

import contextlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from chatroom import command_table, dispatch
from commandline.options import parse
from tests.tools.documents import Action, Block, Document, document, documents, pattern
from tests.tools.file_index import INDEX, index
from tests.tools.irc import Irc
from tests.tools.programs import run
from tests.tools.replay import Replay, replay_irc
from tests.tools.sources import IN_A_MODULE, ROOT, defined
from translations import load_catalogue, use_language

PAIRS: Final = [
    ("README.md", "README.ru.md"),
    ("docs/en/lab_report.md", "docs/ru/lab_report.md"),
    ("docs/steps/README.md", "docs/steps/README.ru.md"),
    ("docs/en/teacher.md", "docs/ru/teacher.md"),
    ("docs/en/options.md", "docs/ru/options.md"),
    ("docs/protocol.md", "docs/ru/protocol.md"),
    ("docs/en/teacher_key.md", "docs/ru/teacher_key.md"),
]
LARGEST_PICTURE: Final = 300 * 1024
MAX_README: Final = 6000
"""Bytes of the English README, letters of the Russian one."""
MAX_COLUMNS: Final = 100
PRINTED: Final = {"console", "irc"}
"""Blocks that show what programs print, however long."""
OPTION: Final = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
OPTION_IN_HELP: Final = re.compile(r"^  (?:-h, )?(--[a-z][a-z-]*)", re.MULTILINE)
EMPHASIS: Final = re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")
LINK: Final = re.compile(r"!?\[[^]]*\]\([^)]*\)")
MODULE: Final = re.compile(r"[\w/]+\.py")
FILE: Final = re.compile(
    r"[\w.-]+(?:/[\w.-]+)*/|[\w.-]*(?:/[\w.-]+)*\.(?:py|md|toml|spec)|[\w-]+(?:/[\w.-]+)+\.\w+"
)
SYSTEMS: Final = {"ru": "ru_RU.UTF-8", "en": "en_GB.UTF-8"}


def documents_with(*kinds: str) -> pytest.MarkDecorator:
    """Run a test for each document that has a transcript of one of these kinds."""
    found = [doc for doc in documents() if {block.kind for block in doc.blocks()} & {*kinds}]
    return pytest.mark.parametrize("doc", found, ids=lambda doc: str(doc.path))


def test_links_lead_somewhere() -> None:
    assert not [f"{doc.path}: {link}" for doc in documents() for link in doc.links() if not leads(doc, link)]


def leads(doc: Document, link: str) -> bool:
    """Tell whether a link of this project leads to a file, and to a heading in it."""
    name, _, anchor = link.partition("#")
    target = (ROOT / doc.path.parent / name).resolve() if name else ROOT / doc.path
    return target.exists() and (
        not anchor or anchor in document(target.relative_to(ROOT).as_posix()).anchors()
    )


@pytest.mark.parametrize(("english", "russian"), PAIRS)
def test_words_of_the_window_stand_on_the_russian_page_as_the_window_has_them(
    english: str, russian: str
) -> None:
    catalogue = load_catalogue("ru")
    page, translated = (
        " ".join((ROOT / name).read_text(encoding="utf-8").split()) for name in (english, russian)
    )
    named = [catalogue[words] for words in EMPHASIS.findall(page) if words in catalogue]
    assert not [words for words in named if f"«{words}»" not in translated]


def test_pictures_are_small() -> None:
    pictures = {
        ROOT / doc.path.parent / link for doc in documents() for link in doc.links() if link.endswith(".png")
    }
    assert not [path for path in pictures if path.stat().st_size >= LARGEST_PICTURE]


def test_files_and_functions_that_are_named_exist() -> None:
    assert not [
        f"{doc.path}: {span}"
        for doc in documents()
        for span in doc.code_spans()
        if not exists(span, ROOT / doc.path.parent)
    ]


def exists(span: str, folder: Path) -> bool:
    """Tell whether a file or function that is named in backticks exists; what names none exists, too."""
    if found := IN_A_MODULE.fullmatch(span):
        return (ROOT / found[1]).is_file() and found[2] in defined(Path(found[1]))
    if FILE.fullmatch(span) and not span.startswith(("dist/", "build/", ".venv/")):
        return (ROOT / span).exists() or (folder / span).exists()
    return True


def test_lines_are_short_but_for_tables_links_and_what_programs_print() -> None:
    assert not [
        f"{doc.path}:{number}: {len(line)} columns"
        for doc in documents()
        for number, line in written_lines(doc)
        if len(line) > MAX_COLUMNS
    ]


def written_lines(doc: Document) -> Iterator[tuple[int, str]]:
    """Number and text of each line that an author can wrap."""
    block = ""
    for number, line in enumerate(doc.text.splitlines(), 1):
        if line.startswith("```"):
            block = "" if block else line.removeprefix("```")
        is_printed = block in PRINTED and not line.startswith("$ ")
        if not is_printed and not line.startswith("|") and not LINK.fullmatch(line):
            yield number, line


def test_the_readmes_are_short() -> None:
    assert (ROOT / "README.md").stat().st_size < MAX_README
    assert len(document("README.ru.md").text) < MAX_README


def test_every_file_of_the_program_is_in_the_index() -> None:
    assert INDEX.read_text(encoding="utf-8") == index(), "python3 -m tests.tools.file_index writes it"


def test_commands_are_understood() -> None:
    for arguments in (arguments for doc in documents() for arguments in doc.commands()):
        with contextlib.suppress(SystemExit):  # help or the version is asked for
            parse(arguments)


@documents_with("irc")
def test_the_protocols_transcripts_are_true(doc: Document, irc: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    example = ""
    for part in doc.parts():
        if isinstance(part, Action):
            example = part.what
        elif part.kind == "python" and example == "define":
            monkeypatch.setattr(command_table, "COMMANDS", dict(command_table.COMMANDS))
            monkeypatch.setattr(dispatch, "COMMANDS", command_table.COMMANDS)
            exec(compile("\n".join(part.lines), str(doc.path), "exec"), {})  # the document's own example
        elif part.kind == "irc":
            irc.server(history=None)
            replay_irc(irc, part)


@documents_with("console", "talk")
def test_what_programs_print_is_true(doc: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", SYSTEMS[doc.language])
    monkeypatch.setenv("DISPLAY", "")
    use_language(doc.language)
    with Replay(tmp_path) as replay:
        for part in doc.parts():
            replay.follow(part)


@pytest.mark.parametrize(("english", "russian"), PAIRS)
def test_both_languages_have_the_same_structure(english: str, russian: str) -> None:
    one, other = document(english), document(russian)
    assert [level for level, _ in one.headings()] == [level for level, _ in other.headings()]
    numbers = re.compile(r"[\d.]*")
    for (_, title), (_, translated) in zip(one.headings(), other.headings(), strict=True):
        assert numbers.match(title)[0] == numbers.match(translated)[0]  # type: ignore[index]
    assert list(shapes(one)) == list(shapes(other))
    assert rows(one) == rows(other)
    assert len(one.links()) == len(other.links())


def shapes(doc: Document) -> Iterator[tuple[str, int]]:
    """Kind and length of each block; kind of each action."""
    for part in doc.parts():
        yield (part.kind, len(part.lines)) if isinstance(part, Block) else (part.what, 0)


def rows(doc: Document) -> list[int]:
    """How many rows each table has."""
    is_row = [line.startswith("|") for line in doc.prose.splitlines()]
    return [len(list(group)) for row, group in itertools.groupby(is_row) if row]


def test_both_readmes_show_the_same_commands() -> None:
    english, russian = document("README.md"), document("README.ru.md")
    assert console_lines(english) == console_lines(russian)
    assert [without_names(one) for one in english.commands()] == [
        without_names(one) for one in russian.commands()
    ]


def console_lines(doc: Document) -> list[str]:
    """What the document tells to type."""
    lines = [line for block in doc.blocks() if block.kind == "console" for line in block.lines]
    return [re.sub(r"(--nick) \w+", r"\1 …", line) for line in lines if line.startswith("$ ")]


def without_names(arguments: list[str]) -> list[str]:
    return ["…" if before == "--nick" else one for before, one in itertools.pairwise(["", *arguments])]


@pytest.mark.parametrize("name", ["docs/en/options.md", "docs/ru/options.md"])
def test_every_command_and_option_is_documented_and_no_other(name: str) -> None:
    said = options_by_heading(document(name))
    everywhere = next(iter(said.values()))
    overview = run("--help").stdout
    commands = re.findall(r"^    (\w+) +\S", overview, re.MULTILINE)
    assert "server" in commands
    assert set(list(said)[1:]) == {"chat.py", *(f"chat.py {command}" for command in commands)}
    for command in ["", *commands]:
        options = set(OPTION_IN_HELP.findall(run(*command.split(), "--help").stdout))
        assert said[f"chat.py {command}".strip()] | everywhere == options, command


def options_by_heading(doc: Document) -> dict[str, set[str]]:
    """The options in the table below each heading of the second level, in order."""
    sections = re.split(r"^## (.+)$", doc.text, flags=re.MULTILINE)[1:]
    return {
        heading.strip("`"): {
            option for row in re.findall(r"^\| `.+", text, re.MULTILINE) for option in OPTION.findall(row)
        }
        for heading, text in zip(sections[::2], sections[1::2], strict=True)
    }


@pytest.mark.parametrize(
    ("example", "line"),
    [
        ("21:04:05  connected: 127.0.0.1:50412 (client 1)", "09:00:00  connected: 127.0.0.1:9 (client 1)"),
        ("recv     84 bytes  @label=…;x PRIVMSG", "recv  1 byte  @label=1f;x PRIVMSG"),
        ("@time=2026-11-22T21:04:05.123Z;msgid=8bfd12-1 :A", "@time=2001-01-01T00:00:00.000Z;msgid=f-99 :A"),
    ],
)
def test_a_transcript_is_compared_by_its_shape(example: str, line: str) -> None:
    assert re.search(pattern(example), line)
    assert not re.search(pattern(example), line + "!")
    assert not re.search(pattern(example), "x" + line)
