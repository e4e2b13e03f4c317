"""The window of somebody who is in a class."""

import tkinter as tk

import pytest

from client.model.events import Announced
from gui.chat.bars.banner import LONGEST
from gui.chat.transcript.folding import is_summary
from gui.question_page import QuestionPage
from tests.tools.irc import Client, Irc
from tests.tools.windows import Memory, chat_window, enter_room, page_over, say, until


def teacher_of(irc: Irc, **options: object) -> Client:
    irc.server(oper_name="t", oper_password="p", **options)
    teacher = irc.client("Учитель", capabilities=("message-tags", "standard-replies"))
    teacher.send("OPER t p")
    teacher.expect(" 381 ")
    return teacher.enter()


@pytest.fixture
def teacher(irc: Irc) -> Client:
    return teacher_of(irc)


def test_in_a_quiet_room_one_raises_a_hand_and_is_given_the_word(
    root: tk.Tk, irc: Irc, teacher: Client
) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        page = window.page
        page.composer.insert("не дописано")
        teacher.send("CLASS quiet")
        until(root, page.silence.winfo_ismapped)
        assert str(page.composer.text.cget("state")) == "disabled"
        assert page.composer.get() == "не дописано"
        page.composer.submit()
        page.silence.button.invoke()
        teacher.expect(r"\+chat.lab/hand=up.* NOTICE @#lab :✋$")
        until(root, lambda: "raised" in page.silence.sentence())
        page.silence.button.invoke()
        teacher.expect(r"\+chat.lab/hand=down.* NOTICE @#lab ")
        until(root, lambda: "raised" not in page.silence.sentence())
        teacher.send("CLASS voice Анна")
        until(root, lambda: str(page.composer.text.cget("state")) == "normal")
        assert not page.silence.winfo_ismapped()
        page.composer.submit()
        teacher.expect("PRIVMSG #lab :не дописано$")
        teacher.send("CLASS mute Анна 5")
        until(root, lambda: "5 minutes" in page.silence.sentence())
        teacher.send("CLASS unmute Анна")
        until(root, lambda: not page.silence.sentence())


def test_who_says_too_much_sees_when_they_can_write_again(root: tk.Tk, irc: Irc) -> None:
    teacher_of(irc, throttle=True)
    with chat_window(root) as window:
        enter_room(window, irc.address)
        for number in range(21):
            say(window, f"строка {number}")
        until(root, lambda: "second" in window.page.silence.sentence())
        assert str(window.page.composer.text.cget("state")) == "disabled"
        assert window.session
        window.session.state.speech.paused_until = 0.001
        until(root, lambda: str(window.page.composer.text.cget("state")) == "normal")


def test_an_announcement_stays_above_the_talk_until_it_is_closed(
    root: tk.Tk, irc: Irc, teacher: Client
) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        banner = window.page.banner
        for text in ("Перерыв", "Продолжаем"):
            teacher.send(f"CLASS announce {text}")
            until(root, lambda text=text: banner.words == text)  # type: ignore[misc]
        until(root, banner.winfo_ismapped)
        assert window.transcript_text().count("Перерыв") == 1
        banner.button.invoke()
        assert banner.words == "Перерыв"
        window.actions.close_banner.perform()
        root.update()
        assert not banner.winfo_ismapped()


def test_that_a_room_is_recorded_and_who_teaches_is_plain_to_see(
    root: tk.Tk, irc: Irc, teacher: Client
) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        topic = window.page.topic
        root.minsize(1, 1)
        until(root, topic.recorded.winfo_ismapped)
        for size, mark in (("1200x600", "●  The room is recorded"), ("300x600", "●")):
            root.geometry(size)
            until(root, lambda mark=mark: topic.recorded.cget("text") == mark)  # type: ignore[misc]
            assert topic._name.cget("text") == "#lab"
        teacher.send("PRIVMSG #lab :Здравствуйте")
        until(root, lambda: "Учитель  teacher" in window.transcript_text())
        until(
            root, lambda: "Учитель  teacher" in [row.text + row.tail for row in window.page.members.list.rows]
        )
        teacher.send("WALLOPS :Всем")
        assert window.session
        server_talk = window.session.state.server_talk
        until(root, lambda: any(entry.text == "Всем" for entry in server_talk.entries))
        window.controller.show(server_talk)
        root.update()
        assert not window.page.topic.recorded.winfo_ismapped()


def test_a_run_of_people_who_come_is_unfolded_by_a_click(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        transcript = window.page.transcript
        for number in range(5):
            irc.client(f"Гость{number}").enter()
        until(root, lambda: "Entered: Гость0, Гость1, Гость2 and 2 more" in transcript.plain())
        assert "Гость3 enters" not in transcript.plain()
        summary = next(entry for entry in transcript._entries if is_summary(entry))
        place = transcript._drawing.ranges(summary.key)
        assert place
        root.update()
        box = transcript.text.bbox(place[1] + " - 2 chars")
        assert box
        transcript.text.event_generate("<Button-1>", x=box[0], y=box[1])
        until(root, lambda: "Гость3 enters" in transcript.plain())
        transcript._folding.toggle(summary)
        transcript.refresh()
        until(root, lambda: "Гость3 enters" not in transcript.plain())
        window.actions.folding.perform()
        until(root, lambda: "Гость3 enters" in transcript.plain() and "Entered" not in transcript.plain())


def test_ignored_people_are_hidden_and_remembered(root: tk.Tk, irc: Irc) -> None:
    memory = Memory()
    with chat_window(root) as window:
        window.main_window._remember = memory.remember
        enter_room(window, irc.address)
        boris = irc.client("Борис").enter()
        boris.send("PRIVMSG #lab :спам")
        until(root, lambda: "спам" in window.transcript_text())
        say(window, "/ignore Борис")
        until(root, lambda: "спам" not in window.transcript_text())
        assert list(memory.settings.ignored) == ["Борис"]
        say(window, "/unignore борис")
        until(root, lambda: "спам" in window.transcript_text())
        assert list(memory.settings.ignored) == []


def test_many_lines_are_sent_only_after_a_question(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        text = "\n".join(f"line {number}" for number in range(51))
        say(window, text)
        assert window.main_window.is_covered
        assert window.page.composer.get() == text
        question = page_over(window.main_window, QuestionPage)
        question.button.invoke()
        assert window.page.composer.get() == text
        window.page.composer.submit()
        question = page_over(window.main_window, QuestionPage)
        question.act_button.invoke()
        until(root, lambda: "line 50" in window.transcript_text())
        assert window.page.composer.get() == ""
        say(window, "\n".join("x" * 50))
        assert not window.main_window.is_covered


def test_an_announcement_that_is_too_long_to_be_drawn_is_cut(root: tk.Tk) -> None:
    with chat_window(root) as window:
        window.page.banner.announce(Announced("Учитель", "W" * 8000, 0.0))
        assert window.page.banner._text.cget("text") == "W" * LONGEST
