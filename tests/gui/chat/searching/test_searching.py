"""The page that searches what was said: on the server, and where that is not possible in what is loaded."""

import gc
import sys
import threading
import tkinter as tk

import pytest

from chatroom.config import Limits
from client.search.sought import Found, SearchAnswered
from client.settings import Settings
from client_gui import ChatWindow
from gui.chat.searching.controller import Around
from gui.chat.searching.page import SearchPage
from gui.chat.searching.results import excerpt_of
from tests.tools.irc import Client, Irc
from tests.tools.windows import chat_window, enter_room, page_over, say, shows, until
from translations import use_language


def talk(irc: Irc, count: int) -> Client:
    """Somebody has said so many numbered messages in the room, each tenth of them with a word."""
    other = irc.client("Борис").enter()
    for number in range(count):
        other.send(f"PRIVMSG #lab :{'Ещё слово' if number % 10 == 0 else 'номер'} {number}")
    other.send("PING done")
    other.expect("PONG .*done")
    return other


def page_of(window: ChatWindow) -> SearchPage:
    return page_over(window.main_window, SearchPage)


def search(window: ChatWindow, text: str, nick: str = "") -> SearchPage:
    """Open the page with its key, and look for a text."""
    until(window.master, window.page.composer.text.winfo_viewable)
    window.page.composer.text.event_generate("<<Ctrl+Shift+F>>")
    page = page_of(window)
    page.text.set(text)
    page.nick.set(nick)
    page.text.entry.focus_force()
    until(window.master, lambda: window.master.focus_get() is page.text.entry)
    page.text.entry.event_generate("<Return>")
    return page


def texts(page: SearchPage) -> list[str]:
    return [found.text for _number, found in page.list.rows]


def press(page: SearchPage, *keys: str) -> None:
    """Press keys in the list."""
    page.list.canvas.focus_force()
    until(page, lambda: page.focus_get() is page.list.canvas)
    for key in keys:
        page.list.canvas.event_generate(key)


def status(page: SearchPage) -> str:
    return str(page._said.cget("text"))


def test_what_is_not_loaded_is_found_and_shown_with_what_stands_around(root: tk.Tk, irc: Irc) -> None:
    talk(irc, 200)
    with chat_window(root) as window:
        enter_room(window, irc.address)
        until(root, lambda: "номер 199" in window.transcript_text())
        assert "Ещё слово 0" not in window.transcript_text()
        page = search(window, "ЕЩЕ СЛОВО")
        until(root, lambda: len(texts(page)) == 20)
        assert texts(page) == [f"Ещё слово {number}" for number in range(190, -1, -10)]
        assert "Everything was searched" in status(page)
        press(page, "<End>", "<Return>")
        until(root, lambda: "номер 20" not in texts(page) and "номер 19" in texts(page))
        assert texts(page)[:3] == ["Ещё слово 0", "номер 1", "номер 2"]
        press(page, "<Escape>")
        until(root, lambda: len(texts(page)) == 20)
        press(page, "<Home>", "<Return>")
        until(root, lambda: not window.main_window.is_covered)
        marked = window.page.transcript.text.tag_ranges("marked")
        assert "Ещё слово 190" in window.page.transcript.text.get(*map(str, marked[:2]))


def test_one_conversation_and_one_person_can_be_searched_alone(root: tk.Tk, irc: Irc) -> None:
    other = talk(irc, 11)
    with chat_window(root) as window:
        enter_room(window, irc.address)
        say(window, "моё слово")
        other.send("PRIVMSG Анна :слово лично")
        until(root, lambda: any(row.badge for row in window.page.conversations.list.rows))
        page = search(window, "слово")
        until(root, lambda: len(texts(page)) == 4)
        page.here.invoke()
        until(root, lambda: texts(page) == ["моё слово", "Ещё слово 10", "Ещё слово 0"])
        page.nick.set("анна")
        page.search_button.invoke()
        until(root, lambda: texts(page) == ["моё слово"])
        page.here.invoke()
        page.nick.set("борис")
        page.search_button.invoke()
        until(root, lambda: len(texts(page)) == 3)
        press(page, "<Home>", "<Return>")
        until(root, lambda: shows(window, "Борис"))


def test_a_part_of_a_nick_is_completed_or_the_user_is_asked_whom_he_means(root: tk.Tk, irc: Irc) -> None:
    talk(irc, 11)
    with chat_window(root) as window:
        enter_room(window, irc.address)
        page = search(window, "слово", "бор")
        until(root, lambda: texts(page) == ["Ещё слово 10", "Ещё слово 0"])
        assert page.nick.get() == "Борис"
        irc.client("Борислав").enter()
        until(root, lambda: len(window.page.members.list.rows) == 3)
        page.nick.set("бор")
        page.search_button.invoke()
        assert status(page) == "Whom do you mean: Борис, Борислав?"
        assert texts(page) == []


def test_a_search_that_was_not_the_whole_says_how_far_it_came_and_goes_on(root: tk.Tk, irc: Irc) -> None:
    irc.server(limits=Limits(search_effort=12_000))
    talk(irc, 150)
    with chat_window(root) as window:
        enter_room(window, irc.address)
        page = search(window, "слово")
        until(root, lambda: "Searched back to" in status(page))
        assert 0 < len(texts(page)) < 15
        for _ in range(10):
            if page.more_button.instate(["disabled"]):
                break
            page.more_button.invoke()
            until(root, lambda: "Searching" not in status(page))
        assert texts(page) == [f"Ещё слово {number}" for number in range(140, -1, -10)]


@pytest.mark.parametrize("is_connected", [True, False])
def test_where_the_server_cannot_search_what_is_loaded_is(
    root: tk.Tk, irc: Irc, *, is_connected: bool
) -> None:
    started = irc.server(history=None) if is_connected else irc.server()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        for text in ("одно слово", "нет", "Слово второе"):
            say(window, text)
        until(root, lambda: window.session and not window.session.unconfirmed)
        if not is_connected:
            irc.stop(started)
            until(root, lambda: window.session and not window.session.state.is_connected)
        page = search(window, "слово")
        until(root, lambda: texts(page) == ["Слово второе", "одно слово"])
        assert ("cannot search" if is_connected else "no connection") in status(page)
        press(page, "<End>", "<Return>")
        until(root, lambda: not window.main_window.is_covered)
        assert window.page.transcript.text.tag_ranges("marked")


def test_the_bar_of_the_conversation_leads_to_the_page(root: tk.Tk, irc: Irc) -> None:
    talk(irc, 100)
    with chat_window(root, Settings()) as window:
        enter_room(window, irc.address)
        use_language("ru")
        window.page.open_search()
        window.page.search.entry.insert(0, "слово")
        window.page.search.server_button.invoke()
        until(root, lambda: len(texts(page_of(window))) == 10)
        assert page_of(window).text.get() == "слово"
        use_language("en")


@pytest.mark.parametrize(
    ("text", "wanted", "shown"),
    [
        ("просто слово", "слово", "просто «слово»"),
        ("первая\nвторая строка\nтретья", "строка", "вторая «строка»"),
        ("а" * 200 + "слово" + "б" * 20, "слово", "…" + "а" * 30 + "«слово»" + "б" * 20),
        ("первая\nвторая", "", "первая"),
        ("одна\nдве", "на\nдв", "од«на»"),
        ("и\u0306" * 30_000 + "конец", "конец", "и\u0306" * 250),  # too much to be looked through in time
    ],
)
def test_the_line_with_the_match_is_shown(text: str, wanted: str, shown: str) -> None:
    line = excerpt_of(text, wanted)
    marked = f"«{line.text[line.start : line.end]}»" if line.end else ""
    assert line.text[: line.start] + marked + line.text[line.end :] == shown


def test_what_came_of_an_answer_that_broke_off_is_shown(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        page = search(window, "слово")
        asked = window.searching._search
        assert asked
        found = tuple(Found(place, "Борис", 1.0, f"слово {place}", "m1") for place in ("#a", "#b"))
        window.searching.answered(SearchAnswered(asked.asked, found, None, "It broke off."))
        assert texts(page) == ["слово #b", "слово #a"]  # though the server counts anew in each room
        assert "It broke off." in status(page)


def test_a_page_that_was_closed_may_be_collected_in_another_thread(
    root: tk.Tk, irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    with chat_window(root) as window:
        enter_room(window, irc.address)
        gc.collect()
        search(window, "слово")
        window.main_window.uncover()
        window.searching._page = None
        collector = threading.Thread(target=gc.collect)
        collector.start()
        collector.join()
    assert not ignored


def test_what_was_said_in_the_same_moment_stands_around_a_message_once() -> None:
    one, middle, other = (Found("#lab", "Борис", 1.0, text, text) for text in "абв")
    around = Around(middle, [1, 2])
    assert around.together() == [middle]
    around.parts[1] = around.parts[2] = (one, middle, other)
    assert around.together() == [one, middle, other]
