"""What a class keeps besides its history: rooms, sanctions, visits, settings. A small sqlite3 file.

Everything is a row: a kind, a key, and a value in JSON. Who keeps something knows what is in it, and checks
its types where another program may have changed them. What is no JSON, or holds what nobody here would keep
(a text that breaks a line, a number beyond all dates), is passed over here.
"""

import contextlib
import json
import os
import re
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from chatroom.history.file import UNUSABLE, connect, free_name, lengthen, parameters_to_read
from program.errors import UserFacingError
from program.files import make_folder
from program.log import log
from translations import _
from translations.system_errors import explain_error

ROOM: Final = "room"
"""By the folded name of a room (`chatroom.classroom.rooms`)."""
SANCTION: Final = "sanction"
VISIT: Final = "visit"
SETTING: Final = "setting"
"""By the name of a setting."""
LATEST: Final = 253402300800.0
"""The end of the year 9999, in seconds since the epoch: no date can be later, and no number is greater."""
RETRY_SECONDS: Final = 1.0
"""How long after a failure the next try to write is made."""
_INDEX: Final = "-shm"
_READ: Final = "SELECT key, value FROM kept WHERE kind = ?"
_BREAKS_LINES: Final = re.compile("[\0\r\n\ud800-\udfff]")
_APPLICATION_ID: Final = 0x4C616243 + 1  # the history's is "LabC"
_VERSION: Final = 1
_TABLE: Final = """
    CREATE TABLE kept (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (kind, key)
    ) WITHOUT ROWID;
"""


class ClassFileError(UserFacingError):
    """The class's file cannot be used."""


class ClassFile:
    """The file, and what waits to be written to it. Used by one thread at a time.

    What is kept MUST NOT be lost when the server is killed, once `commit` has returned and `problem` is "".
    Nobody MUST wait for the disk: what it refuses is tried again later, and said on the console once.
    """

    def __init__(
        self, path: Path | None = None, *, locks: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Open or create the file, and its folder.

        Args:
            path: where; None keeps everything in memory, for as long as the server runs.
            locks: see `chatroom.history.file.connect`.
            clock: seconds, for the pauses between two tries.

        Raises:
            ClassFileError: the file cannot be used; what is there was left as it is.
        """
        self._path = path
        self._locks = locks
        self._clock = clock
        self._waiting: dict[tuple[str, str], str | None] = {}
        """What is to be written: for each kind and key its value in JSON, or None to forget it."""
        self._is_to_be_opened = False
        """It was made again, but not opened yet."""
        self._known: dict[str, os.stat_result | None] = {}
        """The file, and the index of its log, as they were when they were used last."""
        self.problem = ""
        """Why the file could not be written the last time; "" if it could."""
        self.wake_at: float | None = None
        """When, by the clock, `commit` should be called again though nothing happens; None: not at all."""
        try:
            if path:
                make_folder(path.parent)
            self._open()
        except (*UNUSABLE, OSError) as error:
            text = _(
                "The class's file {path} cannot be used ({error}). Move it to another folder: the class then "
                "begins anew, with no bans and no attendance."
            )
            raise ClassFileError(text.format(path=path, error=explain_error(error))) from None

    def _open(self) -> None:
        self._connection = (
            connect(self._path, "mode=rwc", locks=self._locks)
            if self._path
            else sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        )
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        run = self._connection.execute
        application, version = (
            run(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        if not application and not run("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            self._connection.executescript(
                f"BEGIN; {_TABLE} PRAGMA application_id = {_APPLICATION_ID};"
                f"PRAGMA user_version = {_VERSION}; COMMIT;"
            )
        elif (application, version) != (_APPLICATION_ID, _VERSION):
            raise sqlite3.DatabaseError(_("a database of another program or of a newer version"))
        run("SELECT kind, key, value FROM kept LIMIT 1")
        if run("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError(_("the file is damaged"))
        run("PRAGMA journal_mode = WAL")
        run(
            "PRAGMA synchronous = NORMAL"
        )  # a killed server loses nothing; a power cut perhaps the last second
        run("PRAGMA busy_timeout = 0")
        self._look()

    def _look(self) -> None:
        """Take note of what the file is like."""
        for ending in ("", _INDEX) if self._path else ():
            self._known[ending] = _stat(Path(f"{self._path}{ending}"))

    def _lengthen_index(self) -> None:
        if self._path:
            lengthen(Path(f"{self._path}{_INDEX}"), self._known[_INDEX])

    def _run(self, statement: str, *values: str) -> sqlite3.Cursor:
        """Execute a statement, after a look at the index, which another program may have cut."""
        self._lengthen_index()
        return self._connection.execute(statement, values)

    def _is_taken(self, path: Path) -> bool:
        """Tell whether another program has deleted, moved, replaced or cut the file."""
        then, now = self._known[""], _stat(path)
        return not (then and now and os.path.samestat(then, now) and then.st_size <= now.st_size)

    def read(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return all that is kept of a kind, by key.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        texts = dict(self._run(_READ, kind).fetchall())
        texts.update({key: value for (one, key), value in self._waiting.items() if one == kind})
        return _parsed_all(texts)

    def keep(self, kind: str, key: str, value: Mapping[str, Any]) -> None:
        """Keep a value, in place of what was kept under this key, from the next `commit` on."""
        self._waiting[kind, key] = json.dumps(value, ensure_ascii=False)

    def forget(self, kind: str, key: str) -> None:
        """Keep nothing under this key from the next `commit` on."""
        self._waiting[kind, key] = None

    def commit(self) -> None:
        """Write what has changed, in one transaction; for the end of every batch. Never raises or waits."""
        if not self._waiting or (self.wake_at is not None and self._clock() < self.wake_at):
            return
        try:
            self._take_up_again()
            self._write()
        except (sqlite3.Error, OSError) as error:
            self._roll_back()
            if not self.problem:
                log.error(
                    _("the class's file cannot be written: {error}; it is tried again").format(
                        error=explain_error(error)
                    )
                )
            self.problem = str(error)
            self.wake_at = self._clock() + RETRY_SECONDS
            return
        if self.problem:
            log.warning(_("the class's file is written again; nothing was lost"))
        self._waiting.clear()
        self.problem, self.wake_at = "", None

    def _take_up_again(self) -> None:
        """Make the file again if another program has taken it: what was in it can still be read.

        1. A try that fails MUST leave the open connection, or a whole file.
        2. What another program has put into its place MUST be set aside, not overwritten.
        """
        if self._path and self._is_taken(self._path):
            make_folder(self._path.parent)
            fresh = self._path.with_name(f"{self._path.name}.new")
            fresh.unlink(missing_ok=True)
            self._run("VACUUM INTO ?", str(fresh))
            if os.path.lexists(self._path):
                self._path.rename(free_name(self._path))
            fresh.replace(self._path)
            self._look()
            self._connection.close()
            for ending in ("-wal", _INDEX):  # they would be taken for those of the new file
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            self._is_to_be_opened = True
        if self._is_to_be_opened:
            self._open()
            self._is_to_be_opened = False
            log.warning(
                _("another program took or changed the class's file; it is made again, nothing is lost")
            )

    def _write(self) -> None:
        self._run("BEGIN IMMEDIATE")
        run = self._connection.execute
        for (kind, key), value in self._waiting.items():
            if value is None:
                run("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, key))
            else:
                run("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (kind, key, value))
        run("COMMIT")
        self._look()

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")

    def copy_to(self, folder: Path) -> None:
        """Write a copy, under the same name, into another folder; does nothing where there is no file.

        Raises:
            sqlite3.Error: it cannot be written.
        """
        if self._path:
            self._run("VACUUM INTO ?", str(folder / self._path.name))

    def close(self) -> None:
        """Write what waits, if the disk takes it, and close the file."""
        self.wake_at = None
        self.commit()
        self._lengthen_index()
        self._connection.close()


def read_kept(path: Path, *kinds: str) -> list[dict[str, dict[str, Any]]]:
    """Return what a class keeps of these kinds, each by key; its server may be running.

    Raises:
        ClassFileError: it cannot be read.
    """
    try:
        path.open("rb").close()
        with contextlib.closing(connect(path.resolve(), parameters_to_read(path))) as connection:
            return [_parsed_all(dict(connection.execute(_READ, (kind,)).fetchall())) for kind in kinds]
    except FileNotFoundError:
        text = _("There is no class at {path}: its server was never started with an operator (--oper).")
        raise ClassFileError(text.format(path=path)) from None
    except (*UNUSABLE, OSError) as error:
        text = _("The class's file {path} cannot be read: {error}.")
        raise ClassFileError(text.format(path=path, error=explain_error(error))) from None


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _parsed_all(texts: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    """Return the values of these keys; in a damaged file both may be of any type."""
    return {
        key: value
        for key, text in texts.items()
        if isinstance(key, str) and _is_sound(key) and (value := _parsed(text)) is not None
    }


def _parsed(text: object) -> dict[str, Any] | None:
    try:
        value = json.loads(text) if isinstance(text, str) else None
        return value if isinstance(value, dict) and _is_sound(value) else None
    except (ValueError, RecursionError):
        return None


def _is_sound(value: object) -> bool:
    """Tell whether a value can be shown, sent in a line, and reckoned with."""
    match value:
        case str():
            return _BREAKS_LINES.search(value) is None
        case int() | float():
            return -LATEST < value < LATEST
        case list():
            return all(map(_is_sound, value))
        case dict():
            return all(_is_sound(part) for pair in value.items() for part in pair)
    return value is None
