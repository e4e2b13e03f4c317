"""How long an innocent client waits while others abuse the server, and what memory they cost it.

    python3 -m tests.measure_abuse
    python3 -m tests.measure_abuse who list --folder ../older/checkout

Each attack meets a fresh server with its usual limits, in a process of its own; the attackers come from
127.0.0.2 (crowds that one address may not have: from as many as it takes), the innocent one from 127.0.0.1,
in a process of its own too. Prints for each attack the innocent's longest PING, the server's resident memory
at its peak and when the attackers have gone, as a multiple of what it was before, and how many threads they
left behind. A folder makes it measure the server of another checkout.
"""

import argparse
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.tools.footprint import footprint
from tests.tools.irc import Client
from tests.tools.programs import Program
from tests.tools.sources import ROOT

PER_ADDRESS: Final = 200
"""Connections that the server lets in from one address."""
LEAVING_SECONDS: Final = 15.0
LETTER: Final = "\ufdfa"
"""One letter that NFKC makes eighteen of."""
INNOCENTS: Final = 8
"""Several ask, one after the other: each alone may not ask so often that no stall is missed."""
PING_SECONDS: Final = 0.125
"""How often each asks: less than the lines a second for which the server slows a client down."""
_MAKE_HISTORY: Final = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from chatroom.history import rows
from chatroom.history.store import open_history
history = open_history(Path(sys.argv[2]), 0)
kind, count = sys.argv[3], int(sys.argv[4])
mine, other = "mallory!~mallory@10.9.9.9", "victim!~victim@10.9.9.8"
target, about = " mallory victim", (chr(10) + mine + chr(10) + other + chr(10),)
if hasattr(rows, "Author"):  # since version 0.2
    target, about = " victim", (rows.Author(mine, "mallory", "10.9.9.9"), other)
public = ("",) if len(about) == 1 else ()
for number in range(count):
    time = 1_700_000_000_000 + number
    if kind == "events":
        history.add("#lab", time, f":nick{number}!~u@10.0.0.1 JOIN #lab", *public, event=True)
    elif kind == "letters":
        line = ":nick!~u@10.0.0.1 PRIVMSG #room0 :" + ("\u0438\u0306" * 2000)
        history.add("#room0", time, line, *public, event=False)
    elif kind == "private":
        history.add(target, time, f":{mine} PRIVMSG victim :{number}", *about, event=False)
    else:
        line = f":nick!~u@10.0.0.1 PRIVMSG #room0 :{'x' * 300}"
        history.add("#room0", time, line, *public, event=False)
    if number % 20_000 == 0:
        history.commit()
history.commit()
history.close()
"""


class Crowd:
    """Attackers: sockets that send what is given to them, and read at full speed all that comes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._selector = selectors.DefaultSelector()
        self._unsent: dict[socket.socket, bytearray] = {}
        self.received = 0
        self.reading = True

    def __len__(self) -> int:
        return len(self._unsent)

    def enter(self, count: int, name: str = "mallory", realname: str = "x") -> None:
        """Connect so many, and register them; the nicks are the name and a number."""
        for number in range(count):
            sock = socket.socket()
            sock.bind((f"127.0.0.{2 + len(self) // PER_ADDRESS}", 0))
            sock.settimeout(20)
            sock.connect(("127.0.0.1", self._port))
            sock.setblocking(False)
            self._unsent[sock] = bytearray()
            self._selector.register(sock, selectors.EVENT_READ)
            self._say(sock, f"NICK {name}{number}\r\nUSER u{number} 0 * :{realname}\r\n")
            if number % 50 == 0:
                self.run(0)
        self.run(1)

    def say(self, make: Callable[[int], str]) -> None:
        """Let each say the lines that are made for its number."""
        for number, sock in enumerate(list(self._unsent)):
            self._say(sock, make(number))

    def _say(self, sock: socket.socket, text: str) -> None:
        self._unsent[sock] += text.encode()
        self._send(sock)

    def _send(self, sock: socket.socket) -> None:
        unsent = self._unsent[sock]
        try:
            del unsent[: sock.send(unsent)]
        except BlockingIOError:
            pass
        except OSError:
            unsent.clear()
        wanted = (selectors.EVENT_READ if self.reading else 0) | (selectors.EVENT_WRITE if unsent else 0)
        known = self._selector.get_map().get(sock)
        if known and not wanted:
            self._selector.unregister(sock)
        elif known and known.events != wanted:
            self._selector.modify(sock, wanted)
        elif wanted and not known:
            self._selector.register(sock, wanted)

    def run(self, seconds: float) -> None:
        """Send and read for so long."""
        end = time.monotonic() + seconds
        while True:
            for key, events in self._selector.select(0.02 if seconds else 0):
                sock = key.fileobj
                assert isinstance(sock, socket.socket)
                if events & selectors.EVENT_WRITE:
                    self._send(sock)
                if events & selectors.EVENT_READ:
                    self._read(sock)
            if time.monotonic() >= end:
                return

    def _read(self, sock: socket.socket) -> None:
        try:
            data = sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.received += len(data)
        if not data:
            self._selector.unregister(sock)
            del self._unsent[sock]
            sock.close()

    def leave(self) -> None:
        for sock in self._unsent:
            sock.close()
        self._unsent.clear()
        self._selector.close()


def _nothing(crowd: Crowd) -> None:
    crowd.run(8)


def _history(crowd: Crowd) -> None:
    crowd.enter(1)
    crowd.say(lambda _: "JOIN #lab\r\n" + "CHATHISTORY LATEST #lab * 100\r\n" * 150)
    crowd.run(10)


def _private(crowd: Crowd) -> None:
    crowd.enter(1, "mallor")
    crowd.say(lambda _: "NICK mallory\r\n" + "CHATHISTORY LATEST victim * 100\r\n" * 150)
    crowd.run(10)


def _masks(crowd: Crowd) -> None:
    crowd.enter(PER_ADDRESS, realname=LETTER * 130)
    crowd.say(lambda i: f"WHO *{LETTER * 100}?{LETTER * 50}*\r\n" * 10 if i < 30 else "")
    crowd.run(15)


def _targets(crowd: Crowd) -> None:
    crowd.enter(100)
    for step in range(1, 60):
        crowd.say(lambda i, step=step: f"PRIVMSG mallory{(i + step) % 100} :x\r\n")  # type: ignore[misc]
    crowd.run(4)
    times = "timestamp=2020-01-01T00:00:00.000Z timestamp=2099-01-01T00:00:00.000Z"
    crowd.say(lambda _: f"CHATHISTORY TARGETS {times} 100\r\n" * 10)
    crowd.run(10)


def _make_rooms(crowd: Crowd) -> None:
    crowd.enter(PER_ADDRESS)
    crowd.say(lambda i: f"JOIN {','.join(f'#r{i}-{j}' for j in range(50))}\r\n")
    crowd.say(lambda i: f"JOIN {','.join(f'&r{i}-{j}' for j in range(10))}\r\n")
    crowd.say(lambda i: "".join(f"TOPIC #r{i}-{j} :{'t' * 390}\r\n" for j in range(50)))
    crowd.run(6)


def _list(crowd: Crowd) -> None:
    _make_rooms(crowd)
    crowd.say(lambda _: "LIST\r\n" * 5)
    crowd.run(15)


def _deaf(crowd: Crowd) -> None:
    _make_rooms(crowd)
    crowd.reading = False
    crowd.say(lambda _: "LIST\r\nNAMES\r\nWHO *\r\n" * 3)
    crowd.run(15)


def _in_room(lines: str, seconds: float = 10) -> Callable[[Crowd], None]:
    """Everybody in one room sends these lines."""

    def attack(crowd: Crowd) -> None:
        crowd.enter(PER_ADDRESS)
        crowd.say(lambda _: "JOIN #room0\r\n")
        crowd.run(2)
        crowd.say(lambda _: lines)
        crowd.run(seconds)

    return attack


_search = _in_room("SEARCH text=nowhere\r\n" * 20, 15)
_letters = _in_room(f"SEARCH text={LETTER * 50}\r\n" * 20, 15)
_pages = _in_room("CHATHISTORY LATEST #room0 * 100\r\n" * 100)
_who = _in_room("WHO #room0\r\nNAMES #room0\r\n" * 50)
_speech = _in_room(f"PRIVMSG #room0 :{'x' * 400}\r\n" * 150)


def _join(count: int) -> Callable[[Crowd], None]:
    def attack(crowd: Crowd) -> None:
        crowd.enter(count)
        crowd.say(lambda _: "JOIN #room0\r\n")
        crowd.run(count / 150)

    return attack


def _tags(crowd: Crowd) -> None:
    crowd.enter(PER_ADDRESS)
    tags = ";".join(rf"+a{number}=\s\s" for number in range(390))
    crowd.say(lambda _: f"@{tags} PING x\r\n" * 100)
    crowd.run(10)


def _bans(crowd: Crowd) -> None:
    crowd.enter(PER_ADDRESS)
    crowd.say(lambda i: "JOIN #bans\r\n" if i == 0 else "")
    crowd.run(1)
    mask = "*?" * 40 + "mall?ry" + "*a" * 20
    crowd.say(
        lambda i: (
            "".join(
                f"MODE #bans +be-n {j}{mask}{j} {j}{mask}{j}\r\nMODE #bans +b m:*{mask}{j}\r\n"
                for j in range(30)
            )
            if i == 0
            else ""
        )
    )
    crowd.run(4)
    crowd.say(lambda i: "JOIN #bans\r\n" + "PRIVMSG #bans :x\r\n" * 60 if i else "")
    crowd.run(10)


def _trickle(crowd: Crowd) -> None:
    crowd.enter(PER_ADDRESS)
    for _step in range(2000):
        crowd.say(lambda _: "x")
        crowd.run(0.005)


ATTACKS: Final[dict[str, tuple[Callable[[Crowd], None], str, int, str]]] = {
    "nothing": (_nothing, "", 0, "nobody, for comparison"),
    "history": (_history, "events", 1_000_000, "1 connection, pages of a history of events"),
    "private": (_private, "private", 1_000_000, "1 connection, pages of somebody else's private talk"),
    "search": (_search, "speech", 1_000_000, "200 connections, SEARCH of what nobody has said"),
    "letters": (_letters, "letters", 20_000, "the same, and what was said is hard to compare"),
    "masks": (_masks, "", 0, "30 connections, WHO with masks that grow, of 200 such names"),
    "targets": (_targets, "", 0, "100 connections talk with each other, then CHATHISTORY TARGETS"),
    "list": (_list, "", 0, "200 connections, 12,000 rooms with topics, 5 LIST each"),
    "deaf": (_deaf, "", 0, "the same, and they read nothing of LIST, NAMES, WHO"),
    "pages": (_pages, "speech", 20_000, "200 connections, CHATHISTORY LATEST"),
    "who": (_who, "", 0, "200 connections in a room, WHO and NAMES of it"),
    "speech": (_speech, "", 0, "200 connections in a room, all talk"),
    "tags": (_tags, "", 0, "200 connections, lines with 390 tags to be unescaped"),
    "bans": (_bans, "", 0, "200 connections, a room with evil bans"),
    "trickle": (_trickle, "", 0, "200 connections send byte after byte"),
    "join1000": (_join(1000), "", 0, "1,000 connections enter one room"),
    "join3000": (_join(3000), "", 0, "3,000 connections enter one room"),
    "join5000": (_join(5000), "", 0, "5,000 connections enter one room"),
}


class Innocent(Client):
    """A client that is sent no faster than the server reads, and asks PING again and again."""

    def __init__(self, port: int, number: int) -> None:
        super().__init__(("127.0.0.1", port))
        self.register(f"innocent{number}")
        self.due = time.monotonic() + PING_SECONDS * (1 + number / INNOCENTS)
        self.asked_at: float | None = None
        self.delays: list[float] = []

    def ask(self, now: float) -> None:
        """Send PING if it is time, and the last one has been answered."""
        if self.asked_at is None and self.due <= now:
            self.asked_at, self.due = time.monotonic(), max(self.due + PING_SECONDS, now)
            self.send("PING x")

    def hear(self) -> None:
        """Note how long the answer took."""
        if self.asked_at is not None and any(" PONG " in line for line in self.take()):
            self.delays.append(time.monotonic() - self.asked_at)
            self.asked_at = None
        self.lines.clear()


def ping(port: int) -> None:
    """Be the innocent ones until the input ends, then print how long each PING took, in seconds."""
    with selectors.DefaultSelector() as selector:
        innocents = [Innocent(port, number) for number in range(INNOCENTS)]
        for innocent in innocents:
            selector.register(innocent.socket, selectors.EVENT_READ, innocent)
        print("ready", flush=True)
        selector.register(sys.stdin, selectors.EVENT_READ)
        ended = False
        while not ended or any(innocent.asked_at for innocent in innocents):
            for key, _events in selector.select(PING_SECONDS / INNOCENTS / 4):
                if key.data:
                    key.data.hear()
                else:
                    ended = True
                    selector.unregister(sys.stdin)
            now = time.monotonic()
            for innocent in innocents:
                if not ended:
                    innocent.ask(now)
    print(" ".join(f"{delay:.4f}" for innocent in innocents for delay in innocent.delays), flush=True)


def measure(name: str, folder: Path) -> Iterator[str]:
    """Make one attack; return the columns of its row."""
    attack, kind, rows, _text = ATTACKS[name]
    with tempfile.TemporaryDirectory() as place:
        history = Path(place) / "history.sqlite3"
        if kind:
            maker = [sys.executable, "-c", _MAKE_HISTORY, str(folder), str(history), kind, str(rows)]
            subprocess.run(maker, check=True, timeout=300)
        command = (sys.executable, str(folder / "chat.py"))
        arguments = ("server", "--port", "0", "--quiet", "--max-clients", "6000", "--history", history)
        with Program(*arguments, program=command) as server:
            port, number = server.address()[1], server.process.pid
            innocent = subprocess.Popen(
                [sys.executable, "-m", "tests.measure_abuse", "--ping", str(port)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            try:
                assert innocent.stdout
                innocent.stdout.readline()
                before = footprint(number)
                crowd = Crowd(port)
                attack(crowd)
                left = len(crowd)
                crowd.leave()
                end = time.monotonic() + LEAVING_SECONDS
                while time.monotonic() < end and footprint(number).has_more_than(before):
                    time.sleep(0.1)
                gone = LEAVING_SECONDS - (end - time.monotonic())
                time.sleep(2)
                after = footprint(number)
                with suppress(subprocess.TimeoutExpired):
                    delays = [float(word) for word in innocent.communicate(timeout=70)[0].split()]
            finally:
                innocent.kill()
                innocent.wait()
    yield f"{max(delays) * 1000:.0f}"
    yield f"{after.peak_kib / 1024:.0f}"
    yield f"{after.resident_kib / before.resident_kib:.2f}"
    yield f"{after.threads - before.threads} left" if after.has_more_than(before) else f"{gone:.1f}"
    yield str(left)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("attacks", nargs="*", metavar="ATTACK", help=f"of {', '.join(ATTACKS)}")
    parser.add_argument("--folder", type=Path, default=ROOT, help="a checkout of the program")
    parser.add_argument("--ping", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ping:
        ping(options.ping)
        return
    if unknown := set(options.attacks) - ATTACKS.keys():
        parser.error(f"no such attack: {', '.join(sorted(unknown))}")
    if sys.platform == "linux":
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(f"{'attack':10} {'PING ms':>8} {'peak MB':>8} {'after':>6} {'gone s':>8} {'stayed':>7}", flush=True)
    for name in options.attacks or ATTACKS:
        ping_ms, peak, after, gone, left = measure(name, options.folder.resolve())
        print(
            f"{name:10} {ping_ms:>8} {peak:>8} {after:>6} {gone:>8} {left:>7}  {ATTACKS[name][3]}", flush=True
        )


if __name__ == "__main__":
    main()
