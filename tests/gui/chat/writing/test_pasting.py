"""What is pasted into the input line: how much is sent without a question."""

import tkinter as tk

from gui.chat.controller import MOST_LINES
from gui.question_page import QuestionPage
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, page_over, until


def test_so_many_lines_are_asked_about_before_they_are_sent(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        boris = irc.client("Борис").enter()
        composer, main_window = window.page.composer, window.main_window
        composer.text.focus_force()
        root.update()
        for lines in (MOST_LINES, MOST_LINES + 1):
            root.clipboard_clear()
            root.clipboard_append("\n".join(f"x{number}" for number in range(lines)))
            composer.text.event_generate("<<Paste>>")
            composer.submit()
            question = main_window._over
            assert isinstance(question, QuestionPage) is (lines > MOST_LINES)
        boris.expect(f"PRIVMSG #lab :?x{MOST_LINES - 1}$")
        assert isinstance(question, QuestionPage)
        question.button.invoke()
        until(root, lambda: not main_window.is_covered)
        assert composer.get().count("\n") == MOST_LINES
        boris.expect_nothing()
        composer.submit()
        asked = page_over(main_window, QuestionPage)
        asked.act_button.invoke()
        window.controller.send()
        boris.expect(f"PRIVMSG #lab :?x{MOST_LINES}$")
        assert composer.get() == ""
