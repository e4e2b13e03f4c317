"""Search finds a text in every spelling, whole letters only, and says where it stands."""

import unicodedata

import pytest

from client.model.conversations import Entry, Kind
from gui.chat.transcript.finding import MAX_FOUND, PORTION, Finding, find_all


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
        (decomposed("ёлка"), "е", []),
        ("ёлка", "е", []),
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


def test_one_portion_searches_a_bounded_part_and_the_newest_first() -> None:
    said = [Entry(key, Kind.MESSAGE, 0.0, "Анна", "о" * 10_000) for key in range(300)]
    looked: list[int] = []

    def text_of(at: int) -> str:
        looked.append(at)
        return said[at].text

    finding = Finding()
    finding.begin("о")
    finding.go_on(said, text_of)
    assert looked == [299]
    assert len(finding.matches) == MAX_FOUND
    assert finding.complete
    looked.clear()
    finding.begin("я")
    finding.go_on(said, text_of)
    assert 0 < len(looked) <= PORTION / 10_000 + 1
    assert not finding.complete
    while not finding.complete:
        finding.go_on(said, text_of)
    assert sorted(looked) == list(range(300))
    assert finding.matches == []
