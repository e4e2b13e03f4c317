"""Who is next, where time is what everybody shares.

The hub's time is the server's scarcest good, and lines are no measure of it: one costs a hundred times as
much as another. So what each line really cost is charged to its connection, and to the address behind it.
"""

import heapq
import itertools
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Member = TypeVar("Member", bound=Hashable)


class FairQueue(Generic[Member]):
    """Those who wait for somebody's time, of which all get equal shares.

    1. Next MUST be the one who has been charged the least; of equals, who has waited longest.
    2. Whoever comes, or comes back, MUST start level with those who are being served: he is served soon, but
       has saved up nothing while he was away.
    3. A charge MUST outlast one's absence: who goes away in debt comes back in debt.
    4. Adding somebody who waits already MUST change nothing.
    """

    def __init__(self) -> None:
        self._charged: dict[Member, float] = {}
        self._waiting: list[tuple[float, int, Member]] = []
        """A heap; an entry whose number is not the member's ticket is void."""
        self._tickets: dict[Member, int] = {}
        """The numbers of those who wait."""
        self._numbers = itertools.count()
        self._level = 0.0
        """What the one who is being served had been charged before."""

    def __len__(self) -> int:
        return len(self._tickets)

    def add(self, member: Member) -> None:
        """Let somebody wait for his share."""
        if member not in self._tickets:
            self._queue(member, max(self._charged.get(member, 0.0), self._level))

    def hurry(self, member: Member) -> None:
        """Let somebody wait without his debts, because this is the last time."""
        self._queue(member, self._level)

    def _queue(self, member: Member, charged: float) -> None:
        number = self._tickets[member] = next(self._numbers)
        self._charged[member] = charged
        heapq.heappush(self._waiting, (charged, number, member))

    def take(self) -> Member:
        """Return who is next; he waits no longer. Somebody must be waiting."""
        while True:
            charged, number, member = heapq.heappop(self._waiting)
            if self._tickets.get(member) == number:
                self._level = charged
                del self._tickets[member]
                return member

    def charge(self, member: Member, seconds: float) -> None:
        """Say how much time somebody was given, before he is added again."""
        self._charged[member] += seconds

    def forget(self, member: Member) -> None:
        """Forget somebody, who does not wait."""
        del self._charged[member]

    def knows_nobody(self) -> bool:
        """Tell whether all who ever waited have been forgotten."""
        return not self._charged


class Turns(Generic[Member]):
    """Fair shares for accounts, and within each account for its members: for addresses and connections.

    However many members an account has, all accounts get the same. An account is known while one of its
    members is: from its first `add` until `leave`.
    """

    def __init__(self, account_of: Callable[[Member], str]) -> None:
        self._account_of = account_of
        self._accounts: FairQueue[str] = FairQueue()
        self._members: dict[str, FairQueue[Member]] = {}

    def __len__(self) -> int:
        return len(self._accounts)

    def add(self, member: Member, *, hurry: bool = False) -> None:
        """Let a member wait for its turn; in a hurry, without its own debts, but with the account's."""
        account = self._account_of(member)
        members = self._members.setdefault(account, FairQueue())
        (members.hurry if hurry else members.add)(member)
        self._accounts.add(account)

    def leave(self, member: Member) -> None:
        """Forget a member, who does not wait, and the account with its last one."""
        account = self._account_of(member)
        self._members[account].forget(member)
        if self._members[account].knows_nobody():
            del self._members[account]
            self._accounts.forget(account)

    def take(self) -> Member:
        """Return who is next. Somebody must be waiting; `charge` must follow."""
        return self._members[self._accounts.take()].take()

    def charge(self, member: Member, seconds: float, *, again: bool) -> None:
        """Say how long the turn was, and whether the member waits for another one."""
        account = self._account_of(member)
        members = self._members[account]
        members.charge(member, seconds)
        self._accounts.charge(account, seconds)
        if again:
            members.add(member)
        if len(members):
            self._accounts.add(account)
