"""Our client against our own server."""

import random
from collections import Counter

import pytest

from client.model.conversations import Delivery, Kind
from client.model.events import Problem, Refused
from tests.tools.irc import Irc
from tests.tools.users import DEADLINE, User, Users


def test_two_talk_in_russian(irc: Irc, meet: Users) -> None:
    anna, boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    anna.say("Привет, Борис!\nВторая строка")
    anna.say("/me машет")
    boris.wait(lambda: len(boris.said()) == 2)
    assert boris.said() == ["Анна: Привет, Борис!\nВторая строка", "Анна: машет"]
    assert boris.lab.entries[-2].mention
    anna.wait(lambda: not anna.session.unconfirmed)
    assert all(entry.msgid for entry in anna.lab.entries if entry.kind is Kind.MESSAGE)
    assert [(one.msgid, one.time) for one in anna.lab.entries if one.kind is Kind.MESSAGE] == [
        (one.msgid, one.time) for one in boris.lab.entries if one.kind is Kind.MESSAGE
    ]
    boris.say("/msg Анна только тебе")
    anna.wait(lambda: bool(anna.said("Борис")))
    assert anna.said("Борис") == ["Борис: только тебе"]
    boris.wait(lambda: not boris.session.unconfirmed)
    assert boris.said("Анна") == ["Борис: только тебе"]


def test_who_comes_later_sees_what_was_said(irc: Irc, meet: Users) -> None:
    anna = meet(irc.address, "Анна")
    for number in range(60):
        anna.say(f"строка {number}")
    anna.wait(lambda: not anna.session.unconfirmed)
    vera = meet(irc.address, "Вера")
    assert vera.said() == [f"Анна: строка {number}" for number in range(10, 60)]
    assert [member.nick for member in vera.session.state.sorted_members(vera.lab)] == ["Анна", "Вера"]
    assert vera.lab.members["анна"].prefixes == "@"


def test_a_long_text_arrives_whole(irc: Irc, meet: Users) -> None:
    anna, boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    text = "я" * 1500 + "🙂" * 100
    anna.say(text)
    boris.wait(lambda: "".join(one.removeprefix("Анна: ") for one in boris.said()) == text)


def test_a_taken_nick_is_asked_again_on_the_same_connection(irc: Irc, meet: Users) -> None:
    meet(irc.address, "Анна")
    second = meet(irc.address, "АННА", enters=False)
    second.wait(
        lambda: any(isinstance(event, Refused) for event in second.events) or second.session.state.refused
    )
    refusal = next(event for event in second.events if isinstance(event, Refused))
    assert refusal.problem is Problem.NICK_TAKEN
    second.session.retry_with(refusal.suggestion)
    second.wait(lambda: second.is_in)
    assert second.session.state.nick == "АННА2"


def test_a_wrong_password_waits_for_the_right_one(irc: Irc, meet: Users) -> None:
    started = irc.server(password="верный")
    user = meet(started.address, "Анна", password="чужой", enters=False)
    user.wait(lambda: user.session.state.refused)
    assert user.session.state.refused is Problem.WRONG_PASSWORD
    user.session.retry_with(password="верный")
    user.wait(lambda: user.is_in)


def test_nothing_is_lost_or_doubled_when_the_server_restarts(irc: Irc, meet: Users) -> None:
    started = irc.server()
    address = started.address
    anna, boris = meet(address, "Анна"), meet(address, "Борис")
    anna.say("до")
    boris.wait(lambda: boris.said() == ["Анна: до"])
    irc.stop(started)
    anna.wait(lambda: not anna.session.state.ready)
    anna.say("пока сервера нет")
    assert anna.lab.entries[-1].delivery is Delivery.SENDING
    irc.server(port=address[1])
    for user in (anna, boris):
        user.connection.reconnect_now()
        user.wait(lambda user=user: user.is_in)  # type: ignore[misc]
    anna.say("после")
    expected = ["Анна: до", "Анна: пока сервера нет", "Анна: после"]
    boris.wait(lambda: len(boris.said()) >= 3)
    anna.wait(lambda: not anna.session.unconfirmed)
    assert boris.said() == anna.said() == expected


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_or_doubled_while_connections_are_cut(irc: Irc, meet: Users, seed: int) -> None:
    chance = random.Random(seed)
    users = [meet(irc.address, nick) for nick in ("Анна", "Борис", "Вера")]
    count = 40
    for number in range(count):
        for user in users:
            user.say(f"{number} от {user.session.state.profile.nick}")
            if chance.random() < 0.3:
                user.connection.reconnect_now()
        if chance.random() < 0.7:
            users[0].wait(lambda: all(user.is_in for user in users))
    expected = Counter(
        f"{number} от {user.session.state.profile.nick}" for user in users for number in range(count)
    )

    def heard(user: User) -> Counter[str]:
        return Counter(line.partition(": ")[2] for line in user.said())

    for user in users:
        user.wait(lambda user=user: not user.session.unconfirmed and heard(user).total() >= expected.total())  # type: ignore[misc]
    for user in users:
        user.runner.handle_waiting()
        assert heard(user) == expected
    late = meet(irc.address, "Глеб")
    late.session.state.send("CHATHISTORY", "LATEST", "#lab", "*", "100")
    assert len(late.said()) == len(set(late.said()))


def test_quit_ends_the_connection_with_its_reason(irc: Irc, meet: Users) -> None:
    anna, boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    anna.say("/quit до завтра")
    assert anna.connection.join(DEADLINE)
    boris.wait(lambda: boris.lab.entries[-1].kind is Kind.QUIT)
    assert "до завтра" in boris.lab.entries[-1].text


def test_an_answer_names_its_message_and_is_a_mention_for_who_said_that(irc: Irc, meet: Users) -> None:
    anna, boris = meet(irc.address, "Анна"), meet(irc.address, "Борис")
    anna.say("Кто слушает порт?")
    boris.wait(boris.said)
    asked = boris.lab.entries[-1]
    assert boris.session.may_answer(asked)
    boris.session.submit(boris.lab, "Я слушаю\nна 6667", asked.msgid)
    anna.wait(lambda: len(anna.said()) == 2)
    answer = anna.lab.entries[-1]
    assert (answer.text, answer.reply_to, answer.mention) == ("Я слушаю\nна 6667", asked.msgid, True)
    boris.wait(lambda: not boris.session.unconfirmed)
    vera = meet(irc.address, "Вера")
    said = [one for one in vera.lab.entries if one.kind is Kind.MESSAGE]
    assert [(one.reply_to, one.mention) for one in said] == [("", False), (asked.msgid, False)]
