"""The tables of the history's file, and how an older file gets them."""

import sqlite3
from typing import Final

from chatroom.history import talks
from chatroom.history.rows import MARK_EVERY, talk_number
from program.log import log
from translations import _

VERSION: Final = 3
VERSIONS: Final = (1, 2, VERSION)
"""Those that can be opened."""
_MESSAGE: Final = """
    CREATE TABLE message (
        id INTEGER PRIMARY KEY,
        target TEXT NOT NULL,
        time INTEGER NOT NULL,
        event INTEGER NOT NULL,
        line TEXT NOT NULL,
        sender TEXT NOT NULL,
        account TEXT NOT NULL DEFAULT '',
        receiver TEXT NOT NULL DEFAULT '',
        sender_nick TEXT NOT NULL DEFAULT '',
        talk INTEGER NOT NULL DEFAULT 0
    );
"""
_TABLES: Final = """
    CREATE TABLE IF NOT EXISTS run (first INTEGER NOT NULL, mark TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS talk (
        number INTEGER NOT NULL,
        reader TEXT NOT NULL,
        nick TEXT NOT NULL,
        other TEXT NOT NULL,
        time INTEGER NOT NULL,
        PRIMARY KEY (number, reader, nick)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS talk_by_nick ON talk (reader, nick, time);
    CREATE INDEX IF NOT EXISTS talk_by_other ON talk (reader, other, time);
    CREATE INDEX IF NOT EXISTS talk_by_time ON talk (reader, time);
"""
# Each message is put into two of these at most, most of them into one.
_INDEXES: Final = f"""
    CREATE INDEX IF NOT EXISTS message_in_room ON message (target, event) WHERE receiver = '';
    CREATE INDEX IF NOT EXISTS message_in_talk ON message (talk, event) WHERE talk > 0;
    CREATE INDEX IF NOT EXISTS message_at ON message (time) WHERE id % {MARK_EVERY} = 0;
"""
COLUMNS: Final = {
    "run": ("first", "mark"),
    "talk": ("number", "reader", "nick", "other", "time"),
}
"""What the tables besides the messages must have."""


def create(connection: sqlite3.Connection, application_id: int) -> None:
    """Make the tables of a new history."""
    connection.executescript(
        f"BEGIN; {_MESSAGE} {_TABLES} {_INDEXES}"
        f"PRAGMA application_id = {application_id}; PRAGMA user_version = {VERSION}; COMMIT;"
    )


def complete(connection: sqlite3.Connection) -> None:
    """Make anew what a file of this version lacks and can do without: all but the messages."""
    run = connection.execute
    had_talks = run("SELECT 1 FROM sqlite_master WHERE name = 'talk'").fetchone()
    run("BEGIN IMMEDIATE")
    try:
        for statement in f"{_TABLES} {_INDEXES}".split(";"):
            run(statement)
        if not had_talks:
            talks.fill(connection)
        run("COMMIT")
    except BaseException:
        if connection.in_transaction:
            run("ROLLBACK")
        raise


def upgrade(connection: sqlite3.Connection) -> None:
    """Make an older file one of this version, with all its rows; if that fails it stays as it was.

    A million messages take some seconds.
    """
    run = connection.execute
    is_first = run("PRAGMA user_version").fetchone()[0] == 1
    if is_first:
        log.info(
            _("history: the file is of version 0.1 and is made ready for this one; that may take a minute")
        )
    run("BEGIN IMMEDIATE")
    try:
        if is_first:
            _make_second(connection)
        else:
            run("DROP TABLE IF EXISTS talk")
        _make_third(connection)
        run(f"PRAGMA user_version = {VERSION}")
        run("COMMIT")
    except BaseException:
        if connection.in_transaction:
            run("ROLLBACK")
        raise
    if is_first:
        log.info(_("history: it is ready"))


def _make_second(connection: sqlite3.Connection) -> None:
    """Give the rows of version 0.1 the columns of version 2.

    Who said something in a room is not known of these; of a private talk it is known by `nick!user@host`.
    They all go on one account.
    """
    run = connection.execute
    run("CREATE TABLE IF NOT EXISTS run (first INTEGER NOT NULL, mark TEXT NOT NULL)")
    run("INSERT OR IGNORE INTO run SELECT 1, mark FROM meta")
    run("DROP TABLE meta")
    run("DROP INDEX IF EXISTS message_by_target")
    run("ALTER TABLE message RENAME COLUMN parties TO sender")
    for column in ("account", "receiver", "sender_nick"):
        run(f"ALTER TABLE message ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    connection.create_function("party", 2, _party, deterministic=True)
    connection.create_function("nick_of", 1, _nick, deterministic=True)
    run(
        "UPDATE OR IGNORE message SET"
        " target = ' ' || nick_of(party(CAST(sender AS BLOB), 2)),"
        " receiver = party(CAST(sender AS BLOB), 2),"
        " sender_nick = nick_of(party(CAST(sender AS BLOB), 1)),"
        " sender = party(CAST(sender AS BLOB), 1)"
        " WHERE sender > ''"
    )


def _make_third(connection: sqlite3.Connection) -> None:
    """Give the private messages of version 2 the numbers of their talks."""
    run = connection.execute
    for index in ("said", "heard", "between", "by_time"):
        run(f"DROP INDEX IF EXISTS message_{index}")
    run("ALTER TABLE message ADD COLUMN talk INTEGER NOT NULL DEFAULT 0")
    connection.create_function("talk_number", 4, _number, deterministic=True)
    run(
        "UPDATE message SET talk = talk_number(CAST(sender AS BLOB), CAST(sender_nick AS BLOB),"
        " CAST(receiver AS BLOB), CAST(target AS BLOB)) WHERE receiver > ''"
    )
    for statement in f"{_TABLES} {_INDEXES}".split(";"):
        run(statement)
    talks.fill(connection)


def _number(*names: object) -> int:
    sender, sender_nick, receiver, target = (
        name.decode(errors="replace") if isinstance(name, bytes) else "" for name in names
    )
    return talk_number(sender, sender_nick, receiver, target)


def _party(parties: object, number: int) -> str:
    """Return one `nick!user@host` of a private message of version 0.1: 1 is the sender, 2 the receiver."""
    found = parties.decode(errors="replace").split("\n") if isinstance(parties, bytes) else ()
    return found[number] if number < len(found) else ""


def _nick(source: str) -> str:
    return source.partition("!")[0]
