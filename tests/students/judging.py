"""Programs are judged at the command line, many side by side: both sides wait more than they compute."""

import json
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import pytest

from lab.judge.check import Check
from tests.tools.programs import CHAT, SEARCH_PATH

LONGEST: Final = 240
"""Seconds that a judgement may take."""
ProgramT = TypeVar("ProgramT")


class Judged(NamedTuple):
    """What the judge wrote, and how it ended."""

    checks: Mapping[str, Mapping[str, Any]]
    """By their names."""
    code: int
    printed: str

    @property
    def marks(self) -> dict[str, str]:
        """The mark of each check."""
        return {name: check["mark"] for name, check in self.checks.items()}


def judge(folder: Path, *arguments: str) -> Judged:
    """Let `chat.py judge` start a program and judge it.

    Args:
        folder: for what is written.
    """
    result = folder / "result.json"
    done = subprocess.run(
        [*CHAT, "judge", *arguments, "--json", str(result)],
        env={**os.environ, "PATH": SEARCH_PATH, "HOME": str(folder), "PYTHONWARNINGS": "error"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert result.exists(), done.stdout
    checks = json.loads(result.read_text(encoding="utf-8"))["checks"]
    return Judged({check["name"]: check for check in checks}, done.returncode, done.stdout)


@contextmanager
def side_by_side(
    request: pytest.FixtureRequest,
    folders: pytest.TempPathFactory,
    parameter: str,
    judge_one: Callable[[ProgramT, Path], Judged],
    at_once: int,
) -> Iterator[dict[ProgramT, "Future[Judged]"]]:
    """Begin to judge the programs of all tests of a module that were chosen.

    Args:
        parameter: what the tests call their program.
        judge_one: judges a program, in a folder of its own.
        at_once: how many are judged at the same time.
    """
    items = [item for item in request.session.items if item.parent is request.node]
    given = [item.callspec.params for item in items if hasattr(item, "callspec")]
    chosen: list[ProgramT] = [params[parameter] for params in given if parameter in params]
    pool = ThreadPoolExecutor(at_once)
    yield {one: pool.submit(judge_one, one, folders.mktemp("student")) for one in chosen}
    pool.shutdown(cancel_futures=True)


def needing(checks: Iterable[Check[Any]], lacking: frozenset[str]) -> set[str]:
    """Return the checks that need one of these, and those that need them in turn."""
    found = set(lacking)
    for check in checks:  # what a check needs stands before it
        if found & {*check.requires}:
            found.add(check.name)
    return found - lacking
