"""A lock that dies with its process, so that two programs never write to one file at once."""

import contextlib
import os
import sys
from pathlib import Path
from typing import Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


_HOW: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
"""A pipe of that name is refused, where nobody reads it, and not waited for."""


class LockedError(Exception):
    """Another process, or somebody else in this one, has the lock."""


class FileLock:
    """Held from its making until `release`, or until the process ends, in whatever way.

    The lock is the operating system's, on an empty file of its own; that the file is there means nothing.
    """

    def __init__(self, path: Path) -> None:
        """Make the file, if there is none, and take the lock; does not wait.

        Raises:
            LockedError: it is taken.
            OSError: the file cannot be made or locked.
        """
        self._path = path
        while True:
            self._file = os.fdopen(os.open(path, _HOW, 0o666), "ab")
            try:
                _lock(self._file.fileno())
                if _is_at(path, self._file.fileno()):
                    return
            except BaseException:
                self._file.close()
                raise
            self._file.close()  # whoever had the lock has removed the file since

    def is_held(self) -> bool:
        """Tell whether the file still has its name, so that others find the lock taken."""
        return _is_at(self._path, self._file.fileno())

    def is_refused(self) -> bool:
        """Tell whether the file's drive refuses the locks that sqlite uses, as network drives may."""
        if sys.platform != "win32":
            try:
                fcntl.lockf(self._file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                return False
            except OSError:
                return True
        return False

    def close(self) -> None:
        """Let go of the lock, and leave the file."""
        self._file.close()

    def release(self) -> None:
        """Remove the file, and let go of the lock."""
        if sys.platform == "win32":  # which does not remove what is open
            self._file.close()
        with contextlib.suppress(OSError):
            self._path.unlink()
        self._file.close()


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:  # which of them, Windows and Wine do not agree on
            raise LockedError from error
    else:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError from error


def _is_at(path: Path, descriptor: int) -> bool:
    """Tell whether the file that is open is still the one that has this name; on Windows it always is."""
    try:
        return sys.platform == "win32" or os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
