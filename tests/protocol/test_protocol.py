"""Lines, framing, names, masks and texts, by tables."""

import pytest

from protocol.framing import MAX_CLIENT_TAGS, MAX_LINE, MAX_TAGS, LineReader
from protocol.masks import matches, normalise
from protocol.message import (
    LineTooLongError,
    MalformedLineError,
    Message,
    decode,
    format_message,
    parse,
)
from protocol.names import casemapping, fold, is_valid_channel, is_valid_nick
from protocol.text import cut, split, strip_formatting, visible

LINES = [
    ("PING", Message("PING")),
    ("PING token", Message("PING", ("token",))),
    ("PRIVMSG #lab :hello world", Message("PRIVMSG", ("#lab", "hello world"))),
    ("PRIVMSG #lab ::)", Message("PRIVMSG", ("#lab", ":)"))),
    ("TOPIC #lab :", Message("TOPIC", ("#lab", ""))),
    (":Анна!a@host JOIN #lab", Message("JOIN", ("#lab",), "Анна!a@host")),
    ("@time=1;+x=a\\sb :s NOTICE * :hi", Message("NOTICE", ("*", "hi"), "s", {"time": "1", "+x": "a b"})),
    ("@flag TAGMSG #lab", Message("TAGMSG", ("#lab",), "", {"flag": ""})),
]


@pytest.mark.parametrize(("line", "message"), LINES)
def test_a_line_is_parsed_and_formatted_back(line: str, message: Message) -> None:
    assert parse(line) == message
    assert parse(format_message(message)) == message


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("privmsg  #lab   :a  b", Message("PRIVMSG", ("#lab", "a  b"))),
        ("   PING  x ", Message("PING", ("x",))),
        ("@a=1  :s  PING x", Message("PING", ("x",), "s", {"a": "1"})),
        (r"@a=1;a=2;=3;b=\:\s\\\r\n\x\ PING", Message("PING", (), "", {"a": "2", "b": "; \\\r\nx"})),
    ],
)
def test_a_sloppy_line_is_understood(line: str, message: Message) -> None:
    assert parse(line) == message


@pytest.mark.parametrize("line", ["", " ", ":source", "@tag", "@tag ", ":s :x", "PING \0"])
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(MalformedLineError):
        parse(line)


@pytest.mark.parametrize(
    "message",
    [
        Message("PRIVMSG", ("#lab", "two\r\nQUIT")),
        Message("PRIVMSG", ("two words", "text")),
        Message("PRIVMSG", ("", "text")),
        Message("PRIVMSG", (":x", "text")),
    ],
)
def test_a_message_that_would_break_the_line_is_not_formatted(message: Message) -> None:
    with pytest.raises(ValueError, match="cannot"):
        format_message(message)


def test_a_line_may_have_510_bytes_and_no_more() -> None:
    longest = b"PRIVMSG #lab :" + b"x" * (MAX_LINE - 2 - 14)
    assert decode(longest).params[1].startswith("xxx")
    with pytest.raises(LineTooLongError):
        decode(longest + b"x")
    tags = b"@+a=" + b"t" * (MAX_CLIENT_TAGS - 5) + b" "
    assert len(tags) == MAX_CLIENT_TAGS
    assert decode(tags + longest).tags["+a"].startswith("ttt")
    with pytest.raises(LineTooLongError):
        decode(b"@t" + tags[1:] + longest)
    with pytest.raises(UnicodeDecodeError):
        decode(b"PRIVMSG #lab :\xff")


def test_lines_come_out_whole_however_the_stream_is_cut() -> None:
    stream = "NICK Анна\r\nUSER a 0 * :А\nJOIN #лаб\rPING 1\r\n\r\n".encode()
    whole = ["NICK Анна", "USER a 0 * :А", "JOIN #лаб", "PING 1"]
    for size in range(1, len(stream) + 1):
        reader = LineReader()
        lines: list[bytes] = []
        for start in range(0, len(stream), size):
            lines += reader.feed(stream[start : start + size])
        assert [line.decode() for line in lines] == whole, f"cut every {size} bytes"
        assert reader.held == b""


def test_an_endless_line_takes_bounded_memory_and_is_reported_once() -> None:
    reader = LineReader()
    for _ in range(100):
        assert reader.feed(b"x" * 10_000) == []
    assert len(reader.held) <= MAX_LINE + MAX_TAGS + 1
    (line,) = reader.feed(b"\r\n")
    with pytest.raises(LineTooLongError):
        decode(line)
    assert reader.feed(b"PING 1\r\n") == [b"PING 1"]


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


def test_a_foreign_casemapping_is_followed() -> None:
    assert casemapping("ascii")("A[Ю") == "a[Ю"
    assert casemapping("rfc1459")("A[~Ю") == "a{^Ю"
    assert casemapping("rfc7613")("A[Ю") == "a[ю"
    assert casemapping("who knows")("[") == "{"


@pytest.mark.parametrize(("name", "good"), [("#lab", True), ("#Лаб-1", True), ("##", True), ("#", False)])
def test_channel_names(name: str, good: bool) -> None:
    assert is_valid_channel(name) is good


@pytest.mark.parametrize("name", ["lab", "#a b", "#a,b", "#\x07", "#\u200b", "#" + "x" * 64, "+lab", ""])
def test_a_bad_channel_name_is_refused(name: str) -> None:
    assert not is_valid_channel(name)


@pytest.mark.parametrize(
    ("mask", "name", "expected"),
    [
        ("*", "", True),
        ("*!*@127.0.0.1", "Анна!~a@127.0.0.1", True),
        ("АН?А!*@*", "анна!~a@h", True),
        ("a*b*c", "axxbxxbxc", True),
        ("a*b", "axxc", False),
        ("?", "", False),
        ("[a]", "a", False),
        ("[a]", "[A]", True),
    ],
)
def test_masks(mask: str, name: str, expected: bool) -> None:
    assert matches(mask, name) is expected


@pytest.mark.parametrize(
    ("short", "full"),
    [("Anna", "Anna!*@*"), ("a!b", "a!b@*"), ("*@host", "*!*@host"), ("a!b@c", "a!b@c"), ("b@c", "*!b@c")],
)
def test_a_mask_is_completed(short: str, full: str) -> None:
    assert normalise(short) == full


def test_no_letter_is_cut() -> None:
    assert cut("приве́т", 5) == "пр"
    assert cut("abc", 3) == "abc"
    text = "Сокет — это конечная точка соединения " * 10
    pieces = split(text, 100)
    assert all(len(piece.encode()) <= 100 for piece in pieces)
    assert " ".join(pieces).split() == text.split()
    assert "".join(split("я" * 300, 99)) == "я" * 300
    assert split("", 10) == [""]


def test_control_characters_are_made_visible() -> None:
    assert visible("a\x1b[31m\r\n\x00\x7f") == "a␛[31m␍␊␀␡"
    assert visible("abc\u202edef\u200b") == "abc<U+202E>def<U+200B>"
    assert visible("Привет, мир!") == "Привет, мир!"


def test_formatting_codes_are_stripped() -> None:
    assert strip_formatting("\x02bold\x0f \x0304,12red\x03 \x1dit\x1d 5") == "bold red it 5"
