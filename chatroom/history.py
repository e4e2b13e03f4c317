"""Messages on disk (sqlite3, WAL), committed before anybody sees them.

A message's `msgid` is the history's own mark and the row's number: `k3f9a2-17`. Rows are in the order of
both their numbers and their times, because the server's clock is never let go back (`ServerState.now`).
"""

import re
import secrets
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from translations import _

APPLICATION_ID: Final = 0x4C616243  # "LabC"
SCHEMA_VERSION: Final = 1
LOCK_SECONDS: Final = 2.0
CHECKPOINT_PAGES: Final = 4000
"""Pages of 4 KiB in the write-ahead log before sqlite copies them into the database: seldom, since it waits
for the disk, and often enough that the log stays small."""
_SCHEMA: Final = f"""
    BEGIN;
    CREATE TABLE meta (mark TEXT NOT NULL);
    CREATE TABLE message (
        id INTEGER PRIMARY KEY,
        target TEXT NOT NULL,
        time INTEGER NOT NULL,
        event INTEGER NOT NULL,
        line TEXT NOT NULL,
        parties TEXT NOT NULL
    );
    CREATE INDEX message_by_target ON message (target, time);
    PRAGMA application_id = {APPLICATION_ID};
    PRAGMA user_version = {SCHEMA_VERSION};
    COMMIT;
"""
_COLUMNS: Final = "id, target, time, event, line, parties"
_MSGID: Final = re.compile(r"([0-9a-z]+)-(\d{1,18})", re.ASCII)


class HistoryError(Exception):
    """There is no history; the text is a sentence in the user's language that says what to do."""


class NotAHistoryError(sqlite3.DatabaseError):
    """The file is a sqlite3 database, but not one of this program's histories."""


class Row(NamedTuple):
    """One message as it is stored."""

    id: int
    target: str
    """Folded channel name, or `private_target` of the two nicks of a private talk."""
    time: int
    """Milliseconds since the epoch, UTC."""
    event: bool
    """Not something said but something that happened: JOIN, TOPIC, … (IRCv3 draft/event-playback)."""
    line: str
    """As it was relayed, with client-only tags alone: `@+x=1 :nick!user@host PRIVMSG #lab :text`.

    Of a multi-line message (IRCv3 draft/multiline) the lines follow each other, each behind LF, or behind CR
    if it continues the one before.
    """
    parties: str
    """Of a private message: the two `nick!user@host`, folded, between line feeds; else empty."""


class Position(NamedTuple):
    """A place in a conversation's history: everything up to it is `<=` it."""

    time: int
    id: int


class History:
    """The history file. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create the history.

        Raises:
            NotAHistoryError: the database belongs to another program or a newer version.
            sqlite3.Error: the file is no database, or cannot be read or written.
        """
        self._connection = sqlite3.connect(
            path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._open()
        except BaseException:
            self._connection.close()
            raise
        self._waiting: list[tuple[int, str, int, int, str, str]] = []

    def _open(self) -> None:
        run = self._connection.execute
        application = run("PRAGMA application_id").fetchone()[0]
        version = run("PRAGMA user_version").fetchone()[0]
        is_new = run("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0 and application == 0
        if not is_new and (application, version) != (APPLICATION_ID, SCHEMA_VERSION):
            raise NotAHistoryError
        run("PRAGMA journal_mode = WAL")
        run(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        run("PRAGMA synchronous = NORMAL")  # a killed process loses nothing; only a power cut could
        if is_new:
            self._connection.executescript(_SCHEMA)
            run("INSERT INTO meta VALUES (?)", (secrets.token_hex(3),))
        run("BEGIN IMMEDIATE")  # finds a read-only file now rather than at the first message
        run("COMMIT")
        self.mark: str = run("SELECT mark FROM meta").fetchone()[0]
        self._seen_version = -1
        self._reload_last()

    def _reload_last(self) -> None:
        self._last: int
        self._last_time: int
        row = self._connection.execute("SELECT id, time FROM message ORDER BY id DESC LIMIT 1").fetchone()
        self._last, self._last_time = row or (0, 0)

    @property
    def last_time(self) -> int:
        """Time of the newest message, in milliseconds; 0 if there is none."""
        return self._last_time

    def add(self, target: str, time: int, line: str, parties: str, *, event: bool) -> str:
        """Put a message into the batch that the next `commit` writes; return its msgid."""
        if not self._waiting:
            self._begin()
        self._last += 1
        self._last_time = time
        self._waiting.append((self._last, target, time, int(event), line, parties))
        return f"{self.mark}-{self._last}"

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        # Another server may write to the same file: its rows have taken numbers.
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._seen_version:
            self._seen_version = version
            self._reload_last()

    def commit(self) -> None:
        """Write the batch in one transaction.

        Raises:
            sqlite3.Error: nothing of the batch was written; it is forgotten.
        """
        if not self._waiting:
            return
        rows, self._waiting = self._waiting, []
        try:
            self._connection.executemany("INSERT INTO message VALUES (?,?,?,?,?,?)", rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Write what waits and close the file."""
        try:
            self.commit()
        finally:
            self._connection.close()

    def find(self, target: str, msgid: str) -> Position | None:
        """Return the position of a message, if it is in this conversation."""
        self.commit()
        match = _MSGID.fullmatch(msgid)
        if not match or match[1] != self.mark:
            return None
        row = self._connection.execute(
            "SELECT time, id FROM message WHERE id = ? AND target = ?", (int(match[2]), target)
        ).fetchone()
        return Position(*row) if row else None

    def page(
        self,
        target: str,
        limit: int,
        *,
        after: Position | None = None,
        before: Position | None = None,
        newest: bool = True,
        party: str = "",
        events: bool = False,
    ) -> list[Row]:
        """Return up to `limit` messages between two positions (both excluded), oldest first.

        Args:
            newest: which to keep of more than `limit`: those before `before`, or those behind `after`.
            party: of a private talk, the folded `nick!user@host` of the one who asks: only talks of exactly
                this one are given back, so that whoever takes a nick later does not read its old letters.
        """
        self.commit()
        where = ["target = ?"]
        values: list[object] = [target]
        if after:
            where.append("(time, id) > (?, ?)")
            values += after
        if before:
            where.append("(time, id) < (?, ?)")
            values += before
        if not events:
            where.append("event = 0")
        if party:
            where.append("instr(parties, ?)")
            values.append(f"\n{party}\n")
        order = "DESC" if newest else "ASC"
        found = self._connection.execute(
            f"SELECT {_COLUMNS} FROM message WHERE {' AND '.join(where)} "
            f"ORDER BY time {order}, id {order} LIMIT ?",
            (*values, limit),
        ).fetchall()
        return [Row(*row) for row in (reversed(found) if newest else found)]

    def read(self, target: str, msgid: str) -> Row | None:
        """Return a message, if it is in this conversation."""
        position = self.find(target, msgid)
        if position is None:
            return None
        found = self._connection.execute(f"SELECT {_COLUMNS} FROM message WHERE id = ?", (position.id,))
        return Row(*found.fetchone())

    def delete(self, number: int) -> None:
        """Take a message out of the history (IRCv3 draft/message-redaction)."""
        self._connection.execute("DELETE FROM message WHERE id = ?", (number,))

    def targets(
        self, channels: Iterable[str], party: str, after: int, before: int, limit: int
    ) -> list[tuple[str, int]]:
        """Return conversations whose newest message lies between two times (ms, excluded), oldest first.

        Returns:
            Pairs of target (as in `Row.target`) and the newest message's time in milliseconds.
        """
        self.commit()
        find = self._connection.execute
        newest: dict[str, int] = {}
        for name in channels:
            time = find("SELECT max(time) FROM message WHERE target = ?", (name,)).fetchone()[0]
            if time is not None:
                newest[name] = time
        newest.update(
            find(
                "SELECT target, max(time) FROM message"
                " WHERE target BETWEEN ' ' AND '!' AND instr(parties, ?) GROUP BY target",
                (f"\n{party}\n",),
            )
        )
        found = [(name, time) for name, time in newest.items() if after < time < before]
        return sorted(found, key=lambda pair: pair[1])[:limit]


def private_target(one: str, other: str) -> str:
    """Return the `Row.target` of a private talk between two folded nicks.

    The space in front, which no name has, sets these talks apart from the channels in the index.
    """
    return " " + " ".join(sorted((one, other)))


def open_history(path: Path) -> History:
    """Open or create the history file, and its folder.

    Raises:
        HistoryError: it cannot be used; what is there was left as it is.
    """
    other = _("Choose another file with --history FILE, or keep none with --no-history.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return History(path)
    except NotAHistoryError:
        text = _("{path} is a database of another program or of a newer version; it was left as it is.")
    except sqlite3.OperationalError as error:
        text = _("The history {path} cannot be used ({error}).").replace("{error}", str(error))
    except sqlite3.DatabaseError:
        text = _("{path} is not a history of this program, or it is damaged; it was left as it is.")
    except OSError as error:
        text = _("The folder of the history {path} cannot be used ({error}).").replace(
            "{error}", error.strerror or str(error)
        )
    raise HistoryError(f"{text.format(path=path)} {other}")
