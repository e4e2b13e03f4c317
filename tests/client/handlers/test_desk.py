"""What the server tells an operator's desk, and what the operator's commands become."""

import math

import pytest

from client.model.conversations import Kind
from client.model.events import DeskChanged
from protocol.class_words import USAGE
from tests.tools.dialogue import Dialogue
from translations import use_language

CLASS_ROOMS = "005 Анна chat.lab/CLASS=#lab,#group2 :are supported by this server"


@pytest.fixture
def capabilities() -> str:
    return "message-tags standard-replies chat.lab/desk"


def test_a_line_of_a_person_is_complete_each_time(room: Dialogue) -> None:
    room.hear(
        "@chat.lab/rooms=#lab,#group2;chat.lab/state=here;chat.lab/hand=2;chat.lab/muted=forever;"
        "chat.lab/address=10.0.0.7;chat.lab/heard=1790000000;chat.lab/lines=3;chat.lab/client=bot "
        ":srv PERSON 7 Борис"
    )
    boris = room.state.desk.people["7"]
    assert boris.heard == 1_790_000_000
    assert (boris.nick, boris.rooms, boris.hand, boris.lines) == ("Борис", ("#lab", "#group2"), 2, 3)
    assert (boris.muted_until, boris.address) == (math.inf, "10.0.0.7")
    room.hear("@chat.lab/state=gone;chat.lab/muted=60 :srv PERSON 7 Боря")
    boris = room.state.desk.people["7"]
    assert (boris.nick, boris.rooms, boris.state, boris.hand) == ("Боря", (), "gone", 0)
    assert boris.muted_until == room.state.timer() + 60
    room.hear("@chat.lab/state=forgotten :srv PERSON 7 Боря")
    assert room.state.desk.people == {}
    assert any(isinstance(event, DeskChanged) for event in room.events)


def test_the_class_is_known_and_forgotten_with_the_connection(room: Dialogue) -> None:
    room.hear(
        "@chat.lab/quiet=#lab;chat.lab/private=none;chat.lab/rooms=#lab,#group2;chat.lab/here=27;"
        "chat.lab/expected=30;chat.lab/recorded :srv CLASSROOM"
    )
    desk = room.state.desk
    assert (desk.quiet, desk.locked, desk.rooms) == (("#lab",), (), ("#lab", "#group2"))
    assert (desk.private, desk.here, desk.expected, desk.is_recorded) == ("none", 27, 30, True)
    room.lose()
    assert (desk.quiet, desk.here, desk.is_recorded) == ((), 0, False)


def test_whoever_watches_watches_again_as_soon_as_they_are_an_operator_again(room: Dialogue) -> None:
    room.state.capabilities.add("chat.lab/desk")
    room.state.watch_class(on=True)
    assert room.sent() == []
    assert room.hear(":Анна!a@h MODE Анна :+o") == ["CLASS WATCH"]
    room.state.watch_class(on=False)
    assert room.sent() == ["CLASS UNWATCH"]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/mute Борис 5", "CLASS mute :Борис 5"),
        ("/quiet", "CLASS quiet"),
        ("/announce Через 5 минут", "CLASS announce :Через 5 минут"),
        ("/ban Борис one 10 шумит", "CLASS ban :Борис one 10 шумит"),
    ],
)
def test_a_verb_is_a_command(room: Dialogue, typed: str, line: str) -> None:
    assert room.say(typed) == []
    assert "has no class" in room.last().text
    room.hear(f":srv {CLASS_ROOMS}")
    assert room.say(typed) == [line]


def test_kick_is_the_classs_where_an_operator_uses_it_in_its_rooms(room: Dialogue) -> None:
    room.hear(f":srv {CLASS_ROOMS}")
    assert room.say("/kick Борис шумит") == ["KICK #lab Борис шумит"]
    room.hear(":Анна!a@h MODE Анна :+o")
    assert room.say("/kick Борис 10 шумит") == ["CLASS kick :Борис 10 шумит"]


def test_answers_are_read_in_the_users_language_where_they_were_asked(room: Dialogue) -> None:
    use_language("ru")
    room.hear(f":srv {CLASS_ROOMS}")
    for line, text in (
        ("NOTE CLASS MUTE :Борис is muted for 5 min.", "Борис не может говорить 5 мин."),
        (
            "NOTE CLASS WHO :Борис: 10.0.0.7 in #lab; hand 1; muted",
            "Борис: 10.0.0.7 в #lab; рука 1; не может говорить",
        ),
        (
            "NOTE CLASS HELP :mute nick [minutes] — this person may not speak, under any nick",
            "mute ник [минуты] — запретить",
        ),
        (
            "FAIL CLASS INVALID_PARAMS :This is how to use it: mute nick [minutes]",
            "Как пользоваться: /mute nick [minutes]",
        ),
        (
            "FAIL CLASS ADDRESS_SHARED :Борис shares the address 10.0.0.7 with Вера. That person alone: "
            "CLASS ban Борис one; everybody at the address: CLASS ban Борис all",
            "С адреса 10.0.0.7 подключены Борис и ещё Вера. Только этого человека: /ban Борис one; всех с "
            "этого адреса: /ban Борис all",
        ),
    ):
        room.say("/who")
        room.hear(f":srv {line}")
        assert room.last().text.startswith(text)
    assert room.last().kind is Kind.ERROR


def test_help_names_the_verbs_to_operators(room: Dialogue) -> None:
    def helped() -> set[str]:
        before = len(room.talk().entries)
        room.say("/help")
        return {entry.text for entry in list(room.talk().entries)[before:]}

    everybodys = ("help", "kick", "mute", "unmute")  # commands that everybody has, in a line of their own
    verbs = {f"/{usage}" for verb, usage in USAGE.items() if verb not in everybodys}
    assert not verbs & helped()
    room.hear(":Анна!a@h MODE Анна :+o")
    told = helped()
    assert verbs <= told
    assert any("teachers: /mute nick [minutes]" in line for line in told)
