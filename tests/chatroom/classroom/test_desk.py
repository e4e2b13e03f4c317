"""CLASS WATCH: what an operator's desk is told, and when."""

import math
from dataclasses import replace

import pytest

from chatroom.classroom.desk import LINES_A_SECOND, PAUSE, PersonRow
from chatroom.client import Client
from protocol.class_words import tag
from protocol.message import Message, parse
from tests.tools.classroom import Class

DESK = "message-tags server-time standard-replies chat.lab/desk"
MANY = 300


def told(school: Class, client: Client) -> list[Message]:
    """Return what the desk was told since it was asked last."""
    lines = school.heard[client]
    found = [message for line in lines if (message := parse(line)).command in ("PERSON", "CLASSROOM")]
    lines.clear()
    return found


def look(school: Class, client: Client, monkeypatch: pytest.MonkeyPatch, at: float) -> list[Message]:
    """Let the server look, at a time, at what has changed; return what the desk is told."""
    monkeypatch.setattr("chatroom.state.steady_time", lambda: at)
    school.state.tell_desks()
    school.say(client)
    return told(school, client)


def row(messages: list[Message], nick: str) -> dict[str, str]:
    return next(
        {key.removeprefix("chat.lab/"): value for key, value in message.tags.items()}
        for message in reversed(messages)
        if message.param(1) == nick
    )


def watching(school: Class) -> Client:
    teacher = school.teacher(capabilities=DESK)
    school.say(teacher, "JOIN #lab", "CLASS WATCH")
    return teacher


def test_a_desk_is_told_everything_and_then_what_changes(
    school: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, boris = school.come("Анна", "10.0.0.7"), school.come("Борис", "10.0.0.8")
    school.say(anna, "JOIN #lab,#two")
    school.say(boris, "JOIN #lab")
    teacher = watching(school)
    first = told(school, teacher)
    anna_is = {"rooms": "#lab,#two", "state": "here", "address": "10.0.0.7"}
    assert row(first, "Анна").items() >= anna_is.items()
    assert {"hand", "muted", "paused"}.isdisjoint(row(first, "Анна"))
    assert [message.param(1) for message in first if message.command == "PERSON"] == ["Анна", "Борис"]
    rooms = next(message.tags for message in first if message.command == "CLASSROOM")
    assert rooms["chat.lab/rooms"] == "#lab,#two"
    assert (rooms["chat.lab/here"], rooms["chat.lab/private"]) == ("2", "all")
    assert "chat.lab/recorded" in rooms
    assert "chat.lab/quiet" not in rooms
    assert look(school, teacher, monkeypatch, 5e9) == []

    school.say(boris, "NOTICE @#lab :✋ вопрос")
    school.say(teacher, "CLASS MUTE Анна", "CLASS QUIET", "CLASS PRIVATE none")
    second = look(school, teacher, monkeypatch, 5e9 + PAUSE)
    assert row(second, "Борис")["hand"] == "1"
    assert row(second, "Анна")["muted"] == "forever"
    rooms = next(message.tags for message in second if message.command == "CLASSROOM")
    assert (rooms["chat.lab/quiet"], rooms["chat.lab/private"]) == ("#lab,#two", "none")

    school.cut(anna)
    third = look(school, teacher, monkeypatch, 5e9 + 2 * PAUSE)
    assert [message.param(1) for message in third if message.command == "PERSON"] == ["Анна"]
    assert row(third, "Анна")["state"] == "gone"
    assert "rooms" not in row(third, "Анна")


def test_nothing_is_told_more_than_once_a_second(school: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = school.come("Анна", "10.0.0.7")
    school.say(anna, "JOIN #lab")
    teacher = watching(school)
    look(school, teacher, monkeypatch, 5e9)
    for number in range(50):
        school.say(anna, "@+chat.lab/hand=down NOTICE @#lab :нет", "NOTICE @#lab :✋")
        assert look(school, teacher, monkeypatch, 5e9 + PAUSE * number / 100) == []
    assert row(look(school, teacher, monkeypatch, 5e9 + PAUSE), "Анна")["hand"] == "1"


def test_of_hundreds_of_people_so_many_lines_a_second_are_told_and_none_is_forgotten(
    school: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    students = [
        school.come(f"Student{number}", f"10.0.{number // 250}.{number % 250}") for number in range(MANY)
    ]
    teacher = watching(school)
    assert sum(message.command == "PERSON" for message in told(school, teacher)) == MANY
    at, seen = 5e9, set[str]()
    for student in students:
        school.say(student, "JOIN #lab")
    for _second in range(MANY // LINES_A_SECOND + 1):
        at += PAUSE
        lines = look(school, teacher, monkeypatch, at)
        assert len(lines) <= LINES_A_SECOND
        seen |= {message.param(1) for message in lines if message.tags.get("chat.lab/rooms") == "#lab"}
    assert len(seen) == MANY


def test_a_desk_costs_nothing_while_nobody_watches(school: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []

    def look_for_rows(*given: object) -> dict[int, object]:
        looked.append(given)
        return {}

    monkeypatch.setattr("chatroom.state.person_rows", look_for_rows)
    school.come("Анна")
    teacher = school.teacher(capabilities=DESK)
    school.state.tell_desks()
    assert school.state.seconds_to_desks() == float("inf")
    assert not looked
    school.say(teacher, "CLASS WATCH")
    assert school.state.seconds_to_desks() <= PAUSE
    assert looked
    looked.clear()
    school.say(teacher, "CLASS UNWATCH")
    school.state.tell_desks()
    assert not looked


def test_who_is_no_operator_any_more_is_told_nothing(school: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    teacher = watching(school)
    anna = school.come("Анна", capabilities=DESK)
    assert " 481 " in school.say(anna, "CLASS WATCH")
    told(school, teacher)
    school.say(teacher, "MODE Учитель -o", "MODE #lab +m")
    assert look(school, teacher, monkeypatch, 5e9) == []


def test_of_a_list_the_desk_is_told_who_is_absent_and_who_is_not_on_it(
    school: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.close()
    school.config = replace(school.config, roster=("Иванова Анна", "Петров Борис"))
    school.begin()
    anna = school.come("Иванова_Анна", "10.0.0.7")
    school.come("Гость", "10.0.0.8")
    teacher = watching(school)
    first = told(school, teacher)
    anna_is = {"state": "here", "roster": "Иванова Анна"}
    assert row(first, "Иванова_Анна").items() >= anna_is.items()
    assert row(first, "Гость")["state"] == "stranger"
    assert row(first, "*") == {"state": "absent", "roster": "Петров Борис"}
    counts = next(message.tags for message in first if message.command == "CLASSROOM")
    assert (counts["chat.lab/here"], counts["chat.lab/expected"]) == ("1", "2")
    school.come("Петров", "10.0.0.9")
    school.say(teacher, "CLASS VOICE Иванова_Анна")
    school.cut(anna)
    second = look(school, teacher, monkeypatch, 5e9)
    assert row(second, "*")["state"] == "forgotten"
    assert row(second, "Петров")["roster"] == "Петров Борис"
    assert (row(second, "Иванова_Анна")["state"], row(second, "Иванова_Анна")["voice"]) == ("gone", "1")


def test_ten_minutes_are_not_eleven_because_a_float_is_off() -> None:
    now = 1795852662.1
    row = PersonRow("Анна", muted_until=math.nextafter(now + 600, math.inf))
    assert row.tags(now, 0.0)[tag("muted")] == "600"
