"""The promise: nothing is lost and nothing is doubled, however bad the network.

A proxy (`tests.tools.proxy`) misbehaves between our clients and our server, which is killed now and then.

`SEEDS=50 python3 -m tests tests/promises/test_exactly_once.py -n0 -s --timeout 0` tries many seeds.
"""

import os
import random
import re
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Final

import pytest

import client.net.connection
from client.model.conversations import Conversation, Delivery, Entry, Kind
from client.model.events import Phase
from client.model.state import Profile, hole_text
from tests.tools.programs import Program, free_port
from tests.tools.proxy import Proxy
from tests.tools.users import Windowless

FIRST_SEED: Final = int(os.environ.get("SEED", "1"))
SEEDS: Final = int(os.environ.get("SEEDS", "1"))
NICKS: Final = ("anna", "boris", "clara", "dmitri", "eva")
EACH: Final = 400
"""Messages that each of them says: three of five in the room, the others to somebody."""
MOST_UNDER_WAY: Final = 20
DEADLINE: Final = 90.0
"""Seconds for the whole talk."""
TAKEN_BACK: Final = 0.02
RECONNECTS: Final = 0.0005
"""How often, in each turn, a message that waits is taken back, and a connection dropped without need."""
LIFE: Final = 15_000
"""About how many bytes a connection lives for."""
KILLS: Final = 3
ROOM: Final = "#lab"
NEEDS_MANY_ADDRESSES: Final = pytest.mark.skipif(
    sys.platform == "darwin", reason="this computer has one address for itself alone"
)


class Talker(Windowless):
    """Somebody with our client, who says numbered messages, and says again what was refused."""

    def __init__(self, address: tuple[str, int], nick: str, each: int) -> None:
        super().__init__(address, Profile(nick, rooms=(ROOM,)))
        self.nick = nick
        others = [other for other in NICKS if other != nick]
        self.to_say = [
            (f"{nick}-{number}", ROOM if number % 5 < 3 else others[number % 4]) for number in range(each)
        ]
        self.said: dict[str, str] = {}
        """Each text and to whom, in the order in which they were said (for the last time)."""
        self.under_way: list[Entry] = []
        self.refused = 0
        self.talking = False
        self.taken_back = 0
        self._whim = random.Random(nick)

    def turn(self) -> None:
        self.runner.handle_waiting()
        under_way = [entry for entry in self.under_way if entry.delivery is not Delivery.SENT]
        for entry in under_way:
            if entry.delivery is Delivery.FAILED:
                self.refused += 1
                self.to_say.append((entry.text, self.said.pop(entry.text)))
        self.under_way = [entry for entry in under_way if entry.delivery is Delivery.SENDING]
        if self.talking:
            self._change_mind()
            if len(self.under_way) < MOST_UNDER_WAY:
                self._say_something()

    def _change_mind(self) -> None:
        """Now and then, connect anew without need, and take something back that waits, to say it later."""
        if self._whim.random() < RECONNECTS:
            self.session.reconnect()
        for item in self.session.unsent:
            if self._whim.random() < TAKEN_BACK and self.session.take_back([item]):
                self.taken_back += 1
                self.under_way = [entry for entry in self.under_way if entry is not item.entry]
                self.to_say.append((item.typed, self.said.pop(item.typed)))

    def _say_something(self) -> None:
        """Say the next thing; but nothing to somebody who is not there, as one can see in the room."""
        here = self.session.state.conversations[ROOM].members
        sayable = (place for place, (_text, to) in enumerate(self.to_say) if to == ROOM or to in here)
        place = next(sayable, None)
        if place is None:
            return
        text, target = self.to_say.pop(place)
        self.said[text] = target
        session = self.session
        conversation = session.state.conversations.get(target) or session.open_private(target)
        session.submit(conversation, text)
        self.under_way.append(next(entry for entry in reversed(conversation.entries) if entry.text == text))
        self.runner.handle_waiting()

    @property
    def is_in(self) -> bool:
        lab = self.session.state.conversations.get(ROOM)
        return bool(self.session.state.phase is Phase.ONLINE and lab and lab.joined)

    @property
    def has_finished(self) -> bool:
        busy = any(one.is_catching_up for one in self.session.state.conversations.values())
        return self.is_in and not self.to_say and not self.under_way and not busy

    def read(self, conversation: Conversation) -> list[str]:
        """Return the numbered messages of a transcript, in order."""
        return [
            entry.text
            for entry in conversation.entries
            if entry.kind is Kind.MESSAGE and entry.delivery is Delivery.SENT
        ]

    @property
    def transcript(self) -> Counter[str]:
        """All that stands in any conversation, and how often."""
        return Counter(text for one in self.session.state.conversations.values() for text in self.read(one))

    @property
    def with_holes(self) -> list[str]:
        """The conversations whose transcript says that something may be missing."""
        return [
            one.name
            for one in self.session.state.conversations.values()
            if any(entry.text == hole_text() for entry in one.entries)
        ]

    @property
    def errors(self) -> list[Entry]:
        return [
            entry
            for conversation in self.session.state.conversations.values()
            for entry in conversation.entries
            if entry.kind is Kind.ERROR
        ]


class Server:
    """The real server, which is killed and started again on the same port and history."""

    def __init__(self, folder: Path) -> None:
        self.history = folder / "history.sqlite3"
        self._stack = ExitStack()
        self.address = ("127.0.0.1", free_port())
        self.start()

    def start(self) -> None:
        arguments = (
            "--port",
            str(self.address[1]),
            "--history",
            str(self.history),
            "--no-throttle",
            "--quiet",
        )
        self.program = self._stack.enter_context(Program("server", *arguments))
        self.address = self.program.address()

    def kill(self) -> None:
        self.program.process.kill()
        self.program.wait()
        self._stack.close()

    def close(self) -> None:
        assert self.program.stop() == 0
        assert "Traceback" not in "\n".join(self.program.lines)
        self._stack.close()


@pytest.mark.long
@pytest.mark.parametrize("roams", [False, pytest.param(True, marks=NEEDS_MANY_ADDRESSES)])
@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEEDS))
def test_every_message_arrives_exactly_once(
    seed: int, *, roams: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk_over_a_bad_network(seed, EACH, KILLS, roams, tmp_path, monkeypatch)


@NEEDS_MANY_ADDRESSES
def test_a_few_messages_arrive_exactly_once_though_their_senders_roam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk_over_a_bad_network(FIRST_SEED, 40, 0, True, tmp_path, monkeypatch)


def talk_over_a_bad_network(
    seed: int, each: int, kills: int, roams: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.net.connection, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(client.net.connection, "LONGEST_PAUSE", 0.3)
    chance = random.Random(seed)
    server = Server(tmp_path)
    with closing(server), Proxy(server.address, seed, LIFE, roams=roams) as proxy:
        talkers = [Talker(proxy.address, nick, each) for nick in NICKS]
        try:
            talk(server, proxy, talkers, chance, each, kills)
        finally:
            deeds = ", ".join(f"{count} {deed}" for deed, count in sorted(proxy.deeds.items()))
            refused = sum(talker.refused for talker in talkers)
            taken = sum(talker.taken_back for talker in talkers)
            print(
                f"\nseed {seed}: {deeds}; said again: {refused} because nobody was there, {taken} taken back"
            )
            for talker in talkers:
                talker.runner.close()
            for talker in talkers:
                assert talker.connection.join(10)
    kept = read_history(server.history)
    check_history(kept, talkers)
    check_transcripts(kept, talkers)


def talk(
    server: Server, proxy: Proxy, talkers: list[Talker], chance: random.Random, each: int, kills: int
) -> None:
    deadline = time.monotonic() + DEADLINE
    run(talkers, lambda: all(talker.is_in for talker in talkers), deadline)
    proxy.misbehave()
    for talker in talkers:
        talker.talking = True
    for _kill in range(kills):
        heard = sum(len(talker.said) for talker in talkers) + chance.randint(
            50, len(NICKS) * each // (kills + 1)
        )
        run(talkers, lambda: sum(len(talker.said) for talker in talkers) >= heard, deadline)  # noqa: B023
        server.kill()
        run(talkers, lambda: not any(talker.is_in for talker in talkers), deadline)
        server.start()
    run(talkers, lambda: not any(talker.to_say for talker in talkers), deadline)
    proxy.misbehave(evil=False)
    run(talkers, lambda: all(talker.has_finished for talker in talkers), deadline)
    with suppress(TimeoutError):  # what is still under way to somebody
        run(talkers, lambda: not any(lacking(talker, talkers) for talker in talkers), time.monotonic() + 5)


def run(talkers: list[Talker], until: Callable[[], bool], deadline: float) -> None:
    while not until():
        for talker in talkers:
            talker.turn()
        talkers[0].runner.handle_next(0.002)
        if time.monotonic() > deadline:
            raise TimeoutError("\n".join(map(describe, talkers)))


def describe(talker: Talker) -> str:
    session = talker.session
    busy = [one.name for one in session.state.conversations.values() if one.is_catching_up]
    return (
        f"{talker.nick} is {session.state.nick}, {session.state.phase}, in: {talker.is_in}, "
        f"catching up: {busy}, to say: {len(talker.to_say)}, "
        f"under way: {len(talker.under_way)}, errors: {talker.errors[-3:]}"
    )


def wanted_by(talker: Talker, talkers: list[Talker]) -> Counter[str]:
    """Return what should stand in somebody's transcripts."""
    return Counter(
        text
        for other in talkers
        for text, target in other.said.items()
        if other is talker or target in (ROOM, talker.nick)
    )


def lacking(talker: Talker, talkers: list[Talker]) -> Counter[str]:
    return wanted_by(talker, talkers) - talker.transcript


def read_history(path: Path) -> list[str]:
    """Return the messages that a history holds, in order."""
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = database.execute("SELECT line FROM message WHERE event = 0 ORDER BY id").fetchall()
    texts = [found[1] for (line,) in rows if (found := re.search(r"PRIVMSG \S+ :(\S+)$", line))]
    assert len(texts) == len(rows)
    return texts


def check_history(kept: list[str], talkers: list[Talker]) -> None:
    """Check that everything stands there once, and what was said in the room in the order of saying.

    In a private talk a message may stand behind later ones: the server refused it, because nobody was there,
    and the refusal was lost with the connection, so the client had to send it again.
    """
    doubled = [text for text, count in Counter(kept).items() if count > 1]
    assert not doubled, f"in the history twice: {doubled}"
    for talker in talkers:
        assert sorted(text for text in kept if text.startswith(talker.nick)) == sorted(talker.said)
        in_the_room = [text for text, target in talker.said.items() if target == ROOM]
        assert [text for text in kept if talker.said.get(text) == ROOM] == in_the_room


def check_transcripts(kept: list[str], talkers: list[Talker]) -> None:
    """Check that everybody has everything once, and reads what somebody said in the history's order."""
    place = {text: number for number, text in enumerate(kept)}
    for talker in talkers:
        lost, doubled = lacking(talker, talkers), talker.transcript - wanted_by(talker, talkers)
        assert not lost, f"{talker.nick} lost {sorted(lost)}; was told of a hole in {talker.with_holes}"
        assert not doubled, f"{talker.nick} has twice, or should not have, {sorted(doubled)}"
        for conversation in talker.session.state.conversations.values():
            for sender in NICKS:
                order = [place[text] for text in talker.read(conversation) if text.startswith(sender)]
                assert order == sorted(order), (
                    f"{talker.nick} reads {sender} out of order in {conversation.name}"
                )
        unknown = [entry.text for entry in talker.errors if "nobody knows" in entry.text]
        assert not unknown
