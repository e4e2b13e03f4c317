"""Our client against real servers: our own, and ngircd where it is installed."""

import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client.connection import Connection, new_event_queue
from client.conversation import Conversation, Delivery, Kind
from client.driver import Driver, run_together
from client.events import Problem, QuitAsked, Refused, SessionEvent
from client.session import Profile, Session
from tests.irc import Irc

DEADLINE = 20.0


class User:
    """Somebody with a client."""

    def __init__(self, address: tuple[str, int], nick: str, password: str, everybody: "list[User]") -> None:
        self.everybody = everybody
        events = new_event_queue()
        self.session = Session(Profile(nick, rooms=("#lab",), password=password, realname="A test"))
        self.connection = Connection(*address, events)
        self.driver = Driver(self.session, self.connection, events)
        self.events: list[SessionEvent] = []
        self.connection.start()

    def wait(self, until: Callable[[], bool]) -> None:
        self.events += run_together([user.driver for user in self.everybody], until, DEADLINE)

    @property
    def is_in(self) -> bool:
        """In the room, its history read."""
        lab = self.session.conversations.get("#lab")
        return bool(lab and lab.joined and lab.members and not self.session.catchup.is_busy(lab))

    @property
    def lab(self) -> Conversation:
        return self.session.conversations["#lab"]

    def say(self, text: str, where: str = "#lab") -> None:
        self.session.enter(self.session.conversations[self.session.fold(where)], text)
        self.events += self.driver.pump()

    def said(self, where: str = "#lab") -> list[str]:
        """Return what was said in a conversation, by `nick: text`."""
        conversation = self.session.conversations.get(self.session.fold(where))
        entries = conversation.entries if conversation else ()
        return [f"{one.nick}: {one.text}" for one in entries if one.kind in (Kind.MESSAGE, Kind.ACTION)]


Meet = Callable[..., User]


@pytest.fixture
def meet() -> Iterator[Meet]:
    """Make users; they all leave at the end."""
    users: list[User] = []

    def make(address: tuple[str, int], nick: str, *, password: str = "", enters: bool = True) -> User:
        user = User(address, nick, password, users)
        users.append(user)
        if enters:
            user.wait(lambda: user.is_in)
        return user

    yield make
    for user in users:
        user.driver.close("bye")
    for user in users:
        assert user.connection.join(DEADLINE)


def test_two_talk_in_russian(irc: Irc, meet: Meet) -> None:
    anna, boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    anna.say("Привет, Борис!\nВторая строка")
    anna.say("/me машет")
    boris.wait(lambda: len(boris.said()) == 3)
    assert boris.said() == ["Анна: Привет, Борис!", "Анна: Вторая строка", "Анна: машет"]
    assert boris.lab.entries[-3].mention
    anna.wait(lambda: not len(anna.session.outbox))
    assert all(entry.msgid for entry in anna.lab.entries if entry.kind is Kind.MESSAGE)
    assert [(one.msgid, one.time) for one in anna.lab.entries if one.kind is Kind.MESSAGE] == [
        (one.msgid, one.time) for one in boris.lab.entries if one.kind is Kind.MESSAGE
    ]
    boris.say("/msg Анна только тебе")
    anna.wait(lambda: bool(anna.said("Борис")))
    assert anna.said("Борис") == ["Борис: только тебе"]
    boris.wait(lambda: not len(boris.session.outbox))
    assert boris.said("Анна") == ["Борис: только тебе"]


def test_who_comes_later_sees_what_was_said(irc: Irc, meet: Meet) -> None:
    anna = meet(irc.address, "Анна")
    anna.say("\n".join(f"строка {number}" for number in range(60)))
    anna.wait(lambda: not len(anna.session.outbox))
    vera = meet(irc.address, "Вера")
    assert vera.said() == [f"Анна: строка {number}" for number in range(10, 60)]
    assert [member.nick for member in vera.lab.sorted_members()] == ["Анна", "Вера"]
    assert vera.lab.members["анна"].prefixes == "@"


def test_a_long_text_arrives_whole(irc: Irc, meet: Meet) -> None:
    anna, boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    text = "я" * 1500 + "🙂" * 100
    anna.say(text)
    boris.wait(lambda: "".join(one.removeprefix("Анна: ") for one in boris.said()) == text)


def test_a_taken_nick_is_asked_again_on_the_same_connection(irc: Irc, meet: Meet) -> None:
    meet(irc.address, "Анна")
    second = meet(irc.address, "АННА", enters=False)
    second.wait(
        lambda: any(isinstance(event, Refused) for event in second.events) or not second.session.may_reconnect
    )
    refusal = next(event for event in second.events if isinstance(event, Refused))
    assert refusal.problem is Problem.NICK_TAKEN
    second.session.retry_with(refusal.suggestion)
    second.wait(lambda: second.is_in)
    assert second.session.nick == "АННА2"


def test_a_wrong_password_waits_for_the_right_one(irc: Irc, meet: Meet) -> None:
    started = irc.server(password="верный")
    user = meet(started.address, "Анна", password="чужой", enters=False)
    user.wait(lambda: not user.session.may_reconnect)
    assert user.session.registration.refused is Problem.WRONG_PASSWORD
    user.session.retry_with(password="верный")
    user.wait(lambda: user.is_in)


def test_nothing_is_lost_or_doubled_when_the_server_restarts(irc: Irc, meet: Meet) -> None:
    started = irc.server()
    address = started.address
    anna, boris = meet(address, "Анна"), meet(address, "Борис")
    anna.say("до")
    boris.wait(lambda: boris.said() == ["Анна: до"])
    irc.stop(started)
    anna.wait(lambda: not anna.session.ready)
    anna.say("пока сервера нет")
    assert anna.lab.entries[-1].delivery is Delivery.SENDING
    irc.server(port=address[1])
    for user in (anna, boris):
        user.connection.reconnect_now()
        user.wait(lambda user=user: user.is_in)  # type: ignore[misc]
    anna.say("после")
    expected = ["Анна: до", "Анна: пока сервера нет", "Анна: после"]
    boris.wait(lambda: len(boris.said()) >= 3)
    anna.wait(lambda: not len(anna.session.outbox))
    assert boris.said() == anna.said() == expected


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_or_doubled_while_connections_are_cut(irc: Irc, meet: Meet, seed: int) -> None:
    chance = random.Random(seed)
    users = [meet(irc.address, nick) for nick in ("Анна", "Борис", "Вера")]
    count = 40
    for number in range(count):
        for user in users:
            user.say(f"{number} от {user.session.profile.nick}")
            if chance.random() < 0.3:
                user.connection.reconnect_now()
        if chance.random() < 0.7:
            users[0].wait(lambda: all(user.is_in for user in users))
    expected = Counter(
        f"{number} от {user.session.profile.nick}" for user in users for number in range(count)
    )

    def heard(user: User) -> Counter[str]:
        return Counter(line.partition(": ")[2] for line in user.said())

    for user in users:
        user.wait(lambda user=user: not len(user.session.outbox) and heard(user).total() >= expected.total())  # type: ignore[misc]
    for user in users:
        user.driver.pump()
        assert heard(user) == expected
    late = meet(irc.address, "Глеб")
    late.session.send("CHATHISTORY", "LATEST", "#lab", "*", "100")
    assert len(late.said()) == len(set(late.said()))


def test_quit_ends_the_connection_with_its_reason(irc: Irc, meet: Meet) -> None:
    anna, boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    anna.say("/quit до завтра")
    assert any(isinstance(event, QuitAsked) for event in anna.events)
    assert anna.connection.join(DEADLINE)
    boris.wait(lambda: boris.lab.entries[-1].kind is Kind.QUIT)
    assert "до завтра" in boris.lab.entries[-1].text


NGIRCD = shutil.which("ngircd", path="/usr/sbin:/usr/bin:/usr/local/sbin")


@pytest.fixture
def ngircd(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A small server in C without history, echo and Cyrillic nicks."""
    import grp
    import os
    import pwd
    import socket
    import time

    assert NGIRCD
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    config = tmp_path / "ngircd.conf"
    config.write_text(
        f"[Global]\nName=irc.test.lab\nInfo=test\nListen=127.0.0.1\nPorts={port}\n"
        f"ServerUID={pwd.getpwuid(os.getuid()).pw_name}\nServerGID={grp.getgrgid(os.getgid()).gr_name}\n"
        "[Limits]\nMaxConnectionsIP=0\nMaxPenaltyTime=0\n[Options]\nDNS=no\nIdent=no\nPAM=no\n"
    )
    process = subprocess.Popen([NGIRCD, "-n", "-f", str(config)], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + DEADLINE
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < deadline
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(DEADLINE)


@pytest.mark.skipif(not NGIRCD, reason="no ngircd: install it to run the test against a foreign server")
def test_a_foreign_server_without_history_and_echo(ngircd: tuple[str, int], meet: Meet) -> None:
    refused = meet(ngircd, "Анна", enters=False)
    refused.wait(lambda: not refused.session.may_reconnect)
    refused.driver.pump()
    refused.session.retry_with("Anna")
    refused.wait(lambda: refused.is_in)
    anna, boris = refused, meet(ngircd, "Boris")
    anna.say("Привет из " + "очень " * 100 + "длинной строки")
    boris.wait(lambda: any("строки" in line for line in boris.said()))
    boris.say("/msg anna тихо")
    anna.wait(lambda: anna.said("Boris") == ["Boris: тихо"])
    anna.say("/topic Сокеты")
    boris.wait(lambda: boris.lab.topic == "Сокеты")
    anna.say("/kick boris шум")
    boris.wait(lambda: not boris.lab.joined)
    assert "шум" in boris.lab.entries[-1].text
