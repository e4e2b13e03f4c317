"""Clients that others wrote, on our server, together with people who use our client."""

import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client.model.conversations import Kind
from tests.tools.foreign_clients import FOREIGN_CLIENTS, ForeignClient, HexChat, Irssi
from tests.tools.irc import Irc
from tests.tools.users import User, Users
from tests.tools.windows import chat_window, enter_room, say, until

Start = Callable[[str], ForeignClient]


@pytest.fixture(params=FOREIGN_CLIENTS)
def start(request: pytest.FixtureRequest, tmp_path: Path, irc: Irc) -> Iterator[Start]:
    """Start the foreign client under a nick, and wait until it is in the room `#lab`."""
    if FOREIGN_CLIENTS[request.param] is HexChat:
        request.getfixturevalue("screen")
    running: list[ForeignClient] = []

    def make(nick: str) -> ForeignClient:
        program: Callable[..., ForeignClient] = FOREIGN_CLIENTS[request.param]
        client = program(tmp_path, irc.address, nick)
        running.append(client)
        client.expect(client.in_room)
        return client

    yield make
    for client in running:
        client.close()


def together(user: User, *nicks: str) -> None:
    """Wait until these, and nobody else, are in the room."""
    user.wait(lambda: user.neighbours == list(nicks))


def test_it_talks_in_russian(irc: Irc, meet: Users, start: Start) -> None:
    anna = meet(irc.address, "Анна")
    vera = start("Вера")
    together(anna, "@Анна", "Вера")
    anna.say("Привет, Вера! Съешь ещё 🙂")
    vera.expect(vera.spoken("Анна", "Привет, Вера! Съешь ещё 🙂"))
    vera.type("И вам привет, «ёжик»")
    anna.wait(lambda: anna.said()[1:] == ["Вера: И вам привет, «ёжик»"])
    vera.expect(vera.spoken("Вера", "И вам привет, «ёжик»"))
    anna.say("/me машет рукой")
    vera.expect(r"\*[ \t|]+Анна машет рукой")
    vera.type("/me пишет")
    anna.wait(lambda: anna.said()[2:] == ["Анна: машет рукой", "Вера: пишет"])
    assert anna.lab.entries[-1].kind is Kind.ACTION


def test_it_talks_in_private(irc: Irc, meet: Users, start: Start) -> None:
    anna = meet(irc.address, "Анна")
    vera = start("Вера")
    together(anna, "@Анна", "Вера")
    anna.say("/msg Вера Только вам")
    anna.wait(lambda: anna.said("Вера") and not anna.session.unconfirmed)
    vera.type("/query Анна")
    vera.expect(vera.spoken("Анна", "Только вам"))
    vera.type("/msg Анна Понятно")
    anna.wait(lambda: anna.said("Вера") == ["Анна: Только вам", "Вера: Понятно"])
    assert anna.said() == []


def test_it_knows_everybody_by_name(irc: Irc, meet: Users, start: Start) -> None:
    anna = meet(irc.address, "Анна")
    boris = meet(irc.address, "boris")
    vera = start("Вера")
    together(anna, "@Анна", "boris", "Вера")
    anna.say("/nick Аня")
    vera.expect("Анна is now known as Аня")
    vera.type("/names")
    vera.expect("@Аня.*Вера")
    vera.type("/nick Верочка")
    anna.wait(lambda: anna.neighbours == ["@Аня", "boris", "Верочка"])
    vera.expect("[Yy]ou('re| are) now known as Верочка")
    boris.say("/quit до завтра")
    vera.expect("boris.*до завтра")
    vera.type("/whois Аня")
    vera.expect(r"Аня.*127\.0\.0\.1")
    vera.type("/quit пора")
    together(anna, "@Аня")
    assert "пора" in anna.told(Kind.QUIT)[-1]


def test_topic_and_kick_go_both_ways(irc: Irc, meet: Users, start: Start) -> None:
    anna = meet(irc.address, "Анна")
    vera = start("Вера")
    together(anna, "@Анна", "Вера")
    anna.say("/topic Сокеты и потоки")
    vera.expect("Анна (has )?changed (the )?topic .*Сокеты и потоки")
    anna.say("/kick Вера шумит")
    vera.expect(r"kicked .*шумит")
    together(anna, "@Анна")
    vera.type("Меня слышно?")
    vera.type("/join #lab")
    together(anna, "@Анна", "Вера")
    vera.expect('Topic for #lab(:| is:?) "?Сокеты и потоки')
    assert anna.said() == []
    anna.say("/op Вера")
    together(anna, "@Анна", "@Вера")
    vera.type("/topic #lab Теперь моя тема")
    anna.wait(lambda: anna.lab.topic == "Теперь моя тема")
    vera.type("/kick Анна шумите")
    anna.wait(lambda: not anna.lab.joined)
    assert "Вера" in anna.told(Kind.KICK)[-1]
    assert "шумите" in anna.told(Kind.KICK)[-1]


def test_as_the_operator_it_rules_the_room_of_the_class(irc: Irc, meet: Users, start: Start) -> None:
    irc.server(oper_name="teacher", oper_password="chalk")
    anna = meet(irc.address, "Анна")
    vera = start("Вера")
    together(anna, "Анна", "Вера")
    vera.type("/oper teacher chalk")
    together(anna, "@Вера", "Анна")
    assert anna.session.state.is_teacher(anna.lab, anna.lab.members["вера"])
    vera.type("/mode #lab +m")
    anna.wait(lambda: "m" in anna.lab.flags)
    vera.type("/quote MODE #lab +v Анна")
    together(anna, "@Вера", "+Анна")
    vera.type("/topic #lab Тема занятия")
    anna.wait(lambda: anna.lab.topic == "Тема занятия")
    vera.type("/kick Анна шумите")
    anna.wait(lambda: not anna.lab.joined)
    assert "шумите" in anna.told(Kind.KICK)[-1]


def test_it_comes_back_when_the_server_restarts(irc: Irc, meet: Users, start: Start) -> None:
    started = irc.server()
    address = irc.address
    anna = meet(address, "Анна")
    vera = start("Вера")
    together(anna, "@Анна", "Вера")
    anna.say("до")
    vera.expect(vera.spoken("Анна", "до"))
    irc.stop(started)
    anna.wait(lambda: not anna.session.state.ready)
    anna.say("пока сервера нет")
    irc.server(port=address[1])
    anna.wait(lambda: anna.is_in and len(anna.lab.members) == 2)
    anna.say("после")
    vera.expect(vera.spoken("Анна", "после"))
    vera.type("я снова здесь")
    anna.wait(lambda: "Вера: я снова здесь" in anna.said())
    assert anna.said() == ["Анна: до", "Анна: пока сервера нет", "Анна: после", "Вера: я снова здесь"]


def test_irssi_and_a_window_talk_in_russian(root: tk.Tk, irc: Irc, tmp_path: Path) -> None:
    with chat_window(root) as window:
        enter_room(window, irc.address, nick="Анна")
        irssi = Irssi(tmp_path, irc.address, "Ирина")
        try:
            members = window.page.members.list
            until(root, lambda: [row.text + row.tail for row in members.rows] == ["Анна  (you)", "Ирина"])
            say(window, "Привет, Ирина!")
            irssi.expect(irssi.spoken("Анна", "Привет, Ирина!"))
            irssi.type("Здравствуйте, Анна!")
            until(root, lambda: "Здравствуйте, Анна!" in window.transcript_text())
            text = window.page.transcript.text
            assert text.tag_ranges("mention")
        finally:
            irssi.close()
