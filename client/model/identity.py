"""By what a server knows us again, whatever nick and address we come back with (docs/security.md)."""

import hmac
import secrets
from typing import Final

from protocol import ircv3
from protocol.names import fold

RECLAIMS: Final = frozenset((ircv3.RECLAIM, ircv3.FIRST_RECLAIM))
"""The capability that tells of RECLAIM, by its names."""
_LENGTH: Final = 32
"""Characters of secret and key."""


class Identity:
    """The secret of one session, and the key of one user, server and nick, of which RECLAIM tells the server.

    The secret is new in each session, so that a second window does not throw out the first. The key comes of
    what the settings remember, so that a restarted client may read its private talks again; each server gets
    another one, so that none can pose as us elsewhere, and each nick, so that the windows of several people
    on one computer are several people.
    """

    def __init__(self, root: str = "", server: str = "") -> None:
        """Args: root: what the settings remember; empty: the secret is all there is. server: `HOST:PORT`."""
        self._root = root
        self._server = server.lower()
        self._secret = secrets.token_hex(_LENGTH // 2)
        self._key = ""
        self._is_known = False

    def proofs(self, nick: str) -> tuple[str, ...]:
        """Return the parameters of RECLAIM behind the nick; the key stays once a server knows us by it."""
        if self._root and not self._is_known:
            text = f"{self._server} {fold(nick)}"
            self._key = hmac.digest(self._root.encode(), text.encode(), "sha256").hex()[:_LENGTH]
        return (self._secret, self._key) if self._key else (self._secret,)

    def keep(self) -> None:
        """A server has let us in: it knows us by this key from now on, whatever we are called later."""
        self._is_known = True
