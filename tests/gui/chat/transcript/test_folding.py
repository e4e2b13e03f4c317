"""Runs of people who enter and leave are one line each."""

from client.model.conversations import Entry, Kind
from gui.chat.transcript.folding import FEWEST, Folding, is_summary


def entries(*kinds: Kind, start: int = 1, day: float = 1_790_000_000.0) -> list[Entry]:
    """One of each kind, each of another person: П1, П2, …"""
    return [Entry(at, kind, day + at, f"П{at}", kind.value) for at, kind in enumerate(kinds, start)]


def test_a_run_is_one_line_that_names_who_came_and_went() -> None:
    talk = entries(Kind.MESSAGE, *[Kind.JOIN] * 12, Kind.PART, *[Kind.QUIT] * 2, Kind.MESSAGE)
    shown, changed = Folding().fold(talk)
    assert [entry.text for entry in shown] == [
        "message",
        "▸ Entered: П2, П3, П4 and 9 more; left: П14, П15, П16",
        "message",
    ]
    assert changed == []
    assert [is_summary(entry) for entry in shown] == [False, True, False]


def test_few_who_come_and_what_oneself_does_stay_as_they_are() -> None:
    few = entries(*[Kind.JOIN] * (FEWEST - 1), Kind.MESSAGE, *[Kind.JOIN] * FEWEST)
    few[FEWEST + 1].own = True
    assert Folding().fold(few)[0] == few


def test_a_run_goes_on_in_the_same_line_and_another_day_begins_another() -> None:
    folding = Folding()
    run = entries(*[Kind.JOIN] * 3)
    before = folding.fold(run)[0]
    run += entries(Kind.QUIT, start=4)
    after, changed = folding.fold(run)
    assert [entry.key for entry in after] == [entry.key for entry in before] == changed
    assert after[0].text.endswith("Entered: П1, П2, П3; left: П4")
    run += entries(*[Kind.QUIT] * 3, start=9, day=1_790_200_000.0)
    assert len(folding.fold(run)[0]) == 2


def test_a_run_is_unfolded_with_what_comes_to_it_later_and_folded_again() -> None:
    folding = Folding()
    run = entries(*[Kind.JOIN] * 3)
    (summary,) = folding.fold(run)[0]
    folding.toggle(summary)
    run += entries(Kind.JOIN, start=4)
    head, *rest = folding.fold(run[1:])[0]  # the first entry has gone
    assert (is_summary(head), rest) == (True, run[1:])
    folding.toggle(head)
    assert len(folding.fold(run[1:])[0]) == 1
    assert folding.unfold(run[2].key)
    assert not folding.unfold(run[2].key)
    assert len(folding.fold(run[1:])[0]) == len(run)


def test_who_only_looked_in_and_who_came_back_are_named_once() -> None:
    run = entries(Kind.JOIN, Kind.QUIT, Kind.JOIN, Kind.JOIN, Kind.PART)
    for entry, nick in zip(run, ("Борис", "Вера", "Вера", "Глеб", "Борис"), strict=True):
        entry.nick = nick
    (line,) = Folding().fold(run)[0]
    assert line.text == "▸ Entered: Глеб; left and came back: Вера; looked in: Борис"


def test_what_names_many_people_already_is_not_folded() -> None:
    split = entries(*[Kind.QUIT] * 3)
    split[1].nick = ""
    assert Folding().fold(split)[0] == split
