"""What a class keeps: written with the batch, there after a restart, and never waited for."""

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chatroom.classroom.file import ROOM, SETTING, ClassFile, ClassFileError


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "class.sqlite3"
    file = ClassFile(path)
    file.keep(ROOM, "#lab", {"topic": "Сокеты"})
    file.keep(ROOM, "#two", {})
    file.keep(SETTING, "private", {"who": "teacher"})
    file.commit()
    file.keep(ROOM, "#lab", {"topic": "Потоки"})
    file.forget(ROOM, "#two")
    assert file.read(ROOM) == {"#lab": {"topic": "Потоки"}}, "what waits is read too"
    file.commit()
    with closing(ClassFile(path)) as again:  # as after kill -9: the first was not closed
        assert again.read(ROOM) == {"#lab": {"topic": "Потоки"}}
        assert again.read(SETTING) == {"private": {"who": "teacher"}}
    file.close()


def test_a_file_that_is_locked_is_not_waited_for_and_tried_again(tmp_path: Path) -> None:
    path, now = tmp_path / "class.sqlite3", [0.0]
    with closing(ClassFile(path, clock=lambda: now[0])) as file:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            file.keep(ROOM, "#lab", {"topic": "x"})
            file.commit()
            assert file.problem
            assert file.wake_at
            other.execute("ROLLBACK")
        file.commit()
        assert file.problem, "it is too early"
        now[0] = file.wake_at
        file.commit()
        assert not file.problem
        assert file.wake_at is None
        with closing(ClassFile(path)) as reader:
            assert reader.read(ROOM) == {"#lab": {"topic": "x"}}


def test_what_another_program_has_damaged_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "class.sqlite3"
    ClassFile(path).close()
    with closing(sqlite3.connect(path)) as other, other:
        rows: list[tuple[str | bytes, str | bytes]] = [
            ("#a", "{"),
            ("#b", "[]"),
            ("#c", b"\xff"),
            ("#d", '{"topic": "x"}'),
            ("#e", "1e999"),
        ]
        rows += [("#f", "5"), ("#g\n", "{}"), (b"#h", "{}"), ("#i", '{"topic": "x\\r\\nERROR :x"}')]
        rows += [
            (f"#{number}", f'{{"created": {number}}}') for number in ("1e999", "NaN", "1" * 400, "-3e11")
        ]
        rows += [("#j", '{"lists": {"b": [{"setter": "\\ud800"}]}}')]
        other.executemany("INSERT INTO kept VALUES ('room', ?, ?)", rows)
        other.execute("INSERT INTO kept VALUES ('room', '#k', CAST(x'7b7dff' AS TEXT))")
    with closing(ClassFile(path)) as file:
        assert file.read(ROOM) == {"#d": {"topic": "x"}}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody delete a file that is open")
@pytest.mark.parametrize("delete", [Path.unlink, lambda path: shutil.rmtree(path.parent)])
def test_a_file_that_is_deleted_meanwhile_is_made_again_with_all_that_was_in_it(
    tmp_path: Path, delete: Callable[[Path], None]
) -> None:
    path = tmp_path / "folder" / "class.sqlite3"
    with closing(ClassFile(path)) as file:
        for number in range(2):
            file.keep(SETTING, "cloak", {"key": f"x{number}"})
            file.commit()
            delete(path)
            file.keep(ROOM, "#lab", {})
            file.commit()
            assert not file.problem
            with closing(ClassFile(path)) as again:
                assert again.read(SETTING) == {"cloak": {"key": f"x{number}"}}
                assert again.read(ROOM) == {"#lab": {}}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody delete a file that is open")
def test_a_deleted_file_that_cannot_be_made_again_is_tried_later(tmp_path: Path) -> None:
    path, now = tmp_path / "folder" / "class.sqlite3", [0.0]
    with closing(ClassFile(path, clock=lambda: now[0])) as file:
        file.keep(ROOM, "#lab", {})
        file.commit()
        shutil.rmtree(path.parent)
        path.parent.touch()
        file.keep(ROOM, "#two", {})
        file.commit()
        assert file.problem
        path.parent.unlink()
        now[0] = file.wake_at or 0.0
        file.commit()
        assert not file.problem
        with closing(ClassFile(path)) as again:
            assert set(again.read(ROOM)) == {"#lab", "#two"}


def test_a_file_that_is_none_of_ours_is_refused_in_a_sentence_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "class.sqlite3"
    for content in (b"", b"not a database, but long enough to be read as one" * 20):
        path.write_bytes(content)
        if not content:
            with closing(sqlite3.connect(path)) as other:
                other.execute("CREATE TABLE theirs (x)")
                other.commit()
        before = path.read_bytes()
        with pytest.raises(ClassFileError, match="Move it to another folder"):
            ClassFile(path)
        assert path.read_bytes() == before
    with pytest.raises(ClassFileError):
        ClassFile(tmp_path)


def test_without_a_history_it_is_kept_in_memory() -> None:
    with closing(ClassFile()) as file:
        file.keep(ROOM, "#lab", {})
        file.commit()
        assert file.read(ROOM) == {"#lab": {}}


def test_a_damaged_file_is_refused_in_a_sentence_wherever_the_damage_is(tmp_path: Path) -> None:
    path = tmp_path / "class.sqlite3"
    with closing(ClassFile(path)) as file:
        for number in range(2000):
            file.keep(ROOM, f"#{number}", {"topic": "x" * 50})
        file.commit()
    whole = path.read_bytes()
    for at in range(4096, len(whole) - 4096, len(whole) // 9):
        path.write_bytes(whole[:at] + b"\xa5" * 4096 + whole[at + 4096 :])
        with pytest.raises(ClassFileError, match="Move it to another folder"):
            ClassFile(path)
