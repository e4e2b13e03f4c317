"""The soak test in a few seconds; for minutes of it see `tests.soak`."""

import sys
from pathlib import Path

import pytest

from tests.soak import grew, soak


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_server_that_many_came_to_and_left_is_as_it_was(tmp_path: Path) -> None:
    before, after, came, received = soak(tmp_path / "history.sqlite3", 4.0, 60, seed=1)
    assert came > 80
    assert received > 1000
    assert grew(before, after) == []
