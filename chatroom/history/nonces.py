"""Messages that come twice: a client that lost its connection sends again what was not echoed.

A client marks each message with a random nonce, the client-only tag `+chat.lab/nonce`. It cannot know
whether a message arrived whose echo did not, so it sends it again, perhaps while the server still holds the
first one in the old connection's buffer. The second one is neither stored nor relayed, only echoed to its
sender with the id and time of the first.

The sender is known by the proof of who it is, whatever nick and address it comes back with; one that has none
by `user@host`. So is the receiver of a private message, who may have another nick by then. Others see the
nonces; whoever uses one again silences only himself. A restarted server learns the nonces of the newest
messages from its history.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, NamedTuple

from chatroom.history.rows import Author
from chatroom.history.store import History
from protocol import ircv3
from protocol.message import parse
from protocol.names import fold

MAX_NONCES: Final = 20_000
"""How many are remembered. Where there are more, the oldest goes of the account that has the most."""
RECALLED: Final = 100_000
"""Messages that a server looks through for nonces when it starts: more, so that a flood hides nobody's."""
MAX_NONCE: Final = 64
"""Characters; a message with a longer nonce is like one without."""
_LINE_END: Final = re.compile("[\r\n]")
_Key = tuple[str, str, str]


class FirstCopy(NamedTuple):
    """A message that was relayed, and may come a second time."""

    msgid: str
    time: float
    """Seconds since the epoch."""


class Nonces:
    """The nonces of the last messages. Owned by the thread of the `ServerState`."""

    def __init__(self, history: History | None = None, limit: int = MAX_NONCES) -> None:
        """Remember the messages of the history too: they may be sent again to a server that was restarted."""
        self._limit = limit
        self._first_copies: dict[_Key, FirstCopy] = {}
        self._by_account: dict[str, OrderedDict[_Key, None]] = {}
        if history:
            self._recall(history)

    def _recall(self, history: History) -> None:
        for row in history.newest(RECALLED, events=False):
            if ircv3.TAG_NONCE in row.line or ircv3.TAG_FIRST_NONCE in row.line:
                message = parse(_LINE_END.split(row.line, 1)[0])
                author = Author(row.sender or fold(message.source), account=row.account)
                places = [fold(message.param(0))]
                if row.receiver and not _is_source(row.receiver):
                    places.append(row.receiver)
                first = FirstCopy(history.msgid(row.id), row.time / 1000)
                self._remember(author, places, ircv3.nonce_of(message.tags), first, is_newest=False)

    def find(self, author: Author, places: Iterable[str], nonce: str) -> FirstCopy | None:
        """Return the message that this sender sent to one of these places with this nonce.

        Args:
            places: by what names the target is known (`chatroom.audience.places_of`).
        """
        copies = (self._first_copies.get(_key(author, place, nonce)) for place in places)
        return next(filter(None, copies), None)

    def remember(self, author: Author, places: Iterable[str], nonce: str, first: FirstCopy) -> None:
        """Remember a message that was stored and relayed."""
        self._remember(author, places, nonce, first, is_newest=True)

    def _remember(
        self, author: Author, places: Iterable[str], nonce: str, first: FirstCopy, *, is_newest: bool
    ) -> None:
        if not 0 < len(nonce) <= MAX_NONCE:
            return
        for key in (_key(author, place, nonce) for place in places):
            if key not in self._first_copies:
                of_account = self._by_account.setdefault(author.account, OrderedDict())
                of_account[key] = None
                of_account.move_to_end(key, last=is_newest)
            self._first_copies[key] = first
        while len(self._first_copies) > self._limit:
            self._forget_one()

    def _forget_one(self) -> None:
        largest = max(self._by_account, key=lambda account: len(self._by_account[account]))
        key, _none = self._by_account[largest].popitem(last=False)
        del self._first_copies[key]
        if not self._by_account[largest]:
            del self._by_account[largest]


def _is_source(identity: str) -> bool:
    return "!" in identity


def _key(author: Author, place: str, nonce: str) -> _Key:
    return author.identity.partition("!")[2] or author.identity, place, nonce
