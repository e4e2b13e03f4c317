"""The teacher's key answers every question, knows every experiment and check, and is in no executable."""

import re

import pytest

from lab.experiments.catalogue import EXPERIMENTS
from lab.judge.server.catalogue import server_checks
from lab.report.texts import questions
from tests.tools.documents import document
from tests.tools.sources import ROOT

KEYS = pytest.mark.parametrize("page", ["docs/en/teacher_key.md", "docs/ru/teacher_key.md"])


def section(page: str, number: int) -> str:
    """The text below a heading of the second level."""
    return document(page).text.partition(f"\n## {number}. ")[2].partition("\n## ")[0]


@KEYS
def test_every_control_question_has_its_answer(page: str) -> None:
    answers = re.findall(r"^(\d+)\. ", section(page, 4), re.MULTILINE)
    assert answers == [str(number) for number, _ in enumerate(questions(), 1)]


@KEYS
def test_every_experiment_is_explained_and_its_answer_exists(page: str) -> None:
    right = dict(re.findall(r"^\| \*([a-z-]+)\* \| (\d) \|", section(page, 3), re.MULTILINE))
    assert list(right) == list(EXPERIMENTS)
    for name, number in right.items():
        assert 1 <= int(number) <= len(EXPERIMENTS[name].predictions())


@KEYS
def test_every_check_of_a_server_finds_a_mistake(page: str) -> None:
    named = set(
        re.findall(r"`([a-z-]+)`", "".join(re.findall(r"\|([^|]+)\|$", section(page, 7), re.MULTILINE)))
    )
    assert named == {check.name for check in server_checks("lines")} - {"accept"}


@KEYS
def test_the_points_add_up(page: str) -> None:
    *points, total = map(int, re.findall(r"\| \**(\d+)\** \|$", section(page, 2), re.MULTILINE))
    assert sum(points) == total == 100


@KEYS
def test_the_minutes_follow_each_other_and_are_those_of_the_headings(page: str) -> None:
    plan = re.findall(r"^\| (\d+)–(\d+) \| (6\.\d+) \|", section(page, 1), re.MULTILINE)
    headings = document(page.replace("teacher_key", "lab_report")).headings()
    said = [re.fullmatch(r"(6\.\d+)\..* \((\d+) \w+\)", title) for _level, title in headings]
    assert [(one[1], int(one[2])) for one in said if one] == [
        (number, int(end) - int(begin)) for begin, end, number in plan
    ]
    assert [begin for begin, _end, _number in plan[1:]] == [end for _begin, end, _number in plan[:-1]]
    assert (plan[0][0], plan[-1][1]) == ("0", "85"), "five of the ninety minutes are left over"


def test_no_document_is_packed_into_the_executable() -> None:
    assert "docs" not in (ROOT / "build.spec").read_text(encoding="utf-8")
