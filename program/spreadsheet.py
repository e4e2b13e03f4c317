"""A table as a spreadsheet opens it in Russian: a byte order mark and semicolons (CSV)."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def spreadsheet(rows: Iterable[Sequence[str]]) -> str:
    """Return the rows as CSV; no cell is taken for a formula, whoever wrote it."""
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";")
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return text.getvalue()
