"""What the messages of a transcript answer, each in one line. No widgets."""

from collections.abc import Callable, Iterable
from typing import Final

from client.model.conversations import Entry
from client.model.formatting.marks import without_marks
from gui.chat.transcript.entry_text import text_of
from protocol.text import cut_characters
from translations import _

LONGEST: Final = 100
"""Characters of a quoted line."""


class Quotes:
    """The messages that can be quoted: those that are shown, by their ids."""

    def __init__(self) -> None:
        self._by_id: dict[str, Entry] = {}
        self._fitted: dict[str, str] = {}
        """By line: as much of it as has room."""

    def note(self, entries: Iterable[Entry]) -> None:
        """These are shown now."""
        self._by_id = {entry.msgid: entry for entry in entries if entry.msgid}
        if len(self._fitted) > len(self._by_id):
            self._fitted.clear()

    def original(self, entry: Entry) -> Entry | None:
        """Return the message that this one answers; None if it is not shown, or it answers none."""
        return self._by_id.get(entry.reply_to) if entry.reply_to else None

    def line(self, entry: Entry) -> str:
        """Return what stands above a message that answers another; "" if it answers none."""
        if not entry.reply_to:
            return ""
        original = self.original(entry)
        return quoted(original) if original else _("an earlier message")

    def fitted(self, entry: Entry, fit: Callable[[str], str]) -> str:
        """Return the same, as much as has room; `fit` tells that once of each line."""
        line = self.line(entry)
        if line and line not in self._fitted:
            self._fitted[line] = fit(line)
        return self._fitted.get(line, "")

    def room_changed(self) -> None:
        """Lines have more room now, or less."""
        self._fitted.clear()


def quoted(entry: Entry) -> str:
    """Return an entry in one line: who, and how it begins."""
    words = " ".join(without_marks(text_of(entry)).split())
    beginning = cut_characters(words, LONGEST)
    return f"{entry.nick}: {beginning}" + ("…" if len(beginning) < len(words) else "")
