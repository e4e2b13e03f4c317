"""Messages as rows of the database, and what it is asked for: a page, the conversations of a time.

Every question is answered from an index, and reads no more rows than it gives back, whatever else is stored:
events between what was said, other people's talks, other rooms.
"""

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, NamedTuple

from chatroom.history.ids import LARGEST

PAGE_BYTES: Final = 256 * 1024
"""About how long a page may be when it is sent: however much was pasted, shorter than what may wait."""
NEAR_IN_TIME: Final = 1000
"""Messages on each side of a time that are looked at, to find where it falls."""
MAX_STORED: Final = 65_536
"""Characters of a line that is sound: several times as many as can be said at once."""
LAST_TIME: Final = 32_503_680_000_000
"""Milliseconds since the epoch that no sound time has: with the year 3000 the calendar of Windows ends."""
_GREATEST: Final = 2**63 - 1
_NAME: Final = r"[^\0-\x20\x7f]+"
_LINE: Final = re.compile(
    rf"(?:@[^\0\r\n ]+ )?:{_NAME} (?P<command>[A-Z]+)"
    r"(?: [^\0\r\n]+|(?: [^\0\r\n :][^\0\r\n ]*)+ :\n[^\0]*)"
)
"""What `Row.line` may be."""
_SAID: Final = ("PRIVMSG", "NOTICE")


class Author(NamedTuple):
    """Who said something, as the history knows people."""

    identity: str = ""
    """What proves who one is: the hash of one's secret (`Client.proof`), or of a client that has none its
    folded `nick!user@host`; "" if it is not known."""
    nick: str = ""
    """Folded."""
    account: str = ""
    """On whose account the message goes (`protocol.addresses.account_of`); "" if it is not known."""


NOBODY: Final = Author()


class Row(NamedTuple):
    """One message as it is stored."""

    id: int
    target: str
    """Folded channel name, or `private_target` of the receiver's nick."""
    time: int
    """Milliseconds since the epoch, UTC."""
    line: str
    """As it was relayed, with client-only tags alone: `@+x=1 :nick!user@host PRIVMSG #lab :text`.

    Of a multi-line message (IRCv3 draft/multiline) the lines follow each other, each behind LF, or behind CR
    if it continues the one before.
    """
    event: int
    """Not something said but something that happened: JOIN, TOPIC, … (IRCv3 draft/event-playback)."""
    sender: str = ""
    """`Author.identity`; "" in a room's message of version 0.1."""
    account: str = ""
    """`Author.account`."""
    receiver: str = ""
    """Of a private message, the receiver's identity; else empty."""
    sender_nick: str = ""
    """Of a private message, `Author.nick`; else empty."""


def private_target(nick: str) -> str:
    """Return the `Row.target` of a private message to this folded nick.

    The space in front, which no name has, sets these apart from the channels.
    """
    return " " + nick


def decode_text(raw: bytes) -> str | None:
    """Return a text of the file; None instead of one that is no UTF-8 (the `text_factory` of connections)."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def is_time(value: object) -> bool:
    """Tell whether the value can be a message's time."""
    return isinstance(value, int) and 0 <= value < LAST_TIME


def has_sound_columns(row: Row) -> bool:
    """Tell whether all but the line is of the kind that the server writes."""
    texts = (row.target, row.sender, row.account, row.receiver, row.sender_nick)
    numbers = (row.id, row.event)
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int) for number in numbers)
        and row.target != ""
        and 0 < row.id <= LARGEST
        and is_time(row.time)
        and row.event in (0, 1)
    )


def sound_row(values: Iterable[Any]) -> Row | None:
    """Return a row as it was read from a file; None if it is not as the server writes rows.

    A disk may have changed it, or another program. None of it may then be trusted: a line feed would be taken
    for the end of a line by the client that is sent it.
    """
    row = Row(*values)
    if not has_sound_columns(row) or not isinstance(row.line, str) or len(row.line) > MAX_STORED:
        return None
    line = _LINE.fullmatch(row.line)
    return row if line and (row.event or line["command"] in _SAID) else None


COLUMNS: Final = ", ".join(Row._fields)
COLUMNS_OF_ALL_VERSIONS: Final = ", ".join(Row._fields[:5])


# The indexes are named, because sqlite's own choice among them is not always the best.
IN_ROOM: Final = "INDEXED BY message_in_room WHERE receiver = '' AND target = ?"
SAID: Final = "INDEXED BY message_said WHERE receiver > '' AND sender = ? AND target = ?"
HEARD: Final = "INDEXED BY message_heard WHERE receiver > '' AND receiver = ? AND sender_nick = ?"
_BY_TIME: Final = "SELECT id FROM message INDEXED BY message_by_time"
_BETWEEN: Final = "INDEXED BY message_between WHERE receiver > '' AND sender = ? AND receiver = ?"


class Talk(NamedTuple):
    """A conversation as one person sees it."""

    target: str
    """The folded name of a room, or `private_target` of the nick of the other."""
    readers: tuple[str, ...] = ()
    """Of a private talk, the identities of the one who asks. Only what was said by or to these is given back,
    so that whoever takes a nick later does not read its old letters."""
    other: str = ""
    """The hash of the secret of the one who has the nick now: what was said under another nick belongs to the
    talk too. "" if there is none."""

    def branches(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return the indexes, with the condition that each answers, that together find the talk's rows."""
        if not self.readers:
            return [(IN_ROOM, (self.target,))]
        found: list[tuple[str, tuple[str, ...]]] = []
        for reader in self.readers:
            found += [(SAID, (reader, self.target)), (HEARD, (reader, self.target[1:]))]
            if self.other:
                found += [(_BETWEEN, (reader, self.other)), (_BETWEEN, (self.other, reader))]
        return found

    def holds(self, row: Row) -> bool:
        """Tell whether the row belongs to the talk."""
        if not self.readers:
            return not row.receiver and row.target == self.target
        return bool(row.receiver) and (
            (row.sender in self.readers and (row.target == self.target or row.receiver == self.other))
            or (
                row.receiver in self.readers
                and (row.sender_nick == self.target[1:] or row.sender == self.other)
            )
        )


class PageQuery(NamedTuple):
    """Which messages of a conversation are asked for."""

    talk: Talk
    limit: int
    after: int | None = None
    before: int | None = None
    """Numbers; both are excluded."""
    newest: bool = True
    """Which to keep of more than `limit`: those before `before`, or those behind `after`."""
    events: bool = False
    """With what happened (`Row.event`), not only what was said."""

    def asks_for(self, row: Row) -> bool:
        """Tell whether the row is among the messages, apart from the limit."""
        return (
            (self.after is None or row.id > self.after)
            and (self.before is None or row.id < self.before)
            and (self.events or not row.event)
            and self.talk.holds(row)
        )


def select_ids(connection: sqlite3.Connection, query: PageQuery) -> set[int]:
    """Return the numbers of the rows that are asked for, and perhaps of some that lie beyond them.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    after = 0 if query.after is None else query.after
    before = _GREATEST if query.before is None else query.before
    order = "DESC" if query.newest else "ASC"
    return {
        number
        for where, values in query.talk.branches()
        for event in ((0, 1) if query.events else (0,))
        for (number,) in connection.execute(
            f"SELECT id FROM message {where} AND event = ? AND id > ? AND id < ? ORDER BY id {order} LIMIT ?",
            (*values, event, after, before, query.limit),
        )
    }


def read_row(connection: sqlite3.Connection, number: int) -> Row | None:
    """Return the row of this number, if there is one and it is sound.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    found = connection.execute(f"SELECT {COLUMNS} FROM message WHERE id = ?", (number,)).fetchone()
    return sound_row(found) if found else None


def fit_page(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the first rows, at least one, that together may be sent at once (PAGE_BYTES); take no others."""
    room = PAGE_BYTES
    for number, row in enumerate(rows):
        lines = 1 + row.line.count("\n") + row.line.count("\r")
        room -= 2 * len(row.line) + 200 * lines  # two bytes a letter; tags and source before each line
        if room < 0 and number:
            return
        yield row


def select_place(connection: sqlite3.Connection, time: int) -> tuple[int | None, int | None]:
    """Return between which messages a time falls: the number of the one before it, and of the one behind it.

    The computer's clock may have been set while people talked, so that times are not in order. Then as much
    as possible is before the time as well as behind it: it may be shown twice, but is not lost.

    Args:
        time: milliseconds since the epoch.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    select = connection.execute
    values = (time, LARGEST, NEAR_IN_TIME)
    before = select(
        f"{_BY_TIME} WHERE time < ? AND id BETWEEN 1 AND ? ORDER BY time DESC, id DESC LIMIT ?", values
    )
    last = max((number for (number,) in before), default=None)
    behind = select(f"{_BY_TIME} WHERE time > ? AND id BETWEEN 1 AND ? ORDER BY time, id LIMIT ?", values)
    first = min((number for (number,) in behind), default=None)
    return last, first


class LastMessage(NamedTuple):
    """When a conversation had its newest message."""

    target: str
    """`Talk.target`."""
    time: int
    """Milliseconds since the epoch."""


def targets_of(row: Row, channels: Collection[str], readers: Collection[str]) -> list[str]:
    """Return in which conversations somebody spoke with this row: of these rooms, and of these identities."""
    if row.event:
        return []
    if not row.receiver:
        return [row.target] if row.target in channels else []
    targets = [row.target] if row.sender in readers else []
    return [*targets, private_target(row.sender_nick)] if row.receiver in readers else targets


def select_conversations(
    connection: sqlite3.Connection,
    channels: Iterable[str],
    readers: Iterable[str],
    times: tuple[int, int],
    limit: int,
) -> list[LastMessage]:
    """Return the conversations in which somebody last spoke between two times (excluded), oldest first.

    Args:
        channels: folded names.
        readers: the identities of the one whose private talks are looked for.
        times: milliseconds since the epoch.
        limit: how many private talks are looked for, of each identity.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    select = connection.execute
    newest: dict[str, int] = {}
    for name in channels:
        row = select(
            f"SELECT time FROM message {IN_ROOM} AND event = 0 AND typeof(time) = 'integer'"
            " ORDER BY id DESC LIMIT 1",
            (name,),
        ).fetchone()
        if row and times[0] < row[0] < times[1] and is_time(row[0]):
            newest[name] = row[0]
    for reader in readers:
        for nick, time in select(
            "SELECT nick, time FROM talk WHERE reader = ? AND time > ? AND time < ?"
            " AND typeof(nick) = 'text' AND typeof(time) = 'integer' ORDER BY time LIMIT ?",
            (reader, *times, limit),
        ):
            if nick is not None and re.fullmatch(_NAME, nick) and is_time(time):
                target = private_target(nick)
                newest[target] = max(time, newest.get(target, time))
    return sorted((LastMessage(*item) for item in newest.items()), key=lambda one: one.time)
