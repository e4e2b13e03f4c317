"""Passwords: compared in constant time, and wrong ones counted by address, so that guessing takes long."""

import hashlib
import hmac
import math
from typing import Final

from chatroom.config import Limits

_FORGET_SECONDS: Final = 600.0
_MOST_ADDRESSES: Final = 10_000


def same_secret(one: str, other: str) -> bool:
    """Compare two secrets in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def hash_secret(secret: str) -> str:
    """Return what may be stored of a secret, to know by it who names the secret again."""
    return hashlib.sha256(b"chat.lab identity:" + secret.encode()).hexdigest()[:32]


class WrongPasswords:
    """Counts wrong passwords by address, and tells how long an address has to wait."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._failures: dict[str, tuple[int, float]] = {}
        """Count and time of the last failure, by address; the latest failure last."""

    def count_one(self, address: str, now: float) -> None:
        """Count a wrong password from an address."""
        count = self._count(address, now)
        self._failures.pop(address, None)
        self._failures[address] = (count + 1, now)
        if len(self._failures) > _MOST_ADDRESSES:
            del self._failures[next(iter(self._failures))]

    def seconds_to_wait(self, address: str, now: float) -> int:
        """Return how long no password of this address is looked at; 0 if it is."""
        count = self._count(address, now)
        if count < self._limits.wrong_passwords:
            return 0
        wait = min(2.0 ** min(count - self._limits.wrong_passwords, 30), self._limits.longest_wait)
        return max(0, math.ceil(self._failures[address][1] + wait - now))

    def _count(self, address: str, now: float) -> int:
        count, last = self._failures.get(address, (0, now))
        return 0 if now - last > _FORGET_SECONDS else count
