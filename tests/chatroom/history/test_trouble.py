"""What a history is asked when something is in its way, or another server beside it."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from chatroom.history.store import LOCK_SECONDS, History
from tests.promises.test_history import FAILS, TAGS, WORKS, stored
from tests.tools.irc import Irc


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


def test_a_lock_that_lasts_is_waited_for_once(tmp_path: Path) -> None:
    now = 0.0
    path = tmp_path / "history.sqlite3"
    with closing(History(path, clock=lambda: now)) as history, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        waits = []
        for number in range(5):
            now += 10  # each commit tries again
            began = time.monotonic()
            history.add("#lab", number, f":a!b@c PRIVMSG #lab :{number}", "", event=False)
            history.commit()
            waits.append(time.monotonic() - began)
            assert history.problem
        other.rollback()
    assert waits[0] >= LOCK_SECONDS
    assert min(waits[1:]) < LOCK_SECONDS / 2, "a busy machine may hold up some; the lock would hold up each"


def test_a_place_that_another_server_gave_is_known(irc: Irc) -> None:
    irc.server()
    anna = irc.client("anna", capabilities=TAGS).enter()
    irc.server()
    boris = irc.client("boris", capabilities=TAGS).enter()
    boris.send("PRIVMSG #lab :there")
    place = boris.expect(r"msgid=([^; ]+)\S* \S+ PRIVMSG #lab :there")[1]
    anna.send("PRIVMSG #lab :here")
    anna.expect("PRIVMSG #lab :here$")
    anna.send(f"CHATHISTORY AFTER #lab msgid={place} 10")
    anna.expect("batch=.* PRIVMSG #lab :here$")


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
        history.add(
            "#lab", round((time.time() + 10 * 86_400) * 1000), ":a!b@c PRIVMSG #lab :x", "", event=False
        )
    irc.server()
    assert "later than this computer's clock" in caplog.text
