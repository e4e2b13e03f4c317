"""The workflows take every action at one commit, and may do no more than they need."""

import re
from pathlib import Path

import pytest

from tests.tools.sources import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_permissions_given(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for action in re.findall(r"uses: (?!\./)(.+)", text):
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)
    before_jobs = text.partition("\njobs:")[0]
    assert re.search(r"^permissions:(?: \{\}|\n  contents: read)$", before_jobs, re.MULTILINE)
    # What an event or a user says must not become part of a script.
    assert not re.search(r"^\s*run:.*\$\{\{", text, re.MULTILINE)


def test_there_are_workflows() -> None:
    assert {path.name for path in WORKFLOWS} == {"release.yml", "test.yml"}
