"""The files of the student's own program, as their text."""

from pathlib import Path
from typing import Final

from lab.report.data import SourceFile
from program.encodings import decode_text
from program.errors import UserFacingError
from translations import _
from translations.system_errors import explain_error

LARGEST: Final = 128 * 1024
"""Bytes: about fifty pages."""


def read_source(file: Path) -> SourceFile:
    """Return a file, in whatever encoding an editor has saved it, with its name.

    Raises:
        UserFacingError: it cannot be read, is too large, or is no text.
    """
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except OSError as error:
        problem = _("The file {path} cannot be read ({error}); check its name and whether you may read it.")
        raise UserFacingError(problem.format(path=file, error=explain_error(error))) from error
    if len(raw) > LARGEST:
        problem = _("The file {path} is too large: it may have {most} bytes.")
        raise UserFacingError(problem.format(path=file, most=LARGEST))
    text = decode_text(raw)
    if "\0" in text:
        problem = _("The file {path} is no text: choose the source text of your program.")
        raise UserFacingError(problem.format(path=file))
    return SourceFile(file.name, text)
