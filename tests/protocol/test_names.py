"""Nicks and channel names: which are legal, and when two are the same."""

import pytest

from protocol.names import casemapping, fold, is_valid_channel, is_valid_nick


@pytest.mark.parametrize(
    "nick", ["a", "Anna", "Анна", "ёж", "Γιώργος", "[bot]", "_x-1", "`^{}|\\", "名前"[:1], "x" * 30]
)
def test_a_good_nick_is_taken(nick: str) -> None:
    assert is_valid_nick(nick)


@pytest.mark.parametrize(
    "nick",
    ["", "1a", "-a", "#a", "a b", "a!b", "a@b", "a,b", "a*", "a?", "a:b", ":a", "Aнна", "аdmin"],
)
def test_a_bad_nick_is_refused(nick: str) -> None:
    assert not is_valid_nick(nick)


@pytest.mark.parametrize(
    "nick",
    ["a\x07", "a\x80", "а\u0301", "a\u202eb", "a\u00a0b", "😀", "x" * 31, "\u200ba"],
)
def test_a_nick_of_strange_characters_is_refused(nick: str) -> None:
    assert not is_valid_nick(nick)


@pytest.mark.parametrize("nick", ["\u037a", "\ufdfa", "ａｎｎａ", "가\u3164", "\u1160", "𐎀" * 30])
def test_a_nick_of_letters_that_stand_for_others_or_for_nothing_is_refused(nick: str) -> None:
    assert not is_valid_nick(nick)


def test_the_strict_rule_takes_ascii_alone() -> None:
    assert is_valid_nick("Anna", ascii_only=True)
    assert not is_valid_nick("Анна", ascii_only=True)


@pytest.mark.parametrize(
    ("one", "other"), [("Анна", "АННА"), ("Anna", "aNNA"), ("#Лаб", "#лаб"), ("ﬁ", "FI"), ("ß", "SS")]
)
def test_spellings_of_one_name_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("token", "name", "folded"),
    [
        ("ascii", "A[\\]~^Ю", "a[\\]~^Ю"),
        ("rfc1459", "A[\\]~^Ю", "a{|}^^Ю"),
        ("RFC1459-strict", "A[\\]~^Ю", "a{|}~^Ю"),
        ("strict_rfc1459", "~", "~"),
        ("rfc7613", "A[~Ю", "a[~ю"),
        ("rfc8265", "A[~Ю", "a[~ю"),
        ("who knows", "[~Ю", "{^Ю"),
        ("", "[~Ю", "{^Ю"),
    ],
)
def test_a_foreign_casemapping_is_followed(token: str, name: str, folded: str) -> None:
    assert casemapping(token)(name) == folded


@pytest.mark.parametrize(("name", "good"), [("#lab", True), ("#Лаб-1", True), ("##", True), ("#", False)])
def test_channel_names(name: str, good: bool) -> None:
    assert is_valid_channel(name) is good


@pytest.mark.parametrize("name", ["lab", "#a b", "#a,b", "#\x07", "#\u200b", "#" + "x" * 64, "+lab", ""])
def test_a_bad_channel_name_is_refused(name: str) -> None:
    assert not is_valid_channel(name)
