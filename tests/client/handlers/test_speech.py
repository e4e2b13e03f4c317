"""What a member of a class is told: quiet, mutes, pauses, hands, announcements; whose words are hidden."""

import pytest

from client.model.conversations import Kind
from client.model.events import Announced, IgnoredChanged
from client.model.speech import Silence
from client.settings import Settings
from tests.tools.dialogue import CAPABILITIES, ISUPPORT, Dialogue


@pytest.fixture
def lesson() -> Dialogue:
    """Анна in a room of a class, whose teacher is there."""
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome(CAPABILITIES, f"{ISUPPORT} chat.lab/CLASS=#lab,#two")
    sent = dialogue.enter_room(members="@Учитель Анна Борис")
    assert "MODE #lab" in sent
    dialogue.history("#lab")
    dialogue.hear(":srv 324 Анна #lab +nt")
    return dialogue


def silence(dialogue: Dialogue) -> Silence:
    return dialogue.state.silence(dialogue.talk())


def test_a_quiet_room_is_known_from_the_beginning_and_the_word_opens_it(lesson: Dialogue) -> None:
    assert "mode" not in lesson.last().text  # the answer to what the user has not asked
    lesson.hear(":srv 324 Анна #lab +ntm")
    assert silence(lesson) is Silence.QUIET
    lesson.hear(":Учитель!t@h MODE #lab +v Анна")
    assert silence(lesson) is Silence.NONE
    lesson.hear(":Учитель!t@h MODE #lab -v Анна")
    assert silence(lesson) is Silence.QUIET
    lesson.hear(":Учитель!t@h MODE #lab -m")
    assert silence(lesson) is Silence.NONE


def test_a_mute_and_a_pause_are_told_and_end(lesson: Dialogue) -> None:
    before = lesson.texts()
    lesson.hear(":srv NOTE CLASS MUTED * :You are muted")
    lesson.hear(":Учитель!t@h MODE #lab +v Анна")
    assert silence(lesson) is Silence.MUTED
    lesson.hear(":srv NOTE CLASS UNMUTED * :You may speak again", ":srv NOTE CLASS PAUSED 30 :Too many")
    assert silence(lesson) is Silence.PAUSED
    lesson.now += 29
    assert silence(lesson) is Silence.PAUSED
    lesson.now += 1
    assert silence(lesson) is Silence.NONE
    assert len(lesson.texts()) == len(before) + 1  # only the voice stands in the transcript


def test_a_hand_is_up_when_the_server_has_heard_it_until_the_word_is_given(lesson: Dialogue) -> None:
    lesson.session.raise_hand(lesson.talk(), up=True)
    assert lesson.sent() == ["@+chat.lab/hand=up NOTICE @#lab ✋"]
    assert not lesson.state.speech.hand_raised
    lesson.hear("@+chat.lab/hand=up :Анна!a@h NOTICE @#lab :✋")
    assert lesson.state.speech.hand_raised
    assert (lesson.last().kind, lesson.last().text) == (Kind.ACTION, "raises the hand")
    lesson.hear("@+chat.lab/hand=down :Борис!b@h NOTICE Анна :no")
    assert lesson.state.speech.hand_raised
    lesson.hear("@+chat.lab/hand=down :chat.lab NOTICE Анна :Your hand was lowered")
    assert not lesson.state.speech.hand_raised
    lesson.hear("@+chat.lab/hand=up :Анна!a@h NOTICE @#lab :✋", ":Учитель!t@h MODE #lab +v Анна")
    assert not lesson.state.speech.hand_raised


def test_a_hand_of_another_program_is_told_in_words_which_every_font_has(lesson: Dialogue) -> None:
    lesson.hear(":Борис!b@h NOTICE @#lab :✋", ":Вера!v@h PRIVMSG @#lab :✋ Не компилируется")
    assert lesson.texts()[-2:] == ["raises the hand", "raises the hand: Не компилируется"]
    lesson.hear(":Борис!b@h PRIVMSG #lab :✋")
    assert lesson.last().text == "✋"


def test_a_hand_that_is_raised_by_a_command_is_told_in_words_and_nobody_has_changed_it(
    lesson: Dialogue,
) -> None:
    (line,) = lesson.say("/notice @#lab ✋")
    before = len(lesson.texts())
    tags, command = line.split(" ", 1)
    lesson.hear(f"{tags} :Анна!a@h {command}")
    assert (lesson.last().kind, lesson.last().text) == (Kind.ACTION, "raises the hand")
    assert len(lesson.texts()) == before


def test_an_announcement_is_told_once_in_however_many_rooms_it_is_said(lesson: Dialogue) -> None:
    lesson.enter_room("#two", "@Учитель Анна")
    lesson.history("#two")
    for room in ("#lab", "#two"):
        lesson.hear(f"@chat.lab/announcement=7f;msgid=1 :Учитель!t@h NOTICE {room} :Перерыв")
    lesson.collect()
    told = [event for event in lesson.events if isinstance(event, Announced)]
    assert [(one.nick, one.text) for one in told] == [("Учитель", "Перерыв")]
    for room in ("#lab", "#two"):
        entry = lesson.last(room)
        assert (entry.text, entry.announced, entry.by_teacher) == ("Перерыв", True, True)


def test_an_announcement_that_came_while_the_connection_was_lost_is_told_too(lesson: Dialogue) -> None:
    lesson.hear("@msgid=a;time=2026-01-01T00:01:00.000Z :Борис!b@h PRIVMSG #lab :до")
    lesson.lose()
    lesson.connect()
    lesson.welcome(CAPABILITIES, f"{ISUPPORT} chat.lab/CLASS=#lab")
    lesson.enter_room(members="@Учитель Анна Борис")
    announcement = "@chat.lab/announcement=9;msgid=b;time=2026-01-01T00:02:00.000Z"
    lesson.history("#lab", f"{announcement} :Учитель!t@h NOTICE #lab :Перерыв")
    lesson.history("#lab")
    lesson.collect()
    told = [event.text for event in lesson.events if isinstance(event, Announced)]
    assert told == ["Перерыв"]
    assert "Перерыв" in lesson.texts()


def test_a_teacher_is_marked_and_nobody_else(lesson: Dialogue) -> None:
    lesson.hear(":Учитель!t@h PRIVMSG #lab :да", ":Борис!b@h PRIVMSG #lab :нет")
    first, second = list(lesson.talk().entries)[-2:]
    assert (first.by_teacher, second.by_teacher) == (True, False)


def test_what_an_ignored_person_says_is_hidden_everywhere_but_not_what_is_announced(lesson: Dialogue) -> None:
    lesson.hear(":Борис!b@h PRIVMSG #lab :раньше")
    assert lesson.say("/ignore борис") == []
    assert lesson.collect() or any(isinstance(event, IgnoredChanged) for event in lesson.events)
    state, entries = lesson.state, lesson.talk().entries
    assert state.is_hidden(next(entry for entry in entries if entry.text == "раньше"))
    unread = lesson.talk().unread
    lesson.hear(":Борис!b@h PRIVMSG #lab :Анна, смотри", ":Борис!b@h PRIVMSG Анна :лично")
    assert state.is_hidden(lesson.last())
    assert (lesson.talk().unread, lesson.talk().mentions) == (unread, 0)
    assert state.conversation("Борис") is None
    lesson.hear("@chat.lab/announcement=8 :Борис!b@h NOTICE #lab :всем")
    assert not state.is_hidden(lesson.last())
    lesson.say("/ignores")
    assert lesson.last().text.endswith("борис")
    lesson.say("/unignore Борис")
    assert not any(map(state.is_hidden, entries))


def test_nobody_ignores_themselves_or_a_room(lesson: Dialogue) -> None:
    for name in ("Анна", "#lab"):
        lesson.say(f"/ignore {name}")
        assert lesson.last().kind is Kind.ERROR
    assert lesson.state.ignored == {}
    assert Settings().ignored == ()
