"""Names are found by beginnings, by words, by initials, and in the wrong keyboard layout."""

import pytest

from gui.chat.finding.matching import query_of, rank, words_of


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ку", "Курсовая"),
        ("re", "Курсовая"),
        ("КУ", "курсовая"),
        ("кур 2", "Курсовая группа 2"),
        ("2 кур", "Курсовая группа 2"),
        ("груп", "Курсовая группа 2"),
        ("кг", "Курсовая группа"),
        ("сов", "Курсовая"),
        ("ферма", "Фёрма"),
        ("#la", "#lab"),
        ("дфи", "#lab"),
        ("ckj", "Дать слово, сло"),
        (",eh", "Бурение"),
        ("topic", "topic [text]"),
    ],
)
def test_what_is_typed_fits(typed: str, name: str) -> None:
    assert rank(query_of(typed), words_of(name)) is not None


@pytest.mark.parametrize(
    ("typed", "name"), [("кз", "Курсовая"), ("lab2", "#lab"), ("ва", "lab"), ("#", "lab")]
)
def test_what_is_typed_does_not_fit(typed: str, name: str) -> None:
    assert rank(query_of(typed), words_of(name)) is None


def test_what_fits_better_comes_first() -> None:
    names = ["ку", "Курсовая", "Моя курсовая", "Группа курса два", "Наскучило", "re", "red"]
    query = query_of("ку")
    fits = {name: found for name in names if (found := rank(query, words_of(name))) is not None}
    assert sorted(fits, key=lambda name: fits[name])[:5] == [
        "ку",
        "Курсовая",
        "Моя курсовая",
        "Группа курса два",
        "Наскучило",
    ]
    assert fits["re"] > fits["Наскучило"], "the layout may have been right"
