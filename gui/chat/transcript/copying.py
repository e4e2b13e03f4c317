"""Entries of a transcript as plain text, as it goes to the clipboard. No widgets."""

import time
from collections.abc import Sequence

from client.model.conversations import Entry, Kind
from client.model.spoken import service_name
from gui.chat.transcript.entry_text import SAID, text_of
from gui.clock import clock


def whole(entries: Sequence[Entry]) -> str:
    """Return entries with time and name, one below the other: `[12:03] Анна: Привет`.

    Where they are of several days, the date stands before the time.
    """
    days = [time.strftime("%d.%m.%Y ", time.localtime(entry.time)) for entry in entries]
    if len(set(days)) == 1:
        days = [""] * len(days)
    return "\n".join(
        f"[{day}{clock(one.time)}] {_author(one)}{text_of(one)}"
        for day, one in zip(days, entries, strict=True)
    )


def _author(entry: Entry) -> str:
    if entry.kind is Kind.ACTION:
        return f"* {entry.nick} "
    name = entry.nick if entry.kind in SAID else service_name(entry)
    return f"{name}: " if name else ""
