"""The roster: the names of those who are expected, and who of them somebody with a nick is.

A nick holds less than a name: one word or two, without spaces, often run together or with initials.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import permutations
from typing import Final

KEPT_AS: Final = "roster"
"""The setting of the class's file that holds the names, as `names`."""
MOST_NAMES: Final = 1000
_MOST_WORDS: Final = 4
"""Of a name; more have too many orders."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_HEADINGS: Final = re.compile(
    r"\b(?:фамилия|имя|отчество|фио|ф\.\s*и\.\s*о|студент|студентка|name|student)\b", re.IGNORECASE
)


def read_names(lines: Iterable[str]) -> list[str]:
    """Return the names in a text: one a line, or a table from a spreadsheet (CSV; `;`, `,` or tabs).

    In a table the columns with a heading such as *Фамилия*, *Имя* or *Name* make the name; where none has
    one, the first with letters, and the second if the first holds a single word. A number before a name, and
    what follows a `#`, is left out. Where a quotation mark is missing, all of them are letters: what begins
    with one would end nowhere, and hold all names below it.
    """
    lines = [line.partition("#")[0].strip() for line in lines]
    separator = max(";\t,", key=lambda mark: sum(mark in line for line in lines))
    quote = None if "".join(lines).count('"') % 2 else '"'
    table = csv.reader(lines, delimiter=separator, skipinitialspace=True, quotechar=quote)
    rows = [row for row in table if any(row)]
    columns = [at for at, cell in enumerate(rows[0]) if _HEADINGS.search(cell)] if rows else []
    names = (_name_in(row, columns) for row in (rows[1:] if columns else rows))
    return list(dict.fromkeys(filter(None, names)))[:MOST_NAMES]


def _name_in(row: list[str], columns: list[int]) -> str:
    cells = [row[at] for at in columns if at < len(row)] if columns else row
    with_letters = [cell for cell in cells if _WORD.search(cell)]
    first_is_whole = bool(with_letters) and len(_WORD.findall(with_letters[0])) > 1
    name = " ".join(with_letters if columns else with_letters[: 1 if first_is_whole else 2])
    return " ".join(re.sub(r"^[\d.)\s]+", "", name).split())


def words_of(text: str) -> list[str]:
    """Return the words of a name or nick as they are compared: `Алёна_СМИРНОВА2` → `алена`, `смирнова`."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return _WORD.findall(folded)


@lru_cache(maxsize=4 * MOST_NAMES)
def _run_together(nick: str) -> str:
    """Return the words of a nick as one; remembered, since a desk asks for everybody each second."""
    return "".join(words_of(nick))


class Roster:
    """Who is expected."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names: Final = tuple(names)
        self._by_spelling: dict[str, set[str]] = {}
        """Letters run together, of each way to write a name, and whose that is."""
        for name in self.names:
            for spelling in _spellings(words_of(name)):
                self._by_spelling.setdefault(spelling, set()).add(name)

    def find(self, nick: str) -> str:
        """Return the name on the list that the nick stands for; "" if it is none, or could be several."""
        names = self._by_spelling.get(_run_together(nick), ())
        return next(iter(names)) if len(names) == 1 else ""


def _spellings(words: list[str]) -> set[str]:
    """Return how people write a name: all words or the first two, in any order, or initials after the first.

    The first word alone is a spelling, too: a surname, on most lists.
    """
    words = words[:_MOST_WORDS]
    found = {"".join(order) for order in [*permutations(words), *permutations(words[:2])]}
    for count in range(len(words)):
        initials = "".join(word[0] for word in words[1 : count + 1])
        found |= {words[0] + initials, initials + words[0]}
    return found
