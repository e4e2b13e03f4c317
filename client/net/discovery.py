"""Finding the servers of the local network: a thread asks on each card, again and again, until it is stopped.

What comes back may be from anybody. So nothing is ever connected to because of it alone: it is shown, with
the address, which the user compares with the one on the board.
"""

import contextlib
import secrets
import select
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from client.net.address import format_address
from protocol.discovery import DISCOVERY_PORT, LONGEST_ANSWER, Offer, parse_answer, question
from sockets.cards import ALL_COMPUTERS, Card, Cards, lan_cards

FIRST_ROUNDS: Final = (0.0, 0.25, 1.0)
"""Seconds at which is asked at first: a datagram may be lost."""
ROUND_SECONDS: Final = 2.0
"""How often is asked after that."""
FORGET_SECONDS: Final = 9.0
"""After so long without an answer a server is not there any more."""
MOST_SERVERS: Final = 50
MOST_OF_ADDRESS: Final = 5
"""Servers on one computer."""
MOST_ANSWERS: Final = 300
"""That are looked at in one round."""


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that has answered."""

    offer: Offer
    hosts: tuple[str, ...]
    """Its addresses, each of another network of ours; the first is the best."""

    @property
    def address(self) -> str:
        """What the user would type: `HOST:PORT`, of the plain port."""
        return format_address(self.hosts[0], self.offer.port)

    @property
    def tls_address(self) -> str:
        """The same of the port that speaks TLS; "" if none does."""
        return format_address(self.hosts[0], self.offer.tls_port) if self.offer.tls_port else ""


@dataclass(slots=True)
class _Heard:
    """One answer: on which card it came, from which address, what it says, and when it came last."""

    card: Card
    host: str
    offer: Offer
    at: float


class Finder:
    """Asks for servers while it runs. `found` and `asked` may be read in any thread."""

    def __init__(self, cards: Cards = lan_cards, port: int = DISCOVERY_PORT) -> None:
        self.found: tuple[FoundServer, ...] = ()
        """Those that answer, in the order in which they were heard first."""
        self.asked = 0
        """Networks that could be asked in the last round; 0 with `rounds` above 0: there is no network."""
        self.rounds = 0
        """How often has been asked since the start."""
        self._cards = cards
        self._port = port
        self._heard: dict[tuple[str, int], _Heard] = {}
        self._run_of: threading.Event | None = None
        """Set to end the thread that runs."""

    def start(self) -> None:
        """Begin to ask, unless it does already."""
        if self._run_of is None:
            self.rounds = 0
            self._run_of = threading.Event()
            threading.Thread(target=self._run, args=(self._run_of,), name="finder", daemon=True).start()

    def stop(self) -> None:
        """Ask no more; returns at once, and the thread ends soon."""
        if self._run_of:
            self._run_of.set()
            self._run_of = None

    def find(self, seconds: float) -> tuple[FoundServer, ...]:
        """Ask in this thread, for so long; return which servers have answered."""
        end = time.monotonic() + seconds
        for pause in FIRST_ROUNDS:
            if time.monotonic() + pause < end:
                self._ask(pause, threading.Event())
        self._ask(max(0.0, end - time.monotonic()), threading.Event())
        return self.found

    def _run(self, stop: threading.Event) -> None:
        """Ask until it is to stop. Runs in the finder thread."""
        before = 0.0
        for at in FIRST_ROUNDS[1:]:
            self._ask(at - before, stop)
            before = at
        while not stop.is_set():
            self._ask(ROUND_SECONDS, stop)

    def _ask(self, seconds: float, stop: threading.Event) -> None:
        """Ask on each card, and listen for so long."""
        if stop.is_set():
            return
        number = secrets.token_hex(8)
        with contextlib.ExitStack() as open_sockets:
            asking: dict[socket.socket, Card] = {}
            for card in self._cards():
                with contextlib.suppress(OSError):  # the card's cable was pulled, or a firewall forbids it
                    sock = open_sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                    ask(sock, card, self._port, number)
                    asking[sock] = card
            self.asked = len(asking)
            self.rounds += 1
            self._listen(asking, number, seconds, stop)
        now = time.monotonic()
        self._heard = {key: one for key, one in self._heard.items() if now - one.at < FORGET_SECONDS}
        self._publish()

    def _listen(
        self, asking: dict[socket.socket, Card], number: str, seconds: float, stop: threading.Event
    ) -> None:
        end = time.monotonic() + seconds
        looked_at = 0
        while (left := end - time.monotonic()) > 0 and not stop.is_set():
            if not asking or looked_at >= MOST_ANSWERS:
                stop.wait(left)
                break
            for sock in select.select([*asking], [], [], min(left, 0.2))[0]:
                with contextlib.suppress(OSError):  # Windows tells so that nobody is there
                    data, (host, port) = sock.recvfrom(LONGEST_ANSWER + 1)
                    looked_at += 1
                    offer = parse_answer(data, number)
                    if offer and port == self._port and asking[sock].reaches(host):
                        self._hear(asking[sock], host, offer)

    def _hear(self, card: Card, host: str, offer: Offer) -> None:
        key = (host, offer.port)
        if key not in self._heard:
            of_address = sum(one.host == host for one in self._heard.values())
            if len(self._heard) >= MOST_SERVERS or of_address >= MOST_OF_ADDRESS:
                return
        self._heard[key] = _Heard(card, host, offer, time.monotonic())
        self._publish()

    def _publish(self) -> None:
        self.found = tuple(merge((one.card, one.host, one.offer) for one in self._heard.values()))


def ask(sock: socket.socket, card: Card, port: int, number: str) -> None:
    """Send the question to all computers of a card's network."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sock.setblocking(False)
    sock.bind((card.address, 0))
    sock.sendto(question(number), (card.broadcast or ALL_COMPUTERS, port))


def merge(answers: Iterable[tuple[Card, str, Offer]]) -> list[FoundServer]:
    """Return each server once, although it has several cards in networks where we have cards too.

    Two addresses with one id are one server's only if they were heard in different networks: in one network,
    whoever repeats the id of another stands beside him and not in his place.
    """
    servers: list[tuple[Offer, dict[str, str]]] = []
    for card, host, offer in answers:
        network = str(card.network)
        for first, hosts in servers:
            if first == offer and network not in hosts:
                hosts[network] = host
                break
        else:
            servers.append((offer, {network: host}))
    return [FoundServer(offer, tuple(hosts.values())) for offer, hosts in servers]
