"""Finding servers: who lies is bounded, and stands beside the others and not in their place."""

import contextlib
import itertools
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from client.net.discovery import MOST_OF_ADDRESS, MOST_SERVERS, Finder, FoundServer, merge
from protocol.discovery import Offer, answer, parse_question
from sockets.cards import LOOPBACK, Card
from sockets.discovery import ANSWERS_AT_ONCE, ANSWERS_AT_ONCE_TO_ONE, MOST_ADDRESSES, Discovery, Limits

ID = "0123456789abcdef"
CABLE, WIFI = Card("eth0", "10.1.0.7", 24), Card("wlan0", "10.2.0.7", 24)


def test_one_server_with_two_cards_is_one_server() -> None:
    offer = Offer(ID, 6667)
    assert merge([(CABLE, "10.1.0.5", offer), (WIFI, "10.2.0.5", offer)]) == [
        FoundServer(offer, ("10.1.0.5", "10.2.0.5"))
    ]


def test_who_repeats_the_answer_of_another_stands_beside_him() -> None:
    offer = Offer(ID, 6667, name="chat.lab")
    found = merge([(CABLE, "10.1.0.66", offer), (CABLE, "10.1.0.5", offer), (WIFI, "10.2.0.5", offer)])
    assert sorted(host for server in found for host in server.hosts) == ["10.1.0.5", "10.1.0.66", "10.2.0.5"]
    assert len(found) == 2


@contextlib.contextmanager
def answering(say: Callable[[str], list[bytes]]) -> Iterator[int]:
    """A host on loopback that sends this for each question; its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("", 0))
        sock.settimeout(0.2)
        stop = threading.Event()

        def run() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    data, asker = sock.recvfrom(2048)
                    for answered in say(parse_question(data)):
                        sock.sendto(answered, asker)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            stop.set()
            thread.join()


def test_a_liar_fills_no_memory() -> None:
    ports = itertools.count(1)
    say = lambda number: [answer(number, Offer(ID, next(ports))) for _ in range(100)]  # noqa: E731
    with answering(say) as port:
        finder = Finder(lambda: [LOOPBACK], port)
        assert 1 <= len(finder.find(1.0)) <= MOST_OF_ADDRESS
        assert len(finder._heard) <= MOST_SERVERS


def test_rubbish_is_passed_over_and_what_follows_it_is_found() -> None:
    def say(number: str) -> list[bytes]:
        return [b"", b"\xff" * 600, answer("f" * 16, Offer(ID, 1)), answer(number, Offer(ID, 7000))]

    with answering(say) as port:
        finder = Finder(lambda: [LOOPBACK], port)
        assert [server.offer.port for server in finder.find(1.0)] == [7000]


def test_a_finder_that_is_stopped_asks_no_more() -> None:
    asked = []

    def say(number: str) -> list[bytes]:
        asked.append(number)
        return []

    with answering(say) as port:
        finder = Finder(lambda: [LOOPBACK], port)
        finder.start()
        finder.start()
        while not asked:
            pass
        finder.stop()
        finder.stop()
    assert len(asked) <= 2


def test_without_a_network_nothing_is_asked() -> None:
    finder = Finder(list)
    assert finder.find(0.1) == ()
    assert finder.asked == 0


# Both sides together, on loopback alone.


def test_a_server_is_found_and_says_no_more_once_it_has_stopped() -> None:
    taught = [""]
    offer = Offer(ID, 7000, rooms=("#lab",))
    discovery = Discovery(offer, group=lambda: taught[-1], cards=lambda: [LOOPBACK], port=0)
    discovery.start()
    finder = Finder(lambda: [LOOPBACK], discovery.port)
    for group in ("ИВТ-21", "ИВТ-22"):
        taught.append(group)
        assert [(one.address, one.offer.group) for one in finder.find(1.0)] == [("127.0.0.1:7000", group)]
    assert discovery.answered >= 1
    discovery.stop()
    again = Finder(lambda: [LOOPBACK], discovery.port)
    assert again.find(0.2) == ()


@pytest.mark.parametrize(
    ("host", "card"), [("0.0.0.0", Card("eth0", "10.1.0.5", 24)), ("10.1.0.5", LOOPBACK)]
)
def test_who_is_not_in_the_network_of_a_card_is_not_answered(host: str, card: Card) -> None:
    discovery = Discovery(Offer(ID, 7000), host, cards=lambda: [card], port=0)
    discovery.start()
    try:
        assert Finder(lambda: [LOOPBACK], discovery.port).find(0.5) == ()
        assert discovery.looked_at >= 1
        assert discovery.answered == 0
    finally:
        discovery.stop()


def test_answers_are_limited_for_each_address_and_in_all() -> None:
    limits = Limits(0.0)
    assert sum(limits.allow("10.0.0.1", 0.0) for _ in range(1000)) == ANSWERS_AT_ONCE_TO_ONE
    many = (f"10.0.{n // 250}.{n % 250}" for n in range(20_000))
    assert sum(limits.allow(address, 0.0) for address in many) == ANSWERS_AT_ONCE - ANSWERS_AT_ONCE_TO_ONE
    assert len(limits._of_address) <= MOST_ADDRESSES
    assert limits.allow("10.9.9.9", 1.0)
