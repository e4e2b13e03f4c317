"""Messages that are taken back: who may, and what is left of them."""

import tkinter as tk

import pytest

from tests.tools.dialogue import CAPABILITIES, Dialogue
from tests.tools.irc import Irc
from tests.tools.users import Users
from tests.tools.windows import chat_window, enter_room, say, until

ABLE = f"{CAPABILITIES} draft/message-redaction"


@pytest.fixture
def capabilities() -> str:
    return ABLE


def echoed(room: Dialogue, text: str, msgid: str) -> None:
    tags, _space, rest = room.say(text)[0].partition(" ")
    room.hear(f"{tags};msgid={msgid} :Анна!~a@h {rest}")


def test_the_last_own_message_is_taken_back(room: Dialogue) -> None:
    echoed(room, "первое", "m1")
    echoed(room, "ошибка", "m2")
    room.hear("@msgid=m3 :Борис!b@h PRIVMSG #lab :чужое")
    assert room.say("/redact не туда") == ["REDACT #lab m2 :не туда"]
    entry = next(one for one in room.talk().entries if one.msgid == "m2")
    assert entry.text == "ошибка"  # the server decides
    room.hear(":Анна!~a@h REDACT #lab m2 :не туда")
    assert (entry.text, entry.deleted_by) == ("", "Анна")
    assert room.say("/redact") == ["REDACT #lab m1"]


def test_a_message_still_under_way_or_a_server_that_cannot_is_answered_with_a_sentence(
    room: Dialogue,
) -> None:
    room.say("в пути")
    assert room.say("/redact") == []
    assert "no message of yours" in room.last().text
    unable = Dialogue().online()
    assert unable.say("/redact") == []
    assert "cannot" in unable.last().text


def test_what_is_shown_in_the_talk_with_the_server_cannot_be_taken_back(room: Dialogue) -> None:
    tags, _space, rest = room.say("/notice Глеб тише")[0].partition(" ")
    room.hear(f"{tags};msgid=m1 :Анна!~a@h {rest}")
    server_talk = room.state.server_talk
    assert server_talk.entries[-1].text == "тише"
    assert not room.session.may_redact(server_talk, server_talk.entries[-1])
    room.session.submit(server_talk, "/redact")
    assert room.sent() == []
    assert "no message of yours" in server_talk.entries[-1].text


def test_an_operator_may_take_back_anybodys_message_others_only_their_own(room: Dialogue) -> None:
    room.hear("@msgid=m1 :Борис!b@h PRIVMSG #lab :грубость")
    entry = room.last()
    assert room.session.may_redact(room.talk(), entry)
    room.hear(":Вера!v@h MODE #lab -o Анна")
    assert not room.session.may_redact(room.talk(), entry)


def test_a_redaction_in_a_private_talk_and_of_something_unknown(room: Dialogue) -> None:
    room.hear("@msgid=p1 :Борис!b@h PRIVMSG Анна :тайна")
    room.history("Борис")
    room.hear(":Борис!b@h REDACT Анна p1", ":Борис!b@h REDACT Анна p9", ":x REDACT", ":x REDACT #no y")
    assert (room.last("Борис").text, room.last("Борис").deleted_by) == ("", "Борис")


def test_a_redaction_waits_for_the_history_like_the_message_it_is_about() -> None:
    room = Dialogue()
    room.connect()
    room.welcome(ABLE)
    room.enter_room()
    room.hear("@msgid=m1 :Борис!b@h PRIVMSG #lab :поспешил", ":Борис!b@h REDACT #lab m1")
    room.history("#lab")
    assert (room.last().text, room.last().deleted_by) == ("", "Борис")


def test_what_is_taken_back_is_gone_for_all_and_from_the_history(irc: Irc, meet: Users) -> None:
    anna, boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    boris.say("раз\nдва")
    boris.say("ошибка")
    anna.wait(lambda: len(anna.said()) == 2)
    boris.wait(lambda: not boris.session.unconfirmed)
    boris.say("/redact")
    for user in (anna, boris):
        user.wait(lambda user=user: user.said()[1] == "Борис: ")  # type: ignore[misc]
    boris.say("/redact")
    anna.wait(lambda: anna.said() == ["Борис: ", "Борис: "])
    assert meet(irc.address, "Вера").said() == []


def test_the_menu_of_a_message_deletes_it(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        say(window, "лишнее")
        room = window.page.shown
        assert room
        entry = room.entries[-1]
        until(root, lambda: entry.msgid)
        delete = window.actions.entry_items(room, entry)[-1]
        assert delete.words == "Delete message"
        delete.run()
        until(root, lambda: "message deleted" in window.transcript_text())
        assert "лишнее" not in window.transcript_text()
        assert [item.words for item in window.actions.entry_items(room, entry)] == ["Copy"]
