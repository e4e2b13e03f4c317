"""Table `talk`: the private talks that each person has.

A row is how one of the two sees it: under which nick he knows the other, and who that was. All messages that
agree in these have one number (`rows.talk_number`), by which they are found. When somebody last spoke is
brought up to date after `LATE_MILLISECONDS`: most messages change nothing here.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

from chatroom.history.rows import IN_TALK, LATE_MILLISECONDS, Row

_MOST_NOTED: Final = 10_000
_EVENT: Final = Row._fields.index("event")
_RECEIVER: Final = Row._fields.index("receiver")
_FILL: Final = """
    INSERT OR IGNORE INTO talk (number, reader, nick, other, time)
    SELECT talk, sender, substr(target, 2), receiver, max(iif(event, 0, time)) FROM message
    WHERE receiver > '' AND typeof(time) = 'integer' GROUP BY talk
    UNION ALL
    SELECT talk, receiver, sender_nick, sender, max(iif(event, 0, time)) FROM message
    WHERE receiver > '' AND typeof(time) = 'integer' GROUP BY talk
"""
_NOTE: Final = """
    INSERT INTO talk (number, reader, nick, other, time) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (number, reader, nick) DO UPDATE SET time = excluded.time WHERE excluded.time > 0
"""


def fill(connection: sqlite3.Connection) -> None:
    """Fill the table of a file that had none."""
    connection.execute(_FILL)


class Talks:
    """What of the table is known to be up to date."""

    def __init__(self) -> None:
        self._noted: dict[int, int] = {}

    def note(self, cursor: sqlite3.Cursor, rows: Iterable[Sequence[Any]]) -> None:
        """Note that these rows (`Row`) are stored."""
        for row in rows:
            if row[_RECEIVER]:
                _id, target, time, _line, event, sender, _account, receiver, sender_nick, talk = row
                noted = self._noted.get(talk)
                if noted is None or not (event or 0 <= time - noted < LATE_MILLISECONDS):
                    if len(self._noted) >= _MOST_NOTED:
                        self._noted.clear()
                    self._noted[talk] = time = 0 if event else time
                    cursor.execute(_NOTE, (talk, sender, target[1:], receiver, time))
                    cursor.execute(_NOTE, (talk, receiver, sender_nick, sender, time))

    def forget(self, connection: sqlite3.Connection, numbers: Iterable[Any]) -> None:
        """Forget those of these talks that have ended: their last message is gone."""
        for number in set(numbers) - {0}:
            left = connection.execute(f"SELECT 1 FROM message {IN_TALK} LIMIT 1", (number,))
            if not left.fetchone():
                connection.execute("DELETE FROM talk WHERE number = ?", (number,))
                self._noted.pop(number, None)
