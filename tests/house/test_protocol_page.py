"""docs/protocol.md claims what the code does, all of it and nothing else; docs/ru/protocol.md the same."""

import ast
import re
from pathlib import Path

import pytest

import chatroom.dispatch  # noqa: F401 - fills the table of commands
from chatroom.command_table import COMMANDS
from chatroom.commands.capabilities import CAPABILITIES
from chatroom.config import Config
from chatroom.mode_table import CHANNEL_MODES, LIST_MODES, PREFIXES, USER_MODES, ModeKind, letters_of
from chatroom.replies import isupport
from tests.tools.sources import ROOT

HEADINGS = [("Commands", "Команды"), ("Capabilities", "Расширения"), ("Modes", "Режимы")]


def table(heading: str, page: str = "docs/protocol.md") -> list[list[str]]:
    """The cells of the table under a heading."""
    text = (ROOT / page).read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]


def names_of_tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_command_stands_there_and_no_other() -> None:
    assert {row[0].strip("`") for row in table("Commands")} == set(COMMANDS)


def test_every_capability_stands_there_and_no_other() -> None:
    assert {row[0].strip("`") for row in table("Capabilities")} == set(CAPABILITIES)


def test_every_mode_stands_there_and_no_other() -> None:
    claimed: dict[str, set[str]] = {kind: set() for kind in ("channel", "member", "user")}
    for row in table("Modes"):
        kind, mode = row[0].replace("`", "").split()
        claimed[kind].add(mode)
    assert claimed["channel"] == set(LIST_MODES) | set(
        letters_of(ModeKind.FLAG, ModeKind.KEY, ModeKind.LIMIT)
    )
    assert claimed["member"] == set(PREFIXES)
    assert claimed["user"] == set(USER_MODES)
    assert set(CHANNEL_MODES) == claimed["channel"] | claimed["member"]
    tokens = dict(token.partition("=")[::2] for token in isupport(Config(), has_history=True))
    assert set(tokens["CHANMODES"].replace(",", "")) == claimed["channel"]


@pytest.mark.parametrize("heading", [english for english, _ in HEADINGS])
def test_the_tests_that_are_named_exist(heading: str) -> None:
    for row in table(heading):
        found = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", row[-1])
        assert found, row
        assert found[2] in names_of_tests(ROOT / found[1]), row[-1]


@pytest.mark.parametrize(("english", "russian"), HEADINGS)
def test_the_russian_page_has_the_same_rows(english: str, russian: str) -> None:
    rows = [(row[0], row[-1]) for row in table(english)]
    assert [(row[0], row[-1]) for row in table(russian, "docs/ru/protocol.md")] == rows


def test_isupport_lines_are_legal() -> None:
    for has_history in (False, True):
        for token in isupport(Config(), has_history=has_history):
            assert re.fullmatch(r"[A-Z0-9]+(=[\x21-\x39\x3b-\x3c\x3e-\x7e:]*)?", token), token
