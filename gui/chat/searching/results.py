"""What a search has found: who, where and when, and the line with the match."""

import tkinter as tk
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, NamedTuple

from client.search.sought import Found
from gui.chat.transcript.entry_text import moment_in_words
from gui.toolkit.theme import Look
from gui.toolkit.virtual_list import VirtualList, ignore
from protocol.matching import find_all, search_cost
from protocol.text import cut_characters, grapheme_start

_BEFORE: Final = 30
"""Characters before a match that are seen of a long line."""
_LONGEST: Final = 500
_MOST_COST: Final = 100_000
"""What the search for a match may cost: a screenful of messages is drawn at once. Of what costs more, ..."""
_SEARCHED: Final = 4000
"""... so many characters are looked through."""


class Excerpt(NamedTuple):
    """The line of a message in which the match stands, and where it stands there."""

    text: str
    start: int
    end: int


def excerpt_of(text: str, wanted: str) -> Excerpt:
    """Return what is shown of a message: its first line where nothing matches."""
    searched = text if search_cost(text) <= _MOST_COST else text[:_SEARCHED]
    start, end = next(find_all(searched, wanted), (0, 0))
    begins = text.rfind("\n", 0, start) + 1
    line = text[begins:].partition("\n")[0]
    start, end = start - begins, min(end - begins, len(line))
    if start > 2 * _BEFORE:
        skipped = grapheme_start(line, start - _BEFORE)
        line, start, end = "…" + line[skipped:], start - skipped + 1, end - skipped + 1
    return Excerpt(cut_characters(line, _LONGEST), start, end)


class ResultsList(VirtualList[tuple[int, Found], int]):
    """The messages, each on two lines. `on_open(found)`: a click, or Enter."""

    HOVERS = True

    def __init__(self, master: tk.Misc, look: Look) -> None:
        super().__init__(master, look)
        self.on_open: Callable[[Found], object] = ignore
        self.walking_chooses = False
        self._wanted = ""
        self.on_choose = self._open
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.canvas.bind(key, lambda _: self._open(self.cursor))

    def show(self, found: Sequence[Found], wanted: str, chosen: Found | None = None) -> None:
        """Show these messages; the text that was looked for is marked in them."""
        self._wanted = wanted
        keys = [number for number, one in enumerate(found) if one is chosen]
        self.set_rows(list(enumerate(found)), keys)
        if keys:
            self.set_cursor(keys[0])
            self.see_in_middle(keys[0])
        elif self.index_of(self.cursor) is None:
            self.set_cursor(0 if found else None)

    def measure_row(self) -> int:
        """Return the height of a row in pixels, in the present fonts."""
        return self._look.line_height("small") + self._look.line_height() + self._look.em(0.9)

    @property
    def background(self) -> str:
        """The ground of long texts."""
        return self._look.palette.window

    def key_of(self, row: tuple[int, Found]) -> int:
        """Return the row's number."""
        return row[0]

    def draw_row(self, row: tuple[int, Found], y: int, width: int) -> None:
        """Draw who, where and when, and below that the line."""
        number, found = row
        look, p = self._look, self._look.palette
        self.draw_ground(number, 0, y + look.px(1), width, self.row_height - look.px(2))
        left, room = look.em(0.6), width - look.em(1.2)
        middle = y + look.em(0.4) + look.line_height("small") // 2
        about = " · ".join((found.nick, found.place, moment_in_words(found.time, date.today())))
        self.draw_text(left, middle, look.shorten(about, "small", room), p.muted, "small")
        middle += (look.line_height("small") + look.line_height()) // 2
        line = excerpt_of(found.text, self._wanted)
        text, measure = look.shorten(line.text, "body", room), look.fonts["body"].measure
        end = min(line.end, len(text))
        if line.start < end:
            high = look.line_height()
            x = left + measure(text[: line.start])
            marked = (x, middle - high // 2, x + measure(text[line.start : end]), middle + high // 2)
            ground = p.found if number in self._selected else p.highlight
            self.canvas.create_rectangle(*marked, fill=ground, width=0)
        self.draw_text(left, middle, text, p.text)

    def _open(self, number: int | None) -> None:
        if number is not None and number < len(self.rows):
            self.on_open(self.rows[number][1])
