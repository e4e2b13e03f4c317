"""A stream cut into lines, however it comes."""

import pytest

from protocol.framing import MAX_LINE, MAX_TAGS, LineReader
from protocol.message import (
    LineTooLongError,
    decode,
)


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
