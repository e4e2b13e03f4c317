"""Nothing that a server does takes the keyboard from somebody who is writing."""

import tkinter as tk

from gui.chat.connect_page import Form
from gui.chat.finding.rooms_page import RoomsPage
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, page_over, shows, until


def test_a_room_that_lets_in_late_does_not_take_what_is_being_written(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.page.composer.insert("x")
        until(root, window.page.half_written)
        window.page.composer.set("")
        window.controller.join("#late")
        window.page.composer.insert("половина предложе")
        until(root, lambda: window.session and window.session.state.room("#late"))
        root.update()
        assert (window.page.composer.get(), shows(window, "#lab")) == ("половина предложе", True)
        window.page.composer.set("")
        window.controller.join("#third")
        until(root, lambda: shows(window, "#third"))


def test_nor_the_name_of_another_room(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.finding.show_rooms()
        page = page_over(window.main_window, RoomsPage)
        page.entry.insert("end", "дал")
        window.controller.join("#second")
        until(root, lambda: shows(window, "#second"))
        assert page.winfo_exists()
        assert page.typed == "дал"
        assert str(root.tk.call("focus", "-lastfor", root)) == str(page.entry)


def test_a_server_that_refuses_us_after_a_cut_waits_until_one_has_finished(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    host, port = irc.address
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.page.composer.insert("половина предложе")
        irc.stop(started)
        irc.server(port=port, password="тайна")
        until(root, lambda: "asks for a password" in window.transcript_text())
        assert window.page.winfo_ismapped()
        assert window.page.half_written()
        window.connecting.change_server()
        assert "asks for a password" in window.connect_page.fields["password"].error
        window.connect_page.fill(Form(f"{host}:{port}", "Анна", "#lab", "тайна"))
        window.connect_page.submit()
        until(root, lambda: shows(window, "#lab") and window.main_window.page is window.page)
        assert window.page.composer.get() == "половина предложе"
