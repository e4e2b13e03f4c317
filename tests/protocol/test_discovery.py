"""The datagrams by which servers are found: what comes back is what was meant, is short, and can be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.discovery import (
    LONGEST_ANSWER,
    MOST_ROOMS,
    QUESTION_BYTES,
    Offer,
    answer,
    parse_answer,
    parse_question,
    question,
)

NUMBER = "0123456789abcdef"
ID = "fedcba9876543210"
TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)


def test_a_server_says_what_it_is() -> None:
    offer = Offer(ID, 7000, 6697, True, "chat.lab", "Лаборатория", ("#lab", "#группа2"), "ИВТ-21")
    assert parse_question(question(NUMBER)) == NUMBER
    assert parse_answer(answer(NUMBER, offer), NUMBER) == offer
    bare = Offer(ID, 6667)
    assert parse_answer(answer(NUMBER, bare), NUMBER) == bare


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=50))
def test_an_answer_is_never_longer_than_the_question(text: str, other: str, rooms: list[str]) -> None:
    said = answer(NUMBER, Offer(ID, 65535, 65535, True, text, other, tuple(rooms), text))
    assert len(said) <= len(question(NUMBER)) == QUESTION_BYTES
    parsed = parse_answer(said, NUMBER)
    assert parsed
    assert (parsed.id, parsed.port, parsed.tls_port, parsed.needs_password) == (ID, 65535, 65535, True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        question(NUMBER)[:-1],  # whoever answered it would send more than he got
        question("0123456789ABCDEF"),
        question(NUMBER).replace(b" 1 ", b" 2 "),
        question(NUMBER) + b"x",
        b"LabChat? 1 " + NUMBER.encode() + b"\n" + b"\0" * 500,
        b"\xff" * 512,
    ],
)
def test_what_is_no_question_is_not_answered(data: bytes) -> None:
    assert parse_question(data) == ""


@given(
    st.binary(max_size=600) | st.text(max_size=500).map(lambda text: f"LabChat! 1 {NUMBER}\n{text}".encode())
)
def test_whatever_is_sent_as_an_answer_is_bounded(data: bytes) -> None:
    offer = parse_answer(data, NUMBER)
    if offer:
        assert len(data) <= LONGEST_ANSWER
        assert 1 <= offer.port <= 65535


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "port 6667",
        f"id {ID}",
        f"id {ID}\nport 0",
        f"id {ID}\nport 65536",
        f"id {ID}\nport ６６６７",
        f"id {ID}\nport -1",
        "id short\nport 6667",
        f"id {ID}\nport 6667\nname " + "x" * 500,
    ],
)
def test_a_lie_that_is_no_answer_is_passed_over(lines: str) -> None:
    assert parse_answer(f"LabChat! 1 {NUMBER}\n{lines}".encode(), NUMBER) is None


def test_an_answer_to_another_question_is_passed_over() -> None:
    assert parse_answer(answer("f" * 16, Offer(ID, 6667)), NUMBER) is None


def test_what_a_liar_says_can_be_shown_as_it_is() -> None:
    lie = (
        f"LabChat! 1 {NUMBER}\nid {ID}\nport 6667\nport 1\nname \x1b[2J\u202etset\ndescription a\rb\0\n"
        f"rooms #a\x07b,nothing,#{'x' * 70},#ok," + ",".join(f"#{n}" for n in range(40))
    )
    offer = parse_answer(lie.encode(), NUMBER)
    assert offer
    assert offer.port == 6667
    assert (offer.name + offer.description).isprintable()
    assert "#ok" in offer.rooms
    assert "nothing" not in offer.rooms
    assert len(offer.rooms) <= MOST_ROOMS
    assert all(room.isprintable() and len(room) <= 64 for room in offer.rooms)
