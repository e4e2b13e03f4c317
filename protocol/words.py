"""Words, numbers and lists in a line of the protocol.

Words and numbers are ASCII. Python knows more capital letters and digits than that: it makes PASS of `paſs`,
and reads `٣` as 3. Nothing that comes from the network is judged by `str.upper`, `str.isdigit` or `int`.
"""

from collections.abc import Iterable
from typing import Final

from protocol.names import fold

MOST: Final = 999_999_999
"""A greater number is as good as this one."""


def upper(word: str) -> str:
    """Return a command, a subcommand or the like in upper case; a word that is not ASCII stays as it is."""
    return word.upper() if word.isascii() else word


def number(text: str) -> int | None:
    """Return a number of decimal digits, at most `MOST`; None if the text is anything else."""
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0")
    return MOST if len(digits) > len(str(MOST)) else int(digits or "0")


def unique(names: Iterable[str]) -> list[str]:
    """Return the names without those that name again, in any spelling, what was named before."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold(name), name)
    return list(found.values())


def split_names(text: str) -> list[str]:
    """Return the names in a list such as `#lab,#quiz`, each once."""
    return [name for name in unique(text.split(",")) if name]
