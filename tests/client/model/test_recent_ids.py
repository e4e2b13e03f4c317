"""What is remembered of the messages that were shown: the latest of them, and not all for ever."""

from client.model.recent_ids import MAX_IDS, RecentIds


def test_the_last_ids_are_known_and_the_first_are_forgotten() -> None:
    known = RecentIds()
    assert all(known.add("#lab", str(number)) for number in range(2 * MAX_IDS + 1))
    last = [("#lab", str(number)) for number in range(MAX_IDS + 1, 2 * MAX_IDS + 1)]
    assert all(marks in known for marks in last)
    assert not any(known.add(*marks) for marks in last)
    assert ("#lab", "0") not in known
    assert known.add("#lab", "0")
