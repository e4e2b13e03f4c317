"""How messages are marked off, in each protocol, and found in what came."""

import pytest

from lab.judge.protocols import PROTOCOLS

FRAMED = [protocol for protocol in PROTOCOLS.values() if protocol.has_frames]


@pytest.mark.parametrize("protocol", FRAMED, ids=lambda protocol: protocol.name)
def test_two_messages_are_found_whole_wherever_the_stream_is_cut(protocol) -> None:  # type: ignore[no-untyped-def]
    stream = protocol.say("Привет 🦔") + protocol.say("two")
    whole = protocol.frames(stream)
    assert len(whole) == 2
    assert "Привет 🦔".encode() in whole[0]
    for end in range(len(stream)):
        assert protocol.frames(stream[:end]) == whole[: len(protocol.frames(stream[:end]))]
        assert len(protocol.frames(stream[:end])) < 2


def test_text_that_is_taken_for_a_length_ends_the_search() -> None:
    assert PROTOCOLS["length"].frames(b"hello, this is no length at all") == []


def test_ascii_is_found_in_utf_16_too_and_counted() -> None:
    came = "Anna: hello1-ab\nBoris: hello1-ab\n".encode("utf-16")
    assert PROTOCOLS["lines"].count(came, "hello1-ab") == 2


def test_a_client_of_irc_answers_ping_and_nothing_else() -> None:
    assert PROTOCOLS["irc"].reply(b"PING :chat.lab") == b"PONG :chat.lab\r\n"
    assert PROTOCOLS["irc"].reply(b":a!b@c PRIVMSG #lab :PING") == b""
    assert PROTOCOLS["irc"].reply(b"\0 rubbish") == b""
