"""`chat archive`, and what is written when a class is saved or closed: a page, and a table of attendance."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from chatroom.classroom.archive import FOLDER, list_archive
from commandline import attendance, export
from program.errors import UserFacingError
from translations import _, decimal, plural
from translations.system_errors import explain_error


def write_copies(history: Path, folder: Path) -> None:
    """Write what was said (HTML) and who was here (CSV) into a folder of the archive.

    Raises:
        UserFacingError: something cannot be read or written.
    """
    export.save(history, "html", folder / "chat.html")
    attendance.save(history, "csv", folder / "attendance.csv")


def run(history: Path, delete: str | None, *, sure: bool, ask: bool) -> int:
    """List the classes in the archive beside a history, or delete one; return 0.

    Args:
        delete: its name, or `all`; None lists them.
        sure: do not ask.
        ask: somebody can be asked.

    Raises:
        UserFacingError: there is no such class, or it cannot be deleted.
    """
    found = list_archive(history)
    if delete is None:
        _list(found, history)
        return 0
    chosen = found if delete == "all" else [one for one in found if one.name == delete]
    if not chosen:
        text = _("There is no class “{name}” in the archive {path}.")
        raise UserFacingError(text.format(name=delete, path=history.parent / FOLDER))
    if sure or _is_wanted(chosen, ask=ask):
        for folder in chosen:
            try:
                shutil.rmtree(folder)
            except OSError as error:
                text = _("{path} cannot be deleted: {error}.")
                raise UserFacingError(text.format(path=folder, error=explain_error(error))) from error
            print(_("Deleted: {name}").format(name=folder.name))
    return 0


def _list(found: Sequence[Path], history: Path) -> None:
    print(_("Archive: {path}").format(path=history.parent / FOLDER))
    for folder in found:
        files = [file for file in folder.iterdir() if file.is_file()]
        size = sum(file.stat().st_size for file in files) / 1_000_000
        names = ", ".join(sorted(file.name for file in files))
        print(f"{folder.name}  {_('{size} MB').format(size=decimal(size))}  {names}")
    if not found:
        print(
            _("It is empty: a class goes there by “Save” or “New class …”, or by save or new at the console.")
        )


def _is_wanted(chosen: Sequence[Path], *, ask: bool) -> bool:
    if not ask:
        raise UserFacingError(_("Nobody can be asked here; to delete without a question add --yes."))
    print("\n".join(folder.name for folder in chosen))
    question = plural(
        "Delete {count} class for ever? It cannot be undone. [y/N] ",
        "Delete {count} classes for ever? It cannot be undone. [y/N] ",
        len(chosen),
    )
    try:
        return input(question).strip().casefold() in ("y", "yes", "д", "да")
    except EOFError:  # Ctrl+D
        print()
        return False
