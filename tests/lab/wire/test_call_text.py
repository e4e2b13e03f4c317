"""Socket calls as text: readable, aligned, and without passwords."""

import pytest

from lab.wire.call_text import format_call
from lab.wire.passwords import mask_call, mask_passwords
from sockets.tap import Call, CallName


def call(name: CallName, data: bytes = b"", before: bytes = b"", after: bytes = b"") -> Call:
    return Call(
        name, "127.0.0.1:50123", data, before, after, thread="client 127.0.0.1:50123", time=1_700_000_000.25
    )


def test_each_line_of_the_protocol_stands_on_its_own_below_the_first() -> None:
    lines = format_call(
        call("recv", "NICK Анна\r\nUSER a 0 * :Анна\r\nJO".encode(), after=b"JO")
    ).splitlines()
    assert [line.split("  ")[-1] for line in lines] == [
        "NICK Анна\\r\\n",
        "USER a 0 * :Анна\\r\\n",
        "JO",
        "left in the buffer: JO",
    ]
    assert (
        len({line.index(text) for line, text in zip(lines, ("NICK", "USER", "JO", "left"), strict=True)}) == 1
    )
    assert ".250000  " in lines[0]
    assert "recv" in lines[0]
    assert " 39 bytes" in lines[0]


def test_calls_without_bytes_are_one_short_line() -> None:
    assert format_call(call("accept")).endswith("accept   127.0.0.1:50123")


def test_a_letter_that_is_cut_in_half_is_shown_as_its_bytes() -> None:
    first, second = "Я".encode()[:1], "Я".encode()[1:]
    assert r"\xd0" in format_call(call("recv", first, after=first))
    assert r"\xaf" in format_call(call("recv", second + b"\r\n", before=first))


def test_escape_sequences_never_reach_the_terminal() -> None:
    shown = format_call(call("recv", b"PRIVMSG #lab :\x1b[2J\x07\xe2\x80\xae\r\n"))
    assert shown.replace("\n", "").isprintable()
    assert "␛[2J␇<U+202E>" in shown


def test_what_the_socket_did_not_take_is_said() -> None:
    assert "not taken by the socket: DEF\\r\\n" in format_call(call("send", b"ABC", after=b"DEF\r\n"))


@pytest.mark.parametrize(
    ("stream", "masked"),
    [
        (b"PASS secret\r\nNICK a\r\n", b"PASS ******\r\nNICK a\r\n"),
        (b"NICK a\npass :secret\n", b"NICK a\npass *******\n"),
        (b"NICK a\rPASS secret\r", b"NICK a\rPASS ******\r"),
        (b"PASS secret", b"PASS ******"),
        (b"  :a!b@c  PASS   secret\r\n", b"  :a!b@c  PASS   ******\r\n"),
        (b"@label=1 PASS secret\r\n", b"@label=1 PASS ******\r\n"),
        (b"OPER teacher secret word\r\n", b"OPER teacher ***********\r\n"),
        (b"OPER teacher\r\n", b"OPER teacher\r\n"),
        (b"PRIVMSG #lab :PASS the salt\r\n", b"PRIVMSG #lab :PASS the salt\r\n"),
        (b"PASSED by\r\n", b"PASSED by\r\n"),
    ],
)
def test_passwords_are_masked(stream: bytes, masked: bytes) -> None:
    assert mask_passwords(stream) == masked


@pytest.mark.parametrize("cut", range(len(b"PASS secret\r\n")))
def test_a_password_that_comes_in_two_pieces_is_masked(cut: int) -> None:
    line = b"PASS secret\r\n"
    first, second = line[:cut], line[cut:]
    calls = call("recv", first, after=first), call("recv", second, before=first)
    shown = "".join(format_call(mask_call(one)) for one in calls)
    assert not set("secrt") & set(
        shown.replace("recv", "")
        .replace(r"\r", "")
        .replace("client", "")
        .replace("left in the buffer", "")
        .replace("bytes", "")
        .replace("byte", "")
    )
