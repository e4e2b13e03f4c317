"""The looks of the program: a table of pages, dialogs and states, for pictures and for tests.

A look is a function under `stage.look()` that gets a `stage.Stage`, brings windows into a state and returns
the one to be looked at. `docs/pictures/every_look.py` takes pictures of all of them.
"""

from tests.tools.looks import (
    chat_looks,
    finding_looks,
    program_looks,
    reading_looks,
    search_looks,
    settings_looks,
    writing_looks,
)
from tests.tools.looks.stage import LOOKS, SIZES, shown

__all__ = [
    "LOOKS",
    "SIZES",
    "chat_looks",
    "finding_looks",
    "program_looks",
    "reading_looks",
    "search_looks",
    "settings_looks",
    "shown",
    "writing_looks",
]
