"""A window too narrow for the conversations drops them down, and keys stay in what covers the chat."""

import tkinter as tk

from gui.question_page import Question
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, shows, until


def test_in_a_narrow_window_the_conversations_drop_down(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        page = window.page
        assert not page.topic.list_button.winfo_ismapped()
        root.minsize(1, 1)
        root.geometry(f"{window.main_window.look.em(30)}x600")
        until(root, page.topic.list_button.winfo_ismapped)
        assert not page.conversations.winfo_ismapped()
        irc.client("Борис").send("PRIVMSG Анна :привет")
        until(root, lambda: str(page.topic.list_button.cget("text")).strip() == "1")
        root.focus_force()
        page.topic.list_button.invoke()
        until(root, page.conversations.winfo_ismapped)
        canvas = page.conversations.list.canvas
        until(root, lambda: page.conversations.list.has_focus)
        rows = page.conversations.list.rows
        at = next(at for at, row in enumerate(rows) if row.text == "Борис")
        canvas.event_generate("<Button-1>", x=20, y=at * page.conversations.list.row_height + 5)
        until(root, lambda: shows(window, "Борис") and not page.conversations.winfo_ismapped())
        until(root, lambda: root.focus_get() is page.composer.text)
        page.topic.list_button.invoke()
        until(root, lambda: page.conversations.list.has_focus)
        canvas.event_generate("<Up>")
        assert shows(window, "Борис")
        canvas.event_generate("<Return>")
        until(root, lambda: shows(window, "#lab") and not page.conversations.winfo_ismapped())
        page.topic.list_button.invoke()
        until(root, lambda: page.conversations.list.has_focus)
        root.geometry(f"{window.main_window.look.em(60)}x600")
        until(root, lambda: page.conversations.winfo_manager() == "grid")
        assert not page.topic.list_button.winfo_ismapped()


def test_tab_stays_in_what_covers_the_chat_and_esc_closes_it(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        text = window.page.composer.text
        text.focus_force()
        until(root, lambda: root.focus_get() is text)
        window.main_window.ask(lambda: Question("?", ["x"], "a"), lambda: None)
        buttons = []
        for _press in range(3):
            root.update()
            buttons.append(root.focus_get())
            buttons[-1].event_generate("<Tab>")  # type: ignore[union-attr]
        assert buttons[0] is buttons[2] is not buttons[1]
        buttons[1].event_generate("<Escape>")  # type: ignore[union-attr]
        assert not window.main_window.is_covered
        until(root, lambda: root.focus_get() is text)
