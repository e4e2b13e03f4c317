"""However long a lying server sends what its client remembers, that takes a bounded amount of memory."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from client import history
from client.model import state
from client.model.events import TransportReceived
from client.net.connection import decode_tolerantly
from tests.tools.dialogue import CAPABILITIES, Dialogue

PART: Final = 8
"""The bounds are made so many times smaller, that the test need not send so much."""
BOUNDS: Final = (
    *((state, name) for name in ("MAX_ALL", "MAX_PEOPLE", "MAX_MEMBERS")),
    *((history, name) for name in ("MAX_COMING", "MAX_FOUND", "MAX_ALL_HELD")),
)
MOST: Final = 10 * 1024 * 1024
"""Bytes that one kind of lies may take in memory; each sends several times as much."""
MOST_OF_SHORT_LINES: Final = 2.5 * 1024 * 1024
"""Of so many not more can be sent in a short time."""
LONG: Final = "x" * 8500
ROOMS: Final = 40


def rooms() -> Iterator[str]:
    for room in range(ROOMS):
        yield f":Анна!~a@h JOIN #r{room}"


def in_every_room(line: str, times: int) -> Iterator[str]:
    yield from rooms()
    for number in range(times * ROOMS):
        yield line.replace("{room}", f"#r{number % ROOMS}").replace("{n}", str(number))


def no_history(lines: Iterator[str]) -> Iterator[str]:
    yield ":srv CAP Анна DEL :draft/chathistory"
    yield from lines


def multiline() -> Iterator[str]:
    yield "BATCH +h chathistory #lab"
    yield "BATCH -h"
    for number in range(300):
        yield f"BATCH +{number} draft/multiline #lab"
        for _ in range(5):
            yield f"@batch={number} :b!~b@h PRIVMSG #lab :{LONG}"
        if number % 3:
            yield f"BATCH -{number}"


def members() -> Iterator[str]:
    yield from rooms()
    for number in range(600):
        names = " ".join(f"n{number}x{one}{'y' * 150}" for one in range(50))
        yield f":srv 353 Анна = #r{number % ROOMS} :{names}"
        if number > 500:
            yield f":srv 366 Анна #r{number % ROOMS} :End"


def pages() -> Iterator[str]:
    for talk in range(ROOMS):
        yield f":n{talk}!~u@h PRIVMSG Анна :эй"
    for number in range(ROOMS * 4):
        talk = number % ROOMS
        yield f"BATCH +{number} chathistory n{talk}"
        for line in range(8):
            yield f"@batch={number};msgid=m{number}-{line} :n{talk}!~u@h PRIVMSG Анна :{LONG}"
        if number >= ROOMS:
            yield f"BATCH -{number}"


def held() -> Iterator[str]:
    yield from rooms()
    for number in range(ROOMS * 30):
        yield f"@msgid=h{number} :b!~b@h PRIVMSG #r{number % ROOMS} :{LONG}"


LIES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "texts in many rooms": lambda: no_history(in_every_room(f":b!~b@h PRIVMSG {{room}} :{{n}}{LONG}", 50)),
    "texts in one room": lambda: no_history(iter([f":b!~b@h PRIVMSG #lab :{LONG}"] * 2000)),
    "short lines in many rooms": lambda: no_history(in_every_room(":b!~b@h PRIVMSG {room} :{n}", 350)),
    "pasted code": multiline,
    "members": members,
    "members that come": lambda: in_every_room(f":n{{n}}{'y' * 180}!u@h JOIN {{room}}", 100),
    "topics": lambda: in_every_room(":b!~b@h TOPIC {room} :" + "\x01" * 300, 20),
    "live lines while the history comes": held,
    "pages of a history": pages,
    "answers to WHOIS": lambda: iter([f":srv 311 Анна b u h * :{LONG}"] * 1500),
    "answers to LIST": lambda: iter([f":srv 322 Анна #x 3 :{LONG}"] * 1500),
    "features": lambda: iter(f":srv 005 Анна K{number}={LONG} :x" for number in range(1000)),
    "capabilities": lambda: iter(f":srv CAP Анна LS * :c{number}={LONG}" for number in range(1000)),
    "tags": lambda: iter(
        [f"@{';'.join(f't{tag}={tag}' for tag in range(900))} :b!~b@h PRIVMSG #lab :x"] * 100
    ),
    "batches": lambda: iter(f"BATCH +{number} {LONG} {LONG}" for number in range(1000)),
    "names of strangers": lambda: iter(
        f":{number}{'ы' * 3000}!~u@h PRIVMSG Анна :x" for number in range(400)
    ),
    "names of rooms": lambda: iter(f":srv 353 Анна = #{number}{LONG} :a b c" for number in range(1000)),
    "errors": lambda: iter([f":srv 599 Анна #lab :{LONG}", f"ERROR :{LONG}", f":srv 433 * {LONG} :x"] * 500),
}


@pytest.mark.parametrize("kind", LIES)
def test_lies_without_end_take_bounded_memory(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in BOUNDS:
        monkeypatch.setattr(module, name, getattr(module, name) // PART)
    dialogue = Dialogue().online(f"{CAPABILITIES} draft/multiline=max-bytes=9999")
    session = dialogue.session
    gc.collect()
    tracemalloc.start()
    try:
        for line in LIES[kind]():
            message = decode_tolerantly(line.encode())
            assert message
            session.handle(TransportReceived([message]))
            session.state.take_events()
            session.state.take_lines()
        gc.collect()
        taken, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    print(f"{taken / 2**20:.1f} MiB, at most {peak / 2**20:.1f}")
    assert peak < (MOST_OF_SHORT_LINES if kind.startswith("short lines") else MOST)
