"""TOPIC, NAMES and LIST: what a room shows of itself."""

import pytest

from chatroom.config import Limits
from tests.tools.irc import Client, Irc


def test_the_topic_is_the_operators_until_the_room_opens_it(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    boris.send("TOPIC #lab")
    boris.expect(" 331 Борис #lab ")
    boris.send("TOPIC #lab :Моя тема")
    boris.expect(" 482 Борис #lab ")
    anna.send("TOPIC #lab :Сокеты и потоки")
    boris.expect("^:Анна!.* TOPIC #lab :Сокеты и потоки$")
    anna.expect("TOPIC #lab")
    vera = irc.client("Вера")
    vera.send("TOPIC #lab :x")
    vera.expect(" 442 ")
    vera.send("JOIN #lab")
    vera.expect(" 332 Вера #lab :Сокеты и потоки$")
    vera.expect(r" 333 Вера #lab Анна!~test@127.0.0.1 :\d+$")
    anna.send("MODE #lab -t")
    anna.expect("MODE #lab :?-t")
    vera.send("TOPIC #lab :")
    anna.expect("^:Вера!.* TOPIC #lab :$")
    vera.send("TOPIC #nowhere")
    vera.expect(" 403 ")


def test_a_topic_that_is_set_again_is_told_to_nobody(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    for _ in range(2):
        anna.send("TOPIC #lab :Сокеты")
    boris.expect("TOPIC #lab Сокеты$|TOPIC #lab :Сокеты$")
    boris.expect_nothing()


def test_the_list_can_be_narrowed(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.enter("#лаб1", "#лаб2", "#other")
    anna.send("LIST #лаб*,#nowhere")
    anna.expect(" 322 Анна #лаб1 1 ")
    anna.expect(" 322 Анна #лаб2 1 ")
    anna.expect(" 323 ")
    assert not [line for line in anna.lines if " 322 Анна #other" in line]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (">1", {"#two"}),
        ("<2", {"#one", "#лаб"}),
        ("*о*", set()),
        ("#t*", {"#two"}),
        ("!#t*", {"#one", "#лаб"}),
        ("C<5", {"#one", "#two", "#лаб"}),
        ("C>5", set()),
        ("T<5", {"#two"}),
        ("T>5", set()),
        ("#one,#лаб", {"#one", "#лаб"}),
        ("#t*,>5", set()),
        (">x", set()),
    ],
)
def test_the_list_takes_conditions(irc: Irc, condition: str, found: set[str]) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for room in ("#one", "#two", "#лаб"):
        anna.enter(room)
    boris.enter("#two")
    anna.send("TOPIC #two :Тема")
    anna.expect("TOPIC")
    anna.send(f"LIST {condition}")
    anna.expect(" 321 ")
    rooms = set()
    while (line := anna.expect(r" (322|323) Анна (\S+)"))[1] == "322":
        rooms.add(line[2])
    assert rooms == found


def test_rooms_are_listed_only_so_often_and_by_so_many_conditions(irc: Irc) -> None:
    irc.server(throttle=True, limits=Limits(lists_per_minute=2, list_conditions=2))
    anna = irc.client("Анна")
    assert "LIST:2," in " ".join(anna.lines)
    anna.send("JOIN #a,#b,#c")
    anna.expect(" 366 Анна #c ")
    for _ in range(2):
        anna.send("LIST #a,#b,#c")
        anna.expect(" 323 ")
    assert sum(" 322 " in line for line in anna.lines) == 4
    anna.send("LIST")
    anna.expect(" 263 Анна LIST ")


def test_names_of_a_large_room_come_in_several_lines(irc: Irc) -> None:
    clients = [irc.raw() for _ in range(40)]
    for number, client in enumerate(clients):
        client.register(f"Студент_группы_{number}")
        client.enter()
    clients[0].send("NAMES #lab")
    found: list[str] = []
    while True:
        line = clients[0].expect(r" (353|366) \S+ .*#lab :(.*)$")
        if line[1] == "366":
            break
        assert len(line.string.encode()) <= 510
        found += line[2].split()
    assert sorted(found) == sorted(["@Студент_группы_0"] + [f"Студент_группы_{i}" for i in range(1, 40)])


def test_names_without_a_channel_shows_all_that_one_may_see(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.enter("#open")
    anna.enter("#secret")
    anna.send("MODE #secret +s")
    anna.expect(r"\+s")
    boris.send("NAMES")
    boris.expect(" 353 Борис = #open :@Анна$")
    boris.expect(r" 366 Борис \* ")
    assert not [line for line in boris.lines if "#secret" in line]


def test_multi_prefix_shows_every_mark(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("MODE #lab +v Анна")
    boris.expect(r"\+v Анна")
    vera = irc.client("Вера", capabilities=["multi-prefix"])
    vera.send("JOIN #lab")
    vera.expect(r" 353 Вера = #lab :@\+Анна Борис Вера$")
    boris.send("NAMES #lab")
    boris.expect(r" 353 Борис = #lab :@Анна Борис Вера$")
    vera.send("WHO #lab")
    vera.expect(r" 352 Вера #lab ~test 127.0.0.1 chat.lab Анна H@\+ :0 A test$")


def test_userhost_in_names(irc: Irc) -> None:
    able = irc.client("able", capabilities=["userhost-in-names"])
    able.send("JOIN #lab")
    able.expect(r" 353 able = #lab :@able!~test@127\.0\.0\.1$")


def test_no_name_is_cut_off_in_a_room_of_long_names(irc: Irc) -> None:
    room = "#" + "ы" * 63
    nicks = [letter * 30 for letter in "абвгдежзик"]
    clients = [irc.client(nick) for nick in nicks]
    for client in clients:
        client.enter(room)
    last = clients[-1]
    named = [line.partition(" :")[2].lstrip("@") for line in last.lines if " 353 " in line]
    assert " ".join(named).split() == nicks


def test_a_secret_room_is_not_shown_to_outsiders(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    anna.send("MODE #lab +s")
    boris.expect(r"MODE #lab :?\+s")
    vera = irc.client("Вера")
    vera.enter("#open")
    vera.send("LIST")
    vera.expect(" 321 ")
    vera.expect(" 322 Вера #open 1 :$")
    vera.expect(" 323 ")
    for line in ("TOPIC #lab", "MODE #lab"):
        vera.send(line)
        vera.expect(" 403 ")
    vera.send("NAMES #lab")
    vera.expect(" 366 Вера #lab ")
    assert not [line for line in vera.lines if "Борис" in line]
    vera.send("WHOIS Анна")
    vera.expect(" 318 ")
    assert not [line for line in vera.lines if " 319 " in line]
    boris.send("LIST #l*")
    boris.expect(" 322 Борис #lab 2 :$")
