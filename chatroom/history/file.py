"""The history's file: made if there is none, checked before it is written to, and how others read it."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from chatroom.history import schema
from chatroom.history.rows import COLUMNS_OF_ALL_VERSIONS, Row
from program.errors import UserFacingError
from translations import _

APPLICATION_ID: Final = 0x4C616243  # "LabC"
OPEN_SECONDS: Final = 2.0
"""How long the start waits for a program that is writing to the file."""
CHECKPOINT_PAGES: Final = 4000
"""Pages of 4 KiB in the write-ahead log before sqlite copies them into the database: seldom, since it waits
for the disk, and often enough that the log stays small."""


class NotAHistoryError(sqlite3.DatabaseError):
    """The file is a sqlite3 database, but not one of this program's histories."""


class HistoryError(UserFacingError):
    """There is no history."""


def describe_error(path: Path, error: sqlite3.Error) -> str:
    """Return a sentence that says why the file cannot be used."""
    if isinstance(error, NotAHistoryError):
        text = _("{path} is a database of another program or of a newer version; it was left as it is.")
    elif isinstance(error, sqlite3.OperationalError):
        text = _("The history {path} cannot be used ({error}).").replace("{error}", str(error))
    else:
        text = _("{path} is not a history of this program, or it is damaged; it was left as it is.")
    return text.format(path=path)


def open_file(path: Path) -> sqlite3.Connection:
    """Open or create the file; may be used by any one thread at a time.

    Raises:
        NotAHistoryError: the database belongs to another program or a newer version.
        sqlite3.Error: the file is no database, is damaged, or cannot be read or written.
    """
    if path.exists() and path.stat().st_size:
        _check(path)
    connection = sqlite3.connect(path, timeout=OPEN_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _read_only_uri(path: Path) -> str:
    """Return the file's name for a connection that changes nothing, and makes no other file beside it."""
    log = Path(os.path.realpath(path) + "-wal")  # beside the file itself, not beside a link to it
    # Without a log no other file is needed, and with `immutable` none is made.
    mode = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
    name = path.absolute().as_posix()
    return f"file://{'' if name.startswith('/') else '/'}{quote(name)}?{mode}"


def read_rooms(path: Path, room: str = "") -> Generator[Row, None, None]:
    """Read what was said in the rooms, oldest first.

    Private talks, and what was said to some of a room alone, are nobody else's and stay unread.

    Args:
        room: the folded name of one room; by default all rooms.

    Raises:
        HistoryError: the file is not there, or is no history; nothing was changed.
    """
    # mode=rw makes no file; with mode=ro sqlite could not read a file whose server was killed.
    writable = os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)
    uri = f"{path.resolve().as_uri()}?mode=rw" if writable else _read_only_uri(path)
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=OPEN_SECONDS)) as connection:
            if _is_new(connection):
                raise NotAHistoryError
            found = connection.execute(
                f"SELECT {COLUMNS_OF_ALL_VERSIONS} FROM message"
                " WHERE event = 0 AND substr(target, 1, 1) IN ('#', '&') AND ? IN ('', target) ORDER BY id",
                (room,),
            )
            for row in found:
                yield Row(*row)
    except sqlite3.Error as error:
        raise HistoryError(describe_error(path, error)) from None


def _check(path: Path) -> None:
    """Read the whole file through a connection that cannot change a byte of it: a second for 200 MB."""
    with closing(sqlite3.connect(_read_only_uri(path), timeout=OPEN_SECONDS, uri=True)) as connection:
        if not _is_new(connection):
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(found)


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
    run(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    run("PRAGMA synchronous = NORMAL")  # a killed process loses nothing; only a power cut could
    run("PRAGMA secure_delete = ON")  # what was taken back is to be gone from the file too
    if is_new:
        schema.create(connection, APPLICATION_ID)
    elif run("PRAGMA user_version").fetchone()[0] != schema.VERSION:
        schema.upgrade(connection)
