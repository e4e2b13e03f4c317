"""Text files that an option names: to read, the message of the day or the roster of a class; to write."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

from chatroom.classroom.roster import read_names
from program.encodings import decode_text
from program.errors import UserFacingError
from program.files import replacing
from program.folders import class_file
from protocol.text import split, strip_formatting, visible_speech
from translations import _
from translations.system_errors import explain_error

LARGEST: Final = 64 * 1024
"""Bytes: everybody who connects is sent the message of the day."""
LONGEST_MOTD_LINE: Final = 300
"""Bytes; a longer line is continued on the next."""


def read_lines(file: Path) -> list[str]:
    """Return the lines of a text file in UTF-8.

    Raises:
        UserFacingError: it cannot be read, or is not text.
    """
    raw = _read(file)
    try:
        return raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        problem = _("The file {path} is not text in UTF-8; save it as UTF-8.")
        raise UserFacingError(problem.format(path=file)) from error


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except OSError as error:
        problem = _("The file {path} cannot be read ({error}); check its name and whether you may read it.")
        raise UserFacingError(problem.format(path=file, error=explain_error(error))) from error
    if len(raw) > LARGEST:
        problem = _("The file {path} is too large: it may have {most} bytes.")
        raise UserFacingError(problem.format(path=file, most=LARGEST))
    return raw


def read_roster(file: Path) -> tuple[str, ...]:
    """Return the names in a file that a text editor or a spreadsheet has saved.

    Raises:
        UserFacingError: it cannot be read, or holds no names.
    """
    text = decode_text(_read(file))
    names = () if "\0" in text else tuple(read_names(text.splitlines()))
    if not names:
        problem = _("There are no names in {path}: it is to hold one in each line, or be a table (CSV).")
        raise UserFacingError(problem.format(path=file))
    return names


def read_motd(file: Path) -> tuple[str, ...]:
    """Return the message of the day: lines that are safe to show, none of them too long to be sent.

    Raises:
        UserFacingError: the file cannot be read, or is not text.
    """
    lines = (visible_speech(strip_formatting(line.expandtabs(4))) for line in read_lines(file))
    return tuple(piece for line in lines for piece in split(line, LONGEST_MOTD_LINE))


@contextmanager
def writing(out: Path, history: Path, newline: str | None = None) -> Iterator[TextIO]:
    """Yield a text file in UTF-8 that takes the place of `out` when it is whole.

    Args:
        history: of the server; neither it nor its class's file is written over.
        newline: as for `open`.

    Raises:
        UserFacingError: the file is one of these, or cannot be written.
    """
    own = {
        history: _("{path} is the history itself; choose another file with --out FILE."),
        class_file(history): _("{path} is the class's own file; choose another file with --out FILE."),
    }
    try:
        for database, problem in own.items():
            files = [Path(f"{database}{end}") for end in ("", "-wal", "-shm")]  # as SQLite calls them
            if out.exists() and any(file.exists() and out.samefile(file) for file in files):
                raise UserFacingError(problem.format(path=out))
        with replacing(out) as whole:
            file = TextIOWrapper(whole, encoding="utf-8", newline=newline)
            yield file
            file.flush()
            file.detach()
    except OSError as error:
        problem = _("The file {path} cannot be written ({error}).")
        raise UserFacingError(problem.format(path=out, error=explain_error(error))) from error
