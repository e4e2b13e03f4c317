"""The promise: no id is given twice, whatever the disk has lost, and nobody is shown less for it.

A power cut takes back the newest bytes of the history's write-ahead log. The windows stay open meanwhile, and
what they have shown is what they hold new messages against.

`RUNS=200 SEED=7 python3 -m tests tests/promises/test_power_cut.py -n0 -s --timeout 0` cuts more often.
"""

import os
import random
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

import pytest

import client.net.connection
from client.model.conversations import Delivery, Kind
from tests.tools.programs import Program, free_port
from tests.tools.users import User, Users

RUNS: Final = int(os.environ.get("RUNS", "4"))
SEED: Final = int(os.environ.get("SEED", "4"))
NICKS: Final = ("anna", "boris", "clara")


class Server:
    """The real server, which loses power and is started again on the same port and history."""

    def __init__(self, folder: Path) -> None:
        self.history = folder / "history.sqlite3"
        self._log = folder / "history.sqlite3-wal"
        self._port = free_port()
        self._stack = ExitStack()
        self.start()

    def start(self) -> None:
        options = ("--port", str(self._port), "--history", str(self.history), "--no-throttle", "--quiet")
        self.program = self._stack.enter_context(Program("server", *options))
        self.address = self.program.address()

    def lose_power(self, chance: random.Random) -> int:
        """Kill the server and cut its log at a random byte, or before its first; return how many are lost."""
        self.program.process.kill()
        self.program.wait()
        self._stack.close()
        assert "Traceback" not in "\n".join(self.program.lines)
        size = self._log.stat().st_size
        kept = chance.choice((0, chance.randint(0, size), chance.randint(0, size)))
        os.truncate(self._log, kept)
        return size - kept

    def close(self) -> None:
        self._stack.close()


def talk(users: list[User], texts: list[str], chance: random.Random) -> None:
    for text in texts:
        chance.choice(users).say(text)


def texts_of(user: User, run: int) -> list[str]:
    """Return what was said in a run, as it stands in somebody's transcript."""
    return [
        entry.text
        for entry in user.lab.entries
        if entry.kind is Kind.MESSAGE and entry.delivery is Delivery.SENT and entry.text.startswith(f"{run}-")
    ]


@pytest.mark.long
def test_after_a_power_cut_no_id_is_given_twice_and_nothing_is_hidden(
    tmp_path: Path, meet: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.net.connection, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(client.net.connection, "LONGEST_PAUSE", 0.1)
    print(f"SEED={SEED} RUNS={RUNS}")
    chance = random.Random(SEED)
    text_of: dict[str, str] = {}
    lost = 0
    with closing(Server(tmp_path)) as server:
        users = [meet(server.address, nick) for nick in NICKS]
        for run in range(RUNS):
            before = [f"{run}-before-{number}" for number in range(chance.randint(1, 30))]
            talk(users, before, chance)
            seen = chance.randint(0, len(before))
            users[0].wait(lambda: len(texts_of(users[0], run)) >= seen)  # noqa: B023
            lost += server.lose_power(chance)
            users[0].wait(lambda: not any(user.is_in for user in users))
            server.start()
            users[0].wait(lambda: all(user.is_in for user in users))
            after = [f"{run}-after-{number}" for number in range(chance.randint(1, 30))]
            talk(users, after, chance)
            users[0].wait(lambda: all(set(after) <= set(texts_of(user, run)) for user in users))  # noqa: B023
            for user in users:
                assert not [text for text, count in Counter(texts_of(user, run)).items() if count > 1]
                for entry in user.lab.entries:
                    if entry.msgid and entry.kind is Kind.MESSAGE:
                        assert text_of.setdefault(entry.msgid, entry.text) == entry.text
            # What both server and disk lost before it reached everybody still stands at who said it.
            assert {text for user in users for text in texts_of(user, run)} == {*before, *after}
    print(f"{len(text_of)} ids given; {lost} bytes lost")
