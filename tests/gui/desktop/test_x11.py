"""What an X11 desktop is asked for: its scaling, and that a window may ask for attention.

Each test has a screen of its own, and so a process of its own for the windows: Tk ends with its screen.
"""

import sys
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.desktop import x11
from gui.desktop.attention import demand
from tests.tools.desktop import activate, find_window, needs_xdotool
from tests.tools.irc import Irc
from tests.tools.programs import Program, needs, run, wait_for
from tests.tools.screen import virtual_screen

MEASURES = """
import tkinter as tk
from gui.toolkit.theme import Root, look_of
root = Root()
look = look_of(root)
print(root.tk.call("tk", "scaling"), look.px(100), look.em(10), look.fonts["body"].measure("m" * 10))
"""


@pytest.fixture
def own_screen(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of programs on a screen that no other test uses, and of a user who has nothing."""
    needs("Xvfb", "xprop")
    with virtual_screen() as display:
        yield {"DISPLAY": display, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}


def xprop(environment: dict[str, str], *arguments: str) -> str:
    """What xprop prints."""
    return run(*arguments, program=("xprop", "-display", environment["DISPLAY"])).stdout


def measures(environment: dict[str, str]) -> list[float]:
    """Tk's scaling, and how many pixels a length, a measure in ems and a text take."""
    printed = run(program=(sys.executable, "-c", MEASURES), environment=environment).stdout
    return [float(number) for number in printed.split()]


@pytest.mark.parametrize(("dpi", "scale"), [("192", 2), ("144", 1.5)])
def test_the_desktops_dpi_scales_everything(own_screen: dict[str, str], dpi: str, scale: float) -> None:
    xprop(own_screen, "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", "Xft.dpi:\t96\n")
    usual = measures(own_screen)
    assert usual[0] == pytest.approx(96 / 72, rel=0.01)
    setting = f"*background: white\nXft.dpi:\t{dpi}\nXft.hinting: 1\n"
    xprop(own_screen, "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", setting)
    assert measures(own_screen) == [pytest.approx(one * scale, rel=0.05) for one in usual]


@pytest.mark.parametrize("dpi", ["9", "100000", "viel", "nan"])
def test_a_senseless_dpi_is_passed_over(own_screen: dict[str, str], dpi: str) -> None:
    usual = measures(own_screen)[0]
    xprop(
        own_screen, "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", f"Xft.dpi: {dpi}\n"
    )
    assert measures(own_screen)[0] == pytest.approx(usual, rel=0.01)


def test_a_window_asks_for_attention_until_it_has_the_focus(
    own_screen: dict[str, str], irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one of those that manage a desktop's windows, which keeps the state that is asked for."""
    needs("openbox")
    needs_xdotool()
    monkeypatch.setenv("DISPLAY", own_screen["DISPLAY"])
    address = f"{irc.address[0]}:{irc.address[1]}"
    with (
        Program(program=("openbox",), environment=own_screen),
        Program("client", "--server", address, "--nick", "Anna", environment=own_screen),
    ):
        window = find_window("#lab.*Anna")
        with Program("client", environment=own_screen):
            activate(find_window("^LabChat$"))

            def marks() -> list[str]:
                state = xprop(own_screen, "-id", window, "_NET_WM_STATE", "WM_HINTS")
                return [one for one in ("DEMANDS_ATTENTION", "urgency") if one in state]

            other = irc.client("Борис").enter()
            other.send("PRIVMSG #lab :Anna, смотри")
            wait_for(lambda: len(marks()) == 2, lambda: xprop(own_screen, "-id", window))
            activate(window)
            wait_for(lambda: not marks(), lambda: xprop(own_screen, "-id", window))


def test_without_the_library_nothing_happens(root: tk.Tk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(name: str) -> None:
        raise OSError(name)

    x11.open_display.cache_clear()
    x11._library.cache_clear()
    monkeypatch.setattr("ctypes.CDLL", fails)
    demand(root, on=True)
    assert x11.open_display(root.winfo_screen()) is None
    x11.open_display.cache_clear()
    x11._library.cache_clear()
