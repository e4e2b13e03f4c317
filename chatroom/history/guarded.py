"""The history's file as a running server has it: locked, watched, and made anew when another program took it.

sqlite itself does not look. It goes on writing to a file that was deleted or moved, where nobody will find
it; it reads what another program has put into the file's place; and where a file system refuses locks, each
statement waits ten seconds for them.
"""

import contextlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

from chatroom.history import talks
from chatroom.history.file import INSERT, UNUSABLE, connect, free_name, lengthen, open_file
from chatroom.history.rows import COLUMNS, Row, sound_row
from program.files import make_folder
from program.lock import FileLock
from program.log import log
from translations import _

CHECKPOINT_BYTES: Final = 16 * 1024 * 1024
"""Of the write-ahead log, before it is emptied where nobody copies it beside: seldom, since that waits for
the disk, and often enough that the log stays small."""
_MOST_PAGES: Final = 16 * 1024
"""Of a log that is copied beside. When all is copied and nothing was written meanwhile, sqlite writes it from
its beginning again; where people talk too fast for that, the last of them are copied before they go on."""
_COPIES: Final = 2
"""How often the log is copied at once: the second time what was written during the first, which is less."""
_MAIN: Final = ""
_LOG: Final = "-wal"
_INDEX: Final = "-shm"
_NEW: Final = "-new"
_TO_BE_WAITED_FOR: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_NOMEM,
}
"""Errors (their last byte) that may pass without anything being done to the file."""
_Found = dict[str, os.stat_result | None]
RunAside = Callable[[Callable[[], object]], Callable[[], object]]
"""Begins to run a function in another thread; returns what waits for its end."""


class GuardedFile:
    """The open file. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; it may be reached through a link.

        Raises:
            LockedError: another server has it.
            OSError: the folder cannot be written.
            sqlite3.Error, UnicodeDecodeError: as `open_file`.
        """
        self._path = Path(os.path.realpath(path))  # where sqlite has its own files, too
        self._lock = FileLock(self._beside("-lock"))
        self.has_locks = True
        """See `History.has_locks`."""
        self._was_refused = False
        """A lock was waited for, for ten seconds, and not given."""
        try:
            if self._are_locks_refused():
                self._tell_of_no_locks()
            self._finish_making_anew()
            try:
                self._open()
            except sqlite3.OperationalError as error:
                if not self.has_locks or not self._is_refusal(error):
                    raise
                self._tell_of_no_locks()
                self._open()
        except BaseException:
            self._lock.release()
            raise
        self._known: _Found = {}
        self._copies = self._has_copied = False
        """The log is being copied in another thread; that is done."""
        self._pages = 0
        """How many the log had when it was copied last."""
        self._wait_for_copy: Callable[[], object] = lambda: None

    def _open(self, *, check: bool = True) -> None:
        self._copier: sqlite3.Connection | None = None
        self.connection = open_file(self._path, locks=self.has_locks, check=check)
        self.cursor = self.connection.cursor()
        """For what each batch does; to make one each time costs time, and memory that is given back late."""
        if self.has_locks:
            # Opened now, while the file is known to be ours: it copies the log in another thread.
            self._copier = connect(self._path, "mode=rw")
            self._copier.execute("SELECT count(*) FROM sqlite_schema").fetchone()

    def _beside(self, ending: str) -> Path:
        return Path(f"{self._path}{ending}")

    def _look(self) -> _Found:
        found: _Found = {}
        for ending in (_MAIN, _LOG, _INDEX) if self.has_locks else (_MAIN, _LOG):
            try:
                found[ending] = os.stat(f"{self._path}{ending}")  # noqa: PTH116 - three for each batch: no objects
            except OSError:
                found[ending] = None
        return found

    def is_changed(self) -> bool:
        """Tell whether another program has deleted, moved, replaced or cut one of the files, or the lock.

        To be called before each use: a cut index (`-shm`), which sqlite has mapped into memory, would end
        this process.
        """
        if sys.platform == "win32":  # where a file that is in use can be none of that
            return False
        if self._are_locks_refused() or not self._lock.is_held():
            return True
        found, known = self._look(), self._known
        if not known:
            self._known = found
            return False
        for ending, now in found.items():
            then = known.get(ending)
            if now is None:
                if then is not None or ending == _MAIN:
                    return True
            elif then is not None and (
                now.st_ino != then.st_ino
                or now.st_dev != then.st_dev
                or now.st_size < then.st_size
                or (ending == _MAIN and now.st_mtime_ns != then.st_mtime_ns and not self._copies)
            ):
                return True
        self._known = found
        return False

    def scrub(self, largest: int) -> bool:
        """Remove from the disk what was deleted; tell whether that is done.

        sqlite overwrites what it deletes (`secure_delete`). Yet copies may lie in the unused part of pages
        where the row stood before, and in the write-ahead log.

        Args:
            largest: bytes of a database that is written anew for this; a larger one would take long.
        """
        database = self._known.get(_MAIN)
        if database and database.st_size <= largest:
            with contextlib.suppress(sqlite3.Error):
                self.connection.execute("VACUUM")
        return self.checkpoint(if_large=False)

    def checkpoint(self, *, if_large: bool = True) -> bool:
        """Copy the write-ahead log into the database and empty it; tell whether that is done."""
        log_file = self._known.get(_LOG)
        if if_large and (log_file is None or log_file.st_size < CHECKPOINT_BYTES):
            return True
        busy, _pages, _copied = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._known = self._look()
        return not busy

    def begin_copy(self, run_aside: RunAside) -> None:
        """Begin to copy the write-ahead log into the database, in another thread: that waits for the disk."""
        self._copies, self._has_copied, self._pages = True, False, 0
        self._wait_for_copy = run_aside(self._copy_log)

    def _copy_log(self) -> None:
        """Copy the log while it is written to. Runs in a thread of its own."""
        with contextlib.suppress(sqlite3.Error):  # it is tried again later
            for _copy in range(_COPIES):
                assert self._copier
                self._pages = self._copier.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1]
        self._has_copied = True

    def copies(self) -> bool:
        """Tell whether the log is still being copied."""
        if self._copies and self._has_copied:
            if self._pages >= _MOST_PAGES:
                self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            self._end_copy()
        return self._copies

    def _end_copy(self) -> None:
        """Wait for the end of the copy, and take note of what it has changed."""
        if self._copies:
            self._wait_for_copy()
            self._copies = False
            then, now = self._known.get(_MAIN), self._look()[_MAIN]
            if then and now and os.path.samestat(then, now):
                self._known[_MAIN] = now

    def is_beyond_use(self, error: sqlite3.Error) -> bool:
        """Tell whether waiting does not help against the error: the file is not what it was."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        self._was_refused |= code == sqlite3.SQLITE_PROTOCOL
        return code == sqlite3.SQLITE_IOERR_SHORT_READ or code & 0xFF not in _TO_BE_WAITED_FOR

    def take_up_again(self, runs: list[tuple[int, str]], without: Collection[int]) -> bool:
        """Go on in a file that exists, at the same place, with all that can still be read.

        Returns whether another program has taken the file; else only its locks are refused.

        1. Where the database itself is untouched, only its log or index gone, it MUST be kept.
        2. Else a new one MUST be made of what the open connection still reads, the newest first.
        3. What another program has put into its place MUST be set aside, not overwritten.
        4. Until the new file is complete the old connection MUST stay open, so that a try that fails can be
           made again.

        Args:
            runs: of `Ids`; they are written again.
            without: numbers of the messages that were taken back.

        Raises:
            LockedError, OSError, sqlite3.Error, UnicodeDecodeError: it cannot be done now.
        """
        self._end_copy()
        lengthen(self._beside(_INDEX), self._known.get(_INDEX))
        make_folder(self._path.parent)
        if not self._lock.is_held():
            lock = FileLock(self._beside("-lock"))
            self._lock.close()
            self._lock = lock
        was_taken = not self._are_locks_refused()
        if not was_taken:
            self._tell_of_no_locks()
            self._close_connection()
        else:
            untouched, lost_its_name = self._is_untouched(), self._has_lost_its_name()
            if not untouched and not lost_its_name and not self._has_one_of(runs):
                self._set_contents_aside()
            is_whole = self._bring_log_in()
            if untouched and is_whole:
                self._close_connection()
            else:
                self._make_anew(runs, without, copy=lost_its_name and is_whole)
            for ending in (_LOG, _INDEX):
                self._beside(ending).unlink(missing_ok=True)
        self._open(check=False)
        self._known = {}
        return was_taken

    def _are_locks_refused(self) -> bool:
        return self.has_locks and (self._was_refused or self._lock.is_refused())

    def _is_refusal(self, error: sqlite3.Error) -> bool:
        """Tell whether it may be for want of locks, or of memory that processes share (the index)."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & 0xFF in (sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_IOERR)

    def _tell_of_no_locks(self) -> None:
        self.has_locks = False
        log.warning(
            _(
                "history: the drive of {path} refuses locks, as network drives may; while this server runs, "
                "other programs cannot read the history"
            ).format(path=self._path)
        )

    def _is_untouched(self) -> bool:
        """Tell whether the database has its name, and nobody but us has written to it."""
        then, now = self._known.get(_MAIN), self._look()[_MAIN]
        return (
            then is not None
            and now is not None
            and os.path.samestat(then, now)
            and (then.st_size, then.st_mtime_ns) == (now.st_size, now.st_mtime_ns)
        )

    def _has_lost_its_name(self) -> bool:
        """Tell whether the database that is open is not the file that has the name, if any has."""
        then, now = self._known.get(_MAIN), self._look()[_MAIN]
        return now is None or (then is not None and not os.path.samestat(then, now))

    def _has_one_of(self, runs: list[tuple[int, str]]) -> bool:
        """Tell whether one of the runs stands in the database, apart from its log: so it is still ours."""
        with (
            contextlib.suppress(*UNUSABLE),
            contextlib.closing(connect(self._path, "mode=ro&immutable=1")) as there,
        ):
            return not {mark for _first, mark in runs}.isdisjoint(
                mark for (mark,) in there.execute("SELECT mark FROM run")
            )
        return False

    def _set_contents_aside(self) -> None:
        """Take out of the open database what another program has written over it, as `cp` does.

        Else that would be read, and written over, as if it were ours. What is ours is now in the log and in
        memory only.
        """
        if self._path.stat().st_size:
            aside = free_name(self._path)
            try:
                shutil.copy(self._path, aside)
            except OSError:
                aside.unlink(missing_ok=True)
                raise
            os.truncate(self._path, 0)

    def _bring_log_in(self) -> bool:
        """Bring all into the database, wherever that is now; tell whether that is done."""
        try:
            _busy, pages, copied = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error:
            return False
        return bool(pages == copied)

    def _finish_making_anew(self) -> None:
        """Put a file into its place that a server was killed over when it had made it (`_make_anew`)."""
        new = self._beside(_NEW)
        if new.exists() and not os.path.lexists(self._path):
            with contextlib.closing(open_file(new, locks=self.has_locks)):
                pass  # sqlite puts its log into it
            new.rename(self._path)

    def _make_anew(self, runs: list[tuple[int, str]], without: Collection[int], *, copy: bool) -> None:
        new = self._beside(_NEW)
        if not (copy and self._copy_to(new)):
            self._write_readable_rows(new, runs, without)
        self._close_connection()
        if os.path.lexists(self._path):
            self._path.rename(free_name(self._path))
        for ending in (_LOG, _INDEX):
            self._beside(ending).unlink(missing_ok=True)
        new.replace(self._path)

    def _copy_to(self, new: Path) -> bool:
        """Copy the whole database: thirty times as fast as row by row."""
        self._remove_new()
        try:
            with contextlib.closing(connect(new, "mode=rwc", locks=self.has_locks)) as connection:
                self.connection.backup(connection)
        except sqlite3.Error:
            return False
        return True

    def _write_readable_rows(self, new: Path, runs: list[tuple[int, str]], without: Collection[int]) -> None:
        self._remove_new()
        with contextlib.closing(open_file(new, locks=self.has_locks)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO run (first, mark) VALUES (?, ?)", runs)
            connection.executemany(
                INSERT.replace("INSERT", "INSERT OR IGNORE"),
                (row for row in self._readable_rows() if row.id not in without),
            )
            talks.fill(connection)
            connection.execute("COMMIT")

    def _remove_new(self) -> None:
        for ending in (_MAIN, _LOG, _INDEX):
            self._beside(f"{_NEW}{ending}").unlink(missing_ok=True)

    def _readable_rows(self) -> Iterator[Row]:
        """Yield the rows that the open connection still reads, then those of the database without its log."""
        select = f"SELECT {COLUMNS} FROM message ORDER BY id DESC"
        untouched = self._is_untouched()
        with contextlib.suppress(*UNUSABLE):
            yield from filter(None, map(sound_row, self.connection.execute(select)))
            return
        if untouched:
            with (
                contextlib.suppress(*UNUSABLE),
                contextlib.closing(connect(self._path, "mode=ro&immutable=1")) as there,
            ):
                yield from filter(None, map(sound_row, there.execute(select)))

    def _close_connection(self) -> None:
        self._end_copy()
        for connection in (self._copier, self.connection):
            if connection:
                with contextlib.suppress(sqlite3.Error):
                    connection.close()

    def close(self) -> None:
        """Close the file, and let go of the lock."""
        self._close_connection()
        self._lock.release()
