"""A queue between threads that is bounded by what its items cost, not by how many there are."""

import queue
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class SizedQueue(queue.Queue[T]):
    """A `queue.Queue` that is full when its items cost `limit` bytes; whoever puts more then waits.

    An item that costs more than is left is taken all the same while there is anything left.
    """

    def __init__(self, limit: int, cost: Callable[[T], int]) -> None:
        """Args: limit: bytes. cost: bytes of an item, at least 1."""
        self._cost = cost
        self._bytes = 0
        super().__init__(limit)

    def qsize(self) -> int:
        """Return how many items wait."""
        return len(self.queue)

    @property
    def size(self) -> int:
        """Bytes that wait."""
        return self._bytes

    # What `queue.Queue` calls, with its lock held, to know whether it is full or empty, to put and to get.

    def _qsize(self) -> int:
        return self._bytes

    def _put(self, item: T) -> None:
        self._bytes += self._cost(item)
        super()._put(item)

    def _get(self) -> T:
        item: T = super()._get()
        self._bytes -= self._cost(item)
        return item
