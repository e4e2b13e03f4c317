"""`chat export --attendance`: who was here, as a table for a spreadsheet, or as JSON."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

from chatroom.classroom.attendance import Attended, list_attendance
from chatroom.classroom.file import SETTING, VISIT, read_kept
from chatroom.classroom.roster import KEPT_AS, Roster
from commandline.text_files import writing
from program.folders import class_file
from program.spreadsheet import spreadsheet
from translations import _


def write_csv(rows: Sequence[Attended]) -> str:
    """Return a table that a spreadsheet opens in Russian: a byte order mark and semicolons."""
    cells = [[_("Name"), _("Nick"), _("First seen"), _("Last seen"), _("Minutes"), _("Lines"), _("Address")]]
    for row in rows:
        times = [_time(row.first), _time(row.last), str(round(row.seconds / 60))]
        cells.append([row.name, ", ".join(row.nicks), *times, str(row.lines), ", ".join(row.addresses)])
    return spreadsheet(cells)


def write_json(rows: Sequence[Attended]) -> str:
    """Return the same for programs; times as ISO 8601, or null for those who were not here."""
    objects = [asdict(row) | {"first": _iso(row.first), "last": _iso(row.last)} for row in rows]
    return json.dumps(objects, ensure_ascii=False, indent=1) + "\n"


FORMATS: Final[dict[str, Callable[[Sequence[Attended]], str]]] = {"csv": write_csv, "json": write_json}
"""How attendance can be written."""


def run(history: Path, format_name: str, out: Path | None) -> int:
    """Write the attendance to a file, or print it; return 0.

    Args:
        history: of the server, which may be running; the class's file is beside it.
        format_name: one of `FORMATS`.
        out: where to write, in UTF-8; None prints it.

    Raises:
        UserFacingError: the class's file cannot be read, or the other one cannot be written.
    """
    if out is None:
        sys.stdout.write(FORMATS[format_name](_read(history)).removeprefix("\ufeff"))
        return 0
    save(history, format_name, out)
    print(_("Written to {path}.").format(path=out))
    return 0


def save(history: Path, format_name: str, out: Path) -> None:
    """Write the attendance to a file; the arguments are those of `run`.

    Raises:
        UserFacingError: it cannot be read or written.
    """
    text = FORMATS[format_name](_read(history))
    with writing(out, history, newline="") as file:  # csv ends its lines itself
        file.write(text)


def _read(history: Path) -> list[Attended]:
    visits, settings = read_kept(class_file(history), VISIT, SETTING)
    names = settings.get(KEPT_AS, {}).get("names")
    roster = Roster([name for name in names if isinstance(name, str)] if isinstance(names, list) else [])
    return list_attendance(visits, roster)


def _date(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds).astimezone() if seconds else None


def _time(seconds: float) -> str:
    date = _date(seconds)
    return f"{date:%Y-%m-%d %H:%M:%S}" if date else ""


def _iso(seconds: float) -> str | None:
    date = _date(seconds)
    return date.isoformat(timespec="seconds") if date else None
