"""A history that is not what it should be: the server does not start, says why, and leaves it as it is."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chatroom.history import schema
from chatroom.history.file import APPLICATION_ID, read_rooms
from chatroom.history.rows import Author, PageQuery, Talk
from chatroom.history.store import History, open_history
from tests.tools.programs import CHAT, run


def filled(path: Path) -> Path:
    """A good history of some pages."""
    with closing(History(path)) as history:
        for number in range(3000):
            history.add("#lab", number, f":a!b@c PRIVMSG #lab :{number}{'x' * 100}")
    return path


def with_random_bytes(path: Path) -> None:
    raw = bytearray(filled(path).read_bytes())
    for place in range(4096, len(raw), 4096):
        raw[place : place + 16] = random.Random(place).randbytes(16)
    path.write_bytes(raw)


def with_a_random_page(path: Path) -> None:
    """Only reading the whole file finds this."""
    raw = bytearray(filled(path).read_bytes())
    raw[40960:45056] = random.Random(4).randbytes(4096)
    path.write_bytes(raw)


def of_nothing_but_random_bytes(path: Path) -> None:
    path.write_bytes(random.Random(4).randbytes(100_000))


def truncated(path: Path) -> None:
    path.write_bytes(filled(path).read_bytes()[:-5000])


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(filled(path))) as database:
        database.execute("PRAGMA application_id = 1")


def of_a_newer_version(path: Path) -> None:
    with closing(sqlite3.connect(filled(path))) as database:
        database.execute(f"PRAGMA user_version = {schema.VERSION + 1}")


@pytest.mark.parametrize(
    "damage",
    [
        with_random_bytes,
        with_a_random_page,
        of_nothing_but_random_bytes,
        truncated,
        of_another_program,
        of_a_newer_version,
    ],
)
def test_a_wrong_file_is_refused_and_not_touched(damage: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "folder" / "history.sqlite3"
    path.parent.mkdir()
    damage(path)
    before = path.read_bytes()
    assert_refused(run("server", "--port", "0", "--history", path), path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def assert_refused(result: subprocess.CompletedProcess[str], path: Path) -> None:
    assert result.returncode == 2, result
    assert str(path) in result.stderr
    assert "--history FILE" in result.stderr
    assert "Traceback" not in result.stderr


def ordinary() -> tuple[str, ...]:
    """The command that a user runs for whom permissions count; to root without capabilities they do."""
    if os.geteuid() != 0:
        return CHAT
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv")
    return ("setpriv", "--inh-caps=-all", "--bounding-set=-all", *CHAT)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize("closed", ["the file", "the folder", "both"])
def test_a_read_only_history_is_refused_and_not_touched(closed: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = filled(folder / "history.sqlite3")
    before = path.read_bytes()
    if closed != "the folder":
        path.chmod(0o400)
    if closed != "the file":
        folder.chmod(0o500)
    try:
        result = run("server", "--port", "0", "--history", path, program=ordinary())
    finally:
        folder.chmod(0o700)
        path.chmod(0o600)
    assert_refused(result, path)
    assert path.read_bytes() == before


VERSION_1 = f"""
    CREATE TABLE meta (mark TEXT NOT NULL{{reserved}});
    CREATE TABLE message (
        id INTEGER PRIMARY KEY,
        target TEXT NOT NULL,
        time INTEGER NOT NULL,
        event INTEGER NOT NULL,
        line TEXT NOT NULL,
        parties TEXT NOT NULL
    );
    CREATE INDEX message_by_target ON message (target, time);
    INSERT INTO meta (mark) VALUES ('3f9a2c');
    PRAGMA application_id = {APPLICATION_ID};
    PRAGMA user_version = 1;
"""


@pytest.mark.parametrize("reserved", ["", ", reserved INTEGER NOT NULL DEFAULT 0"])
def test_a_history_of_version_0_1_keeps_its_messages_and_their_ids(reserved: str, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    lines = [f":anna!~a@h PRIVMSG #lab :{number}" for number in range(100)]
    with closing(sqlite3.connect(path)) as database:
        database.executescript(VERSION_1.format(reserved=reserved))
        database.executemany(
            "INSERT INTO message VALUES (?, '#lab', ?, 0, ?, '')",
            [(10**9 + number, 1000 + number, line) for number, line in enumerate(lines)],
        )
        database.commit()
    assert [row and row.line for row in read_rooms(path)] == lines
    for _ in range(2):
        with closing(History(path)) as history:
            found = history.page(PageQuery(Talk("#lab"), 1000))
            assert [row.line for row in found[:100]] == lines
            assert history.msgid(found[0].id) == f"3f9a2c-{10**9}"
            place = history.find(f"3f9a2c-{10**9 + 98}")
            assert place
            (last, *later) = history.page(PageQuery(Talk("#lab"), 10, after=place.after, newest=False))
            assert last.line == lines[-1]
            new = history.add("#lab", 5000, ":anna!~a@h PRIVMSG #lab :new")
            assert not new.startswith("3f9a2c")
            assert all(history.msgid(row.id) != new for row in (last, *later))


def test_what_was_taken_back_is_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite3"
    history = open_history(path)
    for number in range(200):
        history.add("#lab", number, f":a!b@c PRIVMSG #lab :тайна номер {number}")
    history.commit()
    for number in range(1, 201):
        history.delete(number)
    history.commit()
    history.close()
    assert "тайна".encode() not in path.read_bytes()


@pytest.mark.parametrize("seed", [3, 17])
def test_no_copy_stays_where_a_message_stood_before_its_page_was_rearranged(
    seed: int, tmp_path: Path
) -> None:
    path, chance = tmp_path / "h.sqlite3", random.Random(seed)
    taken_back: list[int] = []
    with closing(History(path, limit=chance.choice((0, 200, 1000)))) as history:
        for number in range(chance.randint(200, 3000)):
            size = (
                chance.choice((1, 10, 100, 1000, 3000)) if chance.random() < 0.1 else chance.randint(1, 200)
            )
            is_secret = chance.random() < 0.05
            word = f"SECRET{number:06}" if is_secret else f"public{number}"
            line = f":a!b@c PRIVMSG #lab :{f'{word} ' * max(1, size // 10)}"
            room = chance.choice(("#lab", "#b"))
            author = Author(f"x{chance.randint(0, 9)}", "n", f"10.0.0.{chance.randint(0, 5)}")
            history.add(room, number, line, author)
            if is_secret:
                taken_back.append(history.last_id)
            if chance.random() < 0.1:
                history.commit()
            if taken_back and chance.random() < 0.02:
                history.delete(taken_back.pop(chance.randrange(len(taken_back))))
                history.commit()
        history.commit()
        for number in taken_back:
            history.delete(number)
    assert b"SECRET" not in path.read_bytes()


def test_private_talks_are_found_among_many_by_who_took_part(tmp_path: Path) -> None:
    history = open_history(tmp_path / "h.sqlite3")
    for number in range(50):
        for nick in ("anna", "annabel"):
            author = Author(f"{nick}!a@h", nick, "h")
            history.add(f" other{number}", number, "x", author, f"other{number}!o@h")
    history.add(" vera", 900, "x", Author("anna!somebody@else", "anna", "else"), "vera!v@h")
    history.add(" anna", 950, "x", Author("vera!v@h", "vera", "h"), "anna!a@h")
    history.add("#lab", 1000, "x")
    for _written in range(2):
        found = history.conversations(["#lab", "#empty"], ["anna!a@h"], (47, 2000), 10)
        assert found == [(" other48", 48), (" other49", 49), (" vera", 950), ("#lab", 1000)]
        history.commit()
    history.close()
