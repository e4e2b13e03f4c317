"""Every menu of the program is flat, and no separator in it separates nothing."""

import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client.settings import Settings
from gui.toolkit.menu import SEPARATOR, Item, PopupMenu, tidy
from gui.toolkit.theme import look_of
from lab.laboratory import Laboratory
from tests.tools.irc import Irc
from tests.tools.sources import ROOT, program_files
from tests.tools.windows import chat_window, enter_room, until

TOKEN = "0123456789abcdef"


def test_menus_are_made_in_one_place() -> None:
    """So that what holds there holds for all of them."""
    makers = [file for file in program_files() if "tk.Menu(" in (ROOT / file).read_text(encoding="utf-8")]
    assert makers == [Path("gui/toolkit/menu.py")]


def with_those_below(menu: tk.Menu) -> Iterator[tk.Menu]:
    yield menu
    for below in menu.winfo_children():
        if isinstance(below, tk.Menu):
            yield from with_those_below(below)


def check(menu: tk.Menu) -> int:
    """Fail if it is not as menus should be; return how many rows it has."""
    last = menu.index("end")
    assert last is not None, "an empty menu"
    kinds = [menu.type(at) for at in range(last + 1)]
    assert "separator" not in (kinds[0], kinds[-1]), kinds
    assert "separator separator" not in " ".join(kinds), kinds
    assert str(menu.cget("relief")) == "flat"
    assert menu.tk.getint(menu.cget("activeborderwidth")) == 0  # Tk draws that one raised
    return len(kinds)


def test_every_menu_of_the_program_is_flat_and_tidy(
    root: tk.Tk, irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tk.Menu] = []
    monkeypatch.setattr(tk.Menu, "tk_popup", lambda self, *_place: opened.append(self))
    irc.server(oper_name="teacher", oper_token=TOKEN)
    settings = Settings(language="en")
    with chat_window(root, settings, Laboratory(), operator_token=TOKEN) as window:
        actions, page = window.actions, window.page

        def opens(act: Callable[[], object]) -> None:
            before = len(opened)
            act()
            assert len(opened) == before + 1
            assert sum(check(menu) for menu in with_those_below(opened[-1]))

        opens(actions.menu.perform)
        enter_room(window, irc.address, "Учитель")
        other = irc.client("Пётр").enter()
        other.send("PRIVMSG #lab :hello")
        assert window.session
        state = window.session.state
        until(root, lambda: "hello" in window.transcript_text() and state.rules_class)
        room = page.shown
        assert room
        opens(actions.menu.perform)
        opens(lambda: page.conversations.list.on_menu(room, 0, 0))
        for nick in ("Пётр", "Учитель"):
            opens(lambda nick=nick: page.members.list.on_menu(nick, 0, 0))  # type: ignore[misc]
        for entry in (None, *room.entries):
            opens(lambda entry=entry: page.on_menu(room, entry, 0, 0))  # type: ignore[misc]
        desk = window.desk
        actions.desk.perform()
        until(root, lambda: state.desk.people)
        opens(desk.actions.menu.perform)
        opens(desk.open_private_menu)
        opens(lambda: desk.page.list.on_menu(0, 0))
        until(root, lambda: desk.page.list.rows)
        desk.page.list.set_cursor(desk.page.list.rows[0].id)
        opens(desk.open_menu_at_cursor)


def test_separators_that_separate_nothing_are_left_out(root: tk.Tk) -> None:
    a, b = Item("a"), Item("b")
    assert tidy([SEPARATOR, a, SEPARATOR, SEPARATOR, b, SEPARATOR]) == [a, SEPARATOR, b]
    assert tidy([SEPARATOR, SEPARATOR]) == []
    assert tidy([]) == []
    menu = PopupMenu(root, look_of(root))
    menu.fill([SEPARATOR, a, Item("more", below=[SEPARATOR, a, b]), SEPARATOR])
    assert [check(one) for one in with_those_below(menu.menu)] == [2, 2]
    menu.fill([b])
    assert [check(one) for one in with_those_below(menu.menu)] == [1]
