"""Messages that come twice: a client that lost its connection sends again what was not echoed.

A client marks each message with a random nonce, the client-only tag `+labchat/nonce`. It cannot know
whether a message arrived whose echo did not, so it sends it again, perhaps while the server still holds the
first one in the old connection's buffer. The second one is neither stored nor relayed, only echoed to its
sender with the id and time of the first.

The sender is known by `user@host`, not by nick: who comes back while the old connection still has the nick
gets another one. Others see the nonces; whoever uses one again only silences himself. Nonces are not looked
up in the history file: nothing can be under way to a server that was started anew, and what the one before
it stored the client finds there (CHATHISTORY) before it sends again.
"""

from collections import OrderedDict
from typing import Final, NamedTuple

from chatroom.client import Client
from protocol.names import fold

NONCE_TAG: Final = "+labchat/nonce"
MAX_NONCES: Final = 20_000
"""How many are remembered; the oldest go first."""
MAX_NONCE: Final = 64
"""Characters; a message with a longer nonce is like one without."""

Key = tuple[str, str, str, str]


class Said(NamedTuple):
    """A message that was relayed."""

    msgid: str
    time: float
    """Seconds since the epoch."""


class Nonces:
    """The nonces of the last messages. Owned by the thread of the `ServerState`."""

    def __init__(self, limit: int = MAX_NONCES) -> None:
        self._limit = limit
        self._said: OrderedDict[Key, Said] = OrderedDict()

    @staticmethod
    def _key(client: Client, target: str, nonce: str) -> Key | None:
        return (client.user, client.host, fold(target), nonce) if 0 < len(nonce) <= MAX_NONCE else None

    def find(self, client: Client, target: str, nonce: str) -> Said | None:
        """Return the message that this sender sent to this target with this nonce."""
        key = self._key(client, target, nonce)
        return self._said.get(key) if key else None

    def remember(self, client: Client, target: str, nonce: str, said: Said) -> None:
        """The message was stored and relayed."""
        key = self._key(client, target, nonce)
        if key:
            self._said[key] = said
            if len(self._said) > self._limit:
                self._said.popitem(last=False)
