"""Who is in the room, who of them is the teacher, and what the user may do with them."""

import tkinter as tk

from client.model.conversations import Member
from client.settings import Settings
from gui.chat.member_list import row_of
from tests.tools.irc import Irc
from tests.tools.windows import chat_window, enter_room, until

TOKEN = "0123456789abcdef"


def test_the_launchers_window_is_the_teachers_under_a_reserved_nick(root: tk.Tk, irc: Irc) -> None:
    """It says nothing and is asked nothing: the token makes it the operator, after a cut too."""
    irc.server(oper_name="teacher", oper_token=TOKEN, reserved=("Учитель",))
    irc.client("Пётр").enter()
    other = irc.client("Завуч")
    other.send(f"OPER any {TOKEN}")
    with chat_window(root, Settings(language="en"), operator_token=TOKEN) as window:
        enter_room(window, irc.address, "Учитель")
        assert window.session
        state, members = window.session.state, window.page.members
        for _connection in range(2):
            until(root, lambda: state.is_server_operator and len(state.conversations["#lab"].members) == 2)
            until(root, lambda: any("teacher" in row.text + row.tail for row in members.list.rows))
            assert [row.text + row.tail for row in members.list.rows] == ["Учитель  teacher  (you)", "Пётр"]
            assert "Give the word" in [one.words for one in window.finding.people.items("Пётр")]
            other.send("KILL Учитель")
            until(root, lambda: not state.is_connected)
        assert TOKEN not in "".join(
            entry.text for talk in state.conversations.values() for entry in talk.entries
        )


def test_a_teacher_whose_nick_says_it_has_no_mark() -> None:
    assert row_of(Member("Anna"), "", "", is_teacher=True).tail == "  teacher"
    assert row_of(Member("Teacher"), "", "", is_teacher=True).tail == ""
