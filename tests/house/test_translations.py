"""Every text that the user sees has a Russian translation that fits, and no translation is left over."""

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.sources import ROOT, program_files, tree
from translations import LANGUAGES, _, language, plural, use_language

RUSSIAN: dict[str, str | list[str]] = json.loads(
    (ROOT / "translations" / "ru.json").read_text(encoding="utf-8")
)


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Every call of the function in the program."""
    for path in program_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield path, node


def literal(path: Path, node: ast.expr) -> str:
    assert isinstance(node, ast.Constant), f"{path}:{node.lineno}: the text must be a literal"
    assert isinstance(node.value, str)
    return node.value


def texts() -> set[str]:
    """Texts given to `_`, at once or through a table."""
    single = {literal(path, call.args[0]) for name in ("_", "later") for path, call in calls(name)}
    return single.union(*(texts_of_table(path, table) for path, table in tables()))


def tables() -> Iterator[tuple[Path, ast.expr | None]]:
    """Everything in the program whose annotation says that it is a table of texts."""
    for path in program_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "Final[Texts]":
                yield path, node.value


def texts_of_table(path: Path, table: ast.expr | None) -> set[str]:
    assert isinstance(table, ast.Dict), f"{path}: the table must be a literal"
    # What is unpacked into it marks its texts itself.
    return {literal(path, value) for key, value in zip(table.keys, table.values, strict=True) if key}


def counted_texts() -> dict[str, str]:
    """Texts given to `plural`: singular and plural."""
    return {literal(path, call.args[0]): literal(path, call.args[1]) for path, call in calls("plural")}


def fields(text: str) -> list[str]:
    """The `{placeholders}` and `%(placeholders)s` of a text, sorted."""
    braces = [
        name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None
    ]
    return sorted(braces + re.findall(r"%\(\w+\)\w|%[a-z]\b", text))


def test_every_text_is_translated() -> None:
    assert sorted((texts() | set(counted_texts())) - set(RUSSIAN)) == []


def test_no_translation_is_left_over() -> None:
    assert sorted(set(RUSSIAN) - texts() - set(counted_texts())) == []


def test_no_text_is_both_counted_and_not() -> None:
    assert texts() & set(counted_texts()) == set()


def test_translations_have_the_same_placeholders() -> None:
    for text in texts() & set(RUSSIAN):
        translated = RUSSIAN[text]
        assert isinstance(translated, str), text
        assert fields(translated) == fields(text), text


def test_counted_texts_have_three_russian_forms() -> None:
    for one, many in counted_texts().items():
        forms = RUSSIAN.get(one, [])
        assert isinstance(forms, list), one
        assert len(forms) == 3, one
        for form in [many, *forms]:
            assert fields(form) == fields(one), one


def test_translations_are_russian_and_whole() -> None:
    for text, translated in RUSSIAN.items():
        for form in [translated] if isinstance(translated, str) else translated:
            assert form.strip() != "", text
            assert form[:1].isspace() == text[:1].isspace(), text
            assert form[-1:].isspace() == text[-1:].isspace(), text


def test_texts_are_made_when_they_are_shown_so_that_the_language_can_switch() -> None:
    for path in program_files():
        for node in run_at_import(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("_", "plural"), f"{path}:{node.lineno}: a text made at import"


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a module that run when it is imported: all but what stands in functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda):
            yield child
            yield from run_at_import(child)


def test_the_language_switches_at_run_time() -> None:
    assert _("examples:") == "examples:"
    use_language("ru")
    assert _("examples:") == "примеры:"
    assert _("no such text") == "no such text"
    use_language("de")
    assert (language(), _("examples:")) == ("en", "examples:")
    assert "ru" in LANGUAGES


@pytest.mark.parametrize(
    ("count", "russian", "english"),
    [
        (0, "0 байт", "0 bytes"),
        (1, "1 байт", "1 byte"),
        (2, "2 байта", "2 bytes"),
        (4, "4 байта", "4 bytes"),
        (5, "5 байт", "5 bytes"),
        (11, "11 байт", "11 bytes"),
        (12, "12 байт", "12 bytes"),
        (21, "21 байт", "21 bytes"),
        (22, "22 байта", "22 bytes"),
        (111, "111 байт", "111 bytes"),
    ],
)
def test_counts_take_the_right_form(count: int, russian: str, english: str) -> None:
    assert plural("{count} byte", "{count} bytes", count) == english
    use_language("ru")
    assert plural("{count} byte", "{count} bytes", count) == russian
