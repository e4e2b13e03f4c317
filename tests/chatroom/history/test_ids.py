"""No id is given twice, and each leads to its place, though the file has lost what it stood for."""

from contextlib import closing
from pathlib import Path

import pytest

from chatroom.history.ids import Ids, Place
from chatroom.history.rows import PageQuery, Talk
from chatroom.history.store import History

IDS = Ids([(1, "a1"), (11, "b2"), (11, "c3"), (21, "d4")])


@pytest.mark.parametrize(("number", "msgid"), [(1, "a1-1"), (10, "a1-10"), (11, "c3-11"), (21, "d4-21")])
def test_an_id_names_the_run_that_gave_it(number: int, msgid: str) -> None:
    assert IDS.msgid(number) == msgid
    assert IDS.find(msgid) == Place(number, number)


@pytest.mark.parametrize(
    ("msgid", "place"),
    [("a1-11", Place(11, 10)), ("a1-99", Place(11, 10)), ("b2-15", Place(11, 10)), ("c3-21", Place(21, 20))],
)
def test_what_was_lost_stood_at_the_end_of_its_run(msgid: str, place: Place) -> None:
    assert IDS.find(msgid) == place


@pytest.mark.parametrize(
    "msgid", ["", "-", "a1-", "a1-0", "b2-10", "e5-1", "A1-1", "a1-1 ", "a1-" + "9" * 19]
)
def test_no_run_gave_another_id(msgid: str) -> None:
    assert IDS.find(msgid) is None


def test_ids_that_the_file_lost_are_not_given_again(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    given: list[tuple[int, int, str]] = []
    for run in range(4):
        with closing(History(path)) as history:
            for number in range(4):
                line = f":a!b@c PRIVMSG #lab :{run}-{number}"
                given.append((run, number, history.add("#lab", 0, line)))
                history.commit()
            history.delete(history.last_id)  # as a power cut takes it back: its number is given again
    assert len({msgid for _run, _number, msgid in given}) == len(given)
    with closing(History(path)) as history:
        for run, number, msgid in given:
            place = history.find(msgid)
            assert place
            behind = history.page(PageQuery(Talk("#lab"), 100, after=place.after, newest=False))
            kept = [(run, number) for run, number, _msgid in given if number < 3]
            assert [row.line.rpartition(":")[2] for row in behind] == [
                f"{one[0]}-{one[1]}" for one in kept if one > (run, number)
            ]


@pytest.mark.parametrize("taken_back", [[3], [3, 4], [1, 2, 3, 4]])
def test_a_run_gives_no_number_that_belongs_to_one_before(taken_back: list[int], tmp_path: Path) -> None:
    path, given = tmp_path / "history.sqlite3", []
    for count in (3, 1, 0, 2):
        with closing(History(path)) as history:
            given += [history.add("#lab", 0, ":a!b@c PRIVMSG #lab :x") for _number in range(count)]
            history.commit()
            if not count:
                for number in taken_back:
                    history.delete(number)
                history.commit()
    assert len(set(given)) == len(given)
    with closing(History(path)) as history:
        kept = [history.msgid(row.id) for row in history.page(PageQuery(Talk("#lab"), 100))]
        assert kept == [msgid for number, msgid in enumerate(given, 1) if number not in taken_back]
