"""The write-ahead log is copied beside: whoever writes does not wait for the disk."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chatroom.history.file import read_rooms
from chatroom.history.store import COPIED_ROWS, COPY_SECONDS, History

LINE = ":anna!~a@127.0.0.1 PRIVMSG #lab :" + "x" * 300


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def history(tmp_path: Path, clock: Clock) -> Iterator[History]:
    with closing(History(tmp_path / "history.sqlite3", clock=clock)) as opened:
        yield opened


def write(history: History, rows: int = COPIED_ROWS) -> str:
    for _row in range(rows):
        history.add("#lab", 1_790_000_000_000, LINE)
    return history.commit()


def size(history: History, ending: str = "") -> int:
    return os.stat(f"{history.path}{ending}").st_size  # noqa: PTH116


def test_another_thread_is_asked_to_copy_and_nobody_waits_for_it(history: History, clock: Clock) -> None:
    asked: list[Callable[[], object]] = []

    def run_aside(act: Callable[[], object]) -> Callable[[], object]:
        asked.append(act)
        return act

    history.run_aside = run_aside
    before = size(history)
    for _time in range(3):
        assert write(history) == ""
        clock.now += COPY_SECONDS
    assert len(asked) == 1, "one copy at a time"
    assert size(history) == before
    asked[0]()
    assert size(history) > before + 3 * COPIED_ROWS * len(LINE)
    assert write(history) == "", "our own copy is taken for no other program's work"
    assert history.problem == ""


def test_the_log_is_written_from_its_beginning_again(history: History, clock: Clock) -> None:
    def run_now(act: Callable[[], object]) -> Callable[[], object]:
        act()
        return lambda: None

    history.run_aside = run_now
    sizes = set()
    for _time in range(10):
        assert write(history) == ""
        sizes.add(size(history, "-wal"))
        clock.now += COPY_SECONDS
    assert max(sizes) < 3 * min(sizes)
    assert len(list(read_rooms(history.path))) == 10 * COPIED_ROWS


def test_what_is_written_while_a_thread_copies_is_whole(tmp_path: Path) -> None:
    def run_aside(act: Callable[[], object]) -> Callable[[], object]:
        thread = threading.Thread(target=act)
        thread.start()
        return thread.join

    ticks = iter(range(10**9))
    with closing(History(tmp_path / "h.sqlite3", clock=lambda: float(next(ticks)))) as history:
        history.run_aside = run_aside
        assert {write(history, 100) for _batch in range(200)} == {""}
        rows = [row.id for row in history.newest(30_000)]
    assert len(rows) == 20_000
    assert len(list(read_rooms(history.path))) == 20_000


@pytest.mark.skipif(os.name == "nt", reason="a file that is in use cannot be replaced")
def test_a_file_that_is_taken_while_it_is_copied_is_noticed(history: History) -> None:
    history.run_aside = lambda act: act  # it runs when it is waited for
    write(history)
    history.path.rename(history.path.with_name("elsewhere"))
    history.path.write_bytes(b"another program's")
    assert "Another program changed" in write(history, 1)
    assert len(list(read_rooms(history.path))) == COPIED_ROWS + 1
