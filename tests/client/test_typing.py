"""Who is writing (IRCv3 typing): what we tell others, and what they tell us."""

import pytest

from client.model.state import MAX_TYPISTS
from tests.tools.dialogue import CAPABILITIES, Dialogue

ACTIVE = "@+typing=active TAGMSG #lab"
PAUSED = "@+typing=paused TAGMSG #lab"
DONE = "@+typing=done TAGMSG #lab"


def typed(room: Dialogue, text: str, after: float = 0.0, name: str = "#lab") -> list[str]:
    room.now += after
    room.session.typed(room.talk(name), text)
    return room.sent()


def ticked(room: Dialogue, seconds: int) -> list[str]:
    """Return what is told of writing while time goes by."""
    told: list[str] = []
    for _second in range(seconds):
        room.now += 1
        room.session.tick()
        told += [line for line in room.sent() if "TAGMSG" in line]
    return told


def test_others_are_told_that_one_writes_at_most_every_three_seconds(room: Dialogue) -> None:
    assert typed(room, "п") == [ACTIVE]
    assert typed(room, "пр", 1) == []
    assert typed(room, "при", 1) == []
    assert typed(room, "прив", 1) == [ACTIVE]
    assert ticked(room, 10) == [PAUSED]
    assert ticked(room, 40) == []
    assert typed(room, "") == [DONE]
    assert ticked(room, 10) == []


def test_what_is_typed_and_deleted_again_and_again_is_no_flood(room: Dialogue) -> None:
    told = [line for _time in range(30) for text in ("п", "") for line in typed(room, text, 0.5)]
    assert len(told) <= 11


def test_a_message_says_itself_that_it_is_written(room: Dialogue) -> None:
    assert typed(room, "привет") == [ACTIVE]
    assert [line.split(" ", 1)[1] for line in room.say("привет")] == ["PRIVMSG #lab привет"]
    assert ticked(room, 10) == []
    assert typed(room, "ещё") == [ACTIVE]


@pytest.mark.parametrize("text", ["/join #other", "/", "  ", ""])
def test_nothing_is_told_of_commands(room: Dialogue, text: str) -> None:
    assert typed(room, text) == []
    assert ticked(room, 10) == []


def test_a_text_that_begins_with_a_slash_is_no_command(room: Dialogue) -> None:
    assert typed(room, "//etc") == [ACTIVE]


def test_several_lines_are_no_command_whatever_they_begin_with(room: Dialogue) -> None:
    assert typed(room, "/* main */\nint main();") == [ACTIVE]


@pytest.mark.parametrize(
    ("capabilities", "isupport"),
    [
        (CAPABILITIES.replace("message-tags ", ""), ""),
        (CAPABILITIES, "CLIENTTAGDENY=*,-draft/react"),
        (CAPABILITIES, "CLIENTTAGDENY=typing"),
    ],
)
def test_nothing_is_told_where_the_server_does_not_pass_it_on(capabilities: str, isupport: str) -> None:
    room = Dialogue().online(capabilities)
    room.hear(f":srv 005 Анна {isupport or 'NETWORK=x'} :are supported")
    assert typed(room, "п") == []


def test_it_is_told_where_all_other_tags_are_denied(room: Dialogue) -> None:
    room.hear(":srv 005 Анна CLIENTTAGDENY=*,-typing :are supported")
    assert typed(room, "п") == [ACTIVE]


def test_nothing_is_told_where_we_may_not_speak(room: Dialogue) -> None:
    room.hear(":srv MODE #lab +m", ":Борис!b@h MODE #lab -o Анна")
    assert typed(room, "п") == []


def test_an_error_about_it_is_not_shown_and_nothing_more_is_told_for_a_while(room: Dialogue) -> None:
    before = room.texts()
    assert typed(room, "п") == [ACTIVE]
    room.hear(":srv 404 Анна #lab :Cannot send to channel")
    assert room.texts() == before
    assert typed(room, "пр", 10) == []
    assert typed(room, "при", 60) == [ACTIVE]
    room.say("привет")
    room.hear(":srv 404 Анна #lab :Cannot send to channel")
    assert room.texts() != before


def test_who_writes_is_known_until_he_says_it_or_is_silent(room: Dialogue) -> None:
    state, lab = room.state, room.talk()
    room.hear(f"{PAUSED.replace(' ', ' :Борис!b@h ', 1)}")
    assert state.typists(lab) == ["Борис"]
    room.now += 29
    assert state.typists(lab) == ["Борис"]
    room.hear("@+typing=active :Борис!b@h TAGMSG #lab")
    room.now += 5
    assert state.typists(lab) == ["Борис"]
    room.now += 2
    assert state.typists(lab) == []
    room.hear("@+typing=active :Борис!b@h TAGMSG #lab", ":Борис!b@h PRIVMSG #lab :вот")
    assert state.typists(lab) == []
    room.hear("@+draft/typing=active :Борис!b@h TAGMSG #lab")
    assert state.typists(lab) == ["Борис"]
    room.hear("@+typing=done :Борис!b@h TAGMSG #lab")
    assert state.typists(lab) == []


def test_who_has_gone_writes_no_more_and_strangers_and_we_ourselves_never_do(room: Dialogue) -> None:
    state, lab = room.state, room.talk()
    for nick in ("Анна", "Никто", "Борис"):
        room.hear(f"@+typing=active :{nick}!b@h TAGMSG #lab")
    assert state.typists(lab) == ["Борис"]
    state.ignore("Борис", on=True)
    assert state.typists(lab) == []
    state.ignore("Борис", on=False)
    room.hear(":Борис!b@h PART #lab")
    assert state.typists(lab) == []


def test_the_names_keep_their_order_while_several_write(room: Dialogue) -> None:
    room.hear(":Вера!v@h JOIN #lab", "@+typing=active :Вера!v@h TAGMSG #lab")
    for nick in ("Борис", "Вера"):
        room.hear(f"@+typing=active :{nick}!v@h TAGMSG #lab")
    assert room.state.typists(room.talk()) == ["Вера", "Борис"]


def test_in_a_private_talk_the_other_writes(room: Dialogue) -> None:
    room.hear(":Борис!b@h PRIVMSG Анна :привет")
    room.history("Борис")
    room.hear("@+typing=active :Борис!b@h TAGMSG Анна")
    assert room.state.typists(room.talk("Борис")) == ["Борис"]
    assert room.state.typists(room.talk()) == []
    assert typed(room, "п", name="Борис") == [ACTIVE.replace("#lab", "Борис")]
    room.lose()
    assert room.state.typists(room.talk("Борис")) == []


def test_of_thousands_who_write_at_once_few_are_remembered(room: Dialogue) -> None:
    nicks = [f"n{number}" for number in range(2 * MAX_TYPISTS)]
    room.hear(*(f":{nick}!n@h JOIN #lab" for nick in nicks))
    room.hear(*(f"@+typing=active :{nick}!n@h TAGMSG #lab" for nick in nicks))
    lab = room.talk("#lab")
    assert room.state.typists(lab) == nicks[:MAX_TYPISTS]
    room.now += 5
    room.hear("@+typing=active :n3!n@h TAGMSG #lab", f"@+typing=active :{nicks[-1]}!n@h TAGMSG #lab")
    room.now += 2
    room.hear(f"@+typing=active :{nicks[-1]}!n@h TAGMSG #lab")
    assert room.state.typists(lab) == ["n3", nicks[-1]]
