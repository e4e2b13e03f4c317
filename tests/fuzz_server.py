"""Send hostile lines to a real server, while two well-behaved clients talk: `python3 -m tests.fuzz_server`.

The server is a process of its own. Several connections send random and mutated lines; what they send follows
from the seed (when it arrives does not). At the end the two must have had all of each other's messages in
order, and the server must be as it was: no traceback and no raw bytes on its console, no thread or descriptor
more than before, bounded memory.
"""

import argparse
import contextlib
import multiprocessing
import random
import re
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import chatroom.dispatch  # noqa: F401 - fills the table of commands
from chatroom.command_table import COMMANDS
from chatroom.commands.capabilities import CAPABILITIES
from protocol.framing import LineReader
from tests.tools.footprint import Footprint, footprint
from tests.tools.irc import DEADLINE, Client
from tests.tools.sources import ROOT

FLOODERS: Final = 6
LINES_IN_A_LIFE: Final = 400
"""Lines after which a hostile connection ends, one way or another, and another begins."""
MOST_MEMORY: Final = 300 * 1024
"""KiB that the server's process may take at its peak."""
ROOM: Final = "#мир"

_SPAWN: Final = multiprocessing.get_context("spawn")
_COMMANDS: Final = sorted(COMMANDS)
_NICKS: Final = [
    "Анна",
    "анна",
    "Boris",
    "[bot]",
    "名" * 30,
    "x" * 31,
    "\ufdfa",
    "\u3164",
    "Aнна",
    "",
    "Мир",
    "Лад",
]
_ROOMS: Final = [
    ROOM,
    "#lab",
    "#ЛАБ",
    "#" + "ы" * 63,
    "#" + "q" * 80,
    "#a,#b,#c",
    "0",
    "#",
    "@#lab",
    "+" + ROOM,
    "#\x07",
]
_MODES: Final = [
    "+ov",
    "-o+v",
    "+b",
    "+mms-k+l",
    "+kl",
    "-k",
    "+beIbeI",
    "b",
    "+iwBo",
    "+" + "o" * 60,
    "+-+-",
]
_HISTORY: Final = [
    "LATEST",
    "BEFORE",
    "AFTER",
    "AROUND",
    "BETWEEN",
    "TARGETS",
    "msgid=",
    "msgid=a-1",
    "timestamp=",
]
_TIMES: Final = [
    "timestamp=2026-01-01T00:00:00.000Z",
    "timestamp=0001-01-01",
    "timestamp=9999-12-31T23:59:59+23:59",
]
_OTHERS: Final = [
    *(
        "*",
        "%tcuihsnfdlaor,123",
        "+",
        "-",
        "C",
        "L",
        "S",
        "LS",
        "LIST",
        "REQ",
        "ACK",
        "END",
        "302",
        "9" * 450,
        "-1",
    ),
    *(
        "²",
        "٣",
        ">x",
        "<5",
        "C<5",
        "T>99999999",
        "!*",
        "*" * 300,
        "?*" * 100,
        "m:*!*@*",
        "chat.lab",
        "u",
        "+b1",
        "-b1",
    ),
    *(
        "draft/multiline",
        "\x01VERSION\x01",
        "\x1b[31m\x1b]0;x\x07",
        "\u202eабв\u200b",
        "\u0301" * 100,
        "a" * 600,
        "::",
    ),
]
_WORDS: Final = [*_NICKS, *_ROOMS, *_MODES, *_HISTORY, *_TIMES, *_OTHERS]
_TAG_KEYS: Final = [
    "label",
    "batch",
    "+x",
    "+chat.lab/nonce",
    "draft/multiline-concat",
    "+" + "k" * 300,
    "",
    "=",
    "time",
]


class Mischief:
    """Makes hostile lines out of chance."""

    def __init__(self, seed: str) -> None:
        """Args: seed: the same seed makes the same lines."""
        self.chance = random.Random(seed)

    def line(self) -> bytes:
        """Return the bytes of about one line, mostly with a line end."""
        chance = self.chance
        line = chance.choice(self._makers)(self)
        if chance.random() < 0.2:
            line = chance.choice(self._mutations)(self, line)
        return line + chance.choices([b"\r\n", b"\n", b"\r", b""], [20, 5, 2, 1])[0]

    def words(self, most: int) -> list[str]:
        """Return up to so many parameters."""
        return [self.chance.choice(_WORDS) for _ in range(self.chance.randint(0, most))]

    def _command(self) -> bytes:
        return " ".join([self.chance.choice(_COMMANDS), *self.words(self.chance.choice([3, 5, 20]))]).encode()

    def _tagged(self) -> bytes:
        pairs = [
            f"{self.chance.choice(_TAG_KEYS)}={self.chance.choice(_WORDS)}"
            for _ in range(self.chance.choice([1, 2, 3, 100]))
        ]
        return b"@" + ";".join(pairs).replace(" ", r"\s").encode() + b" " + self._command()

    def _noise(self) -> bytes:
        return self.chance.randbytes(self.chance.choice([1, 5, 50, 600]))

    def _talk(self) -> bytes:
        target = ",".join(self.chance.choices(_NICKS + _ROOMS, k=self.chance.choice([1, 1, 1, 6])))
        command = self.chance.choice(["PRIVMSG", "NOTICE", "TAGMSG"])
        return f"{command} {target} :{' '.join(self.words(8))}".encode()

    def _room(self) -> bytes:
        command = self.chance.choice(["JOIN", "PART", "TOPIC", "KICK", "INVITE", "NAMES", "WHO", "LIST"])
        return " ".join([command, self.chance.choice(_ROOMS), *self.words(3)]).encode()

    def _mode(self) -> bytes:
        return " ".join(
            ["MODE", self.chance.choice(_ROOMS), "".join(self.chance.choices(_MODES, k=3)), *self.words(14)]
        ).encode()

    def _nick(self) -> bytes:
        return f"NICK {self.chance.choice(_NICKS)}{self.chance.choice(['', '', '1', ' x'])}".encode()

    def _capability(self) -> bytes:
        names = " ".join(
            self.chance.choice(["", "-"]) + self.chance.choice(list(CAPABILITIES)) for _ in range(9)
        )
        return self.chance.choice([f"CAP REQ :{names}", "CAP LS 302", "CAP END", "CAP LIST", "CAP"]).encode()

    def _history(self) -> bytes:
        words = [self.chance.choice(_HISTORY), self.chance.choice(_ROOMS + _NICKS), *self.words(3)]
        return f"CHATHISTORY {' '.join(words)} {self.chance.choice(['5', '-1', 'x', '9' * 30])}".encode()

    def _monitor(self) -> bytes:
        return f"MONITOR {self.chance.choice('+-CLS')} {','.join(self.chance.choices(_NICKS, k=9))}".encode()

    def _several(self) -> bytes:
        target = self.chance.choice(_ROOMS)
        lines = [f"BATCH +b1 draft/multiline {target}"]
        lines += [
            f"@batch=b1 PRIVMSG {target} :{' '.join(self.words(3))}"
            for _ in range(self.chance.choice([0, 2, 2, 2, 120]))
        ]
        lines += self.chance.choice(
            [["BATCH -b1"], ["BATCH +b2 draft/multiline x"], [], ["BATCH -b1", "BATCH -b1"]]
        )
        return "\r\n".join(lines).encode()

    def _flip(self, line: bytes) -> bytes:
        raw = bytearray(line or b"x")
        for _ in range(self.chance.randint(1, 4)):
            raw[self.chance.randrange(len(raw))] ^= 1 << self.chance.randrange(8)
        return bytes(raw)

    def _cut(self, line: bytes) -> bytes:
        return (
            line[self.chance.randint(0, len(line)) :]
            if self.chance.random() < 0.5
            else line[: self.chance.randint(0, len(line))]
        )

    def _glue(self, line: bytes) -> bytes:
        return line + self.chance.choice([b" ", b"", b"\0", b"\r", b" :"]) + line

    def _swell(self, line: bytes) -> bytes:
        return line + self.chance.choice(
            [b"a", b" ", b"\xff", b"\xd0", b";", b"\x1b[2J", b" *"]
        ) * self.chance.choice([200, 9000])

    def _spoil(self, line: bytes) -> bytes:
        at = self.chance.randint(0, len(line))
        return (
            line[:at] + self.chance.choice([b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b", b"\r"]) + line[at:]
        )

    _makers: Final[list[Callable[["Mischief"], bytes]]] = [
        *(_command, _command, _tagged, _noise, _talk, _talk, _room, _room, _mode),
        *(_nick, _capability, _history, _monitor, _several),
    ]
    _mutations: Final[list[Callable[["Mischief", bytes], bytes]]] = [
        _flip,
        _flip,
        _cut,
        _glue,
        _swell,
        _spoil,
    ]


class Flooder:
    """One hostile connection after another."""

    def __init__(self, address: tuple[str, int], lines: int, seed: str) -> None:
        self._address = address
        self._mischief = Mischief(seed)
        self.chance = self._mischief.chance
        self.left = lines
        self._reads = True

    def run(self) -> None:
        """Send all lines."""
        while self.left > 0:
            with (
                socket.create_connection(self._address, DEADLINE) as sock,
                contextlib.suppress(ConnectionError),
            ):
                self._live(sock)

    def _live(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._reads = self.chance.random() < 0.9
        if self.chance.random() < 0.8:
            names = " ".join(
                self.chance.sample(list(CAPABILITIES), self.chance.randint(0, len(CAPABILITIES)))
            )
            nick = f"Ф{self.chance.choice('абвгдежз')}{self.chance.choice('ийклмн')}"
            self._send(
                sock, f"CAP REQ :{names}\nNICK {nick}\nUSER u 0 * :р\nCAP END\nJOIN {ROOM},#lab\n".encode()
            )
        for _ in range(self.chance.randint(1, LINES_IN_A_LIFE) // 20 + 1):
            data = b"".join(self._mischief.line() for _ in range(20))
            self.left -= len(LineReader().feed(data))
            if not self._send(sock, data):
                return
        match self.chance.randrange(4):
            case 0:
                self._send(sock, b"PRIVMSG #lab :half a li")
            case 1:
                self._send(sock, b"QUIT :\x1b[31m\r\n")
            case 2:
                sock.shutdown(socket.SHUT_WR)
            case _:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _send(self, sock: socket.socket, data: bytes) -> bool:
        """Send everything; return False if the server closed the connection, or takes nothing any more."""
        deadline = time.monotonic() + DEADLINE
        while data and time.monotonic() < deadline:
            readable, writable, _errors = select.select([sock] * self._reads, [sock], [], 1)
            if readable and not sock.recv(1 << 18):
                return False
            if writable:
                data = data[sock.send(data) :]
        return not data


def flood(address: tuple[str, int], lines: int, seed: str) -> None:
    """Send so many lines; a process of its own, so that the well-behaved do not wait for this one."""
    Flooder(address, lines, seed).run()


@contextlib.contextmanager
def real_server(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], tuple[str, int], Path]]:
    """Start `chat.py server`; yield its process, its address and the file that its console is written to."""
    console = folder / "console"
    arguments = [
        "--port",
        "0",
        "--no-throttle",
        "--history",
        str(folder / "history.sqlite3"),
        "--oper",
        "teacher",
    ]
    with console.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "chat.py"), "server", *arguments, "--oper-password", "unknown"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 2 * DEADLINE
        while not (found := re.search(r"(127\.0\.0\.1):(\d+)$", console.read_text("utf-8"), re.MULTILINE)):
            assert process.poll() is None and time.monotonic() < deadline, console.read_text("utf-8")  # noqa: PT018
            time.sleep(0.05)
        yield process, (found[1], int(found[2])), console
    finally:
        process.terminate()
        process.wait(2 * DEADLINE)


class Pair:
    """Two well-behaved clients, who take turns to say numbers, and a third, in no room, who asks for a PONG.

    The two have to read the noise of their room first; the third waits for the server alone.
    """

    def __init__(self, address: tuple[str, int]) -> None:
        self.both = (Client(address), Client(address))
        for client, nick in zip(self.both, ("Мирослав", "Лада"), strict=True):
            client.register(nick)
            client.enter(ROOM)
        self.third = Client(address)
        self.third.register("Тихон")
        self.said = 0
        self.slowest_word = 0.0
        """Seconds that a number took to the other, at the longest."""
        self.slowest_pong = 0.0
        """Seconds that a PONG took, at the longest."""

    def talk(self) -> None:
        """One says the next number; the other hears it, and no other number."""
        speaker, hearer = self.both if self.said % 2 else self.both[::-1]
        began = time.monotonic()
        speaker.send(f"PRIVMSG {ROOM} :{self.said}")
        heard = hearer.expect(rf"^:{speaker.name}!\S+ PRIVMSG {ROOM} :(\d+)$")[1]
        assert int(heard) == self.said, f"{heard} instead of {self.said}"
        self.slowest_word = max(self.slowest_word, time.monotonic() - began)
        began = time.monotonic()
        self.third.send(f"PING {self.said}")
        self.third.expect(rf"PONG \S+ :{self.said}$")
        self.slowest_pong = max(self.slowest_pong, time.monotonic() - began)
        self.said += 1
        for client in (*self.both, self.third):
            client.lines.clear()


@dataclass(frozen=True, slots=True)
class Result:
    """How a run went."""

    seconds: float
    before: Footprint
    after: Footprint
    said: int
    slowest_word: float
    slowest_pong: float


def fuzz(lines: int, seed: int) -> Result:
    """Run against a fresh server.

    Raises:
        AssertionError: a promise was not kept.
    """
    with tempfile.TemporaryDirectory() as folder, real_server(Path(folder)) as (process, address, console):
        pair = Pair(address)
        before = footprint(process.pid)
        began = time.monotonic()
        flooders = [
            _SPAWN.Process(target=flood, args=(address, lines // FLOODERS, f"{seed}-{number}"))
            for number in range(FLOODERS)
        ]
        for flooder in flooders:
            flooder.start()
        while any(flooder.is_alive() for flooder in flooders):
            pair.talk()
        seconds = time.monotonic() - began
        assert [flooder.exitcode for flooder in flooders] == [0] * FLOODERS, "a flooder gave up"
        deadline = time.monotonic() + 2 * DEADLINE
        while (after := footprint(process.pid)).has_more_than(before):
            pair.talk()
            assert time.monotonic() < deadline, f"something stays: {before} {after}"
        assert after.peak_kib < MOST_MEMORY, f"{after.peak_kib} KiB"
        for client in (*pair.both, pair.third):
            client.close()
        process.terminate()
        assert process.wait(2 * DEADLINE) == 0
        check_console(console)
    return Result(seconds, before, after, pair.said, pair.slowest_word, pair.slowest_pong)


def check_console(console: Path) -> None:
    """Check that the server told of no mistake of its own, and printed nothing that a terminal would obey."""
    with console.open(encoding="utf-8", newline="") as printed:
        for line in printed:
            assert "Traceback" not in line, line + "".join(list(printed)[:40])
            strange = [
                char for char in line.rstrip("\n") if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")
            ]
            assert not strange, ascii(line)


def main() -> None:
    """Run, and print the figures."""
    parser = argparse.ArgumentParser(description="Send hostile lines to a server.")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.lines} lines", flush=True)
    result = fuzz(options.lines, options.seed)
    print(
        f"{result.seconds:.1f} s, {options.lines / result.seconds:,.0f} lines a second; "
        f"{result.said} messages beside them, the slowest after {result.slowest_word * 1000:.0f} ms in the "
        f"noisy room, a PONG after {result.slowest_pong * 1000:.0f} ms; "
        f"KiB of memory: {result.before.resident_kib:,} before, {result.after.resident_kib:,} after, "
        f"{result.after.peak_kib:,} at most"
    )


if __name__ == "__main__":
    main()
