"""What things take in memory: every bound on what a server can make grow is in these bytes.

A count would not do: a line of three bytes becomes an object of hundreds, and one of nine thousand may
become a transcript entry of a hundred thousand.
"""

from sys import getsizeof
from typing import Final

from protocol.message import Message

OBJECT: Final = 400
"""Bytes of a small object with its attributes and its place in a list or table, about."""


def cost_of(message: Message) -> int:
    """Return about how many bytes of memory a message takes."""
    size = OBJECT + getsizeof(message.source) + sum(map(getsizeof, message.params))
    if message.tags:
        size += sum(getsizeof(key) + getsizeof(value) for key, value in message.tags.items())
    return size
