"""A lock that dies with its process, so that two servers never write to one history."""

import contextlib
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


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
        self._descriptor = _open_locked(path)
        while not _is_at(path, self._descriptor):  # whoever had the lock has taken the file away meanwhile
            os.close(self._descriptor)
            self._descriptor = _open_locked(path)

    def release(self) -> None:
        """Let go of the lock, and tidy its file away."""
        if sys.platform == "win32":  # which does not remove what is open
            os.close(self._descriptor)
        with contextlib.suppress(OSError):
            self._path.unlink()
        if sys.platform != "win32":  # whoever has opened it will see that it is gone
            os.close(self._descriptor)


def _open_locked(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        os.close(descriptor)
        raise LockedError from error
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _is_at(path: Path, descriptor: int) -> bool:
    """Tell whether the file that is open is the one that has this name."""
    if sys.platform == "win32":  # what is open keeps its name
        return True
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
