"""A history that is full: whose messages go, and that nobody's flood takes away what others said."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

import chatroom.history.shares
import chatroom.history.store
import chatroom.history.waiting
from chatroom.history.rows import Author, PageQuery, Talk
from chatroom.history.shares import Shares
from chatroom.history.store import History
from tests.tools.irc import Irc

LINE = ":a!b@c PRIVMSG #lab :x"

LIMIT: Final = 1000
TEACHER: Final = Author("proof of the teacher", "teacher", "10.0.0.1")
ANNA: Final = Author("proof of anna", "anna", "10.0.0.2")
LESSON: Final = 300
LETTERS: Final = 100


def people(number: int, account: str) -> Author:
    """One of 50 connections of somebody who floods."""
    return Author(f"proof of {number % 50}", f"flood{number % 50}", account)


Flood = Callable[[History, int], object]
FLOODS: Final[dict[str, Flood]] = {
    "events in the room, from the teacher's own address": lambda history, number: history.add(
        "#lab", number, LINE, people(number, TEACHER.account), event=True
    ),
    "speech in the room of one person, from the teacher's own address": lambda history, number: history.add(
        "#lab", number, LINE, people(0, TEACHER.account)
    ),
    "speech in the room": lambda history, number: history.add(
        "#lab", number, LINE, people(number, "10.9.9.9")
    ),
    "speech in many rooms": lambda history, number: history.add(
        f"#r{number}", number, LINE, people(number, "10.9.9.9")
    ),
    "speech in another room, from the teacher's own address": lambda history, number: history.add(
        "#flood", number, LINE, people(number, TEACHER.account)
    ),
    "many private talks, from the teacher's own address": lambda history, number: history.add(
        f" flood{number % 49}", number, LINE, people(number, TEACHER.account), f"proof of {number % 49}"
    ),
    "letters to one of the lesson": lambda history, number: history.add(
        " anna", number, LINE, people(number, "10.9.9.9"), ANNA.identity
    ),
    "events in private": lambda history, number: history.add(
        " anna", number, LINE, people(number, "10.9.9.9"), ANNA.identity, event=True
    ),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_takes_nothing_away_from_others(flood: str, tmp_path: Path) -> None:
    with closing(History(tmp_path / "history.sqlite3", LIMIT)) as history:
        lesson = [history.add("#lab", number, LINE, TEACHER) for number in range(LESSON)]
        letters = [history.add(" teacher", number, LINE, ANNA, TEACHER.identity) for number in range(LETTERS)]
        for number in range(20 * LIMIT):
            FLOODS[flood](history, number)
            if number % 100 == 0:
                history.commit()
        history.commit()
        for talk, said in (
            (Talk("#lab"), lesson),
            (Talk(" anna", (TEACHER.identity,)), letters),
            (Talk(" teacher", (ANNA.identity,)), letters),
        ):
            query = PageQuery(talk, 20 * LIMIT, newest=False)
            kept = {history.msgid(row.id) for row in history.page(query)}
            assert kept.issuperset(said)


def test_what_waits_for_a_full_disk_is_not_pushed_out_by_a_flood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chatroom.history.waiting, "MAX_WAITING", 100_000)
    path = tmp_path / "history.sqlite3"
    with closing(History(path, clock=lambda: 0.0)) as history:
        with closing(sqlite3.connect(path)) as other:
            other.execute("BEGIN IMMEDIATE")
            lesson = [history.add("#lab", number, ":a!b@c PRIVMSG #lab :x", TEACHER) for number in range(50)]
            for number in range(1000):
                history.add(f"#r{number}", number, ":a!b@c PRIVMSG #r :x", people(number, "10.9.9.9"))
                history.commit()
            assert history.problem
        history.commit()
    with closing(History(path)) as history:
        kept = history.page(PageQuery(Talk("#lab"), 100))
        assert len(kept) == len(lesson)


def test_what_one_kind_does_not_use_the_others_may(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with closing(History(path, LIMIT)) as history:
        for number in range(2 * LIMIT):
            history.add("#lab", number, LINE, TEACHER)
    with closing(History(path)) as history:
        rows = list(history.newest(2 * LIMIT))[::-1]
        assert LIMIT - LIMIT // 20 <= len(rows) <= LIMIT
        assert [row.time for row in rows] == list(range(2 * LIMIT))[-len(rows) :]


@pytest.mark.parametrize("seed", range(5))
def test_the_counts_are_right_whatever_happens(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through redactions, pruning, restarts, kills, failures, and floods of shares."""
    monkeypatch.setattr(chatroom.history.shares, "MOST_SHARES", 6)
    chance = random.Random(seed)
    path = tmp_path / "history.sqlite3"
    for run in range(6):
        history = History(path, limit := chance.choice((0, 60, 200)), clock=lambda: 0.0)
        for number in range(chance.randint(1, 300)):
            author = chance.choice((TEACHER, ANNA, Author("s!u@h", "s", "h")))
            receiver = chance.choice(("", ANNA.identity, author.identity))
            target = f" {chance.choice('ab')}" if receiver else f"#{chance.choice('abcdefgh')}"
            history.add(target, number, LINE, author, receiver, event=chance.random() < 0.3)
            if chance.random() < 0.1:
                history.delete(chance.randint(1, history.last_id))
            if chance.random() < 0.2:
                history.commit()
            if chance.random() < 0.05:
                history._connection.execute(f"PRAGMA max_page_count = {chance.choice((1, 2**30))}")
        history._connection.execute(f"PRAGMA max_page_count = {2**30}")
        history.retry_at = 0.0
        for _time in range(4):
            history.commit()
        (count,) = history._connection.execute("SELECT count(*) FROM message").fetchone()
        assert history._count == count
        assert not limit or count <= limit
        if run % 2:
            history.close()
        else:
            history._file.close()  # as a killed one: nothing more is written
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(
            "SELECT id, target, event, sender, account, receiver, sender_nick, talk FROM message"
        ).fetchall()
        shares = Shares()
        assert shares.count(database, rows[-1][0], len(rows) + 1)
        levels: dict[tuple[str, ...], Counter[str]] = {}
        for share, numbers in shares._numbers.items():
            for level, name in enumerate(share):
                levels.setdefault(share[:level], Counter())[name] += len(numbers)
        assert {parent: tally.counts for parent, tally in shares._within.items()} == levels
        assert levels[()].total() == len(rows)
        for number, *whose, _nick, _talk in chance.sample(rows, len(rows) // 2):
            shares.remove(number, tuple(whose))
        left = sum(map(len, shares._numbers.values()))
        assert left == len(rows) - len(rows) // 2
        assert len(set(shares.take(10, len(rows)))) == left
        assert not shares._numbers
        assert not shares._within
        talks = {
            side
            for _id, target, _event, sender, _account, receiver, sender_nick, talk in rows
            if receiver
            for side in ((talk, sender, target[1:], receiver), (talk, receiver, sender_nick, sender))
        }
        assert set(database.execute("SELECT number, reader, nick, other FROM talk")) == talks


@pytest.mark.parametrize("together", [1, 100])
def test_a_full_history_does_not_grow(together: int, tmp_path: Path) -> None:
    with closing(History(tmp_path / "history.sqlite3", LIMIT)) as history:
        for number in range(3 * LIMIT):
            history.add("#lab", number, LINE, TEACHER)
            if number % together == 0:
                history.commit()
                assert history._count <= LIMIT


def test_what_was_there_is_counted_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full history that is opened is not read at once; it grows a little meanwhile."""
    path = tmp_path / "history.sqlite3"
    with closing(History(path, 0)) as history:
        lesson = [history.add("#lab", number, LINE, TEACHER) for number in range(LESSON)]
        for number in range(4 * LIMIT):
            history.add("#lab", number, LINE, ANNA)
    monkeypatch.setattr(chatroom.history.store, "COUNTED_PER_BATCH", 100)
    with closing(History(path, LIMIT)) as history:
        for number in range(100):
            history.add("#lab", number, LINE, ANNA)
            history.commit()
            assert history._count <= 4 * LIMIT + LESSON + 45
        assert LIMIT - LIMIT // 20 <= history._count <= LIMIT
        kept = {history.msgid(row.id) for row in history.page(PageQuery(Talk("#lab"), LIMIT))}
        assert kept.issuperset(lesson)


def test_a_sign_that_somebody_types_is_not_kept(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=["message-tags", "echo-message"]).enter()
    for tags in ("+typing=active", "+draft/typing=done", "+typing=active;+chat.lab/nonce=1", "label=1"):
        anna.send(f"@{tags} TAGMSG #lab")
        anna.expect("TAGMSG #lab$")
    anna.send("@+draft/react=x TAGMSG #lab")
    anna.expect("react=x.* TAGMSG #lab$")
    with closing(sqlite3.connect(irc.history)) as database:
        (kept,) = database.execute("SELECT count(*) FROM message WHERE line LIKE '%TAGMSG%'").fetchone()
    assert kept == 1
