"""A class is closed: its history goes into the archive, and the next one knows nothing of it."""

import re
import tempfile
from pathlib import Path

import pytest

from chatroom.classroom.archive import list_archive, make_archive
from chatroom.classroom.file import VISIT, read_kept
from chatroom.history.file import read_rooms
from program.folders import class_file
from tests.tools.classroom import Class

SHARED_MEMORY = Path("/dev/shm")
"""Of Linux: a file system of its own."""
SECRET = "0123456789abcdef"


def said(history: Path) -> list[str]:
    return [row.line for row in read_rooms(history) if row]


def test_the_next_group_sees_nothing_of_the_last(school: Class) -> None:
    teacher = school.teacher()
    anna = school.come("Анна", "10.0.0.7", secret=SECRET)
    school.say(teacher, "JOIN #lab")
    school.say(anna, "JOIN #lab")
    for line in ("CLASS mute Анна", "CLASS private none", "TOPIC #lab :Sockets", "MODE #lab +mk-t key"):
        school.say(teacher, line)
    school.say(teacher, "PRIVMSG #lab :Привет, ИВТ-21")
    told = school.say(teacher, "CLASS new ИВТ-22")
    assert "A new class begins: ИВТ-22" in told
    (folder,) = list_archive(school.path)
    assert str(folder) in told

    assert "PRIVMSG #lab :Привет, ИВТ-21" in said(folder / school.path.name)[0]
    assert said(school.path) == []
    (before,), (now,) = (
        read_kept(class_file(path), VISIT) for path in (folder / school.path.name, school.path)
    )
    assert {visit["nick"] for visit in before.values()} == {"Учитель", "Анна"}
    assert {visit["nick"] for visit in now.values()} == {"Учитель", "Анна"}, "they are still here"

    assert " 404 " not in school.say(anna, "PRIVMSG #lab :I may speak")
    boris = school.come("Борис", "10.0.0.8")
    entered = school.say(boris, "JOIN #lab")
    assert " 332 " not in entered, "the topic"
    assert " 366 " in entered, "no key is asked for"
    page = school.say(boris, "CHATHISTORY LATEST #lab * 100")
    assert "I may speak" in page
    assert "ИВТ-21" not in page
    assert " 404 " not in school.say(boris, "PRIVMSG Анна :privately")


def test_who_is_in_the_room_is_told_what_was_undone(school: Class) -> None:
    teacher, anna = school.teacher(), school.come("Анна", "10.0.0.7")
    school.say(teacher, "JOIN #lab")
    school.say(anna, "JOIN #lab")
    for line in (
        "MODE #lab +imk key",
        "MODE #lab +b *!*@10.0.0.9",
        "MODE #lab +v Анна",
        "TOPIC #lab :Sockets",
    ):
        school.say(teacher, line)
    school.heard[anna].clear()
    school.say(teacher, "CLASS new")
    heard = "\n".join(school.heard[anna])
    assert re.search(r" MODE #lab -imkbv \* \*!\*@\S+ Анна$", heard, re.MULTILINE), heard
    assert " TOPIC #lab :" in heard


def test_each_class_has_a_folder_of_its_own(tmp_path: Path) -> None:
    history = tmp_path / "history-1.sqlite3"
    made = [
        make_archive(history, group, 1_790_000_000.0).name for group in ("ИВТ 21/2", "ИВТ 21/2", "", "..")
    ]
    assert len(set(made)) == 4
    assert made[0].endswith("-ИВТ-21-2")
    assert made[1] == f"{made[0]}-2"
    assert [one.name for one in list_archive(history)] == sorted(made)


def test_what_cannot_be_moved_goes_on(school: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    teacher = school.teacher()
    school.say(teacher, "JOIN #lab", "PRIVMSG #lab :one")
    (school.path.parent / "archive").write_text("a file where the folder should be")
    assert "FAIL CLASS ARCHIVE_TROUBLE" in school.say(teacher, "CAP REQ standard-replies", "CLASS new")
    school.say(teacher, "PRIVMSG #lab :two")
    assert [line.rpartition(":")[2] for line in said(school.path)] == ["one", "two"]


@pytest.mark.skipif(not SHARED_MEMORY.is_dir(), reason="no second file system")
def test_an_archive_on_another_drive_gets_no_half_class(school: Class) -> None:
    """A file cannot be renamed there; nothing is left behind, and the class goes on."""
    teacher = school.teacher()
    school.say(teacher, "JOIN #lab", "PRIVMSG #lab :one")
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY) as elsewhere:
        (school.path.parent / "archive").symlink_to(elsewhere)
        assert "FAIL CLASS ARCHIVE_TROUBLE" in school.say(teacher, "CAP REQ standard-replies", "CLASS new")
        assert list_archive(school.path) == []
    school.say(teacher, "PRIVMSG #lab :two")
    assert [line.rpartition(":")[2] for line in said(school.path)] == ["one", "two"]


def test_a_killed_server_finds_the_new_class(school: Class) -> None:
    teacher = school.teacher()
    school.say(teacher, "JOIN #lab", "PRIVMSG #lab :old", "CLASS new", "PRIVMSG #lab :new")
    school.restart(killed=True)
    assert [line.rpartition(":")[2] for line in said(school.path)] == ["new"]


def test_students_cannot_close_the_class(school: Class) -> None:
    anna = school.come("Анна", "10.0.0.7")
    for verb in ("new", "save"):
        assert " 481 " in school.say(anna, f"CLASS {verb}")
    assert list_archive(school.path) == []
