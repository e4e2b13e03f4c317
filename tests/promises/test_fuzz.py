"""Hostile lines against the real server: see `tests.fuzz_server`, which can also be run by hand."""

import logging
import logging.handlers
import os
import sys
import threading
from typing import Final

import pytest

from program.log import MAX_UNPRINTED, log, print_log
from tests.fuzz_server import Mischief, fuzz

LINES: Final = 100_000
SEED: Final = 20_261_122


def test_the_same_seed_makes_the_same_lines() -> None:
    one, other, third = Mischief("7"), Mischief("7"), Mischief("8")
    lines = [one.line() for _ in range(200)]
    assert lines == [other.line() for _ in range(200)]
    assert lines != [third.line() for _ in range(200)]


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="reads a process's figures from /proc")
def test_no_bytes_break_the_server_or_disturb_the_others() -> None:
    print(f"python3 -m tests.fuzz_server --lines {LINES} --seed {SEED}")
    result = fuzz(LINES, SEED)
    print(result)
    assert result.said > 10


def test_a_console_that_stands_still_takes_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as console, open(writing, "w", encoding="utf-8") as stream:  # noqa: PTH123
        moves_again = threading.Thread(target=console.read)
        monkeypatch.setattr(sys, "stdout", stream)
        before = set(log.handlers)
        with print_log(quiet=False):
            (handler,) = set(log.handlers) - before
            assert isinstance(handler, logging.handlers.QueueHandler)
            for number in range(MAX_UNPRINTED * 2):
                log.info("a line %d that nobody reads", number)
            waiting = handler.queue.qsize()  # type: ignore[attr-defined]
            moves_again.start()
        stream.close()
        moves_again.join()
    assert MAX_UNPRINTED / 2 < waiting <= MAX_UNPRINTED
