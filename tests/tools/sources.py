"""The program's own source files, for the tests that read them."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
IN_A_MODULE: Final = re.compile(r"([\w/]+\.py):([\w.]+)")
"""How documents and texts name something in a file: `path:name`."""
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


def defined(path: Path) -> set[str]:
    """Return the qualified names of the functions, classes, methods and constants of a module."""
    found: set[str] = set()

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef):
                found.add(prefix + child.name)
                visit(child, f"{prefix}{child.name}.")
            elif isinstance(child, ast.Assign | ast.AnnAssign):
                targets = child.targets if isinstance(child, ast.Assign) else [child.target]
                found.update(prefix + target.id for target in targets if isinstance(target, ast.Name))

    visit(tree(path), "")
    return found
