"""How the tests run: plain `pytest` says what it lacks, and a process that is lost ends the run."""

import sys
from pathlib import Path
from typing import Final

from tests.__main__ import SIDE_BY_SIDE
from tests.tools.programs import run
from tests.tools.sources import ROOT

PYTEST: Final = (sys.executable, "-m", "pytest")


def test_without_its_plugins_pytest_says_what_is_missing_and_what_to_run() -> None:
    environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": None, "PYTEST_PLUGINS": None}
    result = run(str(ROOT / "tests" / "house"), program=PYTEST, environment=environment)
    assert result.returncode == 2
    assert "pytest-timeout, pytest-xdist" in result.stderr
    assert "`python3 -m tests`" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""


def test_a_run_that_loses_a_process_ends_and_says_in_which_test(tmp_path: Path) -> None:
    (tmp_path / "test_first.py").write_text("def test_goes_well(): pass\n", encoding="ascii")
    dies = "import os\ndef test_goes_well(): pass\ndef test_dies(): os._exit(1)\n"
    (tmp_path / "test_second.py").write_text(dies, encoding="ascii")
    outer = ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID", "PYTEST_ADDOPTS")
    result = run(
        *(*SIDE_BY_SIDE, "-n1", "-p", "no:cacheprovider", tmp_path),
        program=PYTEST,
        environment=dict.fromkeys(outer),
    )
    assert result.returncode == 1
    assert "test_second.py::test_dies" in result.stdout
