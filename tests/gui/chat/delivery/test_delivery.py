"""What waits to be sent is counted, listed and can be taken back; one need not wait for the next try."""

import tkinter as tk
from typing import Any

import pytest

import client.net.connection
from client.model.events import Phase
from client_gui import ChatWindow
from gui.chat.composer import MAX_TEXT
from gui.chat.delivery.unsent_page import UnsentPage
from tests.tools.irc import Irc
from tests.tools.windows import DEADLINE, chat_window, enter_room, page_over, say, until


def cut_off(window: ChatWindow, irc: Irc, started: Any) -> int:
    """Stop the server; return the port on which it was."""
    port: int = started.address[1]
    irc.stop(started)
    until(window.master, window.page.status.reconnect_button.winfo_ismapped)
    return port


def unsent_page(window: ChatWindow) -> UnsentPage:
    return page_over(window.main_window, UnsentPage)


def rows(window: ChatWindow) -> list[str]:
    return [row.text for row in unsent_page(window).list.rows]


def test_what_waits_is_counted_listed_and_given_back(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        status, composer = window.page.status, window.page.composer
        root.update()
        assert not status.unsent_button.winfo_ismapped()
        port = cut_off(window, irc, started)
        for text in ("первое", "второе", "третье"):
            say(window, text)
        until(root, lambda: "3 messages wait" in str(status.unsent_button.cget("text")))
        status.unsent_button.invoke()
        until(root, lambda: rows(window) == ["#lab", "первое", "второе", "третье"])
        canvas = unsent_page(window).list.canvas
        canvas.focus_force()
        until(root, lambda: root.focus_get() is canvas)
        for key in ("<Down>", "<Delete>"):
            canvas.event_generate(key)
            root.update()
        assert rows(window) == ["#lab", "первое", "третье"]
        assert composer.get() == "второе"
        assert "второе" not in window.transcript_text()
        irc.server(port=port)
        other = irc.client("Борис").enter()
        unsent_page(window).reconnect_button.invoke()
        until(root, lambda: window.session and not window.session.unconfirmed)
        other.expect("PRIVMSG #lab :первое$")
        other.expect("PRIVMSG #lab :третье$")
        until(root, lambda: rows(window) == [])
        until(root, lambda: not status.unsent_button.winfo_ismapped())
        canvas.event_generate("<Escape>")
        assert not window.main_window.is_covered
        other.expect_nothing_but("JOIN|MODE|TAGMSG")


def test_all_is_taken_back_behind_what_is_half_written(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        cut_off(window, irc, started)
        say(window, "одно")
        say(window, "другое")
        window.page.composer.insert("черновик")
        window.actions.unsent.perform()
        unsent_page(window).all_button.invoke()
        assert not window.main_window.is_covered
        assert window.page.composer.get() == "черновик\nодно\nдругое"
        assert window.session
        assert not window.session.unconfirmed


def test_what_the_input_line_does_not_hold_goes_on_waiting(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        cut_off(window, irc, started)
        for letter in "абв":
            window.controller.say(letter * (MAX_TEXT // 3))
        window.page.composer.insert("черновик")
        window.actions.unsent.perform()
        count = len(unsent_page(window).list.rows)
        unsent_page(window).all_button.invoke()
        root.update()
        assert len(window.page.composer.get()) <= MAX_TEXT
        assert window.page.composer.get().startswith("черновик\nа")
        assert 1 < len(unsent_page(window).list.rows) < count
        assert "no room" in str(unsent_page(window)._about.cget("text"))


def test_who_does_not_want_to_wait_connects_at_once(
    root: tk.Tk, irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.net.connection, "FIRST_PAUSE", 10 * DEADLINE)
    monkeypatch.setattr(client.net.connection, "LONGEST_PAUSE", 10 * DEADLINE)
    started = irc.server()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        port = cut_off(window, irc, started)
        assert window.page.status.sentence.startswith("Next try in")
        irc.server(port=port)
        window.page.composer.text.event_generate("<<Ctrl+Shift+R>>")
        until(root, lambda: window.session and window.session.state.phase is Phase.ONLINE)
