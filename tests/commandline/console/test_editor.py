"""The line that is typed at the server's prompt, without a terminal."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandline.console.editor import LineEditor, split_keys, width_of

WORDS = ["mute", "move", "unmute", "Анна", "Антон"]


def pressed(*typed: str) -> tuple[LineEditor, list[str]]:
    editor = LineEditor(lambda words: WORDS)
    lines = [editor.press(key) for one in typed for key in split_keys(one)[0]]
    return editor, [line for line in lines if line is not None]


@pytest.mark.parametrize(
    ("typed", "before", "after"),
    [
        ("mute Анна", "mute Анна", ""),
        ("muteX\x7f Анна", "mute Анна", ""),
        ("ute\x1b[Hm\x1b[F!", "mute!", ""),
        ("mte\x1b[D\x1b[Du", "mu", "te"),
        ("mute\x01\x1b[3~M", "M", "ute"),
        ("mute Анна\x17Б", "mute Б", ""),
        ("mute Анна\x1b[D\x15", "", "а"),
        ("mute\x1b[D\x1b[D\x0b", "mu", ""),
        ("е\u0308ж\x1b[D\x1b[D", "", "е\u0308ж"),  # ё as two characters is one step
        ("a👩\u200d💻\x7fb", "ab", ""),
        ("\x1b[99~\x1bOP\x1bxok", "ok", ""),
        ("\x7f\x1b[3~\x1b[D\x1b[Cx", "x", ""),
        ("m\x00u\x07t\x9b\u202ee", "mute", ""),  # nothing that a terminal would obey
    ],
)
def test_a_line_is_edited(typed: str, before: str, after: str) -> None:
    assert pressed(typed)[0].view(80) == (before, after)


def test_lines_of_before_come_back_and_the_new_one_waits() -> None:
    editor, lines = pressed("who\r", "mute Анна\r", "mute Анна\r", "\r", "un")
    assert lines == ["who", "mute Анна", "mute Анна", ""]
    seen = []
    for key in ("up", "up", "up", "down", "down"):
        editor.press(key)
        seen.append(editor.text)
    assert seen == ["mute Анна", "who", "who", "mute Анна", "un"]


def test_tab_completes_what_is_clear_and_offers_the_rest() -> None:
    assert pressed("un\t")[0].text == "unmute "
    editor, _ = pressed("m\t")
    assert (editor.text, editor.choices) == ("m", ["mute", "move"])
    assert pressed("mute а\t")[0].text == "mute Ан"
    assert pressed("mute анн\t")[0].text == "mute Анна "
    assert pressed("mute я\t")[0].text == "mute я"


def test_a_key_that_comes_in_pieces_is_one_key() -> None:
    assert split_keys("ab\x1b[") == (["a", "b"], "\x1b[")
    assert split_keys("\x1b[" + "3~") == (["delete"], "")


@given(st.text(), st.integers(0, 40), st.integers(1, 20))
def test_what_is_shown_fits(text: str, left: int, width: int) -> None:
    editor, _ = pressed(text + "\x1b[D" * left)
    before, after = editor.view(width)
    assert width_of(before + after) <= width
    assert editor.text[: editor.at].endswith(before)
    assert editor.text[editor.at :].startswith(after)


def test_a_long_line_is_shown_with_one_look_at_each_character() -> None:
    """It is drawn anew below whatever is printed, by the thread that prints."""
    editor, _lines = pressed("ab " * 600)
    looks = 0

    def count(frame: object, event: str, called: object) -> None:
        nonlocal looks
        looks += called is unicodedata.category

    sys.setprofile(count)
    try:
        editor.view(80)
    finally:
        sys.setprofile(None)
    assert 0 < looks <= 3 * len(editor.text)
