"""The archive of a class: what was said in each, in a folder of its own beside the history."""

import re
from datetime import datetime
from pathlib import Path
from typing import Final

from program.files import make_folder

FOLDER: Final = "archive"
_NOT_IN_NAME: Final = re.compile(r"[^\w-]+")
_MOST_LETTERS: Final = 40
"""Of a group's name in the name of a folder."""


def make_archive(history: Path, group: str, now: float) -> Path:
    """Make a folder `archive/DATE-GROUP` beside a history, with another number each time; return it.

    Args:
        group: as a teacher calls it; "" if it has no name.
        now: in seconds since the epoch.

    Raises:
        OSError: it cannot be made.
    """
    date = datetime.fromtimestamp(now).astimezone()
    name = _NOT_IN_NAME.sub("-", group).strip("-")[:_MOST_LETTERS]
    wanted = history.parent / FOLDER / "-".join(filter(None, (f"{date:%Y-%m-%d}", name)))
    folder, number = wanted, 1
    while True:
        make_folder(folder.parent)
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
            folder = wanted.with_name(f"{wanted.name}-{number}")
        else:
            return folder


def move_history(history: Path, folder: Path) -> None:
    """Move a history that nobody has open, with what belongs to it, into a folder.

    Raises:
        OSError: it cannot be moved; it is where it was.
    """
    history.rename(folder / history.name)
    for ending in ("-wal", "-shm"):  # a closed history leaves them only where it could not be written
        file = Path(f"{history}{ending}")
        if file.exists():
            file.rename(folder / file.name)


def list_archive(history: Path) -> list[Path]:
    """Return the folders of the archive beside a history, the newest last."""
    folder = history.parent / FOLDER
    return sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
