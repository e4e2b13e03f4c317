"""A line that is being typed: editing, history and completion, without a terminal.

`readline` cannot print above the line that is being typed, and Windows has none.
"""

import os
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import Final

from protocol.text import grapheme_start

MOST_REMEMBERED: Final = 200
"""Lines of the history."""
MOST_CHARACTERS: Final = 2000
"""Of one line."""
_JOINERS: Final = "\u200c\u200d"
"""Invisible parts of emoji, and of words in some languages."""
_SEQUENCE: Final = re.compile(r"\x1b(?:\[[0-9;?]*[@-~]|O[@-~]|[^\[O])")
"""What a key sends that has no character (ECMA-48 section 5.4)."""
_NAMES: Final = {
    **dict.fromkeys(("\x1b[A", "\x1bOA", "\x10"), "up"),
    **dict.fromkeys(("\x1b[B", "\x1bOB", "\x0e"), "down"),
    **dict.fromkeys(("\x1b[C", "\x1bOC", "\x06"), "right"),
    **dict.fromkeys(("\x1b[D", "\x1bOD", "\x02"), "left"),
    **dict.fromkeys(("\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~", "\x01"), "home"),
    **dict.fromkeys(("\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~", "\x05"), "end"),
    **dict.fromkeys(("\x1b[3~", "\x04"), "delete"),
    **dict.fromkeys(("\x7f", "\x08"), "backspace"),
    **dict.fromkeys(("\r", "\n"), "enter"),
    "\t": "tab",
    "\x15": "clear before",
    "\x0b": "clear after",
    "\x17": "clear word",
}
"""By what a terminal sends; the control characters are those of Emacs and readline."""


def split_keys(text: str) -> tuple[list[str], str]:
    """Split what a terminal sends into keys: characters and names; return them and an unfinished rest."""
    keys: list[str] = []
    at = 0
    while at < len(text):
        if text[at] != "\x1b":
            keys.append(_NAMES.get(text[at], text[at]))
            at += 1
        elif found := _SEQUENCE.match(text, at):
            keys.append(_NAMES.get(found[0], ""))
            at = found.end()
        else:
            break
    return keys, text[at:]


def width_of(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def _fitting(text: str, columns: int) -> int:
    """Return how many of the first characters fit into so many columns."""
    return bisect_right(list(accumulate(map(width_of, text))), columns)


class LineEditor:
    """What is typed, where the cursor stands in it, and the lines before it.

    Args:
        complete: given the words before the one at the cursor, returns what may stand there.
    """

    def __init__(self, complete: Callable[[list[str]], list[str]]) -> None:
        self.text = ""
        self.at = 0
        """The cursor's place, in characters."""
        self.choices: list[str] = []
        """After a Tab that could mean several words: these."""
        self._complete = complete
        self._history: list[str] = []
        self._shown = 0
        """Which line of the history is shown; its length: the new one."""
        self._draft = ""
        """What was typed before one went back in the history."""
        self._acts: dict[str, Callable[[], None]] = {
            "up": lambda: self._go_to(self._shown - 1),
            "down": lambda: self._go_to(self._shown + 1),
            "left": lambda: self._move(self._before()),
            "right": lambda: self._move(self._after()),
            "home": lambda: self._move(0),
            "end": lambda: self._move(len(self.text)),
            "delete": lambda: self._replace(self.at, self._after()),
            "backspace": lambda: self._replace(self._before(), self.at),
            "clear before": lambda: self._replace(0, self.at),
            "clear after": lambda: self._replace(self.at, len(self.text)),
            "clear word": lambda: self._replace(self._word_start(), self.at),
            "tab": self._finish_word,
        }

    def press(self, key: str) -> str | None:
        """Take a key, of `split_keys`; return the whole line if it ends it."""
        self.choices = []
        if key == "enter":
            return self._take()
        if act := self._acts.get(key):
            act()
        elif len(key) == 1 and (key.isprintable() or key in _JOINERS) and len(self.text) < MOST_CHARACTERS:
            self._replace(self.at, self.at, key)
        return None

    def view(self, width: int) -> tuple[str, str]:
        """Return what to show before and behind the cursor, in so many columns."""
        before, after = self.text[: self.at], self.text[self.at :]
        columns = max(width * 3 // 4, width - width_of(after))
        before = before[len(before) - _fitting(before[::-1], columns) :]
        return before, after[: _fitting(after, width - width_of(before))]

    def _take(self) -> str:
        line = self.text.strip()
        if line and self._history[-1:] != [line]:
            self._history = [*self._history, line][-MOST_REMEMBERED:]
        self.text, self.at, self._draft = "", 0, ""
        self._shown = len(self._history)
        return line

    def _go_to(self, shown: int) -> None:
        if not 0 <= shown <= len(self._history):
            return
        if self._shown == len(self._history):
            self._draft = self.text
        self._shown = shown
        self.text = [*self._history, self._draft][shown]
        self.at = len(self.text)

    def _move(self, at: int) -> None:
        self.at = at

    def _before(self) -> int:
        return self._grapheme_at(self.at - 1) if self.at else 0

    def _after(self) -> int:
        ends = range(self.at + 1, len(self.text))
        return next((end for end in ends if self._grapheme_at(end) == end), len(self.text))

    def _grapheme_at(self, at: int) -> int:
        return grapheme_start(f" {self.text}", at + 1) - 1  # what begins a text would be cut

    def _word_start(self) -> int:
        before = self.text[: self.at]
        return len(before.rstrip()) - len(before.split()[-1]) if before.strip() else 0

    def _replace(self, start: int, end: int, new: str = "") -> None:
        self.text = self.text[:start] + new + self.text[end:]
        self.at = start + len(new)

    def _finish_word(self) -> None:
        """Complete the word at the cursor as far as it is clear; else offer what it may be."""
        before = self.text[: self.at]
        words = before.split()
        begun = words.pop() if words and not before[-1].isspace() else ""
        fitting = [one for one in self._complete(words) if one.casefold().startswith(begun.casefold())]
        common = os.path.commonprefix([one.casefold() for one in fitting])  # noqa: RUF071 - of letters
        if len(fitting) == 1:
            self._replace(self.at - len(begun), self.at, fitting[0] + " ")
        elif len(common) > len(begun):
            self._replace(self.at - len(begun), self.at, fitting[0][: len(common)])
        else:
            self.choices = fitting
