"""Text files that an option names: their lines, and the message of the day."""

from pathlib import Path
from typing import Final

from program.errors import UserFacingError
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
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
        if len(raw) > LARGEST:
            problem = _("The file {path} is too large: it may have {most} bytes.")
            raise UserFacingError(problem.format(path=file, most=LARGEST))
        return raw.decode("utf-8-sig").splitlines()
    except OSError as error:
        problem = _("The file {path} cannot be read ({error}); check its name and whether you may read it.")
        raise UserFacingError(problem.format(path=file, error=explain_error(error))) from error
    except UnicodeDecodeError as error:
        problem = _("The file {path} is not text in UTF-8; save it as UTF-8.")
        raise UserFacingError(problem.format(path=file)) from error


def read_motd(file: Path) -> tuple[str, ...]:
    """Return the message of the day: lines that are safe to show, none of them too long to be sent.

    Raises:
        UserFacingError: the file cannot be read, or is not text.
    """
    lines = (visible_speech(strip_formatting(line.expandtabs(4))) for line in read_lines(file))
    return tuple(piece for line in lines for piece in split(line, LONGEST_MOTD_LINE))
