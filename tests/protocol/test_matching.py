"""A text is found in every spelling, whole letters only, where it stands."""

import unicodedata

import pytest

from protocol.matching import find_all, holds, search_cost


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("Привет, привет", "ПРИВЕТ", ["Привет", "привет"]),
        ("Straße", "STRASSE", ["Straße"]),
        ("eine Straße dort", "dort", ["dort"]),
        ("İstanbul, istanbul", "ISTANBUL", ["İstanbul", "istanbul"]),
        ("ёлка", decomposed("ЁЛКА"), ["ёлка"]),
        (decomposed("Ёлка") + " там", "ёлка", [decomposed("Ёлка")]),
        (decomposed("Ёлка") + " там", "там", ["там"]),
        ("Ещё ёж", "еще ЕЖ", ["Ещё ёж"]),
        ("еще еж", decomposed("ещё ёж"), ["еще еж"]),
        (decomposed("йод"), "и", []),
        ("йод", "и", []),
        ("ß", "s", []),
        ("\u1112\u1161\u11ab", "한", ["\u1112\u1161\u11ab"]),
        ("👨\u200d👩 и 🐈\u200d⬛", "🐈\u200d⬛", ["🐈\u200d⬛"]),
        ("می\u200cخواهم", "می\u200cخواهم", ["می\u200cخواهم"]),
        ("ааа", "аа", ["аа"]),
        ("a.c abc", "a.c", ["a.c"]),
        ("слово", "", []),
    ],
)
def test_a_text_is_found_in_every_spelling(text: str, wanted: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_all(text, wanted)] == found


class Watched(str):
    """A text that counts how often it is folded."""

    folded = 0

    def casefold(self) -> str:
        self.folded += 1
        return super().casefold()


def test_what_is_looked_through_after_its_cost_was_asked_is_folded_once() -> None:
    text = Watched("Ёлка, ёлка")
    assert search_cost(text) == len(text)
    assert holds(text, "елка")
    assert list(find_all(text, "елка")) == [(0, 4), (6, 10)]
    assert text.folded == 1


def test_what_must_be_composed_costs_more() -> None:
    assert search_cost(decomposed("й" * 10)) > search_cost("й" * 20)
    assert search_cost("ß" * 10) > search_cost("я" * 10)
