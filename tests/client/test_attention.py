"""What may call the user to the window, and what stays quiet."""

import pytest

from client.attention import QUIET_PAUSE, USUAL, Bursts, Cause, cause_of, may_call
from client.model.events import Heard, MutedChanged
from tests.tools.dialogue import Dialogue


@pytest.fixture
def capabilities() -> str:
    """No history, from which a private talk would be fetched first."""
    return "message-tags server-time"


def causes(room: Dialogue) -> list[Cause]:
    """Why each of the things that were heard may call the user."""
    return [cause_of(one.conversation, one.entry) for one in room.events if isinstance(one, Heard)]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (":Борис!b@h PRIVMSG #lab :Анна, смотри", Cause.MENTION),
        (":Борис!b@h PRIVMSG #lab :всем привет", Cause.ROOM),
        (":Борис!b@h PRIVMSG Анна :лично", Cause.PRIVATE),
        ("@chat.lab/announcement=1 :Борис!b@h NOTICE #lab :через 5 минут", Cause.ANNOUNCEMENT),
    ],
)
def test_what_others_say_has_a_cause(room: Dialogue, line: str, cause: Cause) -> None:
    room.hear(line)
    assert causes(room) == [cause]


@pytest.mark.parametrize(
    "line",
    [
        ":Анна!a@h PRIVMSG #lab :сама себе, Анна",
        ":Борис!b@h JOIN #lab",
        ":srv NOTICE Анна :сервер говорит",
        ":Вера!v@h PRIVMSG #lab :Анна, меня не слышно",
    ],
)
def test_what_nobody_else_says_or_is_hidden_calls_nobody(room: Dialogue, line: str) -> None:
    room.say("/ignore Вера")
    room.hear(line)
    assert causes(room) == []


def test_the_shown_room_is_heard_as_well(room: Dialogue) -> None:
    """The user may work in another window while it is shown."""
    room.session.show(room.state.conversation("#lab"))
    room.hear(":Борис!b@h PRIVMSG #lab :Анна?")
    assert causes(room) == [Cause.MENTION]


def test_what_is_muted_calls_nobody_but_an_announcement_does() -> None:
    assert [cause for cause in Cause if may_call(cause, set(Cause), is_muted=True)] == [Cause.ANNOUNCEMENT]
    assert {cause for cause in Cause if may_call(cause, USUAL, is_muted=False)} == set(USUAL)
    assert not any(may_call(cause, (), is_muted=False) for cause in Cause)


def test_a_burst_is_heard_once() -> None:
    now = 0.0
    bursts = Bursts(lambda: now)
    assert bursts.begins()
    for _ in range(10):
        now += QUIET_PAUSE / 2
        assert not bursts.begins()
    now += QUIET_PAUSE
    assert bursts.begins()


def test_a_room_is_muted_by_a_command_under_any_spelling(room: Dialogue) -> None:
    place = room.state.conversation("#lab")
    assert place
    assert room.say("/mute") == []
    assert room.state.is_muted(place)
    assert "#lab" in room.last().text
    assert room.say("/unmute #LAB") == []
    assert not room.state.is_muted(place)
    assert [one for one in room.events if isinstance(one, MutedChanged)] == [
        MutedChanged("#lab", muted=True),
        MutedChanged("#LAB", muted=False),
    ]


def test_a_teacher_who_mutes_means_a_person(room: Dialogue) -> None:
    room.hear(":srv 005 Анна chat.lab/CLASS=#lab :are supported by this server", ":Анна!a@h MODE Анна :+o")
    assert room.say("/mute Борис 5") == ["CLASS mute :Борис 5"]
    assert room.say("/mute") == ["CLASS mute"]
    assert room.say("/mute #lab") == []
    assert list(room.state.muted.values()) == ["#lab"]
