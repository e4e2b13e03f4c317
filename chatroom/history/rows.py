"""Messages as rows of the database, and what it is asked for: a page, the conversations of a time.

Every question is answered from an index, and reads no more rows than it gives back, whatever else is stored:
events between what was said, other people's talks, other rooms.
"""

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from chatroom.history.ids import LARGEST

PAGE_BYTES: Final = 256 * 1024
"""About how long a page may be when it is sent: however much was pasted, shorter than what may wait."""
NEAR_IN_TIME: Final = 1024
"""Messages on each side of a time that are looked at, to find where it falls."""
MARK_EVERY: Final = 64
"""Of so many messages one has its time in the index."""
MOST_TALKS: Final = 200
"""The newest talks with others, or under other names, that are looked through for one conversation."""
LATE_MILLISECONDS: Final = 10_000
"""So far behind may be what table `talk` says of when somebody last spoke."""
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
    talk: int = 0
    """Of a private message, its `talk_number`."""


@lru_cache(1000)
def talk_number(sender: str, sender_nick: str, receiver: str, target: str) -> int:
    """Return the number of all that this one says to this other one while both have these nicks.

    For the arguments see `Row`.
    """
    names = "\n".join((sender, sender_nick, receiver, target))
    return int.from_bytes(blake2b(names.encode(), digest_size=7).digest())


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
    numbers = (row.id, row.event, row.talk)
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
_IN_ROOM: Final = "INDEXED BY message_in_room WHERE receiver = '' AND target = ?"
IN_TALK: Final = "INDEXED BY message_in_talk WHERE talk > 0 AND talk = ?"
_OF_READER: Final = "INDEXED BY talk_by_time WHERE reader = ?"
_WITH_NICK: Final = "INDEXED BY talk_by_nick WHERE reader = ? AND nick = ?"
_WITH_OTHER: Final = "INDEXED BY talk_by_other WHERE reader = ? AND other = ?"


Branch = tuple[str, int | str]
"""A condition, and its value, that find a part of a conversation's rows in an index."""


class Stretch(NamedTuple):
    """A stretch of the history, and from which end it is read."""

    after: int
    before: int
    """Numbers; both are excluded."""
    newest: bool = True
    """From the newest on."""


class Talk(NamedTuple):
    """A conversation as one person sees it."""

    target: str
    """The folded name of a room, or `private_target` of the nick of the other; "" of all private talks."""
    readers: tuple[str, ...] = ()
    """Of a private talk, the identities of the one who asks. Only what was said by or to these is given back,
    so that whoever takes a nick later does not read its old letters."""
    other: str = ""
    """The hash of the secret of the one who has the nick now: what was said under another nick belongs to the
    talk too. "" if there is none."""

    def branches(self, connection: sqlite3.Connection) -> list[Branch]:
        """Return what together finds the talk's rows.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        if not self.readers:
            return [(_IN_ROOM, self.target)]
        asked: list[tuple[str, ...]] = [(_OF_READER, reader) for reader in self.readers]
        if self.target:
            asked = [(_WITH_NICK, reader, self.target[1:]) for reader in self.readers]
        if self.other:
            asked += [(_WITH_OTHER, reader, self.other) for reader in self.readers]
        numbers: dict[int, None] = {}
        for where, *values in asked:
            select = f"SELECT number FROM talk {where} ORDER BY time DESC LIMIT {MOST_TALKS}"
            numbers.update(dict.fromkeys(number for (number,) in connection.execute(select, values)))
        return [(IN_TALK, number) for number in numbers]

    def holds(self, row: Row) -> bool:
        """Tell whether the row belongs to the talk."""
        if not self.readers:
            return not row.receiver and row.target == self.target
        if not self.target:
            return bool(row.receiver) and not {row.sender, row.receiver}.isdisjoint(self.readers)
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


def select_branch(
    connection: sqlite3.Connection, branch: Branch, within: Stretch, limit: int, event: int = 0
) -> list[int]:
    """Return the first numbers, in the order that is wanted, of a part of a conversation's rows.

    Args:
        branch: of `Talk.branches`.
        event: 0 for what was said, 1 for what happened (`Row.event`).

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    where, value = branch
    found = connection.execute(
        f"SELECT id FROM message {where} AND event = ? AND id > ? AND id < ?"
        f" ORDER BY id {'DESC' if within.newest else 'ASC'} LIMIT ?",
        (value, event, within.after, within.before, limit),
    )
    return [number for (number,) in found]


def select_ids(connection: sqlite3.Connection, query: PageQuery) -> set[int]:
    """Return the numbers of the rows that are asked for.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    after = 0 if query.after is None else query.after
    before = _GREATEST if query.before is None else query.before
    numbers: list[int] = []
    for branch in query.talk.branches(connection):
        for event in (0, 1) if query.events else (0,):
            within = Stretch(after, before, newest=query.newest)
            numbers += select_branch(connection, branch, within, query.limit, event)
            numbers = sorted(numbers, reverse=query.newest)[: query.limit]
            if numbers and len(numbers) == query.limit:  # nothing beyond these is asked for
                after, before = (numbers[-1], before) if query.newest else (after, numbers[-1])
    return set(numbers)


def read_row(connection: sqlite3.Connection, number: int) -> Row | None:
    """Return the row of this number, if there is one and it is sound.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    found = connection.execute(f"SELECT {COLUMNS} FROM message WHERE id = ?", (number,)).fetchone()
    return sound_row(found) if found else None


class Line(NamedTuple):
    """Of a row as it stands in the file, what a search looks at first; it may be unsound (`sound_row`)."""

    id: int
    time: int
    line: str


def select_lines(connection: sqlite3.Connection, numbers: Collection[int]) -> dict[int, Line]:
    """Return these parts of the rows of these numbers, where they are of the right kind.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    if not numbers:
        return {}  # sqlite would read the whole table
    places = ", ".join("?" * len(numbers))
    found = connection.execute(f"SELECT id, time, line FROM message WHERE id IN ({places})", tuple(numbers))
    return {
        number: Line(number, time, line)
        for number, time, line in found
        if isinstance(line, str) and is_time(time)
    }


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
    marks = f"SELECT id FROM message INDEXED BY message_at WHERE id % {MARK_EVERY} = 0 AND id BETWEEN 1 AND ?"
    values = (LARGEST, time, NEAR_IN_TIME // MARK_EVERY)
    before = select(f"{marks} AND time < ? ORDER BY time DESC LIMIT ?", values)
    behind = select(f"{marks} AND time > ? ORDER BY time LIMIT ?", values)
    near = "SELECT id, time FROM message WHERE id BETWEEN ? AND ? ORDER BY id"
    at = max((number for (number,) in before), default=1)
    rows = select(f"{near} LIMIT ?", (at, LARGEST, NEAR_IN_TIME))
    last = max((number for number, moment in rows if is_time(moment) and moment < time), default=None)
    at = min((number for (number,) in behind), default=LARGEST)
    rows = select(f"{near} DESC LIMIT ?", (1, at, NEAR_IN_TIME))
    first = min((number for number, moment in rows if is_time(moment) and moment > time), default=None)
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
    channels: Collection[str],
    readers: Collection[str],
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
    after, before = times
    nicks = {
        nick
        for reader in readers
        for first, last, order in ((after, before, "ASC"), (after - LATE_MILLISECONDS, after + 1, "DESC"))
        for (nick,) in connection.execute(
            "SELECT nick FROM talk INDEXED BY talk_by_time WHERE reader = ? AND time > ? AND time < ?"
            f" AND typeof(nick) = 'text' ORDER BY time {order} LIMIT ?",
            (reader, first, last, limit),
        )
        if nick is not None and re.fullmatch(_NAME, nick)
    }
    talks = [*map(Talk, channels), *(Talk(private_target(nick), tuple(readers)) for nick in nicks)]
    newest = [LastMessage(talk.target, _last_time(connection, talk)) for talk in talks]
    within = (one for one in newest if is_time(one.time) and after < one.time < before)
    return sorted(within, key=lambda one: one.time)


def _last_time(connection: sqlite3.Connection, talk: Talk) -> int:
    """Return when somebody last spoke in a conversation; -1 if nobody did."""
    last = [
        connection.execute(
            f"SELECT id, time FROM message {where} AND event = 0 AND typeof(time) = 'integer'"
            " ORDER BY id DESC LIMIT 1",
            (value,),
        ).fetchone()
        for where, value in talk.branches(connection)
    ]
    time: int = max(filter(None, last), default=(0, -1))[1]
    return time
