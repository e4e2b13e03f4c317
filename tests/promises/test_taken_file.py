"""The promise: what anyone has seen is on disk, though another program takes the file of a running server."""

import errno
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from chatroom.classroom.file import ROOM, SETTING, read_kept
from chatroom.history.rows import PageQuery, Talk
from chatroom.history.store import History
from program.folders import class_file
from tests.tools.history import TAGS
from tests.tools.irc import Client, Irc
from tests.tools.programs import Program, run, wait_for

TOLD: Final = r"NOTICE \* :Another program changed the history's file; it is written again, nothing is lost$"
ENDINGS: Final = ("", "-wal", "-shm")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there a file that is in use stays")


def delete(path: Path) -> None:
    path.unlink()


def delete_everything(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def delete_the_folder(path: Path) -> None:
    shutil.rmtree(path.parent)


def move(path: Path) -> None:
    path.rename(path.with_name("taken.sqlite3"))


def move_the_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("taken"))


def replace(path: Path) -> None:
    other = path.with_name("other")
    with closing(History(other)) as history:
        history.add("#lab", 1, ":somebody!x@y PRIVMSG #lab :else")
    other.replace(path)


def replace_by_a_text(path: Path) -> None:
    other = path.with_name("other")
    other.write_text("not a database")
    other.replace(path)


def delete_the_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


def delete_the_index(path: Path) -> None:
    path.with_name(f"{path.name}-shm").unlink()


def delete_the_lock(path: Path) -> None:
    path.with_name(f"{path.name}-lock").unlink()


def cut_the_index(path: Path) -> None:
    os.truncate(path.with_name(f"{path.name}-shm"), 0)


def replace_the_log(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(bytes(10_000))
    other.replace(path.with_name(f"{path.name}-wal"))


def cut(path: Path) -> None:
    os.truncate(path, 0)


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_the_log(path: Path) -> None:
    os.truncate(path.with_name(f"{path.name}-wal"), 0)


def write_over_it(path: Path) -> None:
    path.write_bytes(b"nonsense" * 10_000)


def say(client: Client, first: int, count: int) -> None:
    for number in range(first, first + count):
        client.send(f"PRIVMSG #lab :m{number}.")
        client.expect(rf"PRIVMSG #lab :m{number}\.")


def texts_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        lines = database.execute("SELECT line FROM message WHERE event = 0 ORDER BY id").fetchall()
    return [line.rpartition(":")[2] for (line,) in lines]


def server_of_a_class(path: Path) -> Program:
    options = ("--port", "0", "--history", path, "--oper", "boss", "--rooms", "#lab", "--no-throttle")
    return Program("server", *options, environment={"CHAT_OPER_PASSWORD": "secret"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder / "history.sqlite3"


@pytest.mark.parametrize(
    "take",
    [
        delete,
        delete_everything,
        delete_the_folder,
        move,
        move_the_folder,
        replace,
        replace_by_a_text,
        delete_the_log,
        delete_the_index,
        delete_the_lock,
        cut_the_index,
        replace_the_log,
    ],
)
@pytest.mark.parametrize("killed", [False, True])
def test_what_was_seen_is_in_the_file_that_exists(
    take: Callable[[Path], None], killed: bool, path: Path
) -> None:
    with Program("server", "--port", "0", "--history", path, "--no-throttle") as program:
        with Client(program.address()) as anna:
            anna.register("anna", capabilities=TAGS)
            anna.enter()
            say(anna, 0, 200)
            first = re.search(r"msgid=([^; ]+)", next(line for line in anna.lines if ":m0." in line))
            assert first
            take(path)
            say(anna, 200, 5)
            assert sum(bool(re.search(TOLD, line)) for line in anna.lines) == 1
            program.expect("another program deleted, moved or changed the file; nothing is lost")
            anna.send(f"CHATHISTORY AFTER #lab msgid={first[1]} 100")
            anna.expect(r"batch=.*PRIVMSG #lab :m1\.$")
            anna.expect(r"BATCH -")
            say(anna, 205, 5)
            if killed:
                program.process.kill()
                program.wait()
            else:
                assert program.stop() == 0
        assert "Traceback" not in "\n".join(program.lines)
    assert texts_in(path) == [f"m{number}." for number in range(210)]
    aside = [file.name for file in path.parent.iterdir() if "-aside-" in file.name]
    assert len(aside) == (take in (replace, replace_by_a_text))
    taken = path.with_name("taken.sqlite3")
    if take is move:
        assert texts_in(taken) == [f"m{number}." for number in range(200)]


@pytest.mark.parametrize(
    "reads",
    ["SEARCH text=m", "CLASS wipe anna", "CHATHISTORY LATEST #lab * 1", "CLASS wipe nobody"],
)
def test_what_reads_first_after_the_index_was_cut_does_not_end_the_server(reads: str, path: Path) -> None:
    with (
        server_of_a_class(path) as program,
        Client(program.address()) as anna,
        Client(program.address()) as teacher,
    ):
        for client, nick in ((anna, "anna"), (teacher, "teacher")):
            client.register(nick, capabilities=(*TAGS, "standard-replies", "soju.im/search"))
        teacher.send("OPER boss secret")
        teacher.expect(" 381 ")
        anna.enter()
        teacher.enter()
        say(anna, 0, 20)
        cut_the_index(path)
        teacher.send(reads)
        teacher.expect(TOLD)
        say(anna, 20, 1)
        assert program.stop() == 0


@pytest.mark.parametrize("take", [move, replace, replace_by_a_text, cut, cut_the_log, cut_the_index])
def test_what_the_class_keeps_is_in_a_file_that_exists(take: Callable[[Path], None], path: Path) -> None:
    file = class_file(path)
    with server_of_a_class(path) as program, Client(program.address()) as teacher:
        teacher.register("teacher", capabilities=("standard-replies",))
        teacher.send("OPER boss secret")
        teacher.expect(" 381 ")
        teacher.send("CLASS private none")
        teacher.expect("NOTE CLASS PRIVATE")
        take(file)
        teacher.send("CLASS lock #lab")
        teacher.expect("NOTE CLASS LOCK")
        assert program.stop() == 0
    assert "Traceback" not in "\n".join(program.lines)
    settings, rooms = read_kept(file, SETTING, ROOM)
    assert settings["private"] == {"who": "none"}
    assert "i" in rooms["#lab"]["modes"]
    aside = [one.name for one in path.parent.iterdir() if "-aside-" in one.name]
    assert len(aside) == (take in (replace, replace_by_a_text, cut))


def test_two_servers_never_write_to_one_history_though_its_lock_was_deleted(path: Path) -> None:
    arguments = ("server", "--port", "0", "--history", path)
    with Program(*arguments) as program, Client(program.address()) as anna:
        anna.register("anna", capabilities=TAGS)
        anna.enter()
        delete_the_lock(path)
        say(anna, 0, 1)
        refused = run(*arguments)
        assert refused.returncode == 2, refused
        assert "Another chat server" in refused.stderr
        delete_the_lock(path)
        with Program(*arguments) as second:
            second.address()
            say(anna, 1, 1)
            program.expect("another program is using it")
            assert second.stop() == 0
        anna.expect("it is written again, nothing is lost")
    assert texts_in(path) == ["m0.", "m1."]


@pytest.mark.parametrize("take", [cut, cut_in_half, cut_the_log, write_over_it])
def test_what_cannot_be_read_any_more_is_counted_and_what_comes_is_kept(
    take: Callable[[Path], None], path: Path
) -> None:
    with Program("server", "--port", "0", "--history", path, "--no-throttle") as program:
        with Client(program.address()) as anna:
            anna.register("anna", capabilities=TAGS)
            anna.enter()
            say(anna, 0, 200)
            take(path)
            anna.send("PRIVMSG #lab :m200.")
            told = anna.expect(r"NOTICE \* :Another program changed the history's file; (.*)$")[1]
            say(anna, 201, 9)
            assert program.stop() == 0
        assert "Traceback" not in "\n".join(program.lines)
    kept = texts_in(path)
    assert kept[-10:] == [f"m{number}." for number in range(200, 210)]
    lost = re.search(r"lacks: (\d+)", told)
    assert len(kept) < 210 or not lost
    assert lost or len(kept) == 210
    print(take.__name__, "lost", lost and lost[1])


@pytest.mark.parametrize("count", [10, 3000])
def test_what_is_written_over_the_file_is_nobodys_here_and_stays_as_it_was(count: int, path: Path) -> None:
    other = path.with_name("other")
    with closing(History(other)) as history:
        for number in range(count):
            history.add("#lab", 1, f":somebody!x@y PRIVMSG #lab :else{number} {'x' * 200}")
        history.commit()
    with closing(History(path)) as history:
        for number in range(3000):
            history.add("#lab", 1, f":a!b@c PRIVMSG #lab :m{number} {'x' * 1000}")  # more than sqlite's cache
        history.commit()
    with closing(History(path)) as history:  # all is in the database, nothing in its log
        path.write_bytes(other.read_bytes())
        history.add("#lab", 1, ":a!b@c PRIVMSG #lab :last")
        told = history.commit()
        kept = history.page(PageQuery(Talk("#lab"), 4000))
        assert not any("else" in row.line for row in kept)
        assert kept[-1].line.endswith(":last")
        lost = re.search(r"lacks: (\d+)", told)
        assert lost
    stored = texts_in(path)
    assert len(stored) + int(lost[1]) == 3001
    assert other.read_bytes() in [file.read_bytes() for file in path.parent.glob("*-aside-*")]


def test_a_file_that_is_taken_just_before_the_end_is_there_after_it(path: Path) -> None:
    with closing(History(path)) as history:
        for number in range(10):
            history.add("#lab", number, f":a!b@c PRIVMSG #lab :m{number}.")
        history.commit()
        path.unlink()
    assert texts_in(path) == [f"m{number}." for number in range(10)]


def test_who_still_reads_a_history_that_was_closed_does_not_take_its_file_up_again(path: Path) -> None:
    """A search goes on while a new class begins."""
    closed = History(path)
    closed.close()
    with closing(History(path)) as history:
        with pytest.raises(sqlite3.ProgrammingError):
            closed.branches(Talk("", ("somebody",)))
        history.add("#lab", 1, ":a!b@c PRIVMSG #lab :m0.")
        assert history.commit() == ""
        history.add("#lab", 1, ":a!b@c PRIVMSG #lab :m1.")
        assert history.commit() == ""
    assert texts_in(path) == ["m0.", "m1."]


def test_ids_stay_and_what_was_taken_back_does_not_return(path: Path) -> None:
    with closing(History(path)) as history:
        given = [history.add("#lab", 1, f":a!b@c PRIVMSG #lab :m{number}.") for number in range(10)]
        history.commit()
        path.unlink()
        history.delete(5)
        history.commit()
        given.append(history.add("#lab", 1, ":a!b@c PRIVMSG #lab :m10."))
        history.commit()
        found = [history.msgid(row.id) for row in history.page(PageQuery(Talk("#lab"), 100))]
        assert found == given[:4] + given[5:]
    with closing(History(path)) as history:
        found = [history.msgid(row.id) for row in history.page(PageQuery(Talk("#lab"), 100))]
        assert found == given[:4] + given[5:]


def test_a_file_that_was_being_made_anew_when_the_server_was_killed_is_taken_up(path: Path) -> None:
    new = path.with_name(f"{path.name}-new")
    with closing(History(new)) as history:
        for number in range(10):
            history.add("#lab", number, f":a!b@c PRIVMSG #lab :m{number}.")
    with closing(History(path)):
        pass
    assert texts_in(path) == [f"m{number}." for number in range(10)]
    assert not new.exists()


def test_while_there_is_no_place_for_a_file_what_is_said_waits(irc: Irc) -> None:
    folder = irc.history.parent / "more"
    folder.mkdir()
    path = folder / "history.sqlite3"
    irc.server(history=path)
    anna = irc.client("anna", capabilities=TAGS).enter()
    say(anna, 0, 10)
    shutil.rmtree(folder)
    folder.write_text("a file in the place of the folder")
    anna.send("PRIVMSG #lab :m10.")
    anna.expect(r"NOTICE \* :The history cannot be written")
    say(anna, 11, 5)
    folder.unlink()
    anna.expect(r"NOTICE \* :Another program changed the history's file; .* nothing is lost$")
    assert texts_in(path) == [f"m{number}." for number in range(16)]


@pytest.mark.parametrize("at_start", [False, True])
def test_where_locks_are_refused_the_server_has_the_history_to_itself(
    at_start: bool, irc: Irc, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import fcntl

    def refuse(*_args: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    if at_start:
        monkeypatch.setattr(fcntl, "lockf", refuse)
    server = irc.server()
    anna = irc.client("anna", capabilities=TAGS).enter()
    say(anna, 0, 10)
    monkeypatch.setattr(fcntl, "lockf", refuse)
    say(anna, 10, 10)
    assert caplog.text.count("refuses locks") == 1
    with (
        closing(sqlite3.connect(f"file:{irc.history}?vfs=unix-none", uri=True)) as other,
        pytest.raises(sqlite3.OperationalError),  # there is no index that it could share
    ):
        other.execute("SELECT count(*) FROM message")
    assert not [line for line in anna.lines if "NOTICE *" in line]
    irc.stop(server)
    assert texts_in(irc.history) == [f"m{number}." for number in range(20)]


# What was taken back.


@pytest.mark.parametrize("end", ["running", "stopped", "killed and started again"])
def test_what_was_taken_back_is_in_none_of_the_files(end: str, path: Path) -> None:
    with (
        Program("server", "--port", "0", "--history", path, "--no-throttle") as program,
        Client(program.address()) as anna,
    ):
        anna.register("anna", capabilities=(*TAGS, "draft/message-redaction"))
        anna.enter()
        for number in range(40):
            anna.send(f"PRIVMSG #lab :{'secret' if number % 2 else 'public'}-{number}{'x' * 100}")
        anna.expect("secret-39")
        for line in [line for line in anna.lines if "secret-" in line]:
            msgid = re.search(r"msgid=([^; ]+)", line)
            assert msgid
            anna.send(f"REDACT #lab {msgid[1]}")
            anna.expect(f"REDACT #lab {re.escape(msgid[1])}")
        if end == "killed and started again":
            program.process.kill()
            program.wait()
        elif end == "stopped":
            assert program.stop() == 0
        else:
            wait_for(lambda: not kept_secrets(path), lambda: f"still in {kept_secrets(path)}", 2)
    if end == "killed and started again":
        with Program("server", "--port", "0", "--history", path) as program:
            program.address()
            assert not kept_secrets(path)
            assert program.stop() == 0
    assert not kept_secrets(path)


def kept_secrets(path: Path) -> list[str]:
    """Return the files that hold what was taken back."""
    files = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert any(b"public-" in raw for raw in files.values())
    return [name for name, raw in files.items() if b"secret-" in raw]
