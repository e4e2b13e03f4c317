"""The program's own source files, for the tests that read them."""

import ast
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
_NOT_OURS: Final = {"build", "dist", "docs"}


@cache
def python_files() -> tuple[Path, ...]:
    """Return every Python file of the project, tests included, relative to its root."""
    found = [path.relative_to(ROOT) for path in ROOT.rglob("*.py")]
    return tuple(
        sorted(path for path in found if not path.parts[0].startswith(".") and path.parts[0] not in _NOT_OURS)
    )


@cache
def program_files() -> tuple[Path, ...]:
    """Return the files of the program itself, without the tests."""
    return tuple(path for path in python_files() if path.parts[0] != "tests")


@cache
def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))
