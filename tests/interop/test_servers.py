"""Our client, with and without its window, on servers that others wrote."""

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.model.conversations import Delivery, Kind
from client.model.events import Problem, Refused
from gui.chat.connect_page import Form
from tests.tools.foreign_servers import FOREIGN_SERVERS, ForeignServer
from tests.tools.irc import Client
from tests.tools.users import User, Users
from tests.tools.windows import chat_window, enter_room, say, shows, until


@pytest.fixture(params=FOREIGN_SERVERS)
def foreign(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ForeignServer]:
    server = FOREIGN_SERVERS[request.param](tmp_path)
    yield server
    server.stop()


def pair(meet: Users, foreign: ForeignServer) -> tuple[User, User]:
    """Anna and Boris, who come at the same time: InspIRCd lets new clients in once a second."""
    anna, boris = (meet(foreign.address, nick, enters=False) for nick in ("Anna", "Boris"))
    anna.wait(lambda: all(user.is_in and len(user.lab.members) == 2 for user in (anna, boris)))
    return anna, boris


def refusal(user: User) -> Refused:
    """Wait until the server does not let somebody in; return what the user is told."""
    user.wait(lambda: user.session.state.refused)
    return [one for one in user.events if isinstance(one, Refused)][-1]


def test_two_talk_in_russian(foreign: ForeignServer, meet: Users) -> None:
    anna, boris = pair(meet, foreign)
    anna.say("Привет, Boris!")
    anna.say("/me машет рукой")
    boris.wait(lambda: len(boris.said()) == 2)
    boris.say("И вам: «ёжик» 🙂")
    expected = ["Anna: Привет, Boris!", "Anna: машет рукой", "Boris: И вам: «ёжик» 🙂"]
    for user in (anna, boris):
        user.wait(lambda user=user: len(user.said()) == 3 and not user.session.unconfirmed)  # type: ignore[misc]
        assert user.said() == expected
    assert boris.lab.entries[-3].mention
    assert all(entry.delivery is Delivery.SENT for entry in anna.lab.entries)


def test_a_private_talk(foreign: ForeignServer, meet: Users) -> None:
    anna, boris = pair(meet, foreign)
    anna.say("/msg boris Только вам")
    boris.wait(lambda: boris.said("Anna"))
    boris.say("Понял", where="Anna")
    anna.wait(lambda: len(anna.said("Boris")) == 2)
    assert anna.said("Boris") == boris.said("Anna") == ["Anna: Только вам", "Boris: Понял"]
    assert anna.said() == boris.said() == []


def test_a_taken_nick_gets_a_number(foreign: ForeignServer, meet: Users) -> None:
    meet(foreign.address, "Anna")
    second = meet(foreign.address, "anna", enters=False)
    refused = refusal(second)
    assert (refused.problem, refused.suggestion) == (Problem.NICK_TAKEN, "anna2")
    second.session.retry_with(refused.suggestion)
    second.wait(lambda: second.is_in)
    assert second.session.state.nick == "anna2"


def test_a_cyrillic_nick_is_written_in_latin_letters(foreign: ForeignServer, meet: Users) -> None:
    user = meet(foreign.address, "Анна", enters=False)
    user.wait(lambda: user.is_in)
    assert user.session.state.nick == "Anna"


def test_a_long_text_arrives_with_every_letter_whole(foreign: ForeignServer, meet: Users) -> None:
    anna, boris = pair(meet, foreign)
    words = " ".join(f"слово{number}" for number in range(120))
    unbroken = "щ" * 700 + "🙂" * 150
    anna.say(words)
    boris.wait(lambda: " ".join(heard(boris)) == words)
    assert 2 < len(boris.said()) < 6
    before = len(boris.said())
    anna.say(unbroken)
    boris.wait(lambda: "".join(heard(boris)[before:]) == unbroken)
    assert heard(anna) == heard(boris)


def heard(user: User) -> list[str]:
    """What was said in the room, without the names."""
    return [line.partition(": ")[2] for line in user.said()]


def test_topic_nick_and_kick(foreign: ForeignServer, meet: Users) -> None:
    anna, boris = meet(foreign.address, "Anna"), meet(foreign.address, "Boris")
    anna.say("/topic Сокеты и потоки")
    boris.wait(lambda: boris.lab.topic == "Сокеты и потоки")
    assert any("Сокеты и потоки" in text for text in boris.told(Kind.TOPIC))
    boris.say("/nick Borya")
    anna.wait(lambda: anna.neighbours == ["@Anna", "Borya"] and boris.session.state.nick == "Borya")
    anna.say("/kick borya шумит")
    boris.wait(lambda: not boris.lab.joined)
    assert "Anna" in boris.told(Kind.KICK)[-1]
    assert "шумит" in boris.told(Kind.KICK)[-1]
    anna.wait(lambda: anna.neighbours == ["@Anna"])
    boris.say("/join #lab")
    boris.wait(lambda: boris.is_in and boris.lab.topic == "Сокеты и потоки")


def test_what_is_refused_is_told_in_the_room(foreign: ForeignServer, meet: Users) -> None:
    meet(foreign.address, "Anna")
    boris = meet(foreign.address, "Boris")
    boris.say("/kick Anna нельзя")
    boris.wait(lambda: boris.told(Kind.ERROR))
    boris.say("/nick Anna")
    boris.wait(lambda: len(boris.told(Kind.ERROR)) == 2)
    assert "Anna" in boris.told(Kind.ERROR)[-1]
    boris.say("/nick Борис")
    boris.wait(lambda: len(boris.told(Kind.ERROR)) == 3)
    assert "Борис" in boris.told(Kind.ERROR)[-1]
    assert boris.session.state.nick == "Boris"


def test_rooms_and_people_are_noted_and_told_nowhere(foreign: ForeignServer, meet: Users) -> None:
    anna, _boris = pair(meet, foreign)
    state = anna.session.state
    state.ask_for_card("Boris")
    anna.wait(lambda: state.looked_up and state.looked_up.is_known)
    before = [len(talk.entries) for talk in state.conversations.values()]
    assert state.looked_up
    card = state.looked_up.card
    assert "boris@127.0.0.1" in card.address
    assert [room.lstrip("@") for room in card.rooms] == ["#lab"]
    assert card.since
    assert card.others == []
    state.ask_for_rooms()
    anna.wait(lambda: not state.listing.is_coming)
    assert not state.listing.problem
    assert [(one.people, one.topic) for one in state.listing.rooms if one.name == "#lab"] == [(2, "")]
    assert [len(talk.entries) for talk in state.conversations.values()] == before


def test_all_come_back_when_the_server_restarts(foreign: ForeignServer, meet: Users) -> None:
    anna, boris = pair(meet, foreign)
    anna.say("до")
    boris.wait(lambda: boris.said() == ["Anna: до"])
    anna.wait(lambda: not anna.session.unconfirmed)
    foreign.stop()
    anna.wait(lambda: not anna.session.state.ready and not boris.session.state.ready)
    anna.say("пока сервера нет")
    foreign.start()
    anna.wait(lambda: anna.is_in and boris.is_in and len(anna.lab.members) == 2)
    anna.wait(lambda: not anna.session.unconfirmed)
    boris.say("после")
    anna.wait(lambda: "Boris: после" in anna.said())
    assert anna.said() == ["Anna: до", "Anna: пока сервера нет", "Boris: после"]
    assert set(boris.said()) <= set(anna.said())


def test_a_window_is_at_home_there(root: tk.Tk, foreign: ForeignServer) -> None:
    with Client(foreign.address) as other, chat_window(root) as window:
        enter_room(window, foreign.address, nick="Anna")
        other.register("Boris")
        other.enter()
        say(window, "Привет из окна")
        other.expect("^:Anna!.* PRIVMSG #lab :Привет из окна$")
        other.send("PRIVMSG #lab :\x02Привет\x02 \x0304вам\x03")
        until(root, lambda: "Привет вам" in window.transcript_text())
        say(window, "/topic Сокеты")
        until(root, lambda: window.page.shown and window.page.shown.topic == "Сокеты")
        assert [row.text + row.tail for row in window.page.members.list.rows] == ["Anna  (you)", "Boris"]
        foreign.stop()
        until(root, lambda: window.session and not window.session.state.ready)
        foreign.start()
        until(root, lambda: window.session and window.session.state.ready and shows(window, "#lab"))
        until(root, lambda: window.page.shown and window.page.shown.joined)


def test_a_window_writes_the_nick_in_latin_letters_and_offers_a_free_one(
    root: tk.Tk, foreign: ForeignServer, meet: Users
) -> None:
    meet(foreign.address, "Anna")
    with chat_window(root) as window:
        page = window.connect_page
        window.connect(Form("{}:{}".format(*foreign.address), "Анна", "#lab"))
        until(root, lambda: page.fields["nick"].error)
        page._suggest.invoke()
        until(root, lambda: shows(window, "#lab"))
        assert window.session
        assert window.session.state.nick == "Anna2"
