"""What the history is asked is answered from an index: it costs the same however much is stored."""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from chatroom.client import Client
from chatroom.config import Config
from chatroom.dispatch import handle_line
from chatroom.history.rows import (
    Author,
    PageQuery,
    Talk,
    read_row,
    select_conversations,
    select_ids,
    select_place,
)
from chatroom.history.shares import Shares
from chatroom.history.store import History
from chatroom.state import ServerState
from protocol.message import parse

NOON: Final = 1_800_000_000_000
TABLES: Final = ("message", "talk")
CAPABILITIES: Final = "CAP REQ :message-tags batch echo-message draft/message-redaction draft/event-playback"


class Room:
    """A server with a history of so many messages and events, whose clients speak without sockets."""

    def __init__(self, path: Path, limit: int = 100) -> None:
        self.history = History(path, limit)
        self.state = ServerState(Config(throttle=False), self.history)

    def enter(self, nick: str, *more: str) -> Client:
        client = self.state.connect("127.0.0.1", 1)
        self.say(client, CAPABILITIES, *more, f"NICK {nick}", f"USER {nick} 0 * :x", "CAP END", "JOIN #lab")
        return client

    def say(self, client: Client, *lines: str) -> str:
        """Say lines; return what the client is sent."""
        for line in lines:
            for _portion in handle_line(self.state, client, parse(line)) or ():
                pass
        self.state.commit()
        return b"".join(data for other, data in self.state.delivery.take() if other is client).decode()


def test_no_statement_reads_a_whole_table_or_sorts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement that the server runs is looked at; a new one that scans is found by running it here."""
    path, statements = tmp_path / "history.sqlite3", dict.fromkeys([""])
    connect = sqlite3.connect

    def connect_and_watch(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        connection.set_trace_callback(statements.setdefault)
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect_and_watch)
    for _run in range(2):
        room = Room(path)
        anna, boris = room.enter("anna", "RECLAIM anna 0123456789abcdef"), room.enter("boris")
        plain = room.enter("plain")
        room.say(plain, "CAP REQ :-draft/event-playback")
        for number in range(150):
            room.say(anna, f"@+chat.lab/nonce={number} PRIVMSG #lab :{number}", "@+react=x TAGMSG #lab")
            room.say(anna, f"PRIVMSG boris :{number}")
            room.say(boris, "TOPIC #lab :x", f"PRIVMSG anna :{number}", "@+react=x TAGMSG anna")
        page = room.say(anna, "CHATHISTORY LATEST boris * 1", "CHATHISTORY LATEST #lab * 1")
        for client in (anna, boris, plain):
            for target in ("#lab", "boris", "anna"):
                for place in ("*", "timestamp=2026-01-01T00:00:00.000Z"):
                    for subcommand in ("LATEST", "BEFORE", "AFTER", "AROUND"):
                        room.say(client, f"CHATHISTORY {subcommand} {target} {place} 5")
                room.say(client, f"CHATHISTORY BETWEEN {target} * timestamp=2026-01-01T00:00:00.000Z 5")
            room.say(
                client,
                "CHATHISTORY TARGETS timestamp=2026-01-01T00:00:00.000Z timestamp=2099-01-01T00:00:00.000Z 9",
            )
            for sought in (
                "text=1",
                "text=1;in=#lab",
                "text=1;in=boris",
                "from=anna;after=2026-01-01T00:00:00Z",
            ):
                room.say(client, f"SEARCH {sought}")
        for line in page.split("\r\n"):
            if " PRIVMSG " in line:
                msgid = parse(line).tags["msgid"]
                assert " REDACT " in room.say(anna, f"REDACT {parse(line).param(0)} {msgid}")
        room.history.close()
    monkeypatch.undo()
    asked = [
        text
        for text in statements
        if text.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
        and any(f" {one}" in text for one in TABLES)
        and text != "SELECT count(*) FROM message"  # at the start, when the whole file is checked
    ]
    assert len(asked) > 100
    with closing(sqlite3.connect(path)) as database:
        for statement in asked:
            for *_ids, step in database.execute(f"EXPLAIN QUERY PLAN {statement}"):
                if not step.endswith("CONSTANT ROWS"):  # those of the statement itself
                    assert not step.startswith(("SCAN", "USE TEMP B-TREE")), f"{statement}: {step}"


ANNA: Final = Author("proof of anna", "anna", "10.0.0.1")
BORIS: Final = Author("proof of boris", "boris", "10.0.0.2")
PAGE: Final = 20


def fill(path: Path, count: int) -> None:
    """Make a history with much between and around what is asked for, and as much again `count` times."""
    with closing(History(path)) as history:
        moment = NOON

        def add(target: str, author: Author, receiver: str = "", *, event: bool = False) -> None:
            nonlocal moment
            moment += 1
            history.add(target, moment, f":{author.nick}!x@y PRIVMSG x :x", author, receiver, event=event)

        for _ in range(PAGE):
            add("#lab", ANNA)
            add(" boris", ANNA, BORIS.identity)
        for number in range(count):
            crowd = Author(f"proof {number}", f"crowd{number}", f"10.1.{number % 200}.1")
            other = Author(f"other {number}", "boris", f"10.2.{number % 200}.1")
            add("#lab", BORIS, event=True)  # events after what was said
            add(" boris", crowd, other.identity)  # the same nick, other people
            add(" anna", other, crowd.identity)
            add(" boris", ANNA, BORIS.identity, event=True)
            add(f"#room{number}", crowd)
            add(f" crowd{number}", ANNA, crowd.identity)  # many talks
            if number % 500 == 0:
                history.commit()


QUESTIONS: Final[dict[str, Callable[[sqlite3.Connection], object]]] = {
    "what was said in a room of events": lambda c: select_ids(c, PageQuery(Talk("#lab"), PAGE)),
    "with the events": lambda c: select_ids(c, PageQuery(Talk("#lab"), PAGE, events=True)),
    "the oldest": lambda c: select_ids(c, PageQuery(Talk("#lab"), PAGE, after=3, newest=False)),
    "a private talk among others of its nicks": lambda c: select_ids(
        c, PageQuery(Talk(" boris", (ANNA.identity, "anna!a@h"), BORIS.identity), PAGE)
    ),
    "somebody who never spoke": lambda c: select_ids(c, PageQuery(Talk(" boris", ("nobody",)), PAGE)),
    "the talks of one who has many": lambda c: select_conversations(
        c, ["#lab", "#no"], (ANNA.identity,), (NOON, NOON * 2), PAGE
    ),
    "a message": lambda c: read_row(c, 5),
    "a time": lambda c: select_place(c, NOON + 5),
    "whose a part of the rows is": lambda c: Shares().count(c, 10**9, PAGE),
}


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[sqlite3.Connection]]:
    folder = tmp_path_factory.mktemp("histories")
    paths = [folder / f"{count}.sqlite3" for count in (400, 4000)]
    for path in paths:
        fill(path, int(path.stem))
    with closing(sqlite3.connect(paths[0])) as small, closing(sqlite3.connect(paths[1])) as large:
        yield [small, large]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_costs_the_same_however_much_is_stored(
    question: str, histories: list[sqlite3.Connection]
) -> None:
    costs = []
    for connection in histories:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        connection.set_progress_handler(count, 1)
        QUESTIONS[question](connection)
        connection.set_progress_handler(None, 0)
        connection.rollback()
        costs.append(steps)
    small, large = costs
    assert large <= small * 1.5 + 20, costs
    assert large < 30_000, costs


@pytest.mark.parametrize("receiver", ["", BORIS.identity])
def test_a_message_changes_two_pages(receiver: str, tmp_path: Path) -> None:
    """Its own and that of one index: each more would cost as much as the sending to some clients."""
    path, count = tmp_path / "history.sqlite3", 200
    with closing(History(path)) as history:
        for number in range(2 * count):
            history.add(
                " boris" if receiver else "#lab", NOON + number, ":a!b@c PRIVMSG x :x", ANNA, receiver
            )
            history.commit()
            if number == count:
                before = path.with_name(f"{path.name}-wal").stat().st_size
        pages = (path.with_name(f"{path.name}-wal").stat().st_size - before) / (4096 + 24)
    assert pages < 2.3 * count


def test_a_batch_in_which_nobody_speaks_does_not_touch_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        pytest.fail("the file was looked at")

    with closing(History(tmp_path / "history.sqlite3")) as history:
        history.add("#lab", NOON, ":a!b@c PRIVMSG #lab :x", ANNA)
        history.commit()
        with monkeypatch.context() as patch:
            patch.setattr(os, "stat", fail)
            history._connection.set_trace_callback(fail)
            history.commit()
            history._connection.set_trace_callback(None)


def test_a_search_takes_many_small_steps_and_heeds_what_happens_in_between(tmp_path: Path) -> None:
    """Whoever is thrown out, and whatever is taken back, while a search goes on: nothing of it is shown."""
    room = Room(tmp_path / "history.sqlite3", 10_000)
    anna = room.enter("anna", "CAP REQ :soju.im/search")
    boris, vera = room.enter("boris"), room.enter("vera")
    for _ in range(3000):
        room.history.add("#lab", NOON, f":boris!x@y PRIVMSG #lab :{'x' * 100}", BORIS)
    room.say(boris, "JOIN #other", "PRIVMSG #lab :needle one", "PRIVMSG #other :needle two")
    room.say(anna, "JOIN #other")
    room.say(vera, "PRIVMSG anna :needle three")
    page = room.say(anna, "CHATHISTORY LATEST #lab * 1")
    msgid = next(parse(line).tags["msgid"] for line in page.split("\r\n") if "needle one" in line)
    # In one batch of the hub: nothing of this is in the file yet.
    room.history.add(" boris", NOON, ":carl!x@y PRIVMSG boris :needle four", ANNA, BORIS.identity)
    room.history.add("#lab", NOON, ":boris!x@y PRIVMSG #lab :needle five", BORIS)
    steps = handle_line(room.state, anna, parse("SEARCH text=needle"))
    assert steps
    assert len([next(steps) for _ in range(10)]) == 10
    for line in (f"REDACT #lab {msgid}", "KICK #other anna"):
        handle_line(room.state, boris, parse(line))
    count = sum(1 for _step in steps)
    assert count > 5
    found = b"".join(data for client, data in room.state.delivery.take() if client is anna).decode()
    assert re.findall("needle [a-z]+", found) == ["needle three", "needle five"]
    room.history.close()
