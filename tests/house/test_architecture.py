"""The house rules that a program can see: who may know whom; what may be imported."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

from tests.tools.sources import file_of, imports, program_files, python_files

GROUND: Final = {"program", "protocol", "translations"}
CLIENT: Final = GROUND | {"sockets", "client"}
LAB: Final = CLIENT | {"chatroom", "server", "gui", "client_gui"}
BELOW: Final[dict[str, set[str]]] = {
    "program": set(),
    "protocol": set(),
    "translations": set(),
    "sockets": GROUND,
    "chatroom": GROUND,
    "server": GROUND | {"sockets", "chatroom"},
    "client": GROUND | {"sockets"},
    "gui": CLIENT,
    "client_gui": CLIENT | {"gui"},
    "lab": LAB,
    "commandline": LAB | {"lab"},
    "chat": LAB | {"lab", "commandline"},
    "executable": {"gui"},
}
"""For each room, from the ground up, the rooms that it may know."""
SANS_IO: Final = ("protocol", "chatroom", "client")
BUT: Final = ("client/net/", "client/runner.py")
"""What deals with sockets and threads in a room that is otherwise without them."""
INPUT_AND_OUTPUT: Final = {
    *("asyncio", "queue", "select", "selectors", "socket", "socketserver", "ssl", "subprocess"),
    *("threading", "tkinter"),
}
MOST_FILES: Final = 16
"""As many files a folder may hold, beside its sub-folders and its `__init__.py`."""


def room(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def assert_none(offenders: Iterable[str]) -> None:
    found = list(offenders)
    assert not found, "\n".join(found)


def is_sans_io(path: Path) -> bool:
    return room(path) in SANS_IO and not path.as_posix().startswith(BUT)


def test_every_room_is_on_the_plan() -> None:
    assert {room(path) for path in program_files()} == set(BELOW)


def test_a_room_knows_only_rooms_below_it() -> None:
    assert_none(
        f"{path}:{line}: {room(path)} must not know {name}"
        for path in program_files()
        for line, name in imports(path)
        if (other := name.partition(".")[0]) in BELOW and other not in BELOW[room(path)] | {room(path)}
    )


def test_what_lies_side_by_side_in_a_folder_can_be_ordered_so_that_imports_point_down() -> None:
    """A sub-folder counts as one. So there is no circle of imports, neither of files nor of folders."""
    assert_none(circle for folder in folders(program_files()) if (circle := circle_in(folder)))


def folders(paths: Iterable[Path]) -> list[Path]:
    """Every folder that holds one of the files, or holds a folder that does."""
    return sorted({parent for path in paths for parent in path.parents})


def circle_in(folder: Path) -> str:
    """Return a circle of imports among the files and folders that lie side by side in a folder, or ""."""
    graph: dict[str, set[str]] = defaultdict(set)
    for path in program_files():
        for _line, name in imports(path):
            other = file_of(name)
            if other and path.is_relative_to(folder) and other.is_relative_to(folder):
                importer, imported = (one.relative_to(folder).parts[0] for one in (path, other))
                graph[importer] |= {imported} - {importer}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return f"{folder}/: " + " is imported by ".join(error.args[1])
    return ""


def test_the_program_needs_the_standard_library_alone() -> None:
    assert_none(
        f"{path}:{line}: imports {name}"
        for path in program_files()
        for line, name in imports(path)
        if (other := name.partition(".")[0]) not in BELOW and other not in sys.stdlib_module_names
    )


def test_what_is_sans_io_touches_no_socket_thread_or_window() -> None:
    """Neither itself nor by what it imports."""
    allowed = {"program", "protocol", "translations"}
    assert_none(
        f"{path}:{line}: imports {name}"
        for path in program_files()
        if is_sans_io(path)
        for line, name in imports(path)
        if name.partition(".")[0] in INPUT_AND_OUTPUT
        or ((other := file_of(name)) and room(other) not in allowed and not is_sans_io(other))
    )


def test_no_folder_is_full() -> None:
    held = Counter(path.parent for path in program_files() if path.name != "__init__.py")
    assert_none(f"{folder}/: {count} files" for folder, count in held.items() if count > MOST_FILES)


def test_what_tests_share_lies_in_tests_tools() -> None:
    assert_none(
        f"{path}:{line}: imports {name}"
        for path in python_files()
        if path.parts[0] == "tests"
        for line, name in imports(path)
        if (other := file_of(name)) and other.name.startswith("test_")
    )
