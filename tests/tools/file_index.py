"""The page that lists each file of the program in one line: `python3 -m tests.tools.file_index` writes it.

The line is the first one of the file's docstring, so that it is written once.
"""

import ast
import textwrap
from itertools import groupby
from pathlib import Path
from typing import Final

from tests.tools.sources import ROOT, program_files, tree

INDEX: Final = ROOT / "docs" / "files.md"
WIDTH: Final = 98
ROOMS: Final = (
    "chat.py",
    "commandline",
    "lab",
    "client_gui.py",
    "gui",
    "client",
    "server.py",
    "chatroom",
    "sockets",
    "protocol",
    "program",
    "translations",
    "executable",
)
"""From the top of the house to its ground."""
HEAD: Final = """# The files

A line for each file, in the order of the house: what is above knows what is below. Each line is the
first one of the file's docstring. [architecture.md](architecture.md) says what the rooms are for.
"""


def first_line(path: Path) -> str:
    """Return what a file says of itself in its first line."""
    return (ast.get_docstring(tree(path)) or "").partition("\n")[0]


def index() -> str:
    """Return the page as it should be."""
    files = sorted(program_files(), key=lambda path: (ROOMS.index(path.parts[0]), path.parent, path))
    parts = [HEAD]
    for folder, inside in groupby(files, key=lambda path: path.parent):
        found = {path.name: path for path in inside}
        room = found.pop("__init__.py", None)
        if room is None:  # a file at the top of the house is a room of its own
            parts += [_heading(str(path), path) for path in found.values()]
            continue
        parts.append(_heading(f"{folder}/", room))
        if found:
            parts.append("\n| File | What |\n|---|---|\n")
            parts += [f"| `{path}` | {first_line(path)} |\n" for path in found.values()]
    return "".join(parts)


def _heading(name: str, about: Path) -> str:
    return f"\n## `{name}`\n\n{textwrap.fill(first_line(about), WIDTH)}\n"


if __name__ == "__main__":
    INDEX.write_text(index(), encoding="utf-8")
