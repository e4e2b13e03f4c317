"""The demo in windows: everybody sees every line, and nothing is left behind."""

import os
import re
import shutil
import signal
import subprocess
import time
import tkinter as tk
from itertools import combinations
from pathlib import Path

import pytest

from client.settings import Settings
from lab.demo.script import script, speakers
from tests.tools.desktop import find_window, needs_xdotool
from tests.tools.programs import Program
from tests.tools.windows import until


def test_every_window_shows_the_whole_conversation(screen: str) -> None:
    from gui.toolkit.theme import Root
    from lab.demo.participants import running_server
    from lab.demo.windows import DemoWindows
    from lab.laboratory import Laboratory

    root = Root()
    with running_server() as address:
        demo = DemoWindows(root, address, 3, Laboratory, Settings(), pace=0.01)
        deadline = time.monotonic() + 60
        while not demo.finished and time.monotonic() < deadline:
            root.tk.dooneevent(0)
        shown = [window.transcript_text() for window in demo.windows]
        corners = {(window.master.winfo_rootx(), window.master.winfo_rooty()) for window in demo.windows}
        demo.close()
        demo.join()
    assert demo.finished
    assert len(shown) == len(corners) == 3
    for text in shown:
        assert "New messages" not in text
        places = [text.find(step.text) for step in script(3)]
        assert -1 not in places
        assert places == sorted(places)
        assert all(text.count(step.text) == 1 for step in script(3))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_demo_and_leaves_nothing(how: signal.Signals, screen: str, tmp_path: Path) -> None:
    needs_xdotool()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with Program("demo", "--clients", "2", environment={"TMPDIR": str(temporary)}) as program:
        for nick in speakers(2):
            find_window(rf"#lab.*{nick}")
        assert len(list(temporary.rglob("history.sqlite3"))) == 1
        assert program.stop(how) == 0
    assert program.lines == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("count", "size"), [(1, (800, 600)), (3, (1600, 1000)), (4, (1366, 768)), (9, (1080, 1920))]
)
def test_the_windows_cover_the_screen_without_overlapping(count: int, size: tuple[int, int]) -> None:
    from lab.demo.windows import tiles

    areas = []
    for place in tiles(count, *size, least=(381, 293)):
        width, height, x, y = map(int, re.findall(r"\d+", place))
        assert x + width <= size[0]
        assert y + height <= size[1]
        areas.append((x, y, x + width, y + height))
    assert len(areas) == count
    for index, one in enumerate(areas):
        for other in areas[:index]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart


def has_icon(window: int) -> bool:
    """Tell whether the window that Tk has laid around this one has an icon (EWMH, _NET_WM_ICON)."""
    if not shutil.which("xprop"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no xprop: install x11-utils (.ci/run does)")

    def told(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    around = re.search(r"Parent window id: (\w+)", told("xwininfo", "-children", "-id", str(window)))
    return around is not None and "=" in told("xprop", "-id", around[1], "_NET_WM_ICON")


@pytest.mark.parametrize("size", [(1024, 768), (1366, 768), (1600, 1000)])
def test_the_demos_windows_stand_beside_each_other_on_small_screens(
    size: tuple[int, int], root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lab.demo.participants import running_server
    from lab.demo.windows import DemoWindows
    from lab.laboratory import Laboratory

    monkeypatch.setattr(root, "winfo_screenwidth", lambda: size[0])
    monkeypatch.setattr(root, "winfo_screenheight", lambda: size[1])
    areas = []
    with running_server() as address:
        demo = DemoWindows(root, address, 3, Laboratory, Settings(language="en"), pace=0.01)
        until(root, lambda: all(window.master.winfo_ismapped() for window in demo.windows))
        root.update()
        for window in demo.windows:
            top = window.master
            x, y = top.winfo_rootx(), top.winfo_rooty()
            areas.append((x, y, x + top.winfo_width(), y + top.winfo_height()))
        icons = [has_icon(window.master.winfo_id()) for window in demo.windows]
        demo.close()
        demo.join()
    assert icons == [True] * 3, "ours, not the desktop's"
    assert all(x >= 0 and y >= 0 and right <= size[0] and low <= size[1] for x, y, right, low in areas)
    assert all(right - x > 380 and low - y > 290 for x, y, right, low in areas)
    for one, other in combinations(areas, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize("count", range(2, 10))
def test_everybody_in_the_demo_has_a_name_and_says_something(count: int) -> None:
    assert len(set(speakers(count))) == count
    assert {step.speaker for step in script(count)} == set(range(count))
