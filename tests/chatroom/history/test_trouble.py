"""What a history does when something is in its way, and when another server wants its file."""

import os
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

import chatroom.history.waiting
from chatroom.history.file import HistoryError, read_rooms
from chatroom.history.rows import Author, PageQuery, Talk, private_target
from chatroom.history.store import RETRY_SECONDS, History, open_history
from program.lock import FileLock, LockedError
from tests.tools.history import FAILS, TAGS, WORKS, stored
from tests.tools.irc import Irc
from tests.tools.programs import Program, run


def test_a_batch_that_fails_half_way_is_taken_back_and_written_whole_later(irc: Irc) -> None:
    anna = irc.client("anna", capabilities=TAGS).enter()
    with closing(sqlite3.connect(irc.history, isolation_level=None, timeout=5)) as other:
        other.execute(
            "CREATE TRIGGER stop BEFORE INSERT ON message WHEN NEW.line LIKE '%:two' "
            "BEGIN SELECT RAISE(ABORT, 'two is not wanted'); END"
        )
        anna.send_bytes(b"".join(b"PRIVMSG #lab :%s\r\n" % word for word in (b"one", b"two", b"three")))
        anna.expect(FAILS)
        other.execute("DROP TRIGGER stop")  # "locked", if the failed transaction was left open
        anna.expect(WORKS)
    assert [text for _number, _time, text in stored(irc.history)] == ["one", "two", "three"]


def test_where_no_memory_is_left_to_write_the_batch_waits_whole(tmp_path: Path) -> None:
    now = 0.0
    path = tmp_path / "history.sqlite3"

    def fail() -> None:
        raise MemoryError

    with closing(History(path, clock=lambda: now)) as history:
        history._connection.create_function("fail", 0, fail)
        history._connection.execute(
            "CREATE TEMP TRIGGER stop BEFORE INSERT ON message WHEN NEW.line LIKE '%:two' "
            "BEGIN SELECT fail(); END"
        )
        for word in ("one", "two"):
            history.add("#lab", 1, f":a!b@c PRIVMSG #lab :{word}")
        assert "cannot be written" in history.commit()
        history._connection.execute("DROP TRIGGER stop")
        now += 10
        assert "nothing is lost" in history.commit()
    assert [text for _number, _time, text in stored(path)] == ["one", "two"]


def test_a_file_that_another_program_has_locked_is_never_waited_for(tmp_path: Path) -> None:
    now = 0.0
    path = tmp_path / "history.sqlite3"
    with closing(History(path, clock=lambda: now)) as history, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        waits = []
        for number in range(5):
            now += 10  # each commit tries again
            began = time.monotonic()
            history.add("#lab", number, f":a!b@c PRIVMSG #lab :{number}")
            history.commit()
            waits.append(time.monotonic() - began)
            assert history.problem == "another program is using it"
        other.rollback()
    assert min(waits) < 0.1, "a busy machine may hold up some; the lock would hold up each"


def test_what_waits_is_found_as_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    people = [Author(f"{nick}!x@y", nick, "y") for nick in ("anna", "boris", "vera")]
    anna = people[0].identity
    talks = [Talk("#lab"), Talk("#quiz"), Talk(" boris", (anna,)), Talk(" x", (anna,), people[2].identity)]
    now = 0.0
    with closing(History(path, clock=lambda: now)) as history, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in range(60):
            sender, reader = people[number % 3], people[number // 3 % 3]
            line = f":{sender.identity} PRIVMSG x :{number}"
            history.add(("#lab", "#quiz")[number % 2], number, line, sender, event=number % 5 == 0)
            history.add(private_target(reader.nick), number, line, sender, reader.identity)
        queries = [
            PageQuery(talk, limit, after, before, newest, events)
            for talk in talks
            for limit in (1, 7, 100)
            for after in (None, 30)
            for before in (None, 90)
            for newest in (False, True)
            for events in (False, True)
        ]
        history.commit()
        assert history.problem
        waiting = [history.page(query) for query in queries]
        times = [history.find_time(time) for time in (0, 17, 99)]
        other.rollback()
        now = RETRY_SECONDS
        history.commit()
        assert not history.problem
        assert waiting == [history.page(query) for query in queries]
        assert times == [history.find_time(time) for time in (0, 17, 99)]
        found = {query.talk for query, rows in zip(queries, waiting, strict=True) if rows}
        assert found == set(talks)


def test_what_was_taken_back_while_it_waited_takes_no_room_from_what_still_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chatroom.history.waiting, "MAX_WAITING", 10_000)
    path = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(path)) as other, closing(History(path)) as history:
        other.execute("BEGIN IMMEDIATE")
        history.add("#lab", 1, f":a!b@c PRIVMSG #lab :oops-{'x' * 6000}")
        history.commit()
        history.delete(history.last_id)
        history.add("#lab", 2, f":a!b@c PRIVMSG #lab :kept-{'x' * 6000}")
        history.commit()
        other.rollback()
    assert [text[:5] for _number, _time, text in stored(path)] == ["kept-"]


# Two servers on one history.


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Another chat server that is running keeps its history in"),
        ("ru", "В файле истории"),
    ],
)
def test_a_second_server_on_the_history_is_refused(tmp_path: Path, language: str, sentence: str) -> None:
    path = tmp_path / "history.sqlite3"
    with Program("server", "--port", "0", "--history", str(path)) as first:
        first.address()
        second = run("server", "--port", "0", "--history", path, environment={"LANG": language})
        assert second.returncode == 2, second
        assert sentence in second.stderr
        assert str(path) in second.stderr
        assert "--history" in second.stderr
        assert "Traceback" not in second.stderr
        assert first.stop() == 0
    with Program("server", "--port", "0", "--history", str(path)) as third:
        third.address()
        assert third.stop() == 0
    assert [file.name for file in tmp_path.glob("history*")] == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_a_link_to_the_history_is_no_other_history(tmp_path: Path) -> None:
    path, link = tmp_path / "history.sqlite3", tmp_path / "folder" / "link"
    link.parent.mkdir()
    link.symlink_to(path)
    with closing(open_history(path)), pytest.raises(HistoryError, match="Another chat server"):
        open_history(link)
    with closing(open_history(link)), pytest.raises(HistoryError, match="Another chat server"):
        open_history(path)
    assert list(link.parent.iterdir()) == [link]


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_a_link_to_itself_is_refused_with_a_sentence(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    for command in (("server", "--port", "0"), ("export",)):
        result = run(*command, "--history", link)
        assert result.returncode == 2, result
        assert str(link)[:40] in result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize("ending", ["", "-lock", "-new"])
def test_a_pipe_in_a_files_place_is_not_waited_for(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    os.mkfifo(f"{path}{ending}")
    with pytest.raises(HistoryError, match=str(path)):
        open_history(path)


def test_the_lock_dies_with_its_server(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    for _ in range(2):
        with Program("server", "--port", "0", "--history", str(path)) as program:
            program.address()
            program.process.kill()
            program.wait()
    with closing(History(path)):
        pass


def test_a_running_servers_history_can_be_exported(irc: Irc) -> None:
    anna = irc.client("anna", capabilities=TAGS).enter()
    anna.send("PRIVMSG #lab :before")
    anna.expect(":before$")
    assert [row.line.rpartition(":")[2] for row in read_rooms(irc.history) if row] == ["before"]
    anna.send("PRIVMSG #lab :after")
    anna.expect(":after$")
    assert not [line for line in anna.lines if FAILS in line]
    exported = run("export", "--history", irc.history)
    assert exported.returncode == 0, exported
    assert "after" in exported.stdout


def test_whoever_gets_a_lock_that_was_let_go_of_has_the_file_that_others_see(tmp_path: Path) -> None:
    """The file is removed when its lock is released: who opened it just before must not lock what is gone."""
    path = tmp_path / "lock"
    taken: list[int] = []

    def take_often() -> None:
        for _ in range(300):
            try:
                lock = FileLock(path)
            except LockedError:
                continue
            taken.append(1)
            assert len(taken) == 1
            time.sleep(0)
            taken.clear()
            lock.release()

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(take_often) for _ in range(4)]:
            one.result()


def test_a_notice_is_given_back(irc: Irc) -> None:
    anna = irc.client("anna", capabilities=TAGS).enter()
    anna.send("NOTICE #lab :seen")
    anna.expect("NOTICE #lab :seen$")
    anna.send("CHATHISTORY LATEST #lab * 10")
    anna.expect("batch=.* NOTICE #lab :seen$")


def test_what_was_said_to_the_operators_alone_is_given_back_to_nobody(irc: Irc) -> None:
    anna, boris = (irc.client(nick, capabilities=TAGS).enter() for nick in ("Анна", "Борис"))
    boris.send("PRIVMSG @#lab :только операторам")
    anna.expect("PRIVMSG @#lab :только операторам$")
    boris.send("PRIVMSG #lab :всем")
    for client in (anna, boris):
        client.expect("PRIVMSG #lab :всем$")
        client.send("CHATHISTORY LATEST #lab * 10")
        client.expect("BATCH .* chathistory #lab")
        client.expect_nothing_but("BATCH|PRIVMSG #lab :всем$|JOIN")


def test_a_history_from_the_future_is_told_of(irc: Irc, caplog: pytest.LogCaptureFixture) -> None:
    with closing(History(irc.history)) as history:
        history.add("#lab", round((time.time() + 10 * 86_400) * 1000), ":a!b@c PRIVMSG #lab :x")
    irc.server()
    assert "later than this computer's clock" in caplog.text
