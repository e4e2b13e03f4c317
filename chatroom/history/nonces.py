"""Messages that come twice: a client that lost its connection sends again what was not echoed.

A client marks each message with a random nonce, the client-only tag `+chat.lab/nonce`. It cannot know
whether a message arrived whose echo did not, so it sends it again, perhaps while the server still holds the
first one in the old connection's buffer. The second one is neither stored nor relayed, only echoed to its
sender with the id and time of the first.

The sender is known by `user@host`, not by nick: a client that comes back while its old connection still has
the nick gets another one. Others see the nonces; whoever uses one again silences only himself. A restarted
server learns the nonces of the newest messages from its history.
"""

import re
from collections import OrderedDict
from typing import Final, NamedTuple

from chatroom.history.store import History
from protocol import ircv3
from protocol.message import parse
from protocol.names import fold

MAX_NONCES: Final = 20_000
"""How many are remembered; the oldest go first."""
MAX_NONCE: Final = 64
"""Characters; a message with a longer nonce is like one without."""
_LINE_END: Final = re.compile("[\r\n]")


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
        self._first_copies: OrderedDict[tuple[str, str, str], FirstCopy] = OrderedDict()
        if history:
            self._recall(history)

    def _recall(self, history: History) -> None:
        for row in history.newest(self._limit):
            if ircv3.TAG_NONCE in row.line or ircv3.TAG_FIRST_NONCE in row.line:
                message = parse(_LINE_END.split(row.line, 1)[0])
                nonce = ircv3.nonce_of(message.tags)
                first = FirstCopy(history.msgid(row.id), row.time / 1000)
                self.remember(message.source, message.param(0), nonce, first)

    def find(self, source: str, target: str, nonce: str) -> FirstCopy | None:
        """Return the message that this sender (`nick!user@host`) sent to this target with this nonce."""
        return self._first_copies.get(_key(source, target, nonce))

    def remember(self, source: str, target: str, nonce: str, first: FirstCopy) -> None:
        """Remember a message that was stored and relayed."""
        if 0 < len(nonce) <= MAX_NONCE:
            self._first_copies[_key(source, target, nonce)] = first
            if len(self._first_copies) > self._limit:
                self._first_copies.popitem(last=False)


def _key(source: str, target: str, nonce: str) -> tuple[str, str, str]:
    return source.partition("!")[2], fold(target), nonce
