"""One line as a value: parsed, formatted back, refused."""

import pytest

from protocol.framing import MAX_CLIENT_TAGS, MAX_LINE
from protocol.message import (
    LineTooLongError,
    MalformedLineError,
    Message,
    decode,
    format_message,
    parse,
)

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
