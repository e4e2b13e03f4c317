"""The hub's time is shared out: to addresses first, and in each to its connections."""

from operator import itemgetter

from sockets.fair_queue import FairQueue, Turns


def test_who_was_charged_least_is_next_and_absence_is_no_credit() -> None:
    queue: FairQueue[str] = FairQueue()
    queue.add("busy")
    for _ in range(100):
        assert queue.take() == "busy"
        queue.charge("busy", 1.0)
        queue.add("busy")
    queue.add("new")
    order = []
    for _ in range(6):
        member = queue.take()
        order.append(member)
        queue.charge(member, 1.0)
        queue.add(member)
    assert order[0] == "new"
    assert order.count("new") == 3, "who comes late has not saved up a hundred turns"


def test_a_debt_outlasts_ones_absence() -> None:
    queue: FairQueue[str] = FairQueue()
    queue.add("a")
    queue.take()
    queue.charge("a", 5.0)
    queue.add("b")
    queue.add("a")
    assert [queue.take(), queue.take()] == ["b", "a"]


def test_two_hundred_connections_of_one_address_get_as_much_as_one_of_another() -> None:
    turns: Turns[str] = Turns(account_of=itemgetter(0))
    spent = {"c": 0.0, "i": 0.0}
    for number in range(200):
        turns.add(f"crowd{number}")
    turns.add("innocent")
    members = set()
    for _ in range(800):
        member = turns.take()
        members.add(member)
        seconds = 0.003 if member[0] == "c" else 0.001
        spent[member[0]] += seconds
        turns.charge(member, seconds, again=True)
    assert abs(spent["c"] - spent["i"]) < 0.01
    assert len(members) == 201, "somebody had no turn"


def test_who_hurries_is_before_the_others_of_his_address_once() -> None:
    turns: Turns[str] = Turns(account_of=lambda _member: "x")
    for member in ("a", "b"):
        turns.add(member)
    turns.take()
    turns.charge("a", 1.0, again=True)
    turns.add("a", hurry=True)
    assert turns.take() == "b"  # who has waited longer, on the same level
    turns.charge("b", 1.0, again=True)
    assert turns.take() == "a"
    turns.charge("a", 0.0, again=False)
    turns.leave("a")
    assert turns.take() == "b", "a's first place in the queue is void"
