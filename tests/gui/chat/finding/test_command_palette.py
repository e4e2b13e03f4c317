"""The palette finds rooms, people, actions and commands, and does what is chosen."""

import tkinter as tk

from client.model.conversations import Member
from client_gui import ChatWindow
from gui.chat.finding.command_palette import CommandPalette
from gui.settings.page import SettingsPage
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, page_over, shows, until


def opened(window: ChatWindow) -> CommandPalette:
    return page_over(window.main_window, CommandPalette)


def open_palette(window: ChatWindow, typed: str = "") -> CommandPalette:
    window.actions.find.perform()
    page = opened(window)
    page.entry.insert(0, typed)
    page._typed()
    return page


def names(page: CommandPalette) -> list[str]:
    return [choice.name for choice in page.found]


def test_everything_is_found_in_one_field(root: tk.Tk, irc: Irc) -> None:
    irc.client("Курочкин").enter()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        until(root, lambda: len(window.page.members.list.rows) == 2)
        window.controller.join("#курсовая")
        until(root, lambda: shows(window, "#курсовая"))
        page = open_palette(window, "re")
        found = [name for name in names(page) if name in ("курсовая", "Курочкин")]
        assert found == ["курсовая", "Курочкин"], "the wrong layout finds them, too"
        page.open(names(page).index("Курочкин"))
        until(root, lambda: shows(window, "Курочкин"))
        assert not window.main_window.is_covered
        assert names(open_palette(window))[:3] == ["lab", "курсовая", "Server"], "last is what is shown"
        window.main_window.uncover()
        assert "Find" not in names(open_palette(window, "find"))
        window.main_window.uncover()
        page = open_palette(window, "#la")
        assert names(page) == ["lab"]
        page.list.open_cursor()
        assert shows(window, "#lab")
        page = open_palette(window, "settings")
        assert page.list.rows[0].right == "Ctrl+,"
        page.list.open_cursor()
        assert isinstance(window.main_window._over, SettingsPage)
        window.main_window.uncover()
        page = open_palette(window, "/top")
        assert (names(page)[0], page.list.rows[0].more) == ("topic [text]", "show or set the room's topic")
        page.list.open_cursor()
        assert window.page.composer.get() == "/topic "
        window.page.composer.set("")
        page = open_palette(window, "members")
        assert ("Show or hide the members", "Ctrl+M") in [(row.text, row.right) for row in page.list.rows]


def test_it_is_worked_by_keys_alone_and_what_was_used_last_comes_first(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        text = window.page.composer.text
        text.focus_force()
        until(root, lambda: root.focus_get() is text)
        text.event_generate("<Control-k>")
        page = opened(window)
        until(root, lambda: root.focus_get() is page.entry)
        page.entry.insert(0, "searc")
        page.entry.event_generate("<Key>", keysym="h")
        until(root, lambda: names(page)[:1] == ["Search"])
        page.entry.event_generate("<Return>")
        until(root, window.page.search.winfo_ismapped)
        page = open_palette(window)
        assert names(page)[0] == "Search"
        until(root, lambda: root.focus_get() is page.entry)
        page.entry.event_generate("<Escape>")
        assert not window.main_window.is_covered
        page = open_palette(window, "nothing is called so")
        assert (names(page), page.list.cursor) == ([], None)
        page.list.open_cursor()
        assert window.main_window.is_covered


def test_five_thousand_people_are_drawn_as_twenty(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        assert window.page.shown
        window.page.shown.members |= {f"n{at}": Member(f"Человек {at}") for at in range(5_000)}
        page = open_palette(window, "@xtkjdtr 49")
        root.update()
        assert len(page.found) == 111
        assert page.found[0].name == "Человек 49"
        assert len(page.list.canvas.find_all()) < 200
