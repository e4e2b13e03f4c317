"""Messages on disk (sqlite3, WAL), committed before anybody sees them.

Messages are in the order of their numbers, whatever the computer's clock says; `chatroom.history.ids` makes
their ids of these.

One server at a time has the file, by a lock beside it; others may read it meanwhile (`read_rooms`). While it
cannot be written (the disk is full, another program has locked it), messages wait in memory and are tried
again every `RETRY_SECONDS`.
"""

import contextlib
import math
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Final

from chatroom.history.file import (
    OPEN_SECONDS,
    UNUSABLE,
    HistoryError,
    describe_damage,
    describe_error,
    insert,
)
from chatroom.history.guarded import GuardedFile, RunAside
from chatroom.history.ids import MOST_SOUND, Ids, Place, is_run
from chatroom.history.rows import (
    COLUMNS,
    NOBODY,
    Author,
    Branch,
    LastMessage,
    Line,
    PageQuery,
    Row,
    Stretch,
    Talk,
    fit_page,
    is_time,
    read_row,
    select_branch,
    select_conversations,
    select_ids,
    select_lines,
    select_place,
    sound_row,
    talk_number,
    targets_of,
)
from chatroom.history.shares import Shares
from chatroom.history.talks import Talks
from chatroom.history.waiting import Waiting
from program.files import make_folder
from program.lock import LockedError
from program.log import log
from program.variables import is_in_launcher
from translations import _, plural
from translations.system_errors import explain_error

DEFAULT_LIMIT: Final = 1_000_000
"""Messages that a history keeps: about 300 MB."""
RETRY_SECONDS: Final = 1.0
"""How long after a failure the next try to write is made."""
COPIED_ROWS: Final = 1000
"""Messages that are written before they are copied from the log into the database ..."""
COPY_SECONDS: Final = 2.0
"""... and how long after the last copy was begun. It goes on beside (`History.run_aside`)."""
_LOOK_AGAIN: Final = 0.1
"""Seconds until the log is scrubbed if it is being copied."""
RETRY_ROWS: Final = 2000
"""Messages that one try writes after a failure, so that the room does not wait for thousands."""
MOST_PASSED_OVER: Final = 1000
"""Damaged rows that one page passes over, so that the hub does not stand still for them."""
COUNTED_PER_BATCH: Final = 1000
"""Rows that are counted at once, besides ten times as many as are new, when the history is full."""
PRUNED_PER_BATCH: Final = 100
"""Rows that are removed at once, besides twice as many as are new, where there are too many."""
SCRUBBED_AT_ONCE: Final = 2 * 1024 * 1024
SCRUBBED_AT_END: Final = 64 * 1024 * 1024
"""Bytes of a history that is written anew when something was taken back: at once, or when the server ends."""
MARK_BYTES: Final = 4
"""Random bytes in the mark of a run."""


class History:
    """The history file, and what waits to be written to it. Used by one thread at a time."""

    def __init__(
        self, path: Path, limit: int = DEFAULT_LIMIT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Open or create the history.

        Args:
            limit: how many messages are kept; 0 keeps all.
            clock: seconds, for the pauses between two tries.

        Raises:
            NotAHistoryError: the database belongs to another program or a newer version.
            sqlite3.Error: the file is no database, is damaged, or cannot be read or written.
            LockedError: another server has it.
            OSError: the folder cannot be written.
        """
        self.path: Final = path
        self.limit: Final = limit
        self._clock = clock
        self.problem = ""
        """Why the file could not be written the last time; "" if it could."""
        self._told_of_problem = False
        self.retry_at = 0.0
        """When, by the clock, the next try is made if there is a problem."""
        self._lost = 0
        self._waiting = Waiting()
        self._shares = Shares()
        self._talks = Talks()
        self._deleted: list[int] = []
        self._damaged: set[int] = set()
        """Numbers of the damaged rows that were passed over."""
        self._told_of_damage = False
        self._beyond_use = False
        """The file must be made anew before it can be written."""
        self._told_of_taking = True
        self._to_scrub = self._to_scrub_at_end = False
        """Something was taken back of which there may still be copies on the disk."""
        self._checkpoint_at = 0.0
        self._rows_in_log = 0
        """Since it was copied."""
        self.run_aside: RunAside | None = None
        """Given by the owner: runs in another thread what waits for the disk. Without it the log is emptied
        in this one, when it is large."""
        self._file = GuardedFile(path)
        try:
            self._begin_service()
        except BaseException:
            self._file.close()
            raise

    @property
    def has_locks(self) -> bool:
        """Whether the drive gives the locks that sqlite uses; network drives may refuse them."""
        return self._file.has_locks

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._file.connection

    def _begin_service(self) -> None:
        """Learn how far the history has come, and begin a run (`chatroom.history.ids`)."""
        run = self._connection.execute
        runs = [one for one in run("SELECT first, mark FROM run ORDER BY first, rowid") if is_run(one)]
        newest = run(
            "SELECT id, time FROM message WHERE id <= ? ORDER BY id DESC LIMIT 1", (MOST_SOUND,)
        ).fetchone()
        # A run's own numbers are not given again, though all messages of that run were taken back, or more.
        begun_at = runs[-1][0] if runs else 1
        self.last_id: int = max(newest[0] if newest else 0, begun_at - 1)
        """The newest message's number."""
        self.last_time: int = newest[1] if newest and is_time(newest[1]) else 0
        """Its time, in milliseconds; 0 if there is none."""
        begun = [(self.last_id + 1, secrets.token_hex(MARK_BYTES))]
        if self.last_id and (not runs or runs[0][0] > 1):  # nothing tells who gave the first numbers
            begun.append((1, secrets.token_hex(MARK_BYTES)))
        run("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO run (first, mark) VALUES (?, ?)", begun)
        run("COMMIT")
        self._count = self._count_rows()
        self._ids = Ids(sorted(runs + begun, key=itemgetter(0)))
        run("PRAGMA busy_timeout = 0")  # while people talk, no program that has locked the file is waited for
        self._file.checkpoint(if_large=False)  # after a power cut the run is still known

    def add(
        self,
        target: str,
        time: int,
        line: str,
        author: Author = NOBODY,
        receiver: str = "",
        *,
        event: bool = False,
    ) -> str:
        """Put a message into the batch that the next `commit` writes; return its msgid.

        For the arguments see `Row`.
        """
        self.last_id += 1
        self.last_time = time
        identity, nick, account = author
        if receiver:
            talk = talk_number(identity, nick, receiver, target)
        else:
            nick, talk = "", 0
        # The values of a `Row`.
        row = (self.last_id, target, time, line, int(event), identity, account, receiver, nick, talk)
        self._waiting.add(self.last_id, row)
        return self._ids.newest(self.last_id)

    def msgid(self, number: int) -> str:
        """Return the id by which clients know the message of this number."""
        return self._ids.msgid(number)

    @property
    def has_unwritten(self) -> bool:
        """Whether messages, or that some were deleted, are not in the file yet."""
        return bool(self._waiting or self._deleted)

    def commit(self) -> str:
        """Write the batch; return what everybody is to be told, once for each time that it changes.

        1. It MUST write all of the batch in one transaction, or nothing.
        2. It MUST NOT raise: `problem` tells why the file could not be written. What could not waits, in its
           order and under its numbers, for a later call.
        3. It MUST NOT wait for another program, and after a failure MUST NOT try again for RETRY_SECONDS nor
           write more than RETRY_ROWS at once: the hub stands still meanwhile.
        4. What waits MUST stay within bounds (`chatroom.history.waiting`); what is lost so MUST be counted.
        5. Where there is nothing to write it MUST do nothing: that is most batches.
        """
        if self.has_unwritten or (self.wake_at is not None and self._clock() >= self.wake_at):
            self._try_to_write()
        self._tell_of_damage()
        if not self.problem and not self._told_of_taking:
            return self._tell_of_taking()
        if bool(self.problem) is self._told_of_problem:
            return ""
        self._told_of_problem = not self._told_of_problem
        if self.problem:
            log.error(
                _("history: {problem}; what is said now is lost if the server stops").format(
                    problem=self.problem
                )
            )
            return "The history cannot be written: what is said now is lost if the server stops"
        lost, self._lost = self._lost, 0
        if lost:
            log.error(
                plural(
                    "history: works again; {count} message is lost",
                    "history: works again; {count} messages are lost",
                    lost,
                )
            )
            return f"The history is written again; messages that it lacks: {lost}"
        log.warning(_("history: works again; nothing is lost"))
        return "The history is written again; nothing is lost"

    def _tell_of_taking(self) -> str:
        self._told_of_taking, self._told_of_problem = True, False
        lost, self._lost = self._lost, 0
        if lost:
            log.error(
                plural(
                    "history: another program deleted, moved or changed the file; {count} message is lost",
                    "history: another program deleted, moved or changed the file; {count} messages are lost",
                    lost,
                )
            )
            return f"Another program changed the history's file; messages that it lacks: {lost}"
        log.error(_("history: another program deleted, moved or changed the file; nothing is lost"))
        return "Another program changed the history's file; it is written again, nothing is lost"

    def _tell_of_damage(self) -> None:
        if self._damaged and not self._told_of_damage:
            self._told_of_damage = True
            log.warning(describe_damage(len(self._damaged)))

    def _try_to_write(self) -> None:
        if not self.problem or self._clock() >= self.retry_at:
            try:
                if self._beyond_use or self._file.is_changed():
                    self._take_up_again()
                if self.has_unwritten:
                    self._write(RETRY_ROWS if self.problem else len(self._waiting))
                self._checkpoint()
            except (LockedError, OSError, MemoryError, *UNUSABLE) as error:
                self._beyond_use = isinstance(error, sqlite3.Error) and self._file.is_beyond_use(error)
                self.problem = explain_error(error) or _("another program is using it")
                self.retry_at = self._clock() + RETRY_SECONDS
            else:
                if not self._waiting:
                    self.problem = ""
        if self._waiting:
            self._lost += self._waiting.make_room()

    def _to_read(self) -> sqlite3.Connection:
        """Return the connection, after a look whether another program has changed the file.

        To be called before each use: see `GuardedFile.is_changed`.
        """
        self._try_to_write()
        return self._connection

    def _count_rows(self) -> int:
        count: int = self._connection.execute("SELECT count(*) FROM message").fetchone()[0]
        return count

    def _take_up_again(self) -> None:
        """Go on in a file that exists, and can be used (`GuardedFile.take_up_again`)."""
        count = self._count
        was_taken = self._file.take_up_again(self._ids.runs, self._deleted)
        self._connection.execute("PRAGMA busy_timeout = 0")
        self._shares, self._talks = Shares(), Talks()
        self._count = self._count_rows()
        self._lost += max(0, count - self._count)
        self._beyond_use = False
        self._told_of_taking &= not was_taken

    def _checkpoint(self) -> None:
        """Copy the log beside, now and then; empty it if it is large or has what was taken back.

        That waits for the disk: it is done seldom where it took long.
        """
        began = self._clock()
        if began < self._checkpoint_at:
            return
        if self._file.copies():
            self._checkpoint_at = began + _LOOK_AGAIN
        elif self.run_aside and self.has_locks and not self._to_scrub:
            if self._rows_in_log >= COPIED_ROWS:
                self._file.begin_copy(self.run_aside)
                self._rows_in_log = 0
                self._checkpoint_at = began + COPY_SECONDS
        else:
            done = self._file.scrub(SCRUBBED_AT_ONCE) if self._to_scrub else self._file.checkpoint()
            self._to_scrub &= not done
            now = self._clock()
            self._checkpoint_at = now + (4 * (now - began) if done else RETRY_SECONDS)

    @property
    def wake_at(self) -> float | None:
        """When, by the clock, `commit` should be called again though nobody talks; None: it need not."""
        if self.problem:
            return self.retry_at
        return self._checkpoint_at if self._to_scrub else None

    def _write(self, limit: int) -> None:
        cursor = self._file.cursor
        rows = self._waiting.first(limit)
        cursor.execute("BEGIN IMMEDIATE")
        try:
            insert(cursor, rows)
            self._talks.note(cursor, rows)
            count = self._count + len(rows) - self._remove(self._deleted)
            count -= self._prune(count, len(rows))
            cursor.execute("COMMIT")
        except BaseException:
            self._shares, self._talks = Shares(), Talks()  # what was taken back may still be in the file
            if self._connection.in_transaction:
                cursor.execute("ROLLBACK")
            raise
        if self._deleted:
            self._to_scrub = self._to_scrub_at_end = True
        self._count = count
        self._rows_in_log += len(rows)
        self._deleted.clear()
        if len(rows) == len(self._waiting):
            self._waiting.clear()
        else:
            self._waiting.remove(row[0] for row in rows)

    def _prune(self, count: int, stored: int) -> int:
        """Remove rows beyond the limit, a few with each batch; return how many.

        Args:
            count: how many rows there are.
            stored: how many of them are new.
        """
        if not self.limit or count <= self.limit:
            return 0
        if not self._shares.count(self._connection, self.last_id, 10 * stored + COUNTED_PER_BATCH):
            return 0
        room = min(PRUNED_PER_BATCH, self.limit // 20)  # each removed alone would cost more than a new one
        to_remove = min(count - self.limit + room, 2 * stored + PRUNED_PER_BATCH)
        return self._remove(self._shares.take(self.limit, to_remove))

    def _remove(self, numbers: Collection[int]) -> int:
        """Remove rows, and what is known of them elsewhere; return how many were there."""
        rows = []
        for number in dict.fromkeys(numbers):
            row = self._connection.execute(
                "SELECT target, event, sender, account, receiver, talk FROM message WHERE id = ?",
                (number,),
            ).fetchone()
            if row:
                rows.append(row)
                self._shares.remove(number, row[:5])
        if rows:
            self._connection.executemany(
                "DELETE FROM message WHERE id = ?", [(number,) for number in numbers]
            )
            self._talks.forget(self._connection, (row[5] for row in rows))
        return len(rows)

    def close(self) -> None:
        """Write what waits, if it can be, close the file, and log how many messages are lost."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute(f"PRAGMA busy_timeout = {int(OPEN_SECONDS * 1000)}")
        before = -1
        while before < 0 or (self.has_unwritten and len(self._waiting) != before):
            before = len(self._waiting)
            self.retry_at = 0.0
            self._try_to_write()
        with contextlib.suppress(sqlite3.Error):
            if self._to_scrub_at_end:
                self._file.scrub(SCRUBBED_AT_END)
        self._file.close()
        self.problem, self.retry_at = "closed", math.inf  # who still reads must not take the file up again
        lost = self._lost + len(self._waiting)
        if lost:
            log.error(
                plural(
                    "history: {count} message could not be written and is lost",
                    "history: {count} messages could not be written and are lost",
                    lost,
                )
            )

    def find(self, msgid: str) -> Place | None:
        """Return the place of a message in the order of all, whatever its conversation; None if it never was.

        The place of one that was taken back, lost, or removed because it was old is still known.
        """
        place = self._ids.find(msgid)
        return None if place is None or place.after > self.last_id else place

    def find_time(self, time: int) -> Place:
        """Return the place of a time (in milliseconds).

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        last, first = select_place(self._to_read(), time)
        before = [number for number in (last,) if number is not None]
        behind = [number for number in (first,) if number is not None]
        before += [number for number, then in self._waiting.times() if then < time]
        behind += [number for number, then in self._waiting.times() if then > time]
        return Place(max(before, default=0) + 1, min(behind, default=self.last_id + 1) - 1)

    def page(self, query: PageQuery) -> list[Row]:
        """Return the messages that are asked for, at most PAGE_BYTES of them, oldest first.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        rows = list(fit_page(islice(self._sound_rows(query), query.limit)))
        return rows[::-1] if query.newest else rows

    def _sound_rows(self, query: PageQuery) -> Iterator[Row]:
        """Yield the messages that are asked for, and in the place of damaged ones those beyond the limit."""
        for _attempt in range(MOST_PASSED_OVER // max(query.limit, 1) + 1):
            numbers = select_ids(self._to_read(), query)
            waiting = {row.id: row for row in islice(self._waiting.search(query), query.limit)}
            asked = sorted(numbers.union(waiting).difference(self._deleted), reverse=query.newest)
            asked = asked[: query.limit]
            for number in asked:
                row = waiting.get(number) or read_row(self._connection, number)
                if row and query.asks_for(row) and number <= self.last_id:
                    yield row
                else:
                    self._damaged.add(number)
            if len(asked) < query.limit or not asked:
                break
            query = query._replace(before=asked[-1]) if query.newest else query._replace(after=asked[-1])

    def branches(self, talk: Talk) -> list[Branch]:
        """Return the parts of a conversation, each of which `numbers` gives.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        return talk.branches(self._to_read())

    def numbers(self, branch: Branch | None, within: Stretch, limit: int) -> list[int]:
        """Return the first numbers, in the order that is wanted, of what was said in a part of a talk.

        Args:
            branch: None: whatever waits to be written, of all conversations.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        if branch:
            return select_branch(self._to_read(), branch, within, limit)
        waiting = (number for number, _time in self._waiting.times())
        found = [number for number in waiting if within.after < number < within.before]
        return (found[::-1] if within.newest else found)[:limit]

    def lines(self, numbers: Sequence[int]) -> Iterator[Line]:
        """Yield the lines of these messages, in this order, without those that are gone.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        found = select_lines(self._to_read(), numbers)
        for number in numbers:
            line = found.get(number) or self._waiting.get(number)
            if line and number not in self._deleted and number <= self.last_id:
                yield Line(line.id, line.time, line.line)

    def row(self, number: int) -> Row | None:
        """Return a message, if it is there and sound.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        found = self._waiting.get(number) or read_row(self._to_read(), number)
        return None if number in self._deleted else found

    def read(self, talk: Talk, msgid: str) -> Row | None:
        """Return a message, if it is in this conversation.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        place = self.find(msgid)
        if place is None or place.before != place.after:
            return None
        row = self.row(place.after)
        return row if row and talk.holds(row) else None

    def last_before(self, number: int) -> int:
        """Return the number of the newest message or event before this number; 0 if there is none.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        select = "SELECT max(id) FROM message WHERE id > 0 AND id < ?"
        found = self._to_read().execute(select, (number,)).fetchone()[0]
        waiting = (one for one, _time in self._waiting.times() if one < number)
        return max(found or 0, max(waiting, default=0))

    @property
    def deleting(self) -> int:
        """How many messages the next `commit` takes out."""
        return len(self._deleted)

    def said_between(self, after: int, before: int, identities: Collection[str]) -> list[Row]:
        """Return all messages and events between two numbers (excluded), the newest first.

        Args:
            identities: only what was said under these (`Author.identity`); without any, everything.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        whose = f"AND sender IN ({', '.join('?' * len(identities))})" if identities else ""
        rows = [
            row
            for values in self._to_read().execute(
                f"SELECT {COLUMNS} FROM message WHERE id > ? AND id < ? {whose}",
                (after, before, *identities),
            )
            if (row := sound_row(values)) and row.id not in self._deleted
        ]
        rows += [
            row
            for row in self._waiting
            if after < row.id < before and (not identities or row.sender in identities)
        ]
        return sorted(rows, key=attrgetter("id"), reverse=True)

    def delete(self, number: int) -> None:
        """Take a message out of the history with the next `commit` (IRCv3 draft/message-redaction)."""
        self._waiting.remove([number])
        self._deleted.append(number)

    def newest(self, limit: int, *, events: bool = True) -> Iterator[Row]:
        """Yield the newest messages of all, the newest first; less if the file cannot be read."""
        # With the sign sqlite does not take an index for the events, and sort.
        said = "" if events else "AND +event = 0"
        try:
            for values in self._to_read().execute(
                f"SELECT {COLUMNS} FROM message WHERE id <= ? {said} ORDER BY id DESC LIMIT ?",
                (self.last_id, limit),
            ):
                row = sound_row(values)
                if row:
                    yield row
                else:
                    self._damaged.add(values[0])
        except sqlite3.Error as error:
            log.error(_("the history cannot be read: {error}").format(error=error))

    def conversations(
        self, channels: Collection[str], readers: Collection[str], times: tuple[int, int], limit: int
    ) -> list[LastMessage]:
        """Return the conversations in which somebody last spoke in these times; see `select_conversations`.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        found = select_conversations(self._to_read(), channels, readers, times, limit)
        newest = dict(found)
        for row in self._waiting:
            newest.update(dict.fromkeys(targets_of(row, channels, readers), row.time))
        within = (LastMessage(*one) for one in newest.items() if times[0] < one[1] < times[1])
        return sorted(within, key=lambda one: one.time)[:limit]


def open_history(path: Path, limit: int = DEFAULT_LIMIT) -> History:
    """Open or create the history file, and its folder; see `History`.

    Raises:
        HistoryError: it cannot be used; what is there was left as it is.
    """
    try:
        if path.is_dir():
            text = _("{path} is a folder, not a file.").format(path=path)
        else:
            make_folder(path.parent)
            return History(path, limit)
    except LockedError:
        text = _("Another chat server that is running keeps its history in {path}. Stop it first.").format(
            path=path
        )
    except UNUSABLE as error:
        text = describe_error(path, error)
    except OSError as error:
        text = _("The folder of the history {path} cannot be used ({error}).").format(
            path=path, error=explain_error(error)
        )
    if not is_in_launcher():
        other = _("Choose another file with --history FILE, or keep none with --no-history.")
        text = f"{text} {other}"
    raise HistoryError(text)
