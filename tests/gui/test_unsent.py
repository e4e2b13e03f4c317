"""What somebody wrote outlives a closed window, a wrong key, and a server that does not answer."""

import tkinter as tk

import pytest

from client.model.conversations import Delivery
from client_gui import ChatWindow
from gui.chat.connect_page import Form
from gui.question_page import QuestionPage
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, say, shows, until
from translations import use_language


def form(irc: Irc, nick: str = "Анна", room: str = "#lab") -> Form:
    return Form("{}:{}".format(*irc.address), nick, room)


def question(window: ChatWindow) -> QuestionPage | None:
    over = window.main_window._over
    return over if isinstance(over, QuestionPage) else None


def press(window: ChatWindow, *keys: str) -> None:
    """Press keys in the question."""
    asked = question(window)
    assert asked
    asked.button.focus_force()
    window.master.update()
    for key in keys:
        focus = window.master.focus_get()
        assert focus
        focus.event_generate(f"<{key}>")
        if is_open(window):
            window.master.update()


def is_open(window: ChatWindow) -> bool:
    return bool(window.master.tk.call("winfo", "exists", str(window.master)))


def losses(window: ChatWindow) -> str:
    asked = question(window)
    assert asked
    return str(asked._text.cget("text"))


def test_nothing_is_asked_where_nothing_would_be_lost(root: tk.Tk, irc: Irc) -> None:
    top = tk.Toplevel(root)
    with chat_window(top) as window:
        enter_room(window, irc.address)
        say(window, "до завтра")
        until(root, lambda: window.session and not window.session.unconfirmed)
        window.main_window.ask_to_close()
        assert not is_open(window)


@pytest.mark.parametrize("keys", [["Return"], ["Escape"], ["space"], ["Tab", "Left", "Return"]])
def test_a_draft_is_asked_about_and_the_first_key_stays(root: tk.Tk, irc: Irc, keys: list[str]) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.page.composer.insert("половина предложе")
        use_language("ru")
        window.main_window.ask_to_close()
        asked = question(window)
        assert asked
        assert losses(window) == "Написанное не отправлено: #lab."
        until(root, lambda: str(root.tk.call("focus", "-lastfor", ".")) == str(asked.button))
        press(window, *keys)
        until(root, lambda: question(window) is None)
        assert is_open(window)
        assert window.page.composer.get() == "половина предложе"


def test_who_means_it_closes_the_window_with_the_keyboard(root: tk.Tk, irc: Irc) -> None:
    with chat_window(tk.Toplevel(root)) as window:
        enter_room(window, irc.address)
        window.page.composer.insert("неважно")
        window.main_window.ask_to_close()
        window.main_window.ask_to_close()  # impatience is no answer
        press(window, "Right", "Return")
        assert not is_open(window)


def test_drafts_elsewhere_and_messages_that_wait_are_asked_about(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.page.composer.insert("черновик")
        window.controller.join("#b")
        until(root, lambda: shows(window, "#b"))
        window.controller.leave(window.page.shown)
        until(root, lambda: shows(window, "#lab"))
        window.controller.walk(-1)
        irc.stop(started)
        until(root, lambda: window.session and not window.session.state.is_connected)
        window.controller.show(window.session.state.conversations["#lab"])  # type: ignore[union-attr]
        assert window.page.composer.get() == "черновик"
        window.page.composer.submit()
        window.page.composer.insert("ещё один")
        window.main_window.ask_to_close()
        assert "1 message has not been sent" in losses(window)
        assert "#lab" in losses(window)


def test_quit_asks_too_and_then_says_goodbye_with_its_reason(root: tk.Tk, irc: Irc) -> None:
    with chat_window(tk.Toplevel(root)) as window:
        enter_room(window, irc.address)
        other = irc.client("Борис").enter()
        window.controller.join("#b")
        until(root, lambda: shows(window, "#b"))
        window.page.composer.insert("черновик")
        window.controller.show(window.session.state.conversations["#lab"])  # type: ignore[union-attr]
        say(window, "/quit пора")
        assert window.session
        assert window.session.state.is_connected
        asked = question(window)
        assert asked
        asked.act_button.invoke()
        other.expect("QUIT :.*пора")


def test_what_is_half_written_in_a_room_that_is_left_is_there_again_in_it(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.controller.join("#b")
        until(root, lambda: shows(window, "#b"))
        window.page.composer.insert("недописано")
        window.controller.leave(window.page.shown)
        until(root, lambda: shows(window, "#lab"))
        assert window.page.composer.get() == ""
        window.controller.join("#B")
        until(root, lambda: shows(window, "#b"))
        assert window.page.composer.get() == "недописано"


def test_the_chat_stays_while_another_server_is_tried_in_vain(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        other = irc.client("Борис").enter()
        say(window, "раз")
        session = window.session
        until(root, lambda: session and not session.unconfirmed)
        gone = irc.server(history=None)
        dead = "{}:{}".format(*gone.address)
        irc.stop(gone)
        window.actions._change_server.perform()
        window.connect_page.fill(Form(dead, "Анна", "#lab"))
        window.connect_page.submit()
        until(root, lambda: window.connect_page.fields["server"].error)
        other.send("PRIVMSG #lab :два")
        window.connect_page.cancel()
        assert window.main_window.page is window.page
        until(root, lambda: "два" in window.transcript_text())
        assert window.session is session
        assert "раз" in window.transcript_text()


def test_the_same_server_under_the_same_name_comes_back_when_that_fails(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        session = window.session
        window.page.composer.insert("черновик")
        window.actions._change_server.perform()
        host, _port = irc.address
        gone = irc.server(history=None)
        dead = gone.address[1]
        irc.stop(gone)
        window.connect(Form(f"{host}:{dead}", "Анна", "#lab"))  # another port of this computer
        until(root, lambda: window.connect_page.fields["server"].error)
        window.connect_page.cancel()
        assert window.session is session
        until(root, lambda: session and session.state.conversations["#lab"].joined)
        assert window.page.composer.get() == "черновик"


def test_what_waits_and_what_is_half_written_goes_on_at_the_same_server(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    port = irc.address[1]
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.controller.talk_to("Борис")
        until(root, lambda: shows(window, "Борис"))
        window.page.composer.insert("Борису")
        window.controller.join("#b")
        until(root, lambda: shows(window, "#b"))
        before = window.session
        assert before
        irc.stop(started)
        until(root, lambda: not before.state.is_connected)
        say(window, "ждёт сервера")
        irc.server(port=port)
        window.connect(form(irc, nick="Вера"))
        other = irc.client("Борис").enter("#b")
        until(
            root, lambda: window.session is not before and window.session and not window.session.unconfirmed
        )
        other.expect(":Вера!.* PRIVMSG #b :ждёт сервера")
        assert window.session
        assert window.session.state.profile.identity is before.state.profile.identity
        room = window.session.state.conversations["#b"]
        assert [one.delivery for one in room.entries if one.text == "ждёт сервера"] == [Delivery.SENT]
        window.controller.talk_to("Борис")
        until(root, lambda: shows(window, "Борис"))
        assert window.page.composer.get() == "Борису"


def test_another_server_is_asked_about_when_something_would_be_lost(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        session = window.session
        window.page.composer.insert("черновик")
        second = irc.server(history=None)
        page = window.connect_page
        window.actions._change_server.perform()
        page.fill(Form("{}:{}".format(*second.address), "Анна", "#lab"))
        page.submit()
        asked = question(window)
        assert asked
        assert window.session is session
        asked.button.invoke()
        page.submit()
        asked = question(window)
        assert asked
        asked.act_button.invoke()
        until(root, lambda: window.session is not session and shows(window, "#lab"))
        assert window.page.composer.get() == ""


def test_what_is_typed_after_a_click_reaches_the_input_line(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        text, page = window.page.composer.text, window.page
        text.focus_force()
        root.update()
        for button in (page.topic.members_button, page.topic.menu_button, page.composer.button):
            button.event_generate("<Button-1>", x=2, y=2)
            root.update()
            assert root.focus_get() is text
            button.state(["!pressed"])  # not what it does, but where the keyboard is
        for list_ in (page.members.list, page.conversations.list):
            list_.canvas.focus_force()
            root.update()
            list_.canvas.event_generate("<Key>", keysym="x")
            root.update()
            assert root.focus_get() is text
        assert page.composer.get() == "xx"


def test_nothing_takes_the_keyboard_from_a_question(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.page.composer.insert("черновик")
        window.main_window.ask_to_close()
        asked = question(window)
        assert asked
        asked.button.focus_force()
        root.update()
        window.controller.join("#b")  # asked for before, and let in only now
        until(root, lambda: shows(window, "#b"))
        assert root.focus_get() is asked.button
        root.event_generate("<Control-w>")
        root.update()
        assert shows(window, "#b")
        press(window, "Return")
        assert question(window) is None


def test_leaving_a_room_where_something_waits_is_asked_about(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    with chat_window(root) as window:
        enter_room(window, irc.address)
        session = window.session
        assert session
        irc.stop(started)
        until(root, lambda: not session.state.is_connected)
        say(window, "ждёт")
        window.controller.leave(window.page.shown)
        asked = question(window)
        assert asked
        asked.button.invoke()
        assert shows(window, "#lab")
        assert session.unconfirmed == 1
        window.controller.leave(window.page.shown)
        asked = question(window)
        assert asked
        asked.act_button.invoke()
        until(root, lambda: not shows(window, "#lab"))


def test_part_asks_too_where_something_waits(root: tk.Tk, irc: Irc) -> None:
    started = irc.server()
    port = irc.address[1]
    with chat_window(root) as window:
        enter_room(window, irc.address)
        session = window.session
        assert session
        irc.stop(started)
        until(root, lambda: not session.state.is_connected)
        say(window, "ждёт")
        say(window, "/part")
        asked = question(window)
        assert asked
        asked.button.invoke()
        irc.server(port=port)
        other = irc.client("Борис").enter()
        until(root, lambda: not session.unconfirmed)
        other.expect("PRIVMSG #lab :ждёт")
        say(window, "/part пора")
        other.expect("PART #lab :пора")


def test_what_cannot_be_said_here_stays_to_be_said_elsewhere(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.controller.walk(1)
        assert shows(window, "")
        say(window, "длинное объявление")
        assert window.page.composer.get() == "длинное объявление"
        assert "talk with the server" in window.transcript_text()
        window.main_window.ask_to_close()
        assert "What you have written is not sent" in losses(window)
