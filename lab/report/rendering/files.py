"""Which kind of file a report becomes: its name decides."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from lab.report.rendering.docx import docx
from lab.report.rendering.html import html
from lab.report.rendering.model import Document
from program.errors import UserFacingError
from translations import _


def _page(document: Document) -> bytes:
    return html(document).encode("utf-8", "backslashreplace")


_KINDS: Final[dict[str, Callable[[Document], bytes]]] = {".docx": docx, ".html": _page, ".htm": _page}
"""By the ending of the name."""


def saved_hint(file: Path) -> str:
    """Return what to know before a saved file is opened; "" if there is nothing."""
    if renderer(file) is not docx:
        return ""
    return _("When Word asks whether to update the fields, answer Yes: it counts the pages of the contents.")


def renderer(file: Path) -> Callable[[Document], bytes]:
    """Return what makes the content of a file with this name; ask before long work.

    Raises:
        UserFacingError: no kind of file ends so.
    """
    found = _KINDS.get(file.suffix.lower())
    if found is None:
        text = _("A report is a .docx or a .html: give “{name}” one of these endings.")
        raise UserFacingError(text.format(name=file.name))
    return found
