"""Whose messages are kept when there is not room for all: nobody's flood pushes out what others said.

What was said in rooms, what was said in private, and what happened each have a part of the history that is
theirs. What one of them does not use the others may. Where there is too much, it is taken from the kind that
exceeds its part the most; there from the account (`protocol.addresses.account_of`) that has stored the most;
there from its largest conversation; there from the one who said the most in it, the oldest first. So whoever
stores more than others loses his own, and of several people behind one address each keeps his part too.

Table `share` counts the rows on each of these levels, and `talk` says when somebody last spoke in a private
talk. Both are brought up to date a few rows at a time (`TIDY_ROWS`); table `tidied` says how far they are.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final

from chatroom.history.rows import COLUMNS, HEARD, SAID, Row, has_sound_columns, private_target

TIDY_ROWS: Final = 50
"""After how many new rows, at the latest, they are counted, and too many are removed."""
ROOMS: Final = "rooms"
TALKS: Final = "talks"
EVENTS: Final = "events"
PARTS: Final = {ROOMS: 0.5, TALKS: 0.25, EVENTS: 0.25}
"""Which part of the limit each kind is sure of."""
_BITE: Final = 20
"""Rows that are taken from the largest share before it is looked again for the largest."""
_COUNTED_AT_ONCE: Final = 10_000
_OF_SHARE: Final = "INDEXED BY message_of_share WHERE event = ? AND account = ? AND target = ? AND sender = ?"
_WHOSE: Final = attrgetter("event", "receiver", "account", "target", "sender")
_Share = tuple[str, str]
"""Parent and name of a row in `share`."""


def _count(rows: Iterable[Row]) -> Counter[_Share]:
    """Count on each level how many rows each share has: the kind's, the account's, …"""
    counts: Counter[_Share] = Counter()
    # At full speed most rows of a batch are of one share.
    for (event, receiver, *names), count in Counter(map(_WHOSE, rows)).items():
        parent = ""
        for name in (EVENTS if event else TALKS if receiver else ROOMS, *names):
            counts[parent, name] += count
            parent = _inside(parent, name)
    return counts


def _inside(parent: str, name: str) -> str:
    """Return the parent of the shares within a share."""
    return f"{parent} {name}" if parent else name


def _talks(row: Row) -> Iterable[tuple[str, str]]:
    """Return reader and nick of the two sides of a private talk; nothing for what is none."""
    if row.event or not row.receiver:
        return ()
    return ((row.sender, row.target[1:]), (row.receiver, row.sender_nick))


def recount(connection: sqlite3.Connection) -> None:
    """Count what is not counted yet: a few rows after a server was killed, all of an older version's file."""
    found = connection.execute("SELECT up_to FROM tidied WHERE rowid = 1").fetchone()
    if found is None or not isinstance(found[0], int):
        for table in ("share", "talk", "tidied"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("INSERT INTO tidied (rowid, up_to) VALUES (1, 0)")
        found = (0,)
    newest = connection.execute("SELECT max(id) FROM message").fetchone()[0] or 0
    up_to = min(found[0], newest)  # a number that was taken back may be given again
    while rows := _select(connection, "WHERE id > ? ORDER BY id LIMIT ?", (up_to, _COUNTED_AT_ONCE)):
        count_stored(connection, list(filter(has_sound_columns, rows)))
        up_to = rows[-1].id


def _select(connection: sqlite3.Connection, which: str, values: tuple[object, ...]) -> list[Row]:
    """Return rows without their lines, which may be long; damaged ones too, which are not counted."""
    columns = COLUMNS.replace("line", "''")
    return [Row(*row) for row in connection.execute(f"SELECT {columns} FROM message {which}", values)]


def count_stored(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Count rows that were stored after those which are counted."""
    if not rows:
        return
    counts = _count(rows)
    connection.executemany(
        "INSERT INTO share (parent, name, count) VALUES (?, ?, ?)"
        " ON CONFLICT (parent, name) DO UPDATE SET count = count + excluded.count",
        [(*share, count) for share, count in counts.items()],
    )
    times = {talk: row.time for row in rows for talk in _talks(row)}
    connection.executemany(
        "INSERT INTO talk (reader, nick, time) VALUES (?, ?, ?)"
        " ON CONFLICT (reader, nick) DO UPDATE SET time = excluded.time",
        [(*talk, time) for talk, time in times.items()],
    )
    connection.execute("UPDATE tidied SET up_to = ? WHERE rowid = 1", (rows[-1].id,))


def count_removed(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Take counted rows that were removed out of the count, and forget private talks that have ended so."""
    counts = _count(rows)
    for (parent, name), count in counts.items():
        connection.execute(
            "UPDATE share SET count = count - ? WHERE parent = ? AND name = ?", (count, parent, name)
        )
        connection.execute("DELETE FROM share WHERE parent = ? AND name = ? AND count <= 0", (parent, name))
    for reader, nick in {talk for row in rows for talk in _talks(row)}:
        if not (
            _is_there(connection, SAID, (reader, private_target(nick)))
            or _is_there(connection, HEARD, (reader, nick))
        ):
            connection.execute("DELETE FROM talk WHERE reader = ? AND nick = ?", (reader, nick))


def _is_there(connection: sqlite3.Connection, where: str, values: tuple[str, str]) -> bool:
    found = connection.execute(f"SELECT 1 FROM message {where} AND event = 0 LIMIT 1", values)
    return found.fetchone() is not None


def count_kinds(connection: sqlite3.Connection) -> Counter[str]:
    """Return how many rows of each kind are counted."""
    return Counter(
        dict(
            connection.execute(
                "SELECT name, count FROM share WHERE parent = ''"
                " AND typeof(name) = 'text' AND typeof(count) = 'integer'"
            )
        )
    )


def prune(connection: sqlite3.Connection, limit: int, at_most: int) -> int:
    """Remove rows beyond the limit, as the head of this file says; return how many.

    Args:
        limit: how many rows are kept.
        at_most: how many are removed.
    """
    kinds = count_kinds(connection)
    to_remove = min(kinds.total() - limit, at_most)
    removed = 0
    while removed < to_remove:
        kind = max(kinds, key=lambda kind: kinds[kind] - PARTS.get(kind, 0) * limit)
        shares, parent = [], kind
        for _level in ("account", "target", "sender"):
            shares.append((parent, _largest(connection, parent)))
            parent = _inside(*shares[-1])
        rows = _select(
            connection,
            f"{_OF_SHARE} ORDER BY id LIMIT ?",
            (int(kind == EVENTS), *(name for _parent, name in shares), min(_BITE, to_remove - removed)),
        )
        if not rows:  # the counts are not as we wrote them: do without these, the next start counts anew
            connection.executemany("DELETE FROM share WHERE parent = ? AND name IS ?", shares)
            connection.execute("DELETE FROM tidied WHERE rowid = 1")
            break
        connection.executemany("DELETE FROM message WHERE id = ?", [(row.id,) for row in rows])
        count_removed(connection, list(filter(has_sound_columns, rows)))
        kinds[kind] -= len(rows)
        removed += len(rows)
    return removed


def _largest(connection: sqlite3.Connection, parent: str) -> str:
    found = connection.execute(
        "SELECT name FROM share WHERE parent = ? ORDER BY count DESC LIMIT 1", (parent,)
    ).fetchone()
    return found[0] if found else ""  # of any type, where the count is damaged
