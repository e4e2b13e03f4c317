"""Text as it is safe to show and short enough to send."""

import time
import unicodedata

import pytest

from client.model.sanitize import clean, is_name, short
from protocol.text import (
    MAX_GRAPHEME,
    cut,
    cut_characters,
    first_of,
    grapheme_start,
    split,
    strip_formatting,
    visible,
    visible_bytes,
    visible_speech,
)

GRAPHEMES = {
    "a letter with its mark": "о\u0301",
    "many marks": "Z\u0337\u0354\u0323\u0308\u0301\u033d",
    "a family": "👨\u200d👩\u200d👧\u200d👦",
    "a couple with skin tones": "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏿",
    "a black cat": "🐈\u200d⬛",
    "a head that nods": "🙂\u200d↕\ufe0f",
    "a flag": "🇷🇺",
    "a flag of tags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "a rainbow flag": "🏳\ufe0f\u200d🌈",
    "a key": "1\ufe0f\u20e3",
    "a Korean syllable in parts": "\u1100\u1161\u11a8",
    "a Korean syllable and a part": "\uac00\u11a8",
    "Hindi": "\u0915\u094d\u0937\u093f",
    "Hindi with a joiner": "\u0915\u094d\u200d\u0937",
    "Sinhala": "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "Thai": "\u0e01\u0e33",
    "Japanese": "\u304b\u3099",
    "an ideograph's variant": "葛\U000e0100",
    "an emoji that is not in Unicode yet": "🫪\u200d\U0001faff",
    "a line end": "\r\n",
}
"""What a reader takes for one letter (Unicode UAX #29)."""


@pytest.mark.parametrize("letter", GRAPHEMES.values(), ids=GRAPHEMES)
def test_a_letter_of_several_characters_is_never_cut(letter: str) -> None:
    text = f"а{letter}{letter}б"
    starts = {0, 1, 1 + len(letter), 1 + 2 * len(letter), len(text)}
    assert {grapheme_start(text, at) for at in range(len(text) + 1)} == starts
    assert {cut_characters(text, limit) for limit in range(len(text) + 1)} == {text[:at] for at in starts}
    assert {cut(text, limit) for limit in range(2, 99)} <= {text[:at] for at in starts}
    size = max(len(letter.encode()), 4)
    assert set(split(letter * 50, size)) <= {letter, letter * 2, letter * 4}


def test_joiners_that_join_nothing_and_endless_letters_are_cut_in_bounded_time() -> None:
    assert cut_characters("می\u200cخواهم", 2) == "م"
    for endless in ("а" + "\u0301" * 9000, "\u200d" * 9000, "क्" * 9000, "🐈\u200d" * 9000, "🇷" * 9001):
        before = time.thread_time()
        pieces = split(endless, 400)
        assert time.thread_time() - before < 2
        assert "".join(pieces) == endless
        assert len(pieces) <= len(endless.encode()) / (400 - 4 * MAX_GRAPHEME) + 1
        assert cut_characters(endless, 300)


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
    assert visible("a\x1b[31m\r\n\x00\x7f") == "a␛[31m\\r\\n␀␡"
    assert visible("abc\u202edef\u200b") == "abc<U+202E>def<U+200B>"
    assert visible("Привет, мир!") == "Привет, мир!"


WHOLE = (
    *(letter for name, letter in GRAPHEMES.items() if name != "a line end"),
    "می\u200cخواهم کتاب\u200cها را",
    "क्\u200dष क्\u200cष",
    "र\u200d्य",
    "1\ufe0f\u20e3 #\ufe0f\u20e3 ©\ufe0f ‼\ufe0f ↔\ufe0e",
    "ᠠ\u180b",
)
"""What is spelt with characters that are not seen by themselves."""


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_said_stays_whole(text: str) -> None:
    for said in (text, f"{text}{text}", f"до {text} после", f"«{text}»."):
        assert visible_speech(said) == said
        assert clean(said) == said
        assert visible_bytes(said.encode()) == said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ad\u200dmin", "ad<U+200D>min"),
        ("ад\u200cмин", "ад<U+200C>мин"),
        ("a\ufe0fb", "a<U+FE0F>b"),
        ("1\ufe0f2", "1<U+FE0F>2"),
        ("\u200dслово\u200c", "<U+200D>слово<U+200C>"),
        ("😀\u200d\u200d😀", "😀<U+200D><U+200D>😀"),
        ("😀\u200d и", "😀<U+200D> и"),
        ("کتاب\u200c", "کتاب<U+200C>"),
        ("می\u200c\u200cخواهم", "می<U+200C><U+200C>خواهم"),
        ("a\U000e0061b", "a<U+E0061>b"),
        ("🏴\U000e0067\U000e0062", "🏴<U+E0067><U+E0062>"),
        ("=\u200d=", "=<U+200D>="),
        ("👨\u202e\u200d👩\u2066", "👨<U+202E><U+200D>👩<U+2066>"),
        ("\u2063\u00ad\ufeff", "<U+2063><U+00AD><U+FEFF>"),
        ("葛\ufe0f\ufe0f", "葛\ufe0f<U+FE0F>"),
    ],
)
def test_what_joins_nothing_is_seen(text: str, shown: str) -> None:
    assert visible_speech(text) == shown


def test_nothing_invisible_hides_in_a_name() -> None:
    for name in ("عل\u200cي", "क्\u200dष", "❤\ufe0f", "👨\u200d👩", "葛\U000e0100"):
        assert is_name(name) is False
        assert short(name) == visible(name) != name


def test_formatting_codes_are_stripped() -> None:
    assert strip_formatting("\x02bold\x0f \x0304,12red\x03 \x1dit\x1d 5") == "bold red it 5"


def test_of_many_names_the_first_are_said() -> None:
    assert first_of(["a", "b"], 2) == "a, b"
    assert first_of(["a", "b", "c"], 2) == "a, b …"


def test_whatever_is_not_seen_is_made_visible_among_letters() -> None:
    unseen = [
        char
        for char in map(chr, range(0x110000))
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") or ord(char) & 0xFFFE == 0xFFFE
    ]
    selectors = [*"\u180b\ufe00\ufe0f", chr(0xE0100)]
    assert len(unseen) > 2000
    assert not [char for char in (*unseen, *selectors) if char in visible(f"слово{char}слово")]
    assert not [char for char in (*unseen, *selectors) if char in visible_speech(f"слово{char}слово")]
