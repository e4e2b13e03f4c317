"""The page of the settings: what is chosen there holds at once and is remembered."""

import tkinter as tk
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tkinter import ttk
from typing import TypeVar

import pytest

from client.attention import USUAL, Cause
from client.settings import Settings, Visit
from client_gui import ChatWindow
from gui.actions import WindowActions
from gui.clock import ClockStyle, clock_style, use_clock
from gui.launcher.window import Launcher
from gui.main_window import MainWindow
from gui.settings.fonts import FontList, sorted_families
from gui.settings.page import SettingsPage
from gui.settings.parts import Choices, Kept, Names, Tick
from gui.switches import Switches
from tests.tools.irc import Irc
from tests.tools.programs import CHAT
from tests.tools.windows import Memory, chat_window, enter_room, page_over, say, until
from translations import language, use_language

Part = TypeVar("Part", bound=tk.Misc)


@pytest.fixture(autouse=True)
def usual_clock() -> Iterator[None]:
    yield
    use_clock(ClockStyle())


def parts(page: tk.Misc, kind: type[Part]) -> list[Part]:
    """All parts of a kind on the page, from top to bottom."""
    found = [page] if isinstance(page, kind) else []
    for child in page.winfo_children():
        found += parts(child, kind)
    return found


@contextmanager
def settings_page(
    root: tk.Tk, settings: Settings | None = None, size: str = "1024x768"
) -> Iterator[tuple[ChatWindow, SettingsPage, Memory]]:
    """The page over the connect page of a window, opened by its key."""
    memory = Memory()
    memory.settings = settings or Settings()
    with chat_window(root, memory.settings, remember=memory.remember) as window:
        root.geometry(size)
        root.update()
        entry = window.connect_page.fields["nick"].entry
        entry.focus_force()
        root.update()
        entry.event_generate("<Control-comma>")
        page = page_over(window.main_window, SettingsPage)
        until(root, lambda: root.focus_get() is page.button)
        yield window, page, memory


def choice(page: SettingsPage, value: str) -> ttk.Button:
    """The button of a value; its values are told apart by their names."""
    return next(one.buttons[value] for one in parts(page, Choices) if value in one.buttons)


def tick(page: SettingsPage, words: str) -> Tick:
    return next(one for one in parts(page, Tick) if words in one.cget("text"))


def test_looks_change_at_once_and_are_remembered(root: tk.Tk) -> None:
    with settings_page(root) as (window, page, memory):
        look = window.main_window.look
        for value in ("dark", "larger", "larger", "12"):
            choice(page, value).invoke()
        tick(page, "With seconds").invoke()
        choice(page, "ru").invoke()
        try:
            assert language() == "ru"
            until(root, lambda: page._title.cget("text") == "Настройки")
        finally:
            use_language("en")
        assert (look.palette.name, look.size, clock_style()) == ("dark", 13, ClockStyle("12", seconds=True))
        kept = memory.settings
        assert (kept.theme, kept.font_size, kept.clock, kept.clock_seconds) == ("dark", 13, "12", True)
        assert kept.language == "ru"
        assert choice(page, "dark").instate(["selected"])
        assert not choice(page, "light").instate(["selected"])


def test_a_family_is_tried_by_the_arrow_keys_and_chosen_by_enter(root: tk.Tk) -> None:
    with settings_page(root) as (window, page, memory):
        fonts = next(one for one in parts(page, FontList))
        families = fonts.list
        families.canvas.focus_force()
        root.update()
        families.canvas.event_generate("<Down>")
        family = families.rows[1].key
        assert fonts._tried.actual("family") == family
        assert not memory.settings.font
        families.canvas.event_generate("<Return>")
        assert memory.settings.font == family
        assert window.main_window.look.fonts["bold"].actual("family") == family
        window.main_window.set_family("There is none of this name")
        assert window.main_window.look.fonts["body"].actual("family")


def test_sensible_families_come_first_and_vertical_ones_not_at_all() -> None:
    installed = ["Zapfino", "@SimSun", "DejaVu Sans", ".SF NS", "Arial", "Arial", ""]
    assert sorted_families(installed) == (["Arial", "DejaVu Sans"], ["Zapfino"])


def test_what_calls_is_ticked(root: tk.Tk) -> None:
    with settings_page(root) as (_window, page, memory):
        assert memory.settings.attention == USUAL
        tick(page, "named or answered").invoke()
        tick(page, "in a room").invoke()
        tick(page, "sound").invoke()
        assert memory.settings.attention == (Cause.PRIVATE, Cause.ANNOUNCEMENT, Cause.ROOM)
        assert memory.settings.sound
        choice(page, "hour").invoke()
        assert memory.settings.quiet_until > 0
        choice(page, "off").invoke()
        assert memory.settings.quiet_until == 0


def test_what_is_hidden_or_muted_in_the_chat_can_be_shown_again(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = irc.client("Борис").enter()
        say(window, "/ignore Борис")
        say(window, "/mute")
        other.send("PRIVMSG #lab :скрыто")
        other.send("PRIVMSG Анна :и это")
        until(root, lambda: window.session and window.session.state.is_ignored("Борис"))
        window.actions.settings.perform()
        root.update()
        page = window.main_window._over
        assert page
        for names in parts(page, Names):
            canvas = names.list.canvas
            canvas.focus_force()
            root.update()
            canvas.event_generate("<Down>")
            canvas.event_generate("<Delete>")
        assert (window.main_window.settings.ignored, window.main_window.settings.muted) == ([], [])
        assert window.session
        state = window.session.state
        until(root, lambda: not state.ignored and not state.muted)
        until(root, lambda: "скрыто" in window.transcript_text())


def test_what_is_remembered_is_forgotten_and_what_cannot_be_had_again_only_after_a_question(
    root: tk.Tk,
) -> None:
    visits = {"127.0.0.1:6667 анна": Visit(("#lab",), ("Борис",))}
    settings = Settings("Анна", geometry="800x600", identity="1" * 32, visits=visits, fingerprints={"a": "b"})
    with settings_page(root, settings) as (window, page, memory):
        rows = parts(page, Kept)
        for row in rows:
            row.button.invoke()
        kept = memory.settings
        assert (kept.nick, kept.geometry, kept.visits, kept.rooms, kept.fingerprints) == ("", "", {}, (), {})
        assert kept.identity == "1" * 32, "the first press only asks"
        assert all(row.button.instate(["disabled"]) for row in rows[:-1])
        rows[-1].button.invoke()
        assert memory.settings.identity not in ("", "1" * 32)
        window.close()
        assert memory.settings.geometry == ""


def test_all_of_it_can_be_reached_by_tab_and_is_seen_then(root: tk.Tk) -> None:
    settings = Settings(ignored=("Вера",), muted=("#b",))
    with settings_page(root, settings, "500x400") as (_window, page, _memory):
        seen: set[str] = set()
        wanted = [*parts(page, ttk.Button), *parts(page, ttk.Checkbutton)]
        for _step in range(60):
            focused = root.focus_get()
            assert focused is not None
            seen.add(str(focused))
            focused.event_generate("<Tab>")
            root.update()
            focused = root.focus_get()
            assert focused is not None
            top, height = focused.winfo_rooty(), focused.winfo_height()
            assert root.winfo_rooty() <= top
            assert top + height <= root.winfo_rooty() + root.winfo_height()
        assert {str(one) for one in wanted if not one.instate(["disabled"])} <= seen


def test_esc_and_the_key_close_it_and_the_keyboard_goes_back(root: tk.Tk) -> None:
    with settings_page(root) as (window, page, _memory):
        page.button.event_generate("<Escape>")
        assert window.main_window._over is None
        until(root, lambda: root.focus_get() is window.connect_page.fields["nick"].entry)
        window.connect_page.fields["nick"].entry.event_generate("<Control-comma>")
        assert isinstance(window.main_window._over, SettingsPage)
        window.main_window._over.button.event_generate("<Control-comma>")
        assert window.main_window._over is None


def test_nothing_is_left_of_a_page_that_was_closed(root: tk.Tk) -> None:
    def known() -> set[str]:
        return set(root.tk.splitlist(root.tk.call("info", "commands")))

    with settings_page(root) as (window, page, _):
        page.button.invoke()
        root.update()
        before = known()
        for action in (window.actions.settings, window.actions.help):
            for _time in range(2):
                action.run()
                root.update()
        assert known() == before


def test_times_are_written_as_the_user_wants_them(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        say(window, "который час")
        until(root, lambda: "который час" in window.transcript_text())
        assert " AM" not in window.transcript_text()
        assert " PM" not in window.transcript_text()
        window.main_window.set_clock(ClockStyle("12", seconds=True))
        root.update()
        text = window.transcript_text()
        assert " AM\t" in text or " PM\t" in text


@pytest.mark.parametrize(
    ("style", "noon", "night"),
    [
        (ClockStyle(), "12:05", "00:05"),
        (ClockStyle("12"), "12:05 PM", "12:05 AM"),
        (ClockStyle("12", seconds=True), "12:05:09 PM", "12:05:09 AM"),
    ],
)
def test_noon_and_midnight(style: ClockStyle, noon: str, night: str) -> None:
    assert (style.write(12, 5, 9), style.write(0, 5, 9)) == (noon, night)


def test_folding_is_remembered(root: tk.Tk) -> None:
    with settings_page(root, replace(Settings(), folds=False)) as (window, page, memory):
        assert not window.page.transcript.folds
        tick(page, "come and go").invoke()
        assert window.page.transcript.folds
        assert memory.settings.folds


def test_the_pages_without_a_menu_have_a_button_for_it(root: tk.Tk) -> None:
    with chat_window(root) as window:
        root.update()
        parts(window.connect_page.footer, Switches)[0].settings.invoke()
        assert isinstance(window.main_window._over, SettingsPage)


def test_the_launcher_has_it_by_button_and_by_key(root: tk.Tk) -> None:
    window = MainWindow(root, Settings())
    launcher = Launcher(window, CHAT)
    WindowActions(window)
    window.show_page(launcher)
    root.update()
    parts(launcher, Switches)[0].settings.invoke()
    assert isinstance(window._over, SettingsPage)
    root.update()
    window._over.button.event_generate("<Control-comma>")
    assert not window.is_covered
    launcher.end()
