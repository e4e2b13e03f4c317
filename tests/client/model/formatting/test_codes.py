"""IRC's formatting codes, as others send them."""

import pytest

from client.model.formatting.codes import MAX_RUNS, read_codes
from client.model.sanitize import clean
from client.model.spoken import clean_lines
from tests.tools.dialogue import Dialogue


def looks(raw: str) -> list[tuple[str, tuple[str, ...]]]:
    shown = clean_lines(raw)
    return [(shown[one.start : one.end], one.looks) for one in read_codes(raw, shown)]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("\x02жирно\x02 и \x0304,01красно\x0f!", [("жирно", ("bold",)), ("красно", ("colour0",))]),
        (
            "\x1dкосо \x02оба\x1d жирно",
            [("косо ", ("italic",)), ("оба", ("italic", "bold")), (" жирно", ("bold",))],
        ),
        (
            "\x1fа\x1f\x1eб\x1e\x11в\x11\x16г",
            [*zip("абвг", (("underline",), ("strike",), ("inline",), ("reverse",)), strict=True)],
        ),
        (
            "\x0312синий\x03 \x04ff0000красный\x04 \x04777777серый",
            [("синий", ("colour7",)), ("красный", ("colour0",))],
        ),
        ("\x0301чёрный \x0300белый \x0399нет \x0352 яркий", [(" яркий", ("colour0",))]),
        ("a\x02\tb", [("   b", ("bold",))]),
        ("\x02до\nпосле", [("до", ("bold",))]),
        ("без", []),
        ("\x02", []),
    ],
)
def test_codes_say_how_the_text_looks(raw: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    assert looks(raw) == found


def test_so_many_codes_are_read_and_no_more() -> None:
    assert len(looks("\x02a\x02b" * 5000)) == MAX_RUNS


def test_a_text_that_is_shown_otherwise_has_no_runs() -> None:
    assert read_codes("\x02слово", clean("другое слово")) == ()


def test_what_others_make_bold_comes_with_the_entry_and_not_into_its_text(room: Dialogue) -> None:
    room.hear(
        ":Борис!~b@h PRIVMSG #lab :\x02жирно\x02 нет", ":Борис!~b@h PRIVMSG #lab :\x01ACTION \x1dждёт\x01"
    )
    bold, waiting = list(room.talk().entries)[-2:]
    assert (bold.text, [*bold.runs]) == ("жирно нет", [(0, 5, ("bold",))])
    assert (waiting.text, [*waiting.runs]) == ("ждёт", [(0, 4, ("italic",))])
