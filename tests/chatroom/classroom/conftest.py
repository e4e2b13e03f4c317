"""What the tests of a class share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.classroom import Class


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Class]:
    """A class with the rooms #lab and #two."""
    made = Class(tmp_path)
    yield made
    made.close()
