"""The server's history as tests see it: what stands in its file, and what is said when it fails."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from tests.tools import irc

TAGS: Final = (*irc.TAGS, "draft/chathistory")
FAILS: Final = r"NOTICE \* :The history cannot be written"
WORKS: Final = r"NOTICE \* :The history is written again; nothing is lost"


def stored(history: Path) -> list[tuple[int, int, str]]:
    """Return id, time and text of each message in the file, which must be sound."""
    with closing(sqlite3.connect(history)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = database.execute("SELECT id, time, line FROM message WHERE event = 0 ORDER BY id").fetchall()
    times = [moment for _id, moment, _line in rows]
    assert times == sorted(times)
    for _id, _time, line in rows:
        assert re.search(r":\S+!\S+@\S+ PRIVMSG #lab :\S+$", line), line
    return [(number, moment, line.rpartition(":")[2]) for number, moment, line in rows]
