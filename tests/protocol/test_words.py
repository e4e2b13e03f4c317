"""Words and numbers of the protocol are ASCII, and a list names each thing once."""

import ast
import re
from pathlib import Path

import pytest

from protocol.ctcp import parse_ctcp
from protocol.message import parse
from protocol.words import MOST, number, split_names, upper

ROOT = Path(__file__).resolve().parents[2]
UNICODE = frozenset({"upper", "isdigit", "isdecimal", "isnumeric", "isalnum", "isalpha", "title", "swapcase"})
"""Methods of `str` that know more letters and digits than the protocol does."""


@pytest.mark.parametrize("word", ["paſs", "nıck", "ｐｉｎｇ", "ﬁle", "Ńick"])
def test_a_word_of_other_letters_is_no_command(word: str) -> None:
    assert parse(f"{word} x").command == word
    assert upper(word) == word
    found = parse_ctcp(f"\x01{word} x\x01")
    assert found
    assert found.command == word


@pytest.mark.parametrize("text", ["", "٣", "²", "１", "+1", "-1", " 1", "1_0", "1.0", "0x1", "1\n"])
def test_what_python_reads_as_a_number_is_none(text: str) -> None:
    assert number(text) is None


def test_a_number_has_a_bound_and_may_begin_with_zeros() -> None:
    assert [number("0"), number("0" * 50 + "7"), number("9" * 400)] == [0, 7, MOST]


def test_a_list_names_each_thing_once_in_its_first_spelling() -> None:
    assert split_names(",#Лаб,#лаб,,ａ,a,A,#ЛАБ,") == ["#Лаб", "ａ"]


def test_commands_do_not_judge_letters_and_digits_as_python_does() -> None:
    """`int`, `str.upper` and their kin read what came from the network in `protocol/words.py` alone."""
    found = []
    files = [*ROOT.glob("protocol/*.py"), *ROOT.glob("chatroom/commands/*.py"), ROOT / "chatroom/dispatch.py"]
    for path in files:
        if path.name in ("words.py", "fingerprints.py", "addresses.py", "user_masks.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in UNICODE:
                found.append(f"{path.name}:{node.lineno} {called.attr}")
            if ast.unparse(called) == "int" and not re.search(r"time|\.signon|\.created", ast.unparse(node)):
                found.append(f"{path.name}:{node.lineno} int")
    assert not found
