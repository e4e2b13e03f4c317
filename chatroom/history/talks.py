"""Table `talk`: when somebody last spoke in each private talk, for each of its two sides.

It is brought up to date with each message, so that CHATHISTORY TARGETS need not look through all of them.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

from chatroom.history.rows import HEARD, SAID, Row, private_target

_EVENT: Final = Row._fields.index("event")
_RECEIVER: Final = Row._fields.index("receiver")
_FILL: Final = """
    INSERT OR REPLACE INTO talk (reader, nick, time) SELECT reader, nick, time FROM (
        SELECT id, time, sender AS reader, substr(target, 2) AS nick FROM message
        WHERE receiver > '' AND event = 0
        UNION ALL
        SELECT id, time, receiver, sender_nick FROM message WHERE receiver > '' AND event = 0
    ) WHERE typeof(reader) = 'text' AND typeof(nick) = 'text' AND typeof(time) = 'integer' ORDER BY id
"""


def fill(connection: sqlite3.Connection) -> None:
    """Fill the table of a file that had none."""
    connection.execute(_FILL)


def note(connection: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Note that these rows (`Row`) are stored."""
    letters = [row for row in rows if row[_RECEIVER] and not row[_EVENT]]
    if letters:
        times: dict[tuple[str, str], int] = {}
        for _id, target, time, _line, _event, sender, _account, receiver, sender_nick in letters:
            times[sender, target[1:]] = times[receiver, sender_nick] = time
        connection.executemany(
            "INSERT INTO talk (reader, nick, time) VALUES (?, ?, ?)"
            " ON CONFLICT (reader, nick) DO UPDATE SET time = excluded.time",
            [(*talk, time) for talk, time in times.items()],
        )


def forget(connection: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Forget the talks that end with these rows, which are gone (without id and line; damaged ones too)."""
    talks: dict[tuple[Any, Any], None] = {}
    for target, event, sender, _account, receiver, sender_nick in rows:
        if receiver and not event:
            talks[sender, str(target)[1:]] = talks[receiver, sender_nick] = None
    for reader, nick in talks:
        if not (
            _is_there(connection, SAID, (reader, private_target(str(nick))))
            or _is_there(connection, HEARD, (reader, nick))
        ):
            connection.execute("DELETE FROM talk WHERE reader = ? AND nick = ?", (reader, nick))


def _is_there(connection: sqlite3.Connection, where: str, values: tuple[Any, Any]) -> bool:
    found = connection.execute(f"SELECT 1 FROM message {where} AND event = 0 LIMIT 1", values)
    return found.fetchone() is not None
