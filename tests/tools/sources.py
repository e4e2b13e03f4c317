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


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """Return line and full name of every import of a file: inside functions and for typing alone, too.

    `from a import b` is an import of `a.b` where that is a module of ours, else of `a`.
    """
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path}:{node.lineno}: imports are absolute"  # noqa: PT018
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [(node.lineno, name if file_of(name) else node.module) for name in names]
    return tuple(dict.fromkeys(found))


@cache
def file_of(module: str) -> Path | None:
    """Return the file of a module of ours, None for any other."""
    path = Path(*module.split("."))
    known = set(python_files())
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file in known), None)
