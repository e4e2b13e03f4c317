"""The house rules that a program can see: who may know whom; what may be imported."""

import ast
import sys
from pathlib import Path

import pytest

from tests.tools.sources import program_files, tree

BELOW = {
    "protocol": set(),
    "translations": set(),
    "program": set(),
    "chatroom": {"protocol", "translations", "program"},
    "sockets": {"protocol", "translations"},
    "server": {"protocol", "translations", "program", "chatroom", "sockets"},
    "client": {"protocol", "translations", "program", "sockets"},
    "gui": {"protocol", "translations", "program", "sockets", "client"},
    "client_gui": {"protocol", "translations", "program", "client", "gui"},
    "lab": {
        "protocol",
        "translations",
        "program",
        "chatroom",
        "sockets",
        "server",
        "client",
        "gui",
        "client_gui",
    },
    "commandline": {"protocol", "translations", "program", "chatroom", "gui", "sockets", "client"},
    "executable": {"gui"},
    "chat": {
        "protocol",
        "translations",
        "program",
        "chatroom",
        "sockets",
        "server",
        "client",
        "gui",
        "client_gui",
        "lab",
        "commandline",
    },
}
"""For each room, the rooms below it; the arrows of the imports point down only."""
SANS_IO = {"protocol", "chatroom"}
INPUT_AND_OUTPUT = {"socket", "tkinter", "selectors", "queue", "asyncio", "socketserver"}


def room(path: Path) -> str:
    return path.parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[int, str]]:
    """Line and full name of every import, inside functions too."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            found.append((node.lineno, node.module or ""))
    return found


def test_every_room_is_on_the_plan() -> None:
    assert {room(path) for path in program_files()} <= set(BELOW)


@pytest.mark.parametrize("path", program_files(), ids=str)
def test_imports_point_down_only(path: Path) -> None:
    for line, name in imports(path):
        other = name.partition(".")[0]
        if other in BELOW and other != room(path):
            assert other in BELOW[room(path)], f"{path}:{line}: {room(path)} must not know {other}"


@pytest.mark.parametrize("path", program_files(), ids=str)
def test_the_program_needs_the_standard_library_alone(path: Path) -> None:
    for line, name in imports(path):
        other = name.partition(".")[0]
        assert other in BELOW or other in sys.stdlib_module_names, f"{path}:{line}: imports {name}"


@pytest.mark.parametrize("path", [path for path in program_files() if room(path) in SANS_IO], ids=str)
def test_protocol_and_chatroom_touch_no_socket_thread_or_window(path: Path) -> None:
    for line, name in imports(path):
        forbidden = INPUT_AND_OUTPUT | ({"threading"} if path.name != "tap.py" else set())
        assert name.partition(".")[0] not in forbidden, f"{path}:{line}: imports {name}"
