"""The history's file: made if there is none, checked before it is written to, and how others read it."""

import os
import re
import sqlite3
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from chatroom.history import schema
from chatroom.history.rows import COLUMNS, COLUMNS_OF_ALL_VERSIONS, Row, decode_text, sound_row
from program.errors import UserFacingError
from translations import _
from translations.system_errors import explain_error

APPLICATION_ID: Final = 0x4C616243  # "LabC"
OPEN_SECONDS: Final = 2.0
"""How long the start waits for a program that is writing to the file."""
_VALUES: Final = f"({', '.join('?' for _field in Row._fields)})"
INSERT: Final = f"INSERT INTO message ({COLUMNS}) VALUES {_VALUES}"
_INSERTED_AT_ONCE: Final = 50
"""Rows of one statement: each costs half as much so as in a statement of its own."""
_TRIAL: Final = (None, "#lab", 0, ":a!b@c PRIVMSG #lab :x", 0, "", "", "", "", 0)
_WRONG_VALUE: Final = re.compile(r"(NULL|TEXT|NUMERIC|INTEGER|REAL|BLOB|non-\w+) value in ")
"""What `quick_check` says of a value that does not suit its column."""


class NotAHistoryError(sqlite3.DatabaseError):
    """The file is a sqlite3 database, but not one of this program's histories."""


class HistoryError(UserFacingError):
    """There is no history."""


UNUSABLE: Final = (sqlite3.Error, UnicodeDecodeError)
"""What sqlite3 raises over a file; the latter when it cannot even say what is wrong with damaged tables."""


def describe_error(path: Path, error: Exception) -> str:
    """Return a sentence that says why the file cannot be used."""
    if isinstance(error, NotAHistoryError):
        text = _("{path} is a database of another program or of a newer version; it was left as it is.")
    elif isinstance(error, sqlite3.OperationalError):
        text = _("The history {path} cannot be used ({error}).").replace("{error}", explain_error(error))
    else:
        text = _("{path} is not a history of this program, or it is damaged; it was left as it is.")
    return text.format(path=path)


def describe_damage(count: int) -> str:
    """Return a sentence about messages that were passed over."""
    text = _("history: damaged messages are passed over, at least {count}; the others are sound")
    return text.format(count=count)


def connect(path: Path, parameters: str, *, locks: bool = True) -> sqlite3.Connection:
    """Return a connection to a file; may be used by any one thread at a time.

    Args:
        parameters: of a URI (sqlite.org/uri.html), such as `mode=ro`.
        locks: without them no other program can have the file, and none may.

    Raises:
        sqlite3.Error: the file cannot be opened.
    """
    name = path.absolute().as_posix()
    if not locks:
        parameters += "&vfs=win32-none" if sys.platform == "win32" else "&vfs=unix-none"
    connection = sqlite3.connect(
        f"file://{'' if name.startswith('/') else '/'}{quote(name)}?{parameters}",
        uri=True,
        timeout=OPEN_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.text_factory = decode_text
    if not locks:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # else the log needs an index that is shared
    return connection


def lengthen(index: Path, then: os.stat_result | None) -> None:
    """Fill up the index of a log (`-shm`) that another program has cut; sqlite makes it anew.

    sqlite has mapped it into memory: at its next use the system would end this process.

    Args:
        then: what it was before; None if it is not known.
    """
    with suppress(OSError):
        if then is not None and os.path.samestat(then, now := index.stat()) and now.st_size < then.st_size:
            os.truncate(index, then.st_size)


def free_name(path: Path) -> Path:
    """Return a name beside a file, for what another program has put into its place."""
    number = 1
    while os.path.lexists(f"{path}-aside-{number}"):
        number += 1
    return Path(f"{path}-aside-{number}")


def open_file(path: Path, *, locks: bool = True, check: bool = True) -> sqlite3.Connection:
    """Open or create the file.

    Args:
        locks: see `connect`.
        check: read all of it first, and refuse it if it is damaged; a second for 200 MB.

    Raises:
        NotAHistoryError: the database belongs to another program or a newer version.
        sqlite3.Error, UnicodeDecodeError: the file is no database, is damaged, or cannot be read or written.
    """
    if check and path.exists() and path.stat().st_size:
        _check(path, locks=locks)
    connection = connect(path, "mode=rwc", locks=locks)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def parameters_to_read(path: Path) -> str:
    """Return parameters of a connection that reads all there is, also what a killed server has left."""
    # mode=rw makes no file; with mode=ro sqlite could not read a file whose server was killed.
    writable = os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)
    return "mode=rw" if writable else _read_only(path)


def _read_only(path: Path) -> str:
    """Return parameters of a connection that changes nothing, and makes no other file beside this one."""
    log = Path(os.path.realpath(path) + "-wal")  # beside the file itself, not beside a link to it
    # Without a log no other file is needed, and with `immutable` none is made.
    return "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"


def read_rooms(path: Path, room: str = "") -> Generator[Row | None, None, None]:
    """Read what was said in the rooms, oldest first; None stands for a damaged message.

    Private talks, and what was said to some of a room alone, are nobody else's and stay unread.

    Args:
        room: the folded name of one room; by default all rooms.

    Raises:
        HistoryError: the file is not there, or is no history; nothing was changed.
    """
    try:
        with closing(connect(path.resolve(), parameters_to_read(path))) as connection:
            if _is_new(connection):
                raise NotAHistoryError
            yield from map(_sound_or_none, _from_both_ends(connection, room))
    except UNUSABLE as error:
        raise HistoryError(describe_error(path, error)) from None


def _from_both_ends(connection: sqlite3.Connection, room: str) -> Iterator[tuple[Any, ...] | None]:
    """Yield the rows of the rooms; None stands for those between two damaged pages of the file."""
    select = (
        f"SELECT {COLUMNS_OF_ALL_VERSIONS} FROM message"
        " WHERE event IS NOT 1 AND (substr(target, 1, 1) IN ('#', '&') OR typeof(target) <> 'text')"
        " AND ? IN ('', target) AND id > ? ORDER BY id"
    )
    last = -(2**63)
    try:
        for row in connection.execute(select, (room, last)):
            last = row[0]
            yield row
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        newest: list[tuple[Any, ...]] = []
        with suppress(sqlite3.DatabaseError):
            for row in connection.execute(f"{select} DESC", (room, last)):
                newest.append(row)
        if last == -(2**63) and not newest:
            raise
        yield None
        yield from reversed(newest)


def _sound_or_none(values: tuple[Any, ...] | None) -> Row | None:
    return sound_row(values) if values else None


def _check(path: Path, *, locks: bool) -> None:
    """Read the whole file through a connection that cannot change a byte of it: a second for 200 MB."""
    with closing(connect(path, _read_only(path), locks=locks)) as connection:
        if not _is_new(connection):
            faults = [found for (found,) in connection.execute("PRAGMA quick_check(1000)")]
            # Rows with values of the wrong kind are passed over when they are read.
            if faults != ["ok"] and not all(fault and _WRONG_VALUE.match(fault) for fault in faults):
                raise sqlite3.DatabaseError(faults[0])


def _is_new(connection: sqlite3.Connection) -> bool:
    """Tell whether the database is empty; raise NotAHistoryError if it is another program's."""
    run = connection.execute
    application = run("PRAGMA application_id").fetchone()[0]
    version = run("PRAGMA user_version").fetchone()[0]
    is_new: bool = run("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0 and application == 0
    if not is_new and (application != APPLICATION_ID or version not in schema.VERSIONS):
        raise NotAHistoryError
    return is_new


def _prepare(connection: sqlite3.Connection) -> None:
    is_new = _is_new(connection)
    run = connection.execute
    run("PRAGMA journal_mode = WAL")
    run("PRAGMA wal_autocheckpoint = 0")  # see `chatroom.history.guarded`
    run("PRAGMA synchronous = NORMAL")  # a killed process loses nothing; only a power cut could
    run("PRAGMA secure_delete = ON")  # what was taken back is to be gone from the file too
    if is_new:
        schema.create(connection, APPLICATION_ID)
    elif run("PRAGMA user_version").fetchone()[0] != schema.VERSION:
        schema.upgrade(connection)
    else:
        schema.complete(connection)
    _try_tables(connection)


def insert(cursor: sqlite3.Cursor, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put rows (the values of `Row`) into the table."""
    for start in range(0, len(rows), _INSERTED_AT_ONCE):
        some = rows[start : start + _INSERTED_AT_ONCE]
        cursor.execute(INSERT + f", {_VALUES}" * (len(some) - 1), list(chain.from_iterable(some)))


def _try_tables(connection: sqlite3.Connection) -> None:
    """Find out now what is missing, and whether the file can be written, rather than at the first message."""
    run = connection.execute
    for table, columns in schema.COLUMNS.items():
        there = {column[1] for column in run(f"PRAGMA table_info({table})")}
        for column in columns:
            if column not in there:
                raise sqlite3.OperationalError(f"no such column: {table}.{column}")
    run("BEGIN IMMEDIATE")
    try:
        run(INSERT, _TRIAL)
    finally:
        run("ROLLBACK")
