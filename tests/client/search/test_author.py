"""Whom the user means by a part of a nick: those who are here, and those whose words are loaded."""

import pytest

from client.search.author import authors_meant
from tests.tools.dialogue import Dialogue


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("бор", ["Борис"]),
        ("ИВАН", ["Мария_Иванова", "Пётр_Иванов"]),
        ("марина", ["Марина"]),
        ("мари", ["Мари"]),
        ("Глеб", ["Глеб"]),
    ],
)
def test_a_part_of_a_nick_names_those_whom_it_fits(room: Dialogue, typed: str, meant: list[str]) -> None:
    for nick in ("Борис", "Мария_Иванова", "Пётр_Иванов", "Марина", "Мари"):
        room.hear(f":{nick}!u@h JOIN #lab")
    room.hear(":Борис!u@h PRIVMSG #lab :слово", ":Борис!u@h PART #lab")
    assert authors_meant(room.state, typed) == meant
