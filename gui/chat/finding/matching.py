"""How well a name fits what somebody types to find it, in either keyboard layout. Pure functions."""

import re
from typing import Final, NamedTuple

_LATIN: Final = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"
_RUSSIAN: Final = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"
_TO_RUSSIAN: Final = str.maketrans(_LATIN, _RUSSIAN)
_TO_LATIN: Final = str.maketrans(_RUSSIAN, _LATIN)
_WORDS: Final = re.compile(r"\w+")
_OTHER_LAYOUT: Final = 10
"""What fits as it was typed comes before what fits if the layout was the wrong one."""


class Words(NamedTuple):
    """A text, prepared to be compared with many others."""

    line: str
    """Its words with a space before each, in one case, ё as е."""
    initials: str


class Query(NamedTuple):
    """What was typed, in the layout that was in use and in the other one."""

    as_typed: Words
    otherwise: Words


def words_of(text: str) -> Words:
    """Return a text as it is compared."""
    words = _WORDS.findall(text.casefold().replace("ё", "е"))
    return Words("".join(f" {word}" for word in words), "".join(word[0] for word in words))


def query_of(typed: str) -> Query:
    """Return what was typed as it is looked for: `re` is also `ку`, and `ку` is `re`."""
    other = typed.translate(_TO_RUSSIAN if typed.isascii() else _TO_LATIN)
    return Query(words_of(typed), words_of(other))


def rank(query: Query, name: Words) -> int | None:
    """Return how well a name fits: 0 is best; None: it does not."""
    best = _rank(query.as_typed, name)
    if best is None and (other := _rank(query.otherwise, name)) is not None:
        return other + _OTHER_LAYOUT
    return best


def _rank(wanted: Words, name: Words) -> int | None:
    if not wanted.line:
        return None
    if name.line.startswith(wanted.line):
        return 0 if len(name.line) == len(wanted.line) else 1
    if wanted.line in name.line:
        return 2
    if all(f" {word}" in name.line for word in wanted.line.split()):
        return 3
    if wanted.line[1:] in name.line:
        return 4
    if wanted.line[1:] in name.initials:
        return 5
    return None
