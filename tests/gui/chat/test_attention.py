"""The window that calls the user: what makes it, what keeps it quiet, and what the user sees of that."""

import tkinter as tk
from dataclasses import replace

import pytest

from client.attention import FOREVER
from client.settings import Settings
from client_gui import ChatWindow
from gui.desktop import attention as desktop
from gui.settings.quiet import HOUR, ON
from tests.tools.irc import Client, Irc
from tests.tools.windows import chat_window, enter_room, say, shows, until


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The sounds that were made."""
    rung: list[object] = []
    monkeypatch.setattr(desktop, "ring", rung.append)
    return rung


def look_away(window: ChatWindow) -> None:
    """Work in another window of the screen."""
    other = tk.Toplevel(window.master)
    other.update()
    other.focus_force()
    until(window.master, lambda: not window.main_window.has_focus())


def told(window: ChatWindow, other: Client, *lines: str) -> bool:
    """Let others say something; tell whether the window calls when it has come."""
    for line in (*lines, "PRIVMSG #lab :и всё"):
        other.send(line)
    until(window.master, lambda: window.transcript_text().count("и всё") == 1)
    return window.attention.is_asking


def test_only_what_is_for_the_user_calls_while_he_is_away_and_once(
    root: tk.Tk, irc: Irc, rung: list[object]
) -> None:
    with chat_window(root, Settings(sound=True)) as window:
        enter_room(window, irc.address)
        other = irc.client("Борис").enter()
        look_away(window)
        other.send("PRIVMSG #lab :никому")
        until(root, lambda: "никому" in window.transcript_text())
        assert not window.attention.is_asking
        assert told(window, other, "PRIVMSG #lab :Анна?", "PRIVMSG #lab :Анна!", "PRIVMSG Анна :лично")
        assert len(rung) == 1
        root.focus_force()
        until(root, lambda: not window.attention.is_asking)


@pytest.mark.parametrize(
    "settings",
    [Settings(quiet_until=FOREVER), Settings(attention=()), Settings(muted=("#LAB", "борис"))],
    ids=["do not disturb", "nothing calls", "muted"],
)
def test_what_the_user_wants_quiet_stays_quiet(
    root: tk.Tk, irc: Irc, rung: list[object], settings: Settings
) -> None:
    with chat_window(root, replace(settings, sound=True)) as window:
        enter_room(window, irc.address)
        other = irc.client("Борис").enter()
        look_away(window)
        assert not told(window, other, "PRIVMSG #lab :Анна?", "PRIVMSG Анна :лично")
        assert not rung


def test_a_window_that_has_the_focus_does_not_call(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        root.focus_force()
        until(root, window.main_window.has_focus)
        assert not told(window, irc.client("Борис").enter(), "PRIVMSG #lab :Анна?")


def test_a_muted_room_is_pale_and_remembered_and_a_name_in_it_is_still_seen(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        say(window, "/join #second")
        until(root, lambda: shows(window, "#second"))
        say(window, "/mute #lab")
        assert window.main_window.settings.muted == ["#lab"]

        def row() -> tuple[str, bool, bool, bool]:
            found = next(one for one in window.page.conversations.list.rows if one.text == "lab")
            return found.badge, found.bold, found.dimmed, bool(found.call)

        other = irc.client("Борис").enter()
        other.send("PRIVMSG #lab :всем")
        until(root, lambda: row() == ("1", False, True, False))
        assert not root.title().startswith("(")
        other.send("PRIVMSG #lab :Анна")
        until(root, lambda: row() == ("2", False, True, True))
        window.controller.show_number(1)
        here = next(one for one in window.actions.menu_items() if one.words == "#lab")
        next(one for one in here.below if one.words == "Let it call me again").run()
        assert window.main_window.settings.muted == []
        until(root, lambda: not row()[2])


def test_do_not_disturb_is_in_the_menu_and_the_status_line_and_ends_with_a_click(
    root: tk.Tk, irc: Irc
) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        quiet, line = window.attention.quiet, window.page.status.quiet

        def chosen() -> list[bool | None]:
            menu = next(one for one in window.actions.menu_items() if one.words == "Do not disturb")
            return [item.chosen for item in menu.below]

        assert chosen() == [True, False, False]
        quiet.choose(HOUR)
        until(root, lambda: "Do not disturb until" in str(line.cget("text")))
        assert chosen() == [False, True, False]
        quiet.choose(ON)
        until(root, lambda: str(line.cget("text")).endswith("Do not disturb"))
        assert chosen() == [False, False, True]
        line.event_generate("<Button-1>")
        until(root, lambda: not line.cget("text"))
        assert window.main_window.settings.quiet_until == 0


def test_a_time_that_no_calendar_has_is_as_good_as_forever(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root, Settings(quiet_until=FOREVER - 1)) as window:
        enter_room(window, irc.address)
        until(root, lambda: str(window.page.status.quiet.cget("text")).endswith("Do not disturb"))
        assert window.attention.quiet.choice == ON
