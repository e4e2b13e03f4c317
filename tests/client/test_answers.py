"""What the user asks is answered where he asked, though several questions are open at once."""

import pytest

from client.model.questions import PATIENCE
from tests.tools.dialogue import Dialogue


def whois(nick: str, *more: str) -> list[str]:
    return [
        f":srv 311 Анна {nick} u host * :Real {nick}",
        f":srv 319 Анна {nick} :#lab",
        *(line.format(nick=nick) for line in more),
        f":srv 318 Анна {nick} :End of /WHOIS list",
    ]


@pytest.fixture
def asked(room: Dialogue) -> Dialogue:
    """Борис was asked about in a private talk, Вера in the room."""
    room.session.open_private("Борис")
    room.history("Борис")
    room.say("/raw WHOIS Борис", "Борис")
    room.say("/raw WHOIS Вера")
    return room


def test_two_answers_that_mix_go_each_to_its_place(asked: Dialogue) -> None:
    mixed = [line for pair in zip(whois("Вера"), whois("Борис"), strict=True) for line in pair]
    asked.hear(*mixed)
    assert asked.texts("Борис")[-2:] == ["Борис is Real Борис, u@host", "Борис is in #lab"]
    assert asked.texts()[-2:] == ["Вера is Real Вера, u@host", "Вера is in #lab"]


def test_what_nobody_knows_and_who_is_away_belong_to_the_answer_around_them(asked: Dialogue) -> None:
    asked.session.open_private("Вера")
    asked.history("Вера")
    before = asked.texts("")
    asked.hear(
        *whois(
            "Вера",
            ":srv 301 Анна {nick} :обед",
            ":srv 742 Анна {nick} :likes tea",
            ":srv 743 Анна :plays chess",
            ":srv 320 Анна {nick} :is a rare bird",
        )
    )
    assert asked.texts()[-4:] == [
        "Вера is away: обед",
        "Вера likes tea",
        "plays chess",
        "Вера: is a rare bird",
    ]
    assert asked.texts("") == before
    asked.hear(":srv 301 Анна Вера :обед")  # to a message
    assert asked.last("Вера").text == "Вера is away: обед"


def test_that_there_is_nobody_is_told_where_it_was_asked(asked: Dialogue) -> None:
    asked.session.open_private("Вера")
    asked.history("Вера")
    asked.hear(":srv 401 Анна Вера :No such nick/channel", ":srv 318 Анна Вера :End of /WHOIS list")
    assert asked.last().text == "There is nobody called Вера here."


def test_an_answer_without_an_end_does_not_take_the_next(asked: Dialogue) -> None:
    asked.hear(*whois("Вера")[:-1])
    asked.say("/raw WHOIS Вера", "Борис")
    asked.hear(*whois("Вера"))
    assert asked.last("Борис").text == "Вера is in #lab"
    asked.say("/raw WHOIS Глеб")
    asked.now += PATIENCE + 1
    asked.session.submit(asked.talk("Борис"), "/raw WHOIS Глеб")
    asked.hear(*whois("Глеб"))
    assert asked.last("Борис").text == "Глеб is in #lab"


def test_a_list_goes_on_where_it_began(asked: Dialogue) -> None:
    asked.say("/list", "Борис")
    asked.hear(":srv 322 Анна #b 5 :Тема")
    asked.say("/raw VERSION")
    asked.hear(":srv 322 Анна #c 1 :", ":srv 351 Анна ngircd-27 srv :x", ":srv 323 Анна :End of /LIST")
    assert asked.texts("Борис")[-3:] == ["#b — 5 people — Тема", "#c — 1 person", "2 rooms on the server"]
    assert asked.last().text == "The server runs ngircd-27"


def test_what_was_asked_in_a_talk_that_is_closed_is_answered_by_the_server(asked: Dialogue) -> None:
    asked.session.close(asked.talk("Борис"))
    asked.hear(*whois("Борис"))
    assert asked.texts("")[-1] == "Борис is in #lab"


def test_a_room_that_leads_to_another_is_named_and_the_other_is_shown(room: Dialogue) -> None:
    room.say("/join #старая")
    room.hear(":srv 470 Анна #старая #новая :Forwarding to another channel")
    assert room.last().text.startswith("#старая leads to #новая. The server says: “Forwarding to")
    room.enter_room("#новая")
    opened = [event for event in room.events if getattr(event, "focus", False)]
    assert opened[-1].conversation is room.talk("#новая")  # type: ignore[attr-defined]
    room.lose()
    room.connect()
    joined = [line for line in room.welcome() if line.startswith("JOIN")]
    assert joined == ["JOIN #lab", "JOIN #новая"]


@pytest.mark.parametrize(
    "line", ["470 Анна #lab :[Link] Cannot join channel #lab -- transferring you to #lab2.", "470 Анна #lab"]
)
def test_so_is_a_room_to_which_one_comes_back(room: Dialogue, line: str) -> None:
    room.lose()
    room.connect()
    room.welcome()
    room.hear(f":srv {line}")
    assert room.last().text.startswith("#lab leads to ")
    assert not room.talk().wanted
