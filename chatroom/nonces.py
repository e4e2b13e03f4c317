"""Messages that come twice: a client that lost its connection sends again what was not echoed.

A client marks each message with a random nonce, the client-only tag `+labchat/nonce`. It cannot know
whether a message arrived whose echo did not, so it sends it again, perhaps while the server still holds the
first one in the old connection's buffer. The second one is neither stored nor relayed, only echoed to its
sender with the id and time of the first.

The sender is known by `user@host`, not by nick: who comes back while the old connection still has the nick
gets another one. Others see the nonces; whoever uses one again only silences himself. A restarted
server learns the nonces of the newest messages from its history.
"""

import re
from collections import OrderedDict
from typing import Final, NamedTuple

from chatroom.client import Client
from chatroom.history.store import History
from protocol import ircv3
from protocol.message import parse
from protocol.names import fold

MAX_NONCES: Final = 20_000
"""How many are remembered; the oldest go first."""
MAX_NONCE: Final = 64
"""Characters; a message with a longer nonce is like one without."""
_LINE_END: Final = re.compile("[\r\n]")

Key = tuple[str, str, str, str]


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
        self._first_copies: OrderedDict[Key, FirstCopy] = OrderedDict()
        if history:
            self._recall(history)

    def find(self, client: Client, target: str, nonce: str) -> FirstCopy | None:
        """Return the message that this sender sent to this target with this nonce."""
        return self._first_copies.get((client.user, client.host, fold(target), nonce)) if nonce else None

    def remember(self, client: Client, target: str, nonce: str, first: FirstCopy) -> None:
        """Remember a message that was stored and relayed."""
        self._remember((client.user, client.host, fold(target), nonce), first)

    def _remember(self, key: Key, first: FirstCopy) -> None:
        if 0 < len(key[3]) <= MAX_NONCE:
            self._first_copies[key] = first
            if len(self._first_copies) > self._limit:
                self._first_copies.popitem(last=False)

    def _recall(self, history: History) -> None:
        for row in history.newest(self._limit):
            if ircv3.TAG_NONCE in row.line:
                message = parse(_LINE_END.split(row.line, 1)[0])
                user, _at, host = message.source.partition("!")[2].partition("@")
                key = (user, host, fold(message.param(0)), message.tags.get(ircv3.TAG_NONCE, ""))
                self._remember(key, FirstCopy(f"{history.mark}-{row.id}", row.time / 1000))
