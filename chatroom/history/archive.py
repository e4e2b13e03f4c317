"""A history's file as `chat export` reads it, while a server may be writing to it."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from chatroom.history.file import (
    APPLICATION_ID,
    OPEN_SECONDS,
    SCHEMA_VERSION,
    HistoryError,
    NotAHistoryError,
    describe_error,
    read_only_uri,
)
from chatroom.history.pages import COLUMNS
from chatroom.history.rows import Row


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
    uri = f"{path.resolve().as_uri()}?mode=rw" if writable else read_only_uri(path)
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=OPEN_SECONDS)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if (application, version) != (APPLICATION_ID, SCHEMA_VERSION):
                raise NotAHistoryError
            found = connection.execute(
                f"SELECT {COLUMNS} FROM message"
                " WHERE event = 0 AND substr(target, 1, 1) IN ('#', '&') AND ? IN ('', target) ORDER BY id",
                (room,),
            )
            for row in found:
                yield Row(*row)
    except sqlite3.Error as error:
        raise HistoryError(describe_error(path, error)) from None
