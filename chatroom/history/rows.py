"""Messages as rows of the database, and what it is asked for: a page, the conversations of a time."""

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

PAGE_BYTES: Final = 256 * 1024
"""About how long a page may be when it is sent: however much was pasted, shorter than what may wait."""
NEAR_IN_TIME: Final = 1000
"""Messages on each side of a time that are looked at, to find where it falls."""
_TALKS: Final = """
    WITH RECURSIVE talk (name) AS (
        SELECT min(target) FROM message WHERE target > ' ' AND target < '!'
        UNION ALL
        SELECT (SELECT min(target) FROM message WHERE target > name AND target < '!')
        FROM talk WHERE name NOTNULL
    )
    SELECT name FROM talk WHERE name NOTNULL
"""
"""The private talks: from one to the next through the index, however long each is."""


class Row(NamedTuple):
    """One message as it is stored."""

    id: int
    target: str
    """Folded channel name, or `private_target` of the two nicks of a private talk."""
    time: int
    """Milliseconds since the epoch, UTC."""
    line: str
    """As it was relayed, with client-only tags alone: `@+x=1 :nick!user@host PRIVMSG #lab :text`.

    Of a multi-line message (IRCv3 draft/multiline) the lines follow each other, each behind LF, or behind CR
    if it continues the one before.
    """
    event: int
    """Not something said but something that happened: JOIN, TOPIC, … (IRCv3 draft/event-playback)."""
    parties: str
    """Of a private message: the two `nick!user@host`, folded, between line feeds; else empty."""


def private_target(one: str, other: str) -> str:
    """Return the `Row.target` of a private talk between two folded nicks.

    The space in front, which no name has, sets these talks apart from the channels in the index.
    """
    return " " + " ".join(sorted((one, other)))


COLUMNS: Final = ", ".join(Row._fields)


class PageQuery(NamedTuple):
    """Which messages of a conversation are asked for."""

    target: str
    """`Row.target`."""
    limit: int
    after: int | None = None
    before: int | None = None
    """Numbers; both are excluded."""
    newest: bool = True
    """Which to keep of more than `limit`: those before `before`, or those behind `after`."""
    party: str = ""
    """Of a private talk, the folded `nick!user@host` of the one who asks: only talks of exactly this one are
    given back, so that whoever takes a nick later does not read its old letters."""
    events: bool = False
    """With what happened (`Row.event`), not only what was said."""

    def asks_for(self, row: Row) -> bool:
        """Tell whether the row is among the messages, apart from the limit."""
        return (
            row.target == self.target
            and (self.after is None or row.id > self.after)
            and (self.before is None or row.id < self.before)
            and (self.events or not row.event)
            and (not self.party or f"\n{self.party}\n" in row.parties)
        )


def select_page(connection: sqlite3.Connection, query: PageQuery) -> list[Row]:
    """Return the rows that are asked for; the newest first if `query.newest`.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    where = ["target = ?"]
    values: list[object] = [query.target]
    if query.after is not None:
        where.append("id > ?")
        values.append(query.after)
    if query.before is not None:
        where.append("id < ?")
        values.append(query.before)
    if not query.events:
        where.append("event = 0")
    if query.party:
        where.append("instr(parties, ?)")
        values.append(f"\n{query.party}\n")
    found = connection.execute(
        f"SELECT {COLUMNS} FROM message WHERE {' AND '.join(where)} "
        f"ORDER BY id {'DESC' if query.newest else 'ASC'} LIMIT ?",
        (*values, query.limit),
    )
    return [Row(*row) for row in found]


def fit_page(rows: list[Row]) -> list[Row]:
    """Return the first rows, at least one, that together may be sent at once (PAGE_BYTES)."""
    room = PAGE_BYTES
    for index, row in enumerate(rows):
        lines = 1 + row.line.count("\n") + row.line.count("\r")
        room -= 2 * len(row.line) + 200 * lines  # two bytes a letter; tags and source before each line
        if room < 0:
            return rows[: max(index, 1)]
    return rows


def select_place(connection: sqlite3.Connection, target: str, time: int) -> tuple[int | None, int | None]:
    """Return between which messages of a conversation a time falls: number of the one before, and behind.

    The computer's clock may have been set while people talked, so that times are not in order. Then as much
    as possible is before the time as well as behind it: it may be shown twice, but is not lost.

    Args:
        time: milliseconds since the epoch.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    select = connection.execute
    values = (target, time, NEAR_IN_TIME)
    before = "SELECT id FROM message WHERE target = ? AND time < ? ORDER BY time DESC, id DESC LIMIT ?"
    behind = "SELECT id FROM message WHERE target = ? AND time > ? ORDER BY time, id LIMIT ?"
    last = select(f"SELECT max(id) FROM ({before})", values).fetchone()[0]
    first = select(f"SELECT min(id) FROM ({behind})", values).fetchone()[0]
    return last, first


class LastMessage(NamedTuple):
    """When a conversation had its newest message."""

    target: str
    """`Row.target`."""
    time: int
    """Milliseconds since the epoch."""


def select_conversations(
    connection: sqlite3.Connection, channels: Iterable[str], party: str, times: tuple[int, int]
) -> list[LastMessage]:
    """Return the conversations whose newest message lies between two times (excluded), oldest first.

    Args:
        channels: folded names.
        party: the folded `nick!user@host` whose private talks are looked for.
        times: milliseconds since the epoch.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    select = connection.execute
    newest: dict[str, int] = {}
    for name in channels:
        row = select("SELECT time FROM message WHERE target = ? ORDER BY id DESC LIMIT 1", (name,)).fetchone()
        if row:
            newest[name] = row[0]
    nick = party.partition("!")[0]
    for (name,) in select(_TALKS).fetchall():
        if nick in name.split():
            row = select(
                "SELECT time FROM message WHERE target = ? AND instr(parties, ?) ORDER BY id DESC LIMIT 1",
                (name, f"\n{party}\n"),
            ).fetchone()
            if row:
                newest[name] = row[0]
    found = [LastMessage(name, time) for name, time in newest.items() if times[0] < time < times[1]]
    return sorted(found, key=lambda one: one.time)
