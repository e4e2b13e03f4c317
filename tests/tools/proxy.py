"""A bad network: a TCP proxy that cuts, delays, splits, glues, half-closes and resets connections.

What it does to which bytes follows from its seed; when it does it depends on the machine.
"""

import contextlib
import random
import selectors
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Final

RECEIVE_SIZE: Final = 16 * 1024
MAX_HELD: Final = 64 * 1024
"""Bytes that the proxy holds for one direction before it stops reading."""
LONGEST_DELAY: Final = 0.05
"""Seconds that bytes may be held."""
LONGEST_SILENCE: Final = 1.2
"""Seconds that one side may still believe in a connection which the other side has lost."""
SPLIT_AT_EVERY_BYTE: Final = 512
"""Bytes that are sent one by one before a direction changes its mood."""


class _Stream:
    """One direction of a connection: bytes that came from one socket and go to the other."""

    def __init__(self, source: socket.socket, goal: socket.socket) -> None:
        self.source = source
        self.goal = goal
        self.held = bytearray()
        self.mood: Callable[[_Stream, random.Random], int]
        self.bytes_in_mood = 0
        self.due = 0.0
        """When the held bytes may go on."""
        self.ended = False
        """Nothing more comes from the source."""
        self.closed = False
        """The end was passed on to the goal."""


def _pass(stream: _Stream, _chance: random.Random) -> int:
    return len(stream.held)


def _one_byte(_stream: _Stream, _chance: random.Random) -> int:
    return 1


def _pieces(stream: _Stream, chance: random.Random) -> int:
    return chance.randint(1, len(stream.held))


def _glue(stream: _Stream, chance: random.Random) -> int:
    """Hold what comes for a while, so that many lines arrive at once."""
    if stream.due == 0.0:
        stream.due = time.monotonic() + chance.uniform(0, LONGEST_DELAY)
        return 0
    return len(stream.held)


_MOODS: Final = (_pass, _one_byte, _pieces, _glue)


class _Pair:
    """A client's connection to the proxy and the proxy's to the server."""

    def __init__(
        self, client: socket.socket, server: socket.socket, chance: random.Random, life: int
    ) -> None:
        self.up = _Stream(client, server)
        self.down = _Stream(server, client)
        self.left = life
        """Bytes until something happens to this connection."""
        self.sockets = (client, server)
        self.silent_until = 0.0
        """Half of it is dead: until then the other half is not told."""
        for stream in (self.up, self.down):
            stream.mood = chance.choice(_MOODS)


class Proxy:
    """The bad network between `address` and a server. A context; one thread of its own.

    Args:
        server: host and port of the server.
        seed: decides what happens.
        life: about how many bytes pass between two evil deeds to a connection, once it `misbehave`s.
        roams: each connection comes to the server from another address, as from Wi-Fi and then a cable.
    """

    def __init__(self, server: tuple[str, int], seed: int, life: int, *, roams: bool = False) -> None:
        self._server = server
        self._chance = random.Random(seed)
        self._life = life
        self._hosts = (f"127.0.{number // 250}.{number % 250 + 2}" if roams else "" for number in count())
        self.deeds: Counter[str] = Counter()
        """What happened, and how often."""
        self._pairs: set[_Pair] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0)
        self.address: tuple[str, int] = self._listener.getsockname()[:2]
        self._stopping = threading.Event()
        self._evil = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy")

    def __enter__(self) -> "Proxy":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def misbehave(self, *, evil: bool = True) -> None:
        """Begin to cut connections, or (False) cease; from any thread. Bytes are always split and glued."""
        (self._evil.set if evil else self._evil.clear)()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._turn()
        finally:
            self._listener.close()
            for pair in self._pairs:
                for sock in pair.sockets:
                    sock.close()

    def _turn(self) -> None:
        now = time.monotonic()
        waits = [0.05]
        with selectors.DefaultSelector() as ready:
            ready.register(self._listener, selectors.EVENT_READ)
            interests: dict[socket.socket, int] = {}
            for pair in self._pairs:
                if pair.silent_until:
                    waits.append(pair.silent_until - now)
                    continue
                for stream in (pair.up, pair.down):
                    if not stream.ended and len(stream.held) < MAX_HELD:
                        interests[stream.source] = interests.get(stream.source, 0) | selectors.EVENT_READ
                    if stream.held and stream.due <= now:
                        interests[stream.goal] = interests.get(stream.goal, 0) | selectors.EVENT_WRITE
                    elif stream.held:
                        waits.append(stream.due - now)
            for sock, interest in interests.items():
                ready.register(sock, interest)
            events: dict[object, int] = {
                key.fileobj: mask for key, mask in ready.select(max(0.0, min(waits)))
            }
        if self._listener in events:
            self._accept()
        for pair in list(self._pairs):
            self._serve(pair, events)

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError):
            client = self._listener.accept()[0]
            try:
                server = socket.create_connection(self._server, 2, (next(self._hosts), 0))
            except OSError:
                self.deeds["refused"] += 1
                _reset(client)
                return
            for sock in (client, server):
                sock.settimeout(0)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pairs.add(_Pair(client, server, self._chance, self._chance.randint(1, 2 * self._life)))

    def _serve(self, pair: _Pair, events: "dict[object, int]") -> None:
        if pair.silent_until:
            if time.monotonic() >= pair.silent_until:
                self._end(pair)
            return
        for stream in (pair.up, pair.down):
            if not stream.ended and events.get(stream.source, 0) & selectors.EVENT_READ:
                self._receive(stream)
        for stream in (pair.up, pair.down):
            if events.get(stream.goal, 0) & selectors.EVENT_WRITE and stream.held:
                self._send(pair, stream)
                if pair not in self._pairs or pair.silent_until:
                    return
            if stream.ended and not stream.held and not stream.closed:
                stream.closed = True
                with contextlib.suppress(OSError):
                    stream.goal.shutdown(socket.SHUT_WR)
        if pair.up.closed and pair.down.closed:
            self._end(pair)

    def _receive(self, stream: _Stream) -> None:
        try:
            data = stream.source.recv(RECEIVE_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        stream.held += data
        stream.ended = not data

    def _send(self, pair: _Pair, stream: _Stream) -> None:
        for _ in range(SPLIT_AT_EVERY_BYTE):
            if not stream.held:
                break
            count = stream.mood(stream, self._chance)
            if count == 0:
                return
            if self._evil.is_set():
                count = max(1, min(count, pair.left))
            try:
                sent = stream.goal.send(stream.held[:count])
            except BlockingIOError:
                break
            except OSError:
                self._end(pair)
                return
            del stream.held[:sent]
            stream.bytes_in_mood += sent
            stream.due = 0.0
            pair.left -= sent
            if pair.left <= 0 and self._evil.is_set():
                self._do_something_bad(pair)
                return
            if stream.bytes_in_mood > SPLIT_AT_EVERY_BYTE:
                stream.bytes_in_mood = 0
                stream.mood = self._chance.choice(_MOODS)
                break

    def _do_something_bad(self, pair: _Pair) -> None:
        deed = self._chance.choice(
            ("reset", "close", "client gone", "server gone", "half-close up", "half-close down", "delay")
        )
        self.deeds[deed] += 1
        client, server = pair.sockets
        match deed:
            case "reset":
                self._pairs.discard(pair)
                _reset(client)
                _reset(server)
            case "close":
                self._end(pair)
            case "client gone":  # the server goes on believing in it: the nick is taken, messages go nowhere
                _reset(client)
                pair.silent_until = time.monotonic() + self._chance.uniform(0, LONGEST_SILENCE)
            case "server gone":  # the client goes on talking to nobody
                _reset(server)
                pair.silent_until = time.monotonic() + self._chance.uniform(0, LONGEST_SILENCE)
            case "half-close up":
                pair.up.held.clear()
                pair.up.ended = True
            case "half-close down":
                pair.down.held.clear()
                pair.down.ended = True
            case "delay":
                for stream in (pair.up, pair.down):
                    stream.due = time.monotonic() + self._chance.uniform(0, LONGEST_SILENCE)
                pair.left = self._chance.randint(1, 2 * self._life)

    def _end(self, pair: _Pair) -> None:
        self._pairs.discard(pair)
        for sock in pair.sockets:
            sock.close()


def _reset(sock: socket.socket) -> None:
    """Close so that the other side gets RST, not FIN."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
