"""Older messages come into the transcript when the user scrolls up, once, in order, and within bounds."""

import pytest

from client.history import PATIENCE
from client.model.conversations import DROP, MAX_BACK, MAX_ENTRIES
from client.model.events import EntriesPrepended
from tests.tools.dialogue import CAPABILITIES, Dialogue


def said(number: int) -> str:
    return f"@msgid=m{number};time=2026-01-01T00:00:00.000Z :Борис!~b@h PRIVMSG #lab :{number}"


@pytest.fixture
def room() -> Dialogue:
    """A room in which 51 and 52 were said before we entered."""
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome()
    dialogue.enter_room()
    dialogue.history("#lab", said(51), said(52))
    return dialogue


def look_back(dialogue: Dialogue) -> list[str]:
    dialogue.session.read_back(dialogue.talk())
    return dialogue.sent()


def numbers(dialogue: Dialogue) -> list[int]:
    return [int(text) for text in dialogue.texts() if text.isdigit()]


def test_pages_are_asked_for_up_to_the_beginning(room: Dialogue) -> None:
    assert look_back(room) == ["CHATHISTORY BEFORE #lab msgid=m51 100"]
    assert look_back(room) == [], "one page at a time"
    room.events.clear()
    assert room.history("#lab", said(49), said(50)) == []
    (event,) = room.events
    assert isinstance(event, EntriesPrepended)
    assert [entry.text for entry in event.entries] == ["49", "50"]
    assert look_back(room) == ["CHATHISTORY BEFORE #lab msgid=m49 100"]
    room.history("#lab")
    assert look_back(room) == [], "there is nothing before"
    assert numbers(room) == [49, 50, 51, 52]
    assert room.talk().unread == 0


def test_what_is_said_meanwhile_is_shown_at_once(room: Dialogue) -> None:
    look_back(room)
    room.hear(said(53))
    assert numbers(room) == [51, 52, 53]
    room.history("#lab", said(50), said(51))
    assert numbers(room) == [50, 51, 52, 53]


def test_what_has_left_comes_back(room: Dialogue) -> None:
    room.hear(*map(said, range(53, 53 + MAX_ENTRIES)))
    first = numbers(room)[0]
    assert first > 53
    room.session.scrolled(room.talk(), up=True)
    assert look_back(room) == [f"CHATHISTORY BEFORE #lab msgid=m{first} 100"]
    room.history("#lab", *map(said, range(first - 100, first)))
    last = 52 + MAX_ENTRIES
    assert numbers(room) == list(range(first - 100, last + 1))
    room.session.scrolled(room.talk(), up=False)
    assert numbers(room)[-1] == last
    assert len(room.talk().entries) <= MAX_ENTRIES


def test_who_reads_back_for_ever_is_bounded(room: Dialogue) -> None:
    room.session.scrolled(room.talk(), up=True)
    most = MAX_ENTRIES + MAX_BACK
    room.hear(*map(said, range(1000, 1000 + most - 50)))
    assert look_back(room)
    room.history("#lab", *map(said, range(100, 200)))
    assert len(room.talk().entries) == most
    assert look_back(room) == []
    room.hear(said(9999))
    assert len(room.talk().entries) == most - DROP


def test_a_gap_and_an_older_page_are_not_mixed_up(room: Dialogue) -> None:
    look_back(room)
    room.hear(":Борис!~b@h KICK #lab Анна", ":Анна!~a@h JOIN #lab", ":srv 366 Анна #lab :End")
    assert room.talk().is_catching_up
    room.history("#lab", said(50))
    assert room.talk().is_catching_up
    assert look_back(room) == []
    room.history("#lab", said(53))
    room.history("#lab")
    assert numbers(room) == [51, 52, 53]
    look_back(room)
    room.history("#lab", said(50))
    assert numbers(room) == [50, 51, 52, 53]


@pytest.mark.parametrize("context", ["BEFORE #lab", "BEFORE"])
def test_a_refusal_is_an_end(room: Dialogue, context: str) -> None:
    look_back(room)
    room.hear(f"FAIL CHATHISTORY MESSAGE_ERROR {context} :Broken")
    assert "Broken" not in room.texts()
    assert look_back(room) == []


def test_a_page_that_never_comes_is_asked_for_again(room: Dialogue) -> None:
    look_back(room)
    room.now += PATIENCE + 1
    assert look_back(room) != []


def test_after_a_loss_it_is_asked_for_again(room: Dialogue) -> None:
    look_back(room)
    room.lose()
    assert look_back(room) == []
    room.connect()
    room.welcome()
    room.enter_room()
    room.history("#lab")
    room.history("#lab", said(52))
    assert look_back(room) == ["CHATHISTORY BEFORE #lab msgid=m51 100"]


def test_a_server_without_a_history_is_not_asked() -> None:
    room = Dialogue().online(CAPABILITIES.replace(" draft/chathistory", ""))
    room.hear(said(1))
    assert look_back(room) == []


def test_the_talk_with_the_server_has_no_history(room: Dialogue) -> None:
    room.hear("@msgid=n1 :Служба!s@h NOTICE Анна :Hello")
    room.session.read_back(room.talk(""))
    assert room.sent() == []


def without_id(number: int) -> str:
    return f"@time=2026-01-01T00:00:{number:02}.500Z :Борис!~b@h PRIVMSG #lab :{number}"


@pytest.mark.parametrize("isupport", ["CHANTYPES=#", "CHANTYPES=# MSGREFTYPES=timestamp"])
def test_where_there_are_no_ids_older_pages_are_asked_for_by_time(isupport: str) -> None:
    room = Dialogue()
    room.connect()
    room.welcome(isupport=isupport)
    room.enter_room()
    room.history("#lab", without_id(51), without_id(52))
    assert look_back(room) == ["CHATHISTORY BEFORE #lab timestamp=2026-01-01T00:00:51.501Z 100"]
    room.history("#lab", *map(without_id, (49, 50, 51)))
    assert numbers(room) == [49, 50, 51, 52]
    assert look_back(room) == ["CHATHISTORY BEFORE #lab timestamp=2026-01-01T00:00:49.501Z 100"]
    room.history("#lab", without_id(49))
    assert numbers(room) == [49, 50, 51, 52]
    assert look_back(room) == [], "there is nothing before"


def test_a_server_that_does_not_know_the_id_is_asked_for_older_pages_by_time(room: Dialogue) -> None:
    look_back(room)
    asked = room.hear("FAIL CHATHISTORY INVALID_MSGREFTYPE BEFORE #lab :No ids here")
    assert asked == ["CHATHISTORY BEFORE #lab timestamp=2026-01-01T00:00:00.001Z 100"]
    room.history("#lab", said(50), said(51))
    assert numbers(room) == [50, 51, 52]
