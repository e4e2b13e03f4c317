"""Plain `pytest`, where not all is installed that the tests need, says what to do."""

import sys
from typing import Final

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
