"""A room in which nobody has spoken says what one can do there."""

import tkinter as tk

from client.settings import Settings
from client_gui import ChatWindow
from gui.board import addresses_of, as_typed
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, until


def words(window: ChatWindow) -> str:
    """What stands in the middle of the transcript."""
    empty = window.page.transcript._empty
    return str(empty.cget("text")) if empty.winfo_ismapped() else ""


def test_an_empty_room_says_what_can_be_done_until_somebody_speaks(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root, Settings(language="en")) as window:
        enter_room(window, irc.address)
        until(root, lambda: "You are alone here." in words(window))
        (address, *_others) = addresses_of(*irc.address)
        assert as_typed(address) in words(window), "what others type, as the board says it"
        for way in ("press Enter", "Ctrl+K", "/help", "F1"):
            assert way in words(window)
        window.main_window.set_language("ru")
        assert "Вы здесь одни." in words(window)
        window.main_window.set_language("en")
        other = irc.client("Борис").enter()
        until(root, lambda: "Here with you: Борис." in words(window))
        assert as_typed(address) not in words(window)
        other.send("PRIVMSG #lab :hello")
        until(root, lambda: "hello" in window.transcript_text())
        assert words(window) == ""
        window.controller.talk_to("Борис")
        until(root, lambda: "Write the first message!" in words(window))
        assert window.session
        window.controller.show(window.session.state.server_talk)
        until(root, lambda: words(window) == "")


def test_the_words_about_an_empty_room_cover_no_line(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root, Settings(language="en")) as window:
        enter_room(window, irc.address)
        irc.client("Борис").enter()
        until(root, lambda: "Борис enters the room" in window.transcript_text())

        def are_there(height: int) -> bool:
            root.geometry(f"900x{height}")
            until(root, lambda: root.winfo_height() == height)
            root.update()
            last = window.page.transcript.text.dlineinfo("end-1c")
            shown = bool(words(window))
            assert not shown or (last and window.page.transcript._empty.winfo_y() >= last[1] + last[3])
            return shown

        assert are_there(900)
        for height in range(600, 300, -50):
            are_there(height)
        assert not are_there(300)
        assert are_there(900), "they come back where there is room"
