"""The promise: what anyone has seen is on disk, whatever happens to the server or to its file.

`KILLS=200 SEED=7 python3 -m tests tests/promises/test_history.py -k killed -n0 -s --timeout 0` kills more.
"""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

import chatroom.history.waiting
from chatroom.history.store import PRUNED_PER_BATCH, History
from tests.tools.history import FAILS, TAGS, WORKS, stored
from tests.tools.irc import Client, Irc
from tests.tools.programs import CHAT, DEADLINE, Program

TALKERS: Final = 10
KILLS: Final = int(os.environ.get("KILLS", "20"))
SEED: Final = int(os.environ.get("SEED", "4"))
_SAID: Final = re.compile(r"^@(?:time=[^;]*;)?msgid=[0-9a-f]+-(\d+)\S* :(\S+) PRIVMSG #lab :(\S+)")


def serve(history: Path, *options: str, program: tuple[str, ...] = CHAT, port: int = 0) -> Program:
    arguments = ("server", "--port", str(port), "--history", str(history), "--no-throttle", *options)
    return Program(*arguments, program=program)


if sys.platform != "win32":
    import resource

Admit = Callable[[tuple[str, int], str], Client]


@pytest.fixture
def admit() -> Iterator[Admit]:
    """Clients in `#lab`: `admit(address, "anna")`."""
    with ExitStack() as stack:

        def make(address: tuple[str, int], nick: str) -> Client:
            client = stack.enter_context(Client(address))
            client.register(nick, capabilities=TAGS)
            client.enter()
            return client

        yield make


def seen_by(client: Client) -> list[tuple[int, str]]:
    """Return number and text of the messages that the client received, in order."""
    return [(int(found[1]), found[3]) for found in map(_SAID.search, client.lines) if found]


def assert_kept(clients: list[Client], history: Path) -> int:
    """All that the clients saw is in the file, once, in order; return how much the fullest of them saw."""
    rows = stored(history)
    texts = {number: text for number, _time, text in rows}
    assert len({text for _number, _time, text in rows}) == len(rows), "something is there twice"
    for client in clients:
        seen = seen_by(client)
        assert seen == sorted(seen), f"{client.name} saw messages out of order"
        missing = [one for one in seen if texts.get(one[0]) != one[1]]
        assert not missing, f"of {len(seen)} messages that {client.name} saw, not on disk: {missing}"
    return max(len(seen_by(client)) for client in clients)


def talk_until_the_end(client: Client) -> None:
    """Send at full speed and read all that comes, until the server is gone."""

    def send() -> None:
        number = 0
        try:
            while True:
                lines = (f"PRIVMSG #lab :{client.name}-{number + n}" for n in range(20))
                client.send_bytes("".join(f"{line}\r\n" for line in lines).encode())
                number += 20
        except OSError:
            pass

    sender = threading.Thread(target=send)
    sender.start()
    client.expect_closed(60)
    client.close()
    sender.join()


@pytest.mark.long
def test_what_anyone_saw_is_there_after_the_server_was_killed(tmp_path: Path, admit: Admit) -> None:
    chance = random.Random(SEED)
    print(f"SEED={SEED} KILLS={KILLS}")
    seen = least = 0
    for round_number in range(KILLS):
        history = tmp_path / f"history-{round_number // 20}.sqlite3"  # all of it is read each time
        with serve(history, "--quiet") as program:
            clients = [admit(program.address(), f"c{round_number}x{n}") for n in range(TALKERS)]
            threads = [threading.Thread(target=talk_until_the_end, args=(client,)) for client in clients]
            for thread in threads:
                thread.start()
            moment = chance.randrange(20, 3000)
            deadline = time.monotonic() + DEADLINE
            while len(clients[0].lines) < moment:
                time.sleep(0.001)
                assert time.monotonic() < deadline
            program.process.kill()
            program.wait()
            for thread in threads:
                thread.join()
        most = assert_kept_after_restart(clients, history)
        seen += most
        least = min(least, most) if round_number else most
    print(f"{seen} messages seen and kept, {least} at least in a round")
    assert seen


def assert_kept_after_restart(clients: list[Client], history: Path) -> int:
    with closing(History(history)):  # as a server that starts opens it
        pass
    return assert_kept(clients, history)


# A history that fails.


Trouble = tuple[Path, Callable[[Program], None], Callable[[Program], None]]
"""A history, what makes the server unable to write it, and what makes it able again."""


@contextmanager
def a_small_disk(folder: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can make a small disk; the limit of the file's size is tested in its place")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be made here: {mounted.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def a_full_disk(folder: Path) -> Iterator[Trouble]:
    """A disk that can be filled to its last byte, and emptied."""
    with a_small_disk(folder) as disk:
        filler = disk / "filler"

        def fill(_program: Program) -> None:
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while file.write(bytes(4096)) == 4096:
                    pass
            assert shutil.disk_usage(disk).free == 0

        yield disk / "history.sqlite3", fill, lambda _program: filler.unlink()


@contextmanager
def a_quota(folder: Path) -> Iterator[Trouble]:
    """A limit of the size of a file, which anybody can set, and lift."""
    history = folder / "history.sqlite3"

    def limit(program: Program) -> None:
        size = max(file.stat().st_size for file in folder.iterdir())
        resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def lift(program: Program) -> None:
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, unlimited)

    yield history, limit, lift


def say_until(client: Client, pattern: str, start: int) -> int:
    """Say numbered messages, each long, until a line of the pattern comes; return the next number."""
    for number in range(start, start + 3000):
        client.send(f"PRIVMSG #lab :{client.name}-{number}-{'x' * 300}")
        client.expect(f"PRIVMSG #lab :{client.name}-{number}-")
        if any(re.search(pattern, line) for line in client.lines):
            return number + 1
    raise AssertionError(f"never came: {pattern}")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a small disk or prlimit")
@pytest.mark.parametrize("make", [a_full_disk, a_quota])
def test_a_full_disk_stops_nobody_and_nothing_is_lost_when_there_is_room_again(
    make: Callable[[Path], AbstractContextManager[Trouble]],
    tmp_path: Path,
    admit: Admit,
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with make(folder) as (history, fill, empty):
        with serve(history) as program:
            anna, boris = (admit(program.address(), nick) for nick in ("anna", "boris"))
            fill(program)
            said = say_until(anna, FAILS, 0)
            boris.expect(FAILS)
            program.expect("history: .*; what is said now is lost if the server stops")
            said = say_until(anna, f"anna-{said + 50}-", said)
            vera = admit(program.address(), "vera")
            vera.send("CHATHISTORY LATEST #lab * 1")
            assert vera.expect(r"PRIVMSG #lab :anna-(\d+)-")[1] == str(said - 1)
            empty(program)
            anna.expect(WORKS)
            boris.expect(WORKS)
            program.expect("history: works again; nothing is lost")
            for client in (anna, boris):
                assert sum(bool(re.search(FAILS, line)) for line in client.lines) == 1
            assert program.stop() == 0
        assert assert_kept([anna, boris], history) == said


@pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit")
def test_messages_that_were_never_written_share_no_id_with_later_ones(tmp_path: Path, admit: Admit) -> None:
    with a_quota(tmp_path) as (history, fill, _empty):
        with serve(history) as program:
            anna = admit(program.address(), "anna")
            fill(program)
            said = say_until(anna, FAILS, 0)
            say_until(anna, f"anna-{said + 50}-", said)
            program.process.kill()
            program.wait()
        assert len(seen_by(anna)) - len(stored(history)) >= 50
        with serve(history) as program:
            boris = admit(program.address(), "boris")
            say_until(boris, "boris-100-", 0)
            assert program.stop() == 0
        given = [re.findall(r"msgid=([^; ]+)", "\n".join(client.lines)) for client in (anna, boris)]
        assert len(given[1]) > 100
        assert set(given[0]).isdisjoint(given[1])
        assert_kept([boris], history)


def test_a_locked_history_delays_nobody_and_is_written_later(tmp_path: Path, admit: Admit) -> None:
    history = tmp_path / "history.sqlite3"
    with serve(history) as program, closing(sqlite3.connect(history, isolation_level=None)) as other:
        anna, boris = (admit(program.address(), nick) for nick in ("anna", "boris"))
        other.execute("BEGIN IMMEDIATE")
        delays = []
        for number in range(200):
            before = time.monotonic()
            anna.send(f"PRIVMSG #lab :anna-{number}-")
            boris.expect(f"PRIVMSG #lab :anna-{number}-")
            delays.append(time.monotonic() - before)
        assert sorted(delays)[100] < 0.1, "a busy machine may hold up some; the lock would hold up each"
        for client in (anna, boris):
            client.send("PING x")
            client.expect("PONG .*x$")
            assert sum(bool(re.search(FAILS, line)) for line in client.lines) == 1
        program.expect("history: another program is using it; what is said now is lost if the server stops")
        other.execute("ROLLBACK")
        boris.expect(WORKS)
        assert program.stop() == 0
    assert assert_kept([anna, boris], history) == 200


def test_a_server_that_stops_with_a_failing_history_says_what_is_lost(tmp_path: Path, admit: Admit) -> None:
    history = tmp_path / "history.sqlite3"
    with serve(history) as program, closing(sqlite3.connect(history, isolation_level=None)) as other:
        anna = admit(program.address(), "anna")
        other.execute("BEGIN IMMEDIATE")
        for number in range(3):
            anna.send(f"PRIVMSG #lab :anna-{number}-")
            anna.expect(f"anna-{number}-")
        assert program.stop() == 0
        assert "Traceback" not in "\n".join(program.lines)
        program_said = [line for line in program.lines if "could not be written and are lost" in line]
        assert len(program_said) == 1
    assert stored(history) == []


def test_of_too_much_that_waits_the_oldest_is_lost_and_counted(
    irc: Irc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chatroom.history.waiting, "MAX_WAITING", 10_000)
    anna = irc.client("anna", capabilities=TAGS)
    anna.enter()
    with closing(sqlite3.connect(irc.history, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in range(200):
            anna.send(f"PRIVMSG #lab :anna-{number}")
        anna.expect(":anna-199$")
        other.execute("ROLLBACK")
    lost = int(anna.expect(r"NOTICE \* :The history is written again; messages that it lacks: (\d+)$")[1])
    assert [text for _number, _time, text in stored(irc.history)] == [
        f"anna-{number}" for number in range(lost, 200)
    ]
    assert 100 < lost < 200


def test_a_line_taken_back_while_it_waits_is_never_written(irc: Irc) -> None:
    irc.server(oper_name="teacher", oper_password="chalk")
    capabilities = (*TAGS, "draft/message-redaction")
    anna = irc.client("anna", capabilities=capabilities)
    anna.enter()
    anna.send("PRIVMSG #lab :before")
    first = anna.expect(r"msgid=(\S+) .*:before")[1]
    with closing(sqlite3.connect(irc.history, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        anna.send("PRIVMSG #lab :oops")
        second = anna.expect(r"msgid=(\S+) .*:oops")[1]
        anna.send("PRIVMSG #lab :after")
        anna.expect(":after")
        for msgid in (first, second):
            anna.send(f"REDACT #lab {msgid}")
            anna.expect(f"REDACT #lab {msgid}")
        anna.send("CHATHISTORY LATEST #lab * 10")
        anna.expect(":after$")
        assert not any("batch=" in line and ("oops" in line or "before" in line) for line in anna.lines)
        other.execute("ROLLBACK")
    anna.expect(WORKS)
    assert [text for _number, _time, text in stored(irc.history)] == ["after"]


# A history that is bounded.


def test_old_messages_leave_and_the_newest_stay(tmp_path: Path, admit: Admit) -> None:
    history = tmp_path / "history.sqlite3"
    with serve(history, "--history-limit", "300") as program:
        anna = admit(program.address(), "anna")
        anna.send_bytes("".join(f"PRIVMSG #lab :anna-{number}\r\n" for number in range(2000)).encode())
        first = anna.expect(r"msgid=([0-9a-f]+-\d+)\S* \S+ PRIVMSG #lab :anna-0$")[1]
        anna.expect(":anna-1999$")
        anna.send(f"CHATHISTORY AFTER #lab msgid={first} 100")
        found = anna.expect(r"@batch=\S*msgid=(\S+?)(?:;\S*)? \S+ PRIVMSG #lab :anna-(\d+)$")
        oldest, number = found[1], int(found[2])
        assert 1700 <= number <= 1720, "it goes on with the oldest that is kept"
        anna.expect("BATCH -")
        for place in (oldest, first):
            anna.send(f"CHATHISTORY BEFORE #lab msgid={place} 100")
            reference = anna.expect(r"BATCH \+(\S+) chathistory #lab")[1]
            anna.expect_nothing_but(f"BATCH -{reference}")
        assert program.stop() == 0
    rows = [text for _number, _time, text in stored(history)]
    assert rows == [f"anna-{number}" for number in range(2000 - len(rows), 2000)]
    assert 280 <= len(rows) <= 300


def test_a_smaller_limit_takes_effect_in_small_bites(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with closing(History(path)) as history:
        for number in range(3000):
            history.add("#lab", number, f":a!b@c PRIVMSG #lab :{number}")
    with closing(History(path, limit=100)) as history:
        for number in range(40):
            before = len(list(history.newest(5000)))
            history.add("#lab", 3000 + number, f":a!b@c PRIVMSG #lab :new-{number}")
            history.commit()
            assert before - len(list(history.newest(5000))) <= PRUNED_PER_BATCH + 2
    assert 95 <= len(stored(path)) <= 100


def test_a_killed_server_needs_no_handful_of_files(tmp_path: Path, admit: Admit) -> None:
    """What a killed server leaves, a log, an index and a lock, is taken up again and tidied away."""
    history = tmp_path / "history.sqlite3"
    with serve(history) as program:
        anna = admit(program.address(), "anna")
        say_until(anna, "anna-10-", 0)
        program.process.kill()
        program.wait()
    assert len(list(tmp_path.glob("history*"))) == 4
    with serve(history) as program:
        program.address()
        assert program.stop() == 0
    assert [file.name for file in tmp_path.glob("history*")] == ["history.sqlite3"]
    assert assert_kept([anna], history) == 11
