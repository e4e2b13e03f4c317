"""Entries as text: days, names, times, links."""

import time
from datetime import date

import pytest

from client.model.conversations import Delivery, Entry, Kind
from client.model.formatting.run import Run
from gui.chat.transcript.entry_text import day_title, layout_after, pieces
from translations import use_language

TODAY = date(2026, 11, 22)
NOON = time.mktime((2026, 11, 22, 12, 0, 0, 0, 0, -1))


def entry(
    text: str, after: float = 0.0, nick: str = "Анна", kind: Kind = Kind.MESSAGE, **more: object
) -> Entry:
    made = Entry(1, kind, NOON + after, nick, text)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def shown(one: Entry, previous: Entry | None = None) -> str:
    return "".join(text for text, _tags in pieces(one, layout_after(one, previous), TODAY))


@pytest.mark.parametrize(
    ("language", "day", "words"),
    [
        ("ru", date(2026, 11, 22), "Сегодня"),
        ("ru", date(2026, 11, 21), "Вчера"),
        ("ru", date(2026, 5, 9), "9 мая 2026 г."),
        ("en", date(2026, 11, 22), "Today"),
        ("en", date(2026, 5, 9), "9 May 2026"),
    ],
)
def test_days_are_named_in_words(language: str, day: date, words: str) -> None:
    use_language(language)
    assert day_title(day, TODAY) == words


def test_the_first_entry_has_its_day_name_and_time() -> None:
    assert shown(entry("Привет")) == "Today\n12:00\tАнна\n\tПривет\n"


def test_messages_of_one_author_stand_below_one_name() -> None:
    first = entry("раз")
    assert shown(entry("два", 10), first) == "\tдва\n"
    assert shown(entry("два", 70), first) == "12:01\tдва\n"
    assert shown(entry("два", 400), first) == "12:06\tАнна\n\tдва\n"
    assert shown(entry("два", 10, nick="Борис"), first) == "12:00\tБорис\n\tдва\n"
    assert shown(entry("ждёт", 10, kind=Kind.ACTION), first) == "\tАнна ждёт\n"


def test_a_new_day_is_told() -> None:
    yesterday = entry("поздно", -13 * 3600)
    assert shown(entry("рано"), yesterday).startswith("Today\n")


def test_quiet_lines_have_no_name_above() -> None:
    joined = entry("Анна входит", 10, nick="", kind=Kind.JOIN)
    assert shown(joined, entry("раз")) == "\tАнна входит\n"


def test_an_undelivered_message_says_so() -> None:
    assert "not delivered" in shown(entry("раз", delivery=Delivery.FAILED))


def test_no_text_makes_a_tag() -> None:
    evil = entry("own link nick:Анна e1 {sel} [exit] $x", nick="{x} [exit]")
    tags = {tag for text, tags in pieces(evil, layout_after(evil, None), TODAY) for tag in tags}
    assert tags <= {"day", "e1", "head", "time", "nick", "nick0", "body", "said"}


def looks_of(one: Entry) -> dict[str, set[str]]:
    plain = {"e1", "body", "more", "own", "said"}
    found = pieces(one, layout_after(one, one), TODAY)
    return {text: set(tags) - plain for text, tags in found if text.strip() and set(tags) - plain}


def test_marks_are_not_shown_but_what_they_say_is() -> None:
    one = entry("*да* `x_y` https://a.example/_b_ _нет_ snake_case")
    assert shown(one, one) == "\tда x_y https://a.example/_b_ нет snake_case\n"
    assert looks_of(one) == {
        "да": {"bold"},
        "x_y": {"inline"},
        "https://a.example/_b_": {"link"},
        "нет": {"italic"},
    }
    assert looks_of(entry("ждёт *долго*", kind=Kind.ACTION))["долго"] == {"action", "bold italic"}
    assert looks_of(entry("*как есть*", kind=Kind.SERVICE))["*как есть*"] == {"info"}


def test_codes_and_marks_are_shown_together_and_go_with_a_message_that_is_taken_back() -> None:
    one = entry("раз *два* три", runs=(Run(0, 8, ("colour3",)), Run(10, 13, ("italic",))))
    assert looks_of(one) == {
        "раз ": {"colour3"},
        "два": {"bold", "colour3"},
        "три": {"italic"},
    }
    one.text, one.deleted_by = "", "Борис"
    assert looks_of(one) == {"message deleted by Борис": {"quiet"}}


def test_code_between_fences_stands_among_words() -> None:
    one = entry("смотри *сюда*:\n```py\nx = *a*\n\ny\n```\nвот")
    assert shown(one, one) == "\tсмотри сюда:\nx = *a*\n\ny\nвот\n"
    assert looks_of(one) == {"сюда": {"bold"}, "x = *a*\n\ny\n": {"code"}}
    assert looks_of(entry("x = *a*\ny")) == {"x = *a*\n": {"code"}, "y": {"code"}}
