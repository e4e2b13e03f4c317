"""JOIN, PART, KICK and INVITE: who is in a room."""

import pytest

from chatroom.config import Limits
from tests.tools.irc import Client, Irc


def test_the_first_in_a_room_is_its_operator(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    boris.send("NAMES #lab")
    boris.expect(r"^:chat.lab 353 Борис = #lab :@Анна Борис$")
    anna.send("JOIN #LAB")
    anna.expect_nothing()


def test_several_rooms_are_entered_and_left_at_once(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.send("JOIN #a,#b,bad,#c")
    anna.expect("JOIN #a")
    anna.expect("JOIN #b")
    anna.expect(" 403 Анна bad ")
    anna.expect("JOIN #c")
    anna.expect(" 366 ")
    anna.send("PART #a,#b :пора")
    anna.expect("^:Анна!.* PART #a :пора$")
    anna.expect("^:Анна!.* PART #b :пора$")
    anna.send("PART #a")
    anna.expect(" 403 ")
    anna.send("JOIN 0")
    anna.expect("PART #c")


def test_parting_is_told_to_those_who_stay(pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    boris.send("PART #lab")
    anna.expect("^:Борис!.* PART #lab$")
    boris.expect("^:Борис!.* PART #lab$")
    boris.send("PART #lab")
    boris.expect(" 442 ")
    boris.send("PART #nowhere")
    boris.expect(" 403 ")


def test_kick_is_for_operators_and_told_to_all(pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    boris.send("KICK #lab Анна :прочь")
    boris.expect(" 482 ")
    anna.send("KICK #lab Вера")
    anna.expect(" 441 ")
    anna.send("KICK #nowhere Борис")
    anna.expect(" 403 ")
    anna.send("KICK #lab Борис :не шуметь")
    for client in (anna, boris):
        client.expect("^:Анна!.* KICK #lab Борис :не шуметь$")
    boris.send("KICK #lab Анна")
    boris.expect(" 442 ")


def test_several_are_kicked_at_once(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    vera = irc.client("Вера")
    vera.enter()
    anna.send("KICK #lab Борис,Вера")
    boris.expect("KICK #lab Борис :Анна$")
    vera.expect("KICK #lab Вера :Анна$")


def test_an_invitation_opens_a_closed_room_once(irc: Irc, pair: tuple[Client, Client]) -> None:
    anna, boris = pair
    vera = irc.client("Вера")
    anna.send("MODE #lab +i")
    boris.expect(r"MODE #lab :?\+i")
    vera.send("JOIN #lab")
    vera.expect(r" 473 Вера #lab .*\(\+i\)")
    boris.send("INVITE Вера #lab")
    boris.expect(" 482 ")
    anna.send("INVITE Вера #lab")
    anna.expect(" 341 Анна Вера #lab$")
    vera.expect("^:Анна!.* INVITE Вера #lab$")
    vera.enter()
    vera.send("PART #lab")
    vera.expect("PART #lab")
    vera.send("JOIN #lab")
    vera.expect(" 473 ")


@pytest.mark.parametrize(
    ("line", "answer"),
    [("INVITE Никто #lab", "401"), ("INVITE Борис #nowhere", "403"), ("INVITE Борис #lab", "443")],
)
def test_a_useless_invitation_is_told(pair: tuple[Client, Client], line: str, answer: str) -> None:
    anna, _boris = pair
    anna.send(line)
    anna.expect(f" {answer} ")


def test_a_room_may_begin_with_another_sign(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.send("JOIN &lab")
        client.expect(" 366 .* &lab ")
    anna.send("PRIVMSG &lab :привет")
    boris.expect("PRIVMSG &lab привет$|PRIVMSG &lab :привет$")


def test_extended_join_shows_the_real_name(irc: Irc) -> None:
    able, plain = irc.client("able", capabilities=["extended-join"]), irc.client("plain")
    for client in (able, plain):
        client.enter()
    able.expect(r"^:plain!\S+ JOIN #lab \* :A test$")
    irc.client("third").send("JOIN #lab")
    able.expect(r"^:third!\S+ JOIN #lab \* :A test$")
    plain.expect(r"^:third!\S+ JOIN #lab$")


def test_invitations_are_told_to_those_who_asked_and_listed(irc: Irc) -> None:
    anna, able, vera = (
        irc.client("Анна"),
        irc.client("able", capabilities=["invite-notify"]),
        irc.client("Вера"),
    )
    for client in (anna, able):
        client.enter()
    anna.send("INVITE Вера #lab")
    able.expect("^:Анна!.* INVITE Вера #lab$")
    vera.expect("^:Анна!.* INVITE Вера #lab$")
    vera.send("INVITE")
    vera.expect(" 336 Вера #lab$")
    vera.expect(" 337 ")


def test_an_invitation_dies_with_its_room(irc: Irc) -> None:
    anna, boris, vera = (irc.client(nick) for nick in ("Анна", "Борис", "Вера"))
    anna.enter()
    anna.send("INVITE Борис #lab")
    boris.expect("INVITE")
    anna.send("PART #lab")
    anna.expect("PART")
    vera.enter()
    vera.send("MODE #lab +i")
    vera.expect(r"\+i")
    boris.send("INVITE")
    assert boris.expect(" (336|337) ")[1] == "337"
    boris.send("JOIN #lab")
    boris.expect(" 473 ")


def test_rooms_are_entered_only_so_often(irc: Irc) -> None:
    irc.server(throttle=True, limits=Limits(joins_per_minute=2))
    anna = irc.client("Анна")
    anna.send("JOIN #a,#b,#c")
    anna.expect(" 366 Анна #b ")
    anna.expect(" 263 Анна JOIN ")


def test_one_client_is_in_so_many_rooms_and_no_more(irc: Irc) -> None:
    irc.server(limits=Limits(channels_per_client=2))
    anna = irc.client("Анна")
    assert "CHANLIMIT=#:2,&:2" in " ".join(anna.lines)
    anna.send("JOIN #a,#b,#c")
    anna.expect(" 366 Анна #b ")
    anna.expect(" 405 Анна #c ")


def test_invitations_are_bounded_and_the_oldest_is_forgotten(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for number in range(120):
        anna.enter(f"#{number}")
        anna.send(f"INVITE Борис #{number}")
        anna.expect(" 341 ")
        if number < 80:
            anna.send(f"PART #{number}")
    boris.send("INVITE")
    boris.expect(" 337 ")
    invited = [line.rpartition(" ")[2] for line in boris.lines if " 336 " in line]
    assert invited == [f"#{number}" for number in range(80, 120)]


def test_a_ban_is_not_lifted_by_the_invitation_of_somebody_who_is_no_operator(irc: Irc) -> None:
    anna, boris, banned = irc.client("Анна"), irc.client("Борис"), irc.client("Banned")
    for client in (anna, boris):
        client.enter()
    anna.send("MODE #lab +b Banned")
    boris.expect(r"MODE #lab \+b")
    boris.send("INVITE Banned #lab")
    banned.expect("INVITE Banned #lab")
    banned.send("JOIN #lab")
    banned.expect(" 474 ")
    anna.send("INVITE Banned #lab")
    banned.expect("INVITE Banned #lab")
    banned.enter()
