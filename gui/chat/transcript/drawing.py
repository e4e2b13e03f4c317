"""The entries of a transcript as the content of a Text, drawn a portion at a time."""

import time
import tkinter as tk
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from client.model.conversations import Delivery, Entry, Kind
from client.model.formatting.marks import MAX_MARKED
from gui.chat.transcript.entry_text import Layout, Piece, layout_after, pieces
from gui.clock import clock_style
from gui.toolkit.palette import colour_number
from gui.toolkit.text import writable
from translations import language

PORTION: Final = 20_000
"""What is drawn without a pause: characters, ENTRY_COST for each entry, PIECE_COST for each piece that looks
different, and QUOTE_COST for each answer, whose quote is fitted. Some milliseconds."""
ENTRY_COST: Final = 40
PIECE_COST: Final = 100
QUOTE_COST: Final = 1000


def _cost(entry: Entry) -> int:
    marks = min(MAX_MARKED, sum(map(entry.text.count, "*_~`")))
    quote = QUOTE_COST if entry.reply_to else 0
    return len(entry.text) + ENTRY_COST + PIECE_COST * (len(entry.runs) + marks) + quote


class Drawing:
    """Keeps the content of a Text equal to a list of entries.

    1. One call of `draw` MUST cost no more than PORTION, except for one entry that costs more by itself.
    2. What is nearest to where the user looks MUST be drawn first.
    3. At any moment what is drawn MUST stand in the order of the entries, whatever is missing between.
    4. What has become out of date (`change`, another day or language, another entry before it) MUST be drawn
       again in its place.
    """

    def __init__(self, text: tk.Text, quote: Callable[[Entry], str]) -> None:
        """Args: quote: returns what an entry answers, in one line."""
        self._text = text
        self._quote = quote
        self.fold: Callable[[str], str] = str.casefold
        """Maps all spellings of a nick to one."""
        self.colour: Callable[[str], int] = colour_number
        """Which of the palette's colours a folded nick has."""
        self.first_new: int | None = None
        """The key of the first entry that the user has not seen, if there is one."""
        self.clock: Callable[[], float] = time.time
        """The time by which a day is today, as that of the entries: seconds since the epoch."""
        self._order: list[int] = []
        """The keys of what is drawn, from top to bottom."""
        self._drawn: dict[int, Layout] = {}
        self._layouts: dict[int, tuple[int, Layout]] = {}
        """By key: how an entry is laid out, behind the entry with this other key."""
        self._changed: set[int] = set()
        self._made_for = (self._today(), language())
        self._clock_style = clock_style()

    def _today(self) -> date:
        return date.fromtimestamp(self.clock())

    def __contains__(self, entry: Entry) -> bool:
        return entry.key in self._drawn

    def pieces(self, entry: Entry, previous: Entry | None) -> Iterable[Piece]:
        """Return the text and tags of an entry that stands behind another one."""
        number = self.colour(self.fold(entry.nick))
        return (
            one for one in pieces(entry, self._layout(entry, previous), self._made_for[0], number) if one[0]
        )

    def ranges(self, key: int | None) -> tuple[str, str] | None:
        """Return where an entry begins and ends in the Text; None if it is not drawn."""
        found = self._text.tag_ranges(f"e{key}") if key in self._drawn else ()
        return (str(found[0]), str(found[-1])) if found else None

    def change(self, keys: Iterable[int]) -> None:
        """These entries look different now."""
        self._changed.update(keys)

    def clear(self) -> None:
        """Draw nothing; what comes next is another list."""
        with writable(self._text):
            self._delete(self._order)
        self._order = []
        self._layouts.clear()
        self._changed.clear()

    def draw(self, entries: Sequence[Entry], looking_at: int) -> tuple[set[int], bool]:
        """Draw the next portion.

        Args:
            looking_at: index of the entry that the user looks at.

        Returns:
            The keys of what was drawn now, and whether anything is left to be drawn.
        """
        self._note_day_and_language(entries)
        with writable(self._text):
            self._remove_misplaced(entries)
            todo = self._out_of_date(entries)
            todo.sort(key=lambda at: abs(at - looking_at))
            portion: list[int] = []
            cost = 0
            for at in todo:
                cost += _cost(entries[at])
                if portion and cost > PORTION:
                    break
                portion.append(at)
            self._insert(entries, sorted(portion))
        return {entries[at].key for at in portion}, len(portion) < len(todo)

    def _note_day_and_language(self, entries: Iterable[Entry]) -> None:
        if clock_style() != self._clock_style:
            self._clock_style = clock_style()
            self._layouts.clear()
            self.change(list(self._drawn))
        now = (self._today(), language())
        if now != self._made_for:
            self._made_for = now
            drawn = ((one, self._drawn.get(one.key)) for one in entries)
            self.change(one.key for one, layout in drawn if layout and _has_words(one, layout))

    def _remove_misplaced(self, entries: Sequence[Entry]) -> None:
        """Delete what is no more among the entries, or has another place there now."""
        places = {entry.key: at for at, entry in enumerate(entries)}
        kept: list[int] = []
        gone: list[int] = []
        below = len(entries)
        for key in reversed(self._order):
            at = places.get(key, len(entries))
            (kept if at < below else gone).append(key)
            below = min(at, below)
        if gone:
            self._delete(gone)
            self._order = kept[::-1]
            for key in gone:
                if key not in places:
                    self._layouts.pop(key, None)
                    self._changed.discard(key)

    def _delete(self, keys: Sequence[int]) -> None:
        if len(keys) == len(self._order):
            self._text.delete("1.0", "end")
        else:
            self._erase(keys)
        if keys:
            self._text.tag_delete(*(f"e{key}" for key in keys))
        for key in keys:
            self._drawn.pop(key, None)

    def _erase(self, keys: Iterable[int]) -> None:
        """Delete these entries from the Text, neighbours in one call: each makes Tk lay out a screen anew."""
        going = set(keys)
        for gone, together in groupby(self._order, going.__contains__):
            if gone:
                ends = [found for key in together if (found := self.ranges(key))]
                if ends:
                    self._text.delete(ends[0][0], ends[-1][1])

    def _out_of_date(self, entries: Sequence[Entry]) -> list[int]:
        """Return the indices of the entries that are not drawn as they should be."""
        found: list[int] = []
        previous: Entry | None = None
        for at, entry in enumerate(entries):
            drawn = self._drawn.get(entry.key)
            if drawn is None or entry.key in self._changed or drawn != self._layout(entry, previous):
                found.append(at)
            previous = entry
        return found

    def _layout(self, entry: Entry, previous: Entry | None) -> Layout:
        before = previous.key if previous else 0
        known = self._layouts.get(entry.key)
        if known is None or known[0] != before:
            known = self._layouts[entry.key] = (before, layout_after(entry, previous))
        if entry.reply_to or entry.key == self.first_new:
            return known[1]._replace(new=entry.key == self.first_new, quote=self._quote(entry))
        return known[1]

    def _insert(self, entries: Sequence[Entry], indices: Sequence[int]) -> None:
        """Insert these entries, neighbours in one call; what was drawn of them goes."""
        again = {entries[at].key for at in indices} & self._drawn.keys()
        below: dict[int, int] = {}
        """For the index of each entry to be inserted: the key that is drawn below it, or 0."""
        wanted, key = set(indices), 0
        for at in range(len(entries) - 1, -1, -1):
            if at in wanted:
                below[at] = key
            elif entries[at].key in self._drawn:
                key = entries[at].key
        self._erase(again)
        for key, together in groupby(indices, lambda at: below[at]):
            flat: list[str | tuple[str, ...]] = []
            for at in together:
                entry, previous = entries[at], entries[at - 1] if at else None
                for piece in self.pieces(entry, previous):
                    flat += piece
                self._drawn[entry.key] = self._layout(entry, previous)
                self._changed.discard(entry.key)
            place = self._text.index(f"e{key}.first" if key else "end-1c")
            # The last line feed goes in first: of the line at the upper edge Tk lays out all for each piece.
            for inserted in (flat[-2:], flat[:-2]):
                self._text.insert(place, *inserted)  # type: ignore[arg-type]
        self._order = [entry.key for entry in entries if entry.key in self._drawn]


def _has_words(entry: Entry, layout: Layout) -> bool:
    """Tell whether the entry is shown with words of ours, beside its text."""
    return (
        layout.new_day
        or layout.new
        or entry.kind is Kind.NOTICE
        or entry.delivery is Delivery.FAILED
        or bool(entry.deleted_by or entry.audience or entry.by_teacher)
    )
