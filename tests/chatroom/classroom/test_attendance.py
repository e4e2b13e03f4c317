"""Who was here, and for how long: from the visits that were kept."""

from pathlib import Path
from typing import Any

from chatroom.classroom.attendance import MOST_OF_ADDRESS, Attendance, Attended, list_attendance
from chatroom.classroom.file import VISIT, read_kept
from chatroom.classroom.roster import Roster
from chatroom.client import Client
from chatroom.passwords import hash_secret
from program.folders import class_file
from tests.tools.classroom import Class

ROSTER = Roster(["Иванов Иван", "Ким Анна", "Семёнова Алёна"])


class Shelf:
    """What is kept, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    def read(self, kind: str) -> dict[str, dict[str, Any]]:
        assert kind == "visit"
        return dict(self.kept)

    def keep(self, kind: str, key: str, value: Any) -> None:
        self.kept[key] = dict(value)

    def forget(self, kind: str, key: str) -> None:
        del self.kept[key]


def client(nick: str) -> Client:
    return Client(1, "10.0.0.7", "10.0.0.7", 1, False, 0.0, 0.0, nick)


def test_everybody_is_on_the_list_silent_absent_and_unexpected() -> None:
    shelf = Shelf()
    attendance = Attendance(shelf)
    ivan, again, silent, stranger = map(client, ("Иванов", "иван_иванов", "КимАнна", "xyz"))
    attendance.begin(ivan, "p1", "10.0.0.7", 1000)
    attendance.begin(silent, "p2", "10.0.0.8", 1000)
    attendance.begin(again, "p1", "10.0.0.9", 1050)
    attendance.begin(stranger, "p3", "10.0.0.10", 1060)
    for _ in range(3):
        attendance.count_line(ivan)
    attendance.end(ivan, 1100)
    attendance.end(again, 1200)
    attendance.end(again, 1300)  # twice is once
    attendance.look(1500)
    assert list_attendance(shelf.kept, ROSTER) == [
        Attended("Иванов Иван", ["Иванов", "иван_иванов"], ["10.0.0.7", "10.0.0.9"], 1000, 1200, 200, 3),
        Attended("Ким Анна", ["КимАнна"], ["10.0.0.8"], 1000, 1500, 500, 0),
        Attended("Семёнова Алёна"),
        Attended("", ["xyz"], ["10.0.0.10"], 1060, 1500, 440, 0),
    ]


def test_a_pause_does_not_count_as_presence() -> None:
    shelf = Shelf()
    attendance = Attendance(shelf)
    for came, went in ((1000, 1100), (2000, 2050)):
        anna = client("Anna")
        attendance.begin(anna, "p", "10.0.0.7", came)
        attendance.end(anna, went)
    (row,) = list_attendance(shelf.kept, Roster(()))
    assert (row.first, row.last, row.seconds) == (1000, 2050, 150)


def test_a_killed_server_knows_it_to_half_a_minute() -> None:
    shelf = Shelf()
    attendance = Attendance(shelf)
    attendance.begin(client("Anna"), "p", "10.0.0.7", 1000)
    for now in range(1000, 1100):
        attendance.look(now)
    (row,) = list_attendance(shelf.kept, Roster(()))
    assert 1070 <= row.last <= 1100


def test_a_new_class_has_only_those_who_are_here() -> None:
    shelf = Shelf()
    attendance = Attendance(shelf)
    gone, here = client("Gone"), client("Here")
    attendance.begin(gone, "p1", "10.0.0.7", 1000)
    attendance.begin(here, "p2", "10.0.0.8", 1000)
    attendance.count_line(here)
    attendance.end(gone, 1100)
    attendance.begin_anew(2000)
    attendance.end(here, 2100)
    assert list_attendance(shelf.kept, Roster(())) == [
        Attended("", ["Here"], ["10.0.0.8"], 2000, 2100, 100, 0)
    ]


def test_who_comes_again_and_again_fills_nothing_and_pushes_out_nobody_else() -> None:
    shelf = Shelf()
    attendance = Attendance(shelf)
    anna, loud = client("Anna"), client("Loud")
    anna.address = "10.0.0.8"
    for one in (anna, loud):
        one.update_source()
    attendance.begin(anna, "a", "10.0.0.8", 1000)
    attendance.end(anna, 1100)
    for number in range(MOST_OF_ADDRESS + 5):
        attendance.begin(loud, f"p{number}", "10.0.0.7", 1000)
        attendance.end(loud, 1001)
    assert len(shelf.kept) == 1 + MOST_OF_ADDRESS
    assert any(visit["nick"] == "Anna" for visit in shelf.kept.values())


def test_what_another_program_has_written_is_passed_over() -> None:
    good = {"person": "p", "nick": "Anna", "address": "a", "came": 1, "seen": 2, "lines": 0}
    nothing: list[Any] = [None, []]
    bad: list[dict[str, Any]] = [
        {},
        {"x": 1},
        *({**good, name: value} for name in good for value in nothing),
        {**good, "seen": 1e300},
        {**good, "seen": 0},
        {**good, "came": float("nan")},
    ]
    visits = {str(number): value for number, value in enumerate([*bad, good])}
    assert [row.nicks for row in list_attendance(visits, ROSTER) if row.nicks] == [["Anna"]]


def test_one_who_opens_the_window_again_and_again_is_one(tmp_path: Path) -> None:
    """The secret is another one each time, the key is the same; after a restart of the server too."""
    school = Class(tmp_path)
    key = next(one for one in map("{:020}".format, range(1000)) if hash_secret(one) > "f")  # sorted last
    for number in range(8):
        reclaim = f"RECLAIM Анна secret-of-window-{number} {key}"
        anna = school.come("Анна", "10.0.0.7", before=(reclaim,))
        school.cut(anna)
        if number == 4:
            school.restart()
    school.close()
    (visits,) = read_kept(class_file(school.path), VISIT)
    assert len(visits) == 8
    (row,) = list_attendance(visits, Roster(()))
    assert row.nicks == ["Анна"]
