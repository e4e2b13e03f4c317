"""Text as it is safe to show and short enough to send."""

from protocol.text import cut, split, strip_formatting, visible


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
