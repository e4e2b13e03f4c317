"""Passwords: compared in constant time, and looked at so seldom that guessing takes long."""

import hashlib
import hmac
import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from chatroom.client import Client
from chatroom.config import Limits
from program.throttle import Throttle
from protocol.addresses import account_of

_MOST_ACCOUNTS: Final = 10_000
"""Whose bucket is remembered; a full one need not be."""

Answer = Callable[[bool], None]
"""Told whether a password was right."""


def same_secret(one: str, other: str) -> bool:
    """Compare two secrets in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def hash_secret(secret: str) -> str:
    """Return what may be stored of a secret, to know by it who names the secret again."""
    return hashlib.sha256(b"chat.lab identity:" + secret.encode()).hexdigest()[:32]


class PasswordQueue:
    """Looks at passwords, so that nobody guesses fast and nobody is locked out by others' guesses.

    People behind one address (NAT, one computer, an IPv6 network) cannot be told apart before their password
    is known. So the wait cannot bind a guesser without binding his neighbours; but it can be short:

    1. An account (`account_of`) has a few wrong passwords free; then one is looked at when the next is due.
    2. A right one costs nothing: those that wait behind it are looked at at once.
    3. A password that is not due yet MUST wait, right or wrong, and nobody MUST learn which before its turn:
       who hangs up meanwhile has learnt nothing.
    4. Who cannot be looked at while there is time to register is told at once, and when to come again.

    So a right password gets in within seconds after any number of wrong ones, and a guesser finds out about
    60 a minute from an address. Only who keeps `waiting_passwords` connections waiting from the same address
    keeps a neighbour out. Owned by the thread of the `ServerState`.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buckets: OrderedDict[str, Throttle] = OrderedDict()
        """By account; the one that was used last is last."""
        self._waiting: dict[str, dict[Client, tuple[bool, Answer]]] = {}
        """By account, in the order in which they came."""

    def __contains__(self, client: Client) -> bool:
        """Whether the client's password waits to be looked at."""
        return client in self._waiting.get(account_of(client.address), ())

    def ask(self, client: Client, is_right: bool, answer: Answer, now: float) -> int:
        """Look at a client's password and call `answer`, now or when it is due (`look`).

        Returns the seconds after which it may ask again if it is not looked at, else 0.
        """
        account = account_of(client.address)
        if client in self:
            return 1
        waiting = {one: asked for one, asked in self._waiting.get(account, {}).items() if not one.closed}
        if len(waiting) >= self._limits.waiting_passwords:
            return math.ceil(len(waiting) / self._limits.passwords_per_second)
        waiting[client] = is_right, answer
        self._waiting[account] = waiting
        self._look_at(account, now)
        return 0

    def look(self, now: float) -> None:
        """Look at those that are due."""
        for account in list(self._waiting):
            self._look_at(account, now)

    def seconds_to_next(self, now: float) -> float:
        """Return after how long `look` should be called; infinity if nobody waits."""
        waits = (self._bucket(account, now).seconds_to_next(now) for account in self._waiting)
        return min(waits, default=math.inf)

    def _look_at(self, account: str, now: float) -> None:
        waiting = self._waiting[account]
        bucket = self._bucket(account, now)
        for client, (is_right, answer) in list(waiting.items()):
            if not client.closed and bucket.seconds_to_next(now):
                break
            del waiting[client]
            if not client.closed:
                if not is_right:
                    bucket.allows(now)
                answer(is_right)
        if not waiting:
            del self._waiting[account]

    def _bucket(self, account: str, now: float) -> Throttle:
        bucket = self._buckets.pop(account, None)
        if bucket is None:
            bucket = Throttle(self._limits.wrong_passwords, self._limits.passwords_per_second, now)
        self._buckets[account] = bucket
        if len(self._buckets) > _MOST_ACCOUNTS:
            self._buckets.popitem(last=False)
        return bucket
