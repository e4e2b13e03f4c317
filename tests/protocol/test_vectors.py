"""The grammar as a table: the rules that ircdocs/parser-tests checks, with lines of our own."""

import pytest

from protocol.masks import matches
from protocol.message import Message, Source, format_message, parse, split_source
from protocol.names import is_valid_nick

SPLIT = [
    # words
    ("WHO", Message("WHO")),
    ("who #lab o", Message("WHO", ("#lab", "o"))),
    ("KICK #lab Борис :", Message("KICK", ("#lab", "Борис", ""))),
    ("KICK #lab Борис :за шум", Message("KICK", ("#lab", "Борис", "за шум"))),
    ("PRIVMSG #lab ::-)", Message("PRIVMSG", ("#lab", ":-)"))),
    ("PRIVMSG #lab :итак :: да ", Message("PRIVMSG", ("#lab", "итак :: да "))),
    ("PRIVMSG #lab :   ", Message("PRIVMSG", ("#lab", "   "))),
    ("PRIVMSG #lab:x 5:30", Message("PRIVMSG", ("#lab:x", "5:30"))),
    # the last word with a colon and without
    (":Вера JOIN #lab", Message("JOIN", ("#lab",), "Вера")),
    (":Вера JOIN :#lab", Message("JOIN", ("#lab",), "Вера")),
    (":Вера MODE #lab :+i", Message("MODE", ("#lab", "+i"), "Вера")),
    (":Вера MODE #lab +vv Борис :Глеб", Message("MODE", ("#lab", "+vv", "Борис", "Глеб"), "Вера")),
    # nothing, or a space, at the end
    (":Вера AWAY", Message("AWAY", (), "Вера")),
    (":Вера AWAY ", Message("AWAY", (), "Вера")),
    (":srv.lab MODE #lab -t  ", Message("MODE", ("#lab", "-t"), "srv.lab")),
    # several spaces
    (":srv.lab 433   * Вера :Nickname: in use", Message("433", ("*", "Вера", "Nickname: in use"), "srv.lab")),
    ("@a=1  :srv.lab   PING  :x", Message("PING", ("x",), "srv.lab", {"a": "1"})),
    # a tab and control characters are no spaces
    (":ve\tra TOPIC #l\tab x", Message("TOPIC", ("#l\tab", "x"), "ve\tra")),
    (
        ":v!v@ne\x034t\x0f.lab PRIVMSG #lab :\x02hi",
        Message("PRIVMSG", ("#lab", "\x02hi"), "v!v@ne\x034t\x0f.lab"),
    ),
    # tags
    ("@x;y=;z=1 PING", Message("PING", (), "", {"x": "", "y": "", "z": "1"})),
    (r"@t=a\:b\sc\\d\re\nf PING", Message("PING", (), "", {"t": "a;b c\\d\re\nf"})),
    (r"@t=\\n PING", Message("PING", (), "", {"t": "\\n"})),
    (r"@t=\q\9 PING", Message("PING", (), "", {"t": "q9"})),
    ("@t=end\\ PING", Message("PING", (), "", {"t": "end"})),
    ("@t=1;u=2;t=3 PING", Message("PING", (), "", {"t": "3", "u": "2"})),
    (
        "@t=1;lab.example/t=2;+lab.example/t PING",
        Message("PING", (), "", {"t": "1", "lab.example/t": "2", "+lab.example/t": ""}),
    ),
    ("@t=a=b;u==c PING", Message("PING", (), "", {"t": "a=b", "u": "=c"})),
]


@pytest.mark.parametrize(("line", "message"), SPLIT)
def test_a_line_is_split(line: str, message: Message) -> None:
    assert parse(line) == message


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        (Message("WHO", ("#lab", "o")), {"WHO #lab o", "WHO #lab :o"}),
        (Message("AWAY", (), "Вера"), {":Вера AWAY"}),
        (Message("AWAY", ("",), "Вера"), {":Вера AWAY :"}),
        (Message("KICK", ("#lab", "Борис", "за шум")), {"KICK #lab Борис :за шум"}),
        (Message("PRIVMSG", ("#lab", ":-)")), {"PRIVMSG #lab ::-)"}),
        (Message("PRIVMSG", ("#lab", " a :b ")), {"PRIVMSG #lab : a :b "}),
        (Message("PRIVMSG", ("#lab", "  ")), {"PRIVMSG #lab :  "}),
        (Message("PRIVMSG", ("#l\tab", "x")), {"PRIVMSG #l\tab x", "PRIVMSG #l\tab :x"}),
        (Message("PING", (), "", {"x": ""}), {"@x PING"}),
        (
            Message("PING", ("1",), "", {"t": "a;b c\\d\re\nf", "u": "v"}),
            {r"@t=a\:b\sc\\d\re\nf;u=v PING 1", r"@t=a\:b\sc\\d\re\nf;u=v PING :1"},
        ),
    ],
)
def test_parts_are_joined(message: Message, lines: set[str]) -> None:
    assert format_message(message) in lines
    assert all(parse(line) == message for line in lines)


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("vera!v@10.0.0.7", Source("vera", "v", "10.0.0.7")),
        ("vera!~v@localhost", Source("vera", "~v", "localhost")),
        ("vera@10.0.0.7", Source("vera", "", "10.0.0.7")),
        ("vera!~v", Source("vera", "~v", "")),
        ("vera", Source("vera")),
        ("srv.lab.example", Source("srv.lab.example")),
        ("vera!v@\x0304n\x0fet", Source("vera", "v", "\x0304n\x0fet")),
        ("vera!v@home@net", Source("vera", "v@home", "net")),
        ("vera@ho!st", Source("vera", "", "ho!st")),
        ("vera!v@fe80::1", Source("vera", "v", "fe80::1")),
        ("", Source("")),
    ],
)
def test_a_source_is_split(source: str, parts: Source) -> None:
    assert split_source(source) == parts
    assert Message("PING", (), source).nick == parts.nick


@pytest.mark.parametrize(
    ("mask", "matching", "others"),
    [
        ("*@10.0.0.7", ("a!b@10.0.0.7", "!@10.0.0.7"), ("a!b@10.0.0.70", "a!b@110.0.0.7")),
        ("ver*@*", ("vera!v@h", "ver@h", "VERONICA!x@y"), ("avera!v@h", "vera!v")),
        ("ver!*@*", ("ver!a@h", "ver!@h"), ("vera!a@h", "ver@h")),
        ("ver!?v@*", ("ver!~v@h", "ver!vv@h"), ("ver!v@h", "ver!~~v@h")),
        ("ver!a?*@*", ("ver!ab@h", "ver!abc@h"), ("ver!a@h",)),
        ("v[er]a!*@*", ("v[er]a!x@h",), ("vea!x@h", "v[!x@h", "vera!x@h")),
        (r"v\era!*", (r"v\era!x",), ("vera!x",)),
        ("*.example", ("a!b@c.example", ".example"), ("a!b@c.example.org", "example")),
    ],
)
def test_masks(mask: str, matching: tuple[str, ...], others: tuple[str, ...]) -> None:
    assert all(matches(mask, name) for name in matching)
    assert not any(matches(mask, name) for name in others)


def test_what_separates_the_parts_of_a_source_is_in_no_nick() -> None:
    assert not any(is_valid_nick(nick) for nick in ("ve!ra", "ve@ra", "ve.ra", "*vera", "$vera"))
