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
_READ: Final = 1000
"""Characters of a message in which it is looked for: to read the marks in all of a long one takes long."""


class Quotes:
    """The messages that can be quoted: those that are shown, by their ids."""

    def __init__(self) -> None:
        self._by_id: dict[str, Entry] = {}
        self._fitted: dict[tuple[str, str] | None, str] = {}
        """By who said what (None: it is not shown): as much of the line as has room. To read the marks of a
        long message at each draw, for each of its answers, would take too long."""

    def note(self, entries: Iterable[Entry]) -> None:
        """These are shown now."""
        self._by_id = {entry.msgid: entry for entry in entries if entry.msgid}
        if len(self._fitted) > 2 * len(self._by_id):
            said = {_said(entry) for entry in self._by_id.values()}
            self._fitted = {one: line for one, line in self._fitted.items() if one in said}

    def fitted(self, entry: Entry, fit: Callable[[str], str]) -> str:
        """Return what stands above an answer, as much as has room; "" above what answers nothing.

        Args:
            fit: tells how much of a line has room; it is asked once for each message that is quoted.
        """
        if not entry.reply_to:
            return ""
        original = self._by_id.get(entry.reply_to)
        said = _said(original) if original else None
        if said not in self._fitted:
            self._fitted[said] = fit(quoted(original) if original else _("an earlier message"))
        return self._fitted[said]

    def room_changed(self) -> None:
        """Lines have more room now, or less."""
        self._fitted.clear()


def _said(entry: Entry) -> tuple[str, str]:
    return entry.nick, text_of(entry)


def quoted(entry: Entry) -> str:
    """Return an entry in one line: who, and how it begins."""
    text = text_of(entry)
    words = " ".join(without_marks(text[:_READ]).split())
    beginning = cut_characters(words, LONGEST)
    is_cut = len(beginning) < len(words) or len(text) > _READ
    return f"{entry.nick}: {beginning}" + ("…" if is_cut else "")
