"""Search takes a bounded part of the entries at a time, the newest first."""

from client.model.conversations import Entry, Kind
from gui.chat.transcript.finding import MAX_FOUND, PORTION, Finding


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


def test_letters_that_must_be_composed_take_more_portions() -> None:
    said = [Entry(key, Kind.MESSAGE, 0.0, "Анна", "и\u0306" * 1000) for key in range(30)]
    finding = Finding()
    finding.begin("я")
    portions = 0
    while not finding.complete:
        finding.go_on(said, lambda at: said[at].text)
        portions += 1
    assert portions >= 10
