"""The roster: names as teachers have them, and nicks as students choose them."""

from pathlib import Path

import pytest

from chatroom.classroom.roster import Roster, read_names
from tests.tools.classroom import Class

NAMES = ["Иванов Иван Петрович", "Семёнова Алёна", "Ким Анна", "Ким Ольга", "Smith John", "О'Нил-Белый Ян"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Иванов Иван\n\n  Семёнова   Алёна \n", ["Иванов Иван", "Семёнова Алёна"]),
        ("1. Иванов Иван\n2) Петров, Пётр\n# absent\nКим А. # ill", ["Иванов Иван", "Петров Пётр", "Ким А."]),
        ("№;Фамилия;Имя;Группа\n1;Иванов;Иван;ИВТ\n2;Ким;Анна;ИВТ", ["Иванов Иван", "Ким Анна"]),
        ('Group,Full name\nA1,"Smith, John"\nA1,Lee Ann', ["Smith, John", "Lee Ann"]),
        ("Иванов Иван\tИВТ-21\nКим Анна\tИВТ-21", ["Иванов Иван", "Ким Анна"]),
        ('"Иванов Иван\nКим Анна\nКим Ольга', ['"Иванов Иван', "Ким Анна", "Ким Ольга"]),
        ("Студентова Анна\nИмяреков Пётр", ["Студентова Анна", "Имяреков Пётр"]),
        ("1;2;3\n;;\n", []),
        ("", []),
    ],
)
def test_a_list_or_a_table_gives_names(text: str, names: list[str]) -> None:
    assert read_names(text.split("\n")) == names


@pytest.mark.parametrize(
    ("nick", "name"),
    [
        ("Иванов", "Иванов Иван Петрович"),
        ("иван_иванов", "Иванов Иван Петрович"),
        ("ИвановИван", "Иванов Иван Петрович"),
        ("ИвановИП", "Иванов Иван Петрович"),
        ("И_П_Иванов", "Иванов Иван Петрович"),
        ("Иванов_Иван_Петрович", "Иванов Иван Петрович"),
        ("Петрович_Иван-Иванов", "Иванов Иван Петрович"),
        ("Алена_Семенова1", "Семёнова Алёна"),
        ("СЕМЁНОВА", "Семёнова Алёна"),
        ("КимАнна", "Ким Анна"),
        ("КимА", "Ким Анна"),
        ("Ким", ""),
        ("john_smith", "Smith John"),
        ("ОНилБелый_Ян", "О'Нил-Белый Ян"),
        ("Иван", ""),
        ("Петров", ""),
        ("Ивановна", ""),
        ("123", ""),
    ],
)
def test_a_nick_stands_for_a_name(nick: str, name: str) -> None:
    assert Roster(NAMES).find(nick) == name


def test_the_teacher_is_told_who_is_absent(tmp_path: Path) -> None:
    school = Class(tmp_path, roster=("Ким Анна", "Иванов Иван"))
    teacher = school.teacher()
    school.come("АннаКим", "10.0.0.7")
    told = school.say(teacher, "CLASS ABSENT")
    assert "Here: 1 of 2." in told
    assert "Absent: Иванов Иван" in told
    assert "Ким" not in told
    school.close()


def test_with_a_closed_list_nobody_else_comes_but_from_this_computer(tmp_path: Path) -> None:
    school = Class(tmp_path, roster=("Ким Анна",), roster_only=True)
    stranger = school.come("xyz", "10.0.0.8")
    assert " 465 " in "\n".join(school.heard[stranger])
    assert stranger.closed
    for known in (school.come("Ким", "10.0.0.7"), school.come("abc")):
        assert known.registered
        assert (" 447 " in school.say(known, "NICK xyz")) == (known.address == "10.0.0.7")
        assert known.nick == "Ким" or known.is_local
    school.close()
