"""The table of programs and checks that the tests of the judge print at their end."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Final

_SIGNS: Final = {"passed": "·", "failed": "F", "not judged": "-"}


def lines(marks: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the table, with the names of the checks written downwards.

    Args:
        marks: for each program the mark of each check, as they stand in the judge's JSON.
    """
    checks = list(dict.fromkeys(name for row in marks.values() for name in row))
    width = max(map(len, marks), default=0)
    heads = zip_longest(*(name.rjust(max(map(len, checks))) for name in checks))
    table = [" " * width + " " + " ".join(head) for head in heads]
    for program, row in marks.items():
        table.append(f"{program:{width}} " + " ".join(_SIGNS.get(row.get(name, ""), " ") for name in checks))
    return [*table, "· passed, F failed, - not judged, because it needs what the program lacks"]
