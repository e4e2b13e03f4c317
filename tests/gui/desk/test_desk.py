"""The teacher's desk: who is here, and what is done with them by mouse and by keyboard."""

import math
import time
import tkinter as tk
from collections.abc import Iterator

import pytest

from client.model.desk import DeskPerson
from client.model.events import Phase
from client.settings import Settings
from client_gui import ChatWindow
from gui.class_menu import Means, people_items
from gui.desk.columns import Column, Now, in_order, text_of
from gui.desk.people_list import PeopleList
from gui.question_page import QuestionPage
from gui.toolkit.menu import Item
from protocol.framing import MAX_LINE
from tests.tools.irc import Client, Irc
from tests.tools.windows import chat_window, enter_room, until

MANY = 300
CHANGES_A_SECOND = 100


class Lesson:
    """A teacher's window with its desk open, and students with plain clients."""

    def __init__(self, root: tk.Tk, irc: Irc, window: ChatWindow) -> None:
        self.root, self.irc, self.window = root, irc, window
        self.desk = window.desk
        self.students: dict[str, Client] = {}

    def come(self, *nicks: str) -> None:
        """Let students come, and wait until the desk shows them."""
        for nick in nicks:
            client = self.irc.client(nick, capabilities=("message-tags", "standard-replies"))
            self.students[nick] = client.enter()
        self.until(lambda: set(nicks) <= {row.nick for row in self.table.rows})

    @property
    def table(self) -> PeopleList:
        return self.desk.page.list

    def until(self, condition: object) -> None:
        assert callable(condition)
        until(self.root, condition)

    def row(self, nick: str) -> DeskPerson:
        return next(row for row in self.table.rows if row.nick == nick)

    def click(self, nick: str, column: Column = Column.NAME, event: str = "<Button-1>") -> None:
        """Click into a cell."""
        self.root.update()
        at = self.table.index_of(self.row(nick).id)
        assert at is not None
        left, _right = self.table._edges[column]
        y = at * self.table.row_height + self.table.row_height // 2
        self.table.canvas.event_generate(event, x=left + 5, y=y)
        self.root.update()

    def press(self, event: str) -> None:
        self.table.canvas.focus_force()
        self.root.update()
        self.table.canvas.event_generate(event)
        self.root.update()

    def chosen(self) -> list[str]:
        return sorted(person.nick for person in self.table.chosen_people())

    def item(self, words: str) -> Item:
        return next(item for item in self.desk.people_items() if item.words.startswith(words))

    def answer_question(self) -> str:
        """Press the button that does it; return what was asked."""
        over = self.desk.window._over
        assert isinstance(over, QuestionPage)
        asked = over._question()
        over.act_button.invoke()
        return " ".join((asked.title, *asked.losses))


@pytest.fixture
def lesson(root: tk.Tk, irc: Irc) -> Iterator[Lesson]:
    irc.server(oper_name="t", oper_password="p", rooms=("#lab", "#two"))
    with chat_window(root, Settings(geometry="900x700")) as window:
        enter_room(window, irc.address, "Учитель")
        assert not window.desk.can_open()
        button = window.page.topic.desk_button
        assert not button.winfo_ismapped()
        window.controller.say("/oper t p")
        until(root, window.desk.can_open)
        until(root, button.winfo_ismapped)
        button.invoke()
        yield Lesson(root, irc, window)


def test_the_desk_is_for_operators_of_a_class_alone(root: tk.Tk, irc: Irc) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address)
        window.actions.desk.perform()
        assert not window.desk.is_open
        assert window.actions.desk.label() not in [item.words for item in window.actions.menu_items()]


def test_the_desk_comes_back_as_it_was_left(lesson: Lesson) -> None:
    lesson.come("Анна", "Борис")
    for _time in range(2):
        lesson.table.sort_by(Column.NAME)

    def has_size() -> bool:
        top = lesson.desk.window.master
        return (top.winfo_width(), top.winfo_height()) == (777, 444)

    lesson.desk.window.master.geometry("777x444")
    lesson.until(has_size)
    for _time in range(2):  # it is not forgotten where nothing is changed
        lesson.desk.close()
        lesson.desk.toggle()
        lesson.until(has_size)
        lesson.until(lambda: [row.nick for row in lesson.table.rows] == ["Борис", "Анна"])
    assert lesson.window.main_window.settings.geometry == "900x700"


def test_a_click_on_a_raised_hand_gives_the_word_and_another_takes_it_back(lesson: Lesson) -> None:
    lesson.come("Анна", "Борис")
    for nick in ("Борис", "Анна"):
        lesson.students[nick].send("NOTICE @#lab :✋")
        lesson.until(lambda nick=nick: lesson.row(nick).hand)
    assert [row.nick for row in lesson.table.rows] == ["Борис", "Анна"]
    assert lesson.desk.page.count_text() == "2 people here · 2 hands"
    lesson.click("Анна", Column.HAND)
    lesson.students["Анна"].expect(r"MODE #lab \+v Анна$")
    lesson.until(lambda: lesson.row("Анна").has_word and not lesson.row("Анна").hand)
    lesson.click("Анна", Column.HAND)
    lesson.until(lambda: not lesson.row("Анна").has_word)
    lesson.table.set_cursor(lesson.row("Борис").id)
    lesson.press("<Return>")
    lesson.until(lambda: lesson.row("Борис").has_word)


def test_several_are_chosen_with_mouse_and_keyboard_and_all_of_them_are_meant(lesson: Lesson) -> None:
    lesson.come("Анна", "Борис", "Вера", "Глеб")
    lesson.click("Анна")
    lesson.click("Вера", event="<Control-Button-1>")
    assert lesson.chosen() == ["Анна", "Вера"]
    lesson.click("Анна")
    lesson.click("Вера", event="<Shift-Button-1>")
    assert lesson.chosen() == ["Анна", "Борис", "Вера"]
    lesson.press("<Shift-Down>")
    assert lesson.chosen() == ["Анна", "Борис", "Вера", "Глеб"]
    lesson.press("<Up>")
    assert lesson.chosen() == ["Вера"]
    lesson.press("<Shift-Up>")
    assert lesson.chosen() == ["Борис", "Вера"]
    lesson.item("Mute for 5").run()
    lesson.until(lambda: lesson.row("Борис").muted_until and lesson.row("Вера").muted_until)
    assert not lesson.row("Анна").muted_until
    lesson.item("Let speak").run()
    lesson.until(lambda: not (lesson.row("Борис").muted_until or lesson.row("Вера").muted_until))
    lesson.press("<Control-a>")
    next(item for item in lesson.item("Move").below if item.words == "#two").run()
    lesson.until(lambda: {row.rooms for row in lesson.table.rows} == {("#two",)})


def test_a_ban_says_before_who_shares_the_address(lesson: Lesson) -> None:
    lesson.come("Анна", "Борис")
    lesson.click("Борис")
    lesson.item("Ban this person alone").run()
    assert "Борис shares the address with Анна" in lesson.answer_question()
    lesson.until(lambda: lesson.row("Борис").state == "gone")
    assert lesson.row("Анна").state == "here"


def test_who_is_kept_out_is_seen_and_let_in_again_at_the_desk(lesson: Lesson) -> None:
    def cell(nick: str) -> str:
        return text_of(Column.SILENCE, lesson.row(nick), lesson.table.now())

    lesson.come("Анна", "Борис")
    lesson.click("Анна")
    lesson.item("Send out for").run()
    lesson.until(lambda: cell("Анна") == "kept out, 10 min")
    lesson.click("Борис")
    lesson.item("Ban this person alone").run()
    lesson.answer_question()
    lesson.until(lambda: cell("Борис") == "kept out, no end")
    lesson.until(lambda: "/unban Борис" in lesson.desk.page.answer_words.cget("text"))
    lesson.click("Борис")
    lesson.item("Let in again").run()
    lesson.until(lambda: not cell("Борис"))
    assert cell("Анна")


def test_somebody_is_renamed_and_what_they_said_is_deleted_after_a_question(lesson: Lesson) -> None:
    lesson.come("Анна")
    lesson.students["Анна"].send("PRIVMSG #lab :лишнее")
    until(lesson.root, lambda: "лишнее" in lesson.window.transcript_text())
    lesson.click("Анна")
    lesson.item("Rename").run()
    ask = lesson.desk.page.ask
    ask.entry.delete(0, "end")
    ask.entry.insert(0, "Аня")
    ask.submit()
    lesson.until(lambda: [row.nick for row in lesson.table.rows] == ["Аня"])
    lesson.click("Аня")
    lesson.item("Delete all").run()
    assert "Аня" in lesson.answer_question()
    lesson.until(lambda: "лишнее" not in lesson.window.transcript_text())


def test_the_toolbar_quiets_locks_announces_and_says_what_holds(lesson: Lesson) -> None:
    lesson.come("Анна")
    page, anna = lesson.desk.page, lesson.students["Анна"]
    page.buttons["quiet"].invoke()
    anna.expect(r"MODE #lab \+m$")
    lesson.until(lambda: "Quiet: #lab #two" in page._state_text())
    lesson.until(lambda: str(page.buttons["quiet"].cget("style")) == "Accent.TButton")
    page.buttons["quiet"].invoke()
    anna.expect("MODE #lab -m$")
    lesson.desk.actions.lock.perform()
    lesson.until(lambda: "locked: #lab #two" in page._state_text().lower())
    lesson.desk.use("private", "none")
    lesson.until(lambda: "private messages: none" in page._state_text().lower())
    page.buttons["announce"].invoke()
    page.ask.entry.insert(0, "Перерыв")
    page.ask.entry.event_generate("<Return>")
    page.ask.submit()
    anna.expect("NOTICE #lab :Перерыв$")
    lesson.until(lambda: page._answer == "Announced to 1 people.")
    lesson.desk.use("mute", "Никто")
    lesson.until(lambda: page._failed)


def test_the_desk_goes_on_after_a_lost_connection_and_ends_when_it_is_closed(lesson: Lesson) -> None:
    lesson.come("Анна")
    session = lesson.window.session
    assert session
    lesson.window.connections[-1].reconnect_now()
    lesson.until(lambda: session.state.phase is not Phase.ONLINE)
    lesson.until(lambda: session.state.rules_class)
    lesson.come("Борис")
    lesson.desk.close()
    assert not lesson.desk.is_open
    lesson.window.actions.desk.perform()
    lesson.until(lambda: lesson.table.rows)


def test_many_names_go_in_as_many_lines_as_they_need() -> None:
    used: list[tuple[str, str]] = []

    def use(verb: str, text: str) -> None:
        used.append((verb, text))

    def nothing(*_given: object) -> None:
        pass

    nicks = [f"Студент_с_длинным_именем_{number:03}" for number in range(40)]
    items = people_items(nicks, Means(use, nothing, nothing, nothing), ["#lab", "#two"])
    items[0].run()
    assert {verb for verb, _text in used} == {"voice"}
    assert " ".join(text for _verb, text in used).split() == nicks
    assert all(len(f"CLASS voice :{text}\r\n".encode()) <= MAX_LINE for _verb, text in used)
    used.clear()
    next(item for item in items if item.below).below[1].run()
    assert all(text.endswith(" #two") for _verb, text in used)


def person(number: int, **known: object) -> DeskPerson:
    return DeskPerson(str(number), f"Student{number:03}", ("#lab",), **known)  # type: ignore[arg-type]


def test_every_column_sorts_and_names_decide_where_it_is_equal() -> None:
    people = [
        person(1, address="10.0.0.10", state="gone"),
        person(2, address="10.0.0.9", hand=2, lines=5),
        person(3, address="10.0.0.9", hand=1, muted_until=math.inf),
        DeskPerson("-1", "*", state="absent", roster="Иванов Иван"),
    ]
    orders = {column: [one.id for one in in_order(people, column, backwards=False)] for column in Column}
    assert orders[Column.HAND] == ["3", "2", "-1", "1"]
    assert orders[Column.ADDRESS] == ["2", "3", "1", "-1"]
    assert orders[Column.SILENCE][0] == "3"
    assert orders[Column.LINES][0] == "2"
    assert orders[Column.STATE] == ["2", "3", "-1", "1"]
    assert [one.id for one in in_order(people, Column.NAME, backwards=True)][-1] == "1"


def test_what_passes_is_counted_down_in_the_cells() -> None:
    now = Now(timer=1000.0, time=1_790_000_100.0)
    told = person(1, muted_until=1090.0, heard=1_790_000_090)
    assert text_of(Column.SILENCE, told, now) == "muted, 2 min"
    assert text_of(Column.HEARD, told, now) == "10 s ago"
    assert text_of(Column.SILENCE, person(2, paused_until=1010.5), now) == "paused, 11 s"
    assert text_of(Column.SILENCE, person(3, muted_until=math.inf), now) == "muted, no end"
    assert text_of(Column.SILENCE, person(4, muted_until=900.0), now) == ""


def test_with_hundreds_of_people_and_many_changes_a_second_no_look_takes_long(lesson: Lesson) -> None:
    """The bar is 100 ms; on this thread's own processor time, so that a busy machine does not count."""
    assert lesson.window.session
    state = lesson.window.session.state
    state.watch_class(on=False)
    people = state.desk.people
    for number in range(MANY):
        people[str(number)] = person(number, address=f"10.0.1.{number}", heard=1_790_000_000)
    lesson.until(lambda: len(lesson.table.rows) == MANY)
    longest = 0.0
    for turn in range(20):
        for number in range(CHANGES_A_SECOND // 4):
            key = str((turn * 37 + number) % MANY)
            people[key] = person(int(key), lines=turn, hand=number % 3, address=f"10.0.1.{key}")
        before = time.thread_time()
        lesson.desk.changed()
        lesson.desk._look()
        lesson.root.update()
        longest = max(longest, time.thread_time() - before)
    assert longest < 0.1
