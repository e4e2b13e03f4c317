"""The files that a user keeps: written beside what stands there, and put in its place when they are whole."""

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from program.version import NAME

_TRIES: Final = 100
_STEM: Final = 40
"""Characters of a long name that the new file bears while it is written: a name has 255 bytes."""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Yield a file to write, which takes the place of `path` at the end of the block.

    1. Until the new file is whole and on disk, `path` MUST stay as it was, whatever goes wrong meanwhile.
    2. What cannot be replaced (a folder, a read-only file, on Windows one that another program has open) MUST
       be refused before the block begins: writing may take minutes.
    3. A link MUST stay a link, and a file MUST keep its permissions.
    4. What is no file, such as `/dev/stdout`, MUST be written to as it is, and nobody waits for a reader.
    5. If all was written and only the last step fails, the new file MUST stay where it is.

    Raises:
        OSError: it cannot be written. With `filename2`, it was written, and stands at `filename`.
    """
    is_there = path.exists()
    mode = path.stat().st_mode if is_there else stat.S_IFREG
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "wb") as file:
            if os.name == "posix":
                os.set_blocking(descriptor, True)
            yield file
        return
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if is_there:
        target.open("r+b").close()
    with _create_beside(target) as file:
        beside = Path(file.name)
        if is_there:
            with contextlib.suppress(OSError):
                beside.chmod(stat.S_IMODE(mode))  # before anything is in it that others may not read
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            with contextlib.suppress(OSError):
                file.close()  # which tries once more to write what a full disk did not take
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
    beside.replace(target)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, where there is none; open to its owner only.

    On a computer that several people use, private talks and settings are their owner's.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextlib.contextmanager
def temporary_folder(parent: Path) -> Iterator[Path]:
    """Make a folder of our own in another one, and remove it with all that is in it at the end of the block.

    Raises:
        OSError: it cannot be made.
    """
    for number in range(_TRIES):
        folder = parent / f"{NAME.lower()}-{os.getpid()}-{number}"
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        break
    else:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _create_beside(target: Path) -> BinaryIO:
    """Make a new file in the same folder, and of the same kind.

    Not with `tempfile`, which this program uses nowhere: on Windows it takes a folder that refuses for a name
    that is taken, and tries two thousand million others.
    """
    stem = target.stem[:_STEM]
    for number in range(_TRIES):
        again = f"-{number}" if number else ""
        try:
            return target.with_name(f"{stem}.{os.getpid()}{again}{target.suffix}").open("xb")
        except FileExistsError:
            continue
        except OSError as error:
            error.filename = str(target)  # the one that the user knows
            raise
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


def check_replaceable(path: Path) -> None:
    """Find out before long work whether its result could be written there; leaves no trace.

    Raises:
        OSError: it could not.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        return  # a reader on the other side would take a look for the end
    with contextlib.suppress(_NothingWrittenError), replacing(path):
        raise _NothingWrittenError


class _NothingWrittenError(Exception):
    """The block of `replacing` ends without a result."""
