"""The server's thread that answers who in the local network looks for servers (`protocol/discovery.py`).

It shares nothing with the hub but the name of the group, a text that is replaced whole. It is not mDNS with
DNS-SD (RFC 6762, 6763), which has `_irc._tcp` for this, because there an answer is several times as long as
its question and goes to everybody; and because port 5353 belongs to the system's own responder: what is sent
to one address reaches only one of two programs that share the port.
"""

import contextlib
import socket
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from program.log import log
from program.throttle import Throttle
from protocol.discovery import DISCOVERY_PORT, LONGEST_ANSWER, QUESTION_BYTES, Offer, answer, parse_question
from sockets.cards import Cards, lan_cards
from sockets.listening import ANY_ADDRESS
from translations import _
from translations.system_errors import explain_error

READS_AT_ONCE: Final = 200
READS_PER_SECOND: Final = 2000.0
"""Datagrams that are looked at; what comes faster waits in the socket, and is dropped there by the system."""
ANSWERS_AT_ONCE: Final = 100
ANSWERS_PER_SECOND: Final = 100.0
"""A class of 30 that looks for servers asks 15 questions a second for each of its servers' cards."""
ANSWERS_AT_ONCE_TO_ONE: Final = 8
ANSWERS_PER_SECOND_TO_ONE: Final = 4.0
"""To one address; several windows on one computer may ask."""
MOST_ADDRESSES: Final = 4096
"""Whose answers are counted; where there are more, the one that asked first is forgotten."""
CARDS_SECONDS: Final = 5.0
"""After which it is seen whether the computer has other cards or addresses now."""
STOP_SECONDS: Final = 5.0


class Limits:
    """How many answers may be given: in all, and to each address. Used by one thread."""

    def __init__(self, now: float) -> None:
        self._total = Throttle(ANSWERS_AT_ONCE, ANSWERS_PER_SECOND, now)
        self._of_address: OrderedDict[str, Throttle] = OrderedDict()

    def allow(self, address: str, now: float) -> bool:
        """Tell whether this address may be answered now; if so, that is counted."""
        own = self._of_address.get(address)
        if own is None:
            own = self._of_address[address] = Throttle(ANSWERS_AT_ONCE_TO_ONE, ANSWERS_PER_SECOND_TO_ONE, now)
            if len(self._of_address) > MOST_ADDRESSES:
                self._of_address.popitem(last=False)
        return own.seconds_to_next(now) == 0 and self._total.allows(now) and own.allows(now)


class Discovery:
    """Answers questions until it is stopped.

    1. It MUST NOT send anything that was not asked for, nor more bytes than it was sent, nor to more than the
       one address.
    2. It MUST NOT answer an address that is not in the network of one of this computer's cards.
    3. It MUST NOT answer, nor look at what comes, more often than the bounds above say.
    4. It MUST touch nothing that another thread waits for.
    """

    def __init__(
        self,
        offer: Offer,
        host: str = ANY_ADDRESS,
        group: Callable[[], str] = str,
        *,
        cards: Cards = lan_cards,
        port: int = DISCOVERY_PORT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the UDP port, which may raise OSError.

        Args:
            host: on which the server listens; unless it is ANY_ADDRESS, only its own network is answered.
            group: returns the one that is taught now; called in the discovery thread.
        """
        self.looked_at = 0
        """Datagrams."""
        self.answered = 0
        self._offer = offer
        self._host = host
        self._group = group
        self._cards = cards
        self._clock = clock
        self._stopping = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            # Several servers on one computer answer: the system gives each of them what is sent to all.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if sys.platform == "darwin":
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            self._socket.bind(("", port))
            self._socket.settimeout(1.0)
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="discovery", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and free the port; may be called from any thread."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if sys.platform == "win32":  # there this wakes it, and on Linux it does not
            self._socket.close()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)
        self._socket.close()

    def _run(self) -> None:
        """Answer. Runs in the discovery thread."""
        now = self._clock()
        limits, reads, look_again = Limits(now), Throttle(READS_AT_ONCE, READS_PER_SECOND, now), now
        networks = self._cards()
        while not self._stopping.wait(reads.seconds_to_next(self._clock())):
            try:
                data, asker = self._socket.recvfrom(QUESTION_BYTES + 1)
            except TimeoutError:
                continue
            except (
                OSError
            ):  # Windows tells so that an answer could not be delivered, or was too long a question
                self._stopping.wait(0.01)
                continue
            if self._stopping.is_set():
                break
            address, now = asker[0], self._clock()
            reads.allows(now)
            self.looked_at += 1
            number = parse_question(data)
            if not number or len(data) > QUESTION_BYTES:
                continue
            if now - look_again >= CARDS_SECONDS:
                networks, look_again = self._cards(), now
            if any(
                card.reaches(address) and self._host in (ANY_ADDRESS, card.address) for card in networks
            ) and limits.allow(address, now):
                said = answer(number, replace(self._offer, group=self._group()))
                assert len(said) <= LONGEST_ANSWER
                with contextlib.suppress(OSError):
                    self._socket.sendto(said, asker)
                    self.answered += 1


def answer_questions(offer: Offer, host: str, group: Callable[[], str]) -> Discovery | None:
    """Start to answer (see `Discovery`); where that is not possible, log why and return None."""
    try:
        discovery = Discovery(offer, host, group)
    except OSError as error:
        text = _("the server cannot be found by itself (UDP port {port}: {error}); its address must be typed")
        log.warning(text.format(port=DISCOVERY_PORT, error=explain_error(error)))
        return None
    discovery.start()
    return discovery
