"""What waits to be sent can be taken back, as long as nobody can have got it."""

import pytest

from protocol.message import parse
from tests.tools.dialogue import Dialogue


def back(dialogue: Dialogue) -> list[str]:
    """The connection comes back, and nothing was missed; return what is said then."""
    dialogue.connect()
    dialogue.welcome()
    dialogue.enter_room()
    return [line for line in dialogue.history("#lab") if "PRIVMSG" in line]


def test_what_is_taken_back_is_never_sent_and_the_others_are_in_their_order(room: Dialogue) -> None:
    room.lose()
    for text in ("первое", "второе", "третье"):
        room.say(text)
    first, second, third = room.session.unsent
    assert [item.typed for item in (first, second, third)] == ["первое", "второе", "третье"]
    assert room.session.take_back([second]) == [second]
    assert room.texts("#lab")[-2:] == ["первое", "третье"]
    assert not room.session.take_back([second])
    lines = back(room)
    assert [parse(line).param(1) for line in lines] == ["первое", "третье"]
    assert room.session.unsent == []


def test_what_may_have_arrived_cannot_be_taken_back(room: Dialogue) -> None:
    room.say("под вопросом")
    assert room.session.unsent == []
    room.lose()
    (item,) = room.session.unsent
    assert item.handed
    assert not room.session.take_back([item])
    assert [parse(line).param(1) for line in back(room)] == ["под вопросом"]


@pytest.mark.parametrize(
    "typed",
    [
        "просто текст",
        "//слово с косой чертой",
        "/me машет рукой",
        "/notice #lab тихо",
        "/msg @#lab операторам",
    ],
)
def test_what_is_taken_back_says_the_same_when_it_is_sent_again(room: Dialogue, typed: str) -> None:
    room.lose()
    room.connect()
    room.welcome()
    room.enter_room()  # what was said meanwhile is being fetched
    room.say(typed)
    (item,) = room.session.unsent
    assert item.typed == typed
    said = (item.command, item.target, item.wire)
    assert room.session.take_back([item])
    room.say(item.typed)
    (again,) = room.session.unsent
    assert (again.command, again.target, again.wire) == said
