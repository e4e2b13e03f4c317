"""Looking for a text in the history: row by row, in portions, as far as one search may go.

There is no index of words: it would cost the commit pages more for each message, and not every sqlite has it.
What may be read is found by the indexes that the pages of a conversation use.
"""

import heapq
from collections.abc import Collection, Iterator
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Final, NamedTuple

from chatroom.history.rows import Branch, Line, Row, Stretch, Talk
from chatroom.history.store import History
from chatroom.multiline_batch import CONTINUED
from protocol.ctcp import ACTION, parse_ctcp
from protocol.matching import holds, search_cost
from protocol.message import parse
from protocol.names import fold
from protocol.text import strip_formatting

ROW_COST: Final = 150
"""What it costs to read a row, in characters that are searched in the same time."""
PORTION: Final = 30_000
"""Characters that are searched at once: some half a millisecond."""
NUMBERS_AT_ONCE: Final = 100
ROWS_AT_ONCE: Final = 40


class Scope(NamedTuple):
    """Where somebody looks, and may read."""

    rooms: Collection[str]
    """Folded names."""
    talk: Talk | None
    """Private: one, or all of them."""

    def holds(self, row: Row) -> bool:
        """Tell whether the row was said there."""
        if row.event:
            return False
        return self.talk is not None and self.talk.holds(row) if row.receiver else row.target in self.rooms


class Wanted(NamedTuple):
    """What is looked for."""

    text: str = ""
    nick: str = ""
    """Folded: who said it; "" anybody."""

    def may_fit(self, line: str) -> bool:
        """Tell whether a stored line can be what is looked for; of most it is clear that it is not."""
        return not self.text or _holds(line, self.text)

    def fits(self, line: str) -> bool:
        """Tell whether it is, as people read it."""
        said = parse(line)
        if self.nick and fold(said.nick) != self.nick:
            return False
        ctcp = parse_ctcp(said.param(1))
        if ctcp and ctcp.command != ACTION:
            return False
        return not self.text or _holds(ctcp.text if ctcp else said.param(1), self.text)


def _holds(text: str, wanted: str) -> bool:
    if not text.isprintable():
        text = strip_formatting(text.replace(CONTINUED, ""))
    return holds(text, wanted)


class Search:
    """A search that goes on step by step, while others have their turns between two steps.

    Args:
        effort: how many characters it may look at, `ROW_COST` more for each row.
        limit: how many messages it may find.
    """

    def __init__(
        self, history: History, scope: Scope, wanted: Wanted, within: Stretch, effort: int, limit: int
    ) -> None:
        self.found: list[int] = []
        """The numbers of the messages, in the order in which they were found."""
        self.reached: Line | None = None
        """The last message that was looked at; None when there are no more."""
        self._history, self._scope, self._wanted, self._within = history, scope, wanted, within
        self._effort, self._limit = effort, limit

    def steps(self) -> Iterator[None]:
        """Search; each step takes about a millisecond.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        streams: list[Iterator[int]] = []
        for branch in self._branches():
            stream = self._numbers(branch)
            streams += [chain((first,), stream) for first in islice(stream, 1)]
            yield
        merged = heapq.merge(*streams, reverse=self._within.newest)
        numbers = map(itemgetter(0), groupby(merged))  # one who speaks to himself is in two branches
        cost = portions = 0
        while block := list(islice(numbers, ROWS_AT_ONCE)):
            for line in self._history.lines(block):
                self.reached = line
                cost += ROW_COST + search_cost(line.line)
                if self._fits(line):
                    self.found.append(line.id)
                if len(self.found) >= self._limit or cost >= self._effort:
                    return
                if cost // PORTION > portions:
                    portions = cost // PORTION
                    yield
        self.reached = None

    def _fits(self, line: Line) -> bool:
        wanted = self._wanted
        row = self._history.row(line.id) if wanted.may_fit(line.line) else None
        return row is not None and self._scope.holds(row) and wanted.fits(row.line)

    def _branches(self) -> Iterator[Branch | None]:
        yield None
        talks = [*map(Talk, self._scope.rooms), *((self._scope.talk,) if self._scope.talk else ())]
        for talk in talks:
            yield from self._history.branches(talk)

    def _numbers(self, branch: Branch | None) -> Iterator[int]:
        within = self._within
        while found := self._history.numbers(branch, within, NUMBERS_AT_ONCE):
            yield from found
            last = found[-1]
            within = within._replace(before=last) if within.newest else within._replace(after=last)
