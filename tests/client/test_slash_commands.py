"""The user's `/commands`."""

import pytest

from client.model.conversations import Kind
from client.model.events import ConversationOpened, QuitAsked
from client.slash_commands import COMMANDS
from tests.tools.dialogue import Dialogue
from translations import use_language


@pytest.fixture
def capabilities() -> str:
    return ""


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("/join #физика", ["JOIN #физика"]),
        ("/JOIN физика", ["JOIN #физика"]),
        ("/j #тайна ключ", ["JOIN #тайна ключ"]),
        ("/msg Борис как дела", ["PRIVMSG Борис :как дела"]),
        ("/query Борис привет", ["PRIVMSG Борис привет"]),
        ("/query Борис", []),
        ("/nick Аня", ["NICK Аня"]),
        ("/topic Новая тема", ["TOPIC #lab :Новая тема"]),
        ("/me думает  вслух", ["PRIVMSG #lab :\x01ACTION думает  вслух\x01"]),
        ("/away ушла на обед", ["AWAY :ушла на обед"]),
        ("/back", ["AWAY"]),
        ("/kick Борис много шума", ["KICK #lab Борис :много шума"]),
        ("/kick Борис", ["KICK #lab Борис"]),
        ("/part всем пока", ["PART #lab :всем пока"]),
        ("/part #lab пока", ["PART #lab пока"]),
        ("/whois Борис", ["WHOIS Борис"]),
        ("/names", ["NAMES #lab"]),
        ("/list", ["LIST"]),
        ("/list #ф*", ["LIST #ф*"]),
        ("/invite Борис", ["INVITE Борис #lab"]),
        ("/invite Борис #x", ["INVITE Борис #x"]),
        ("/mode", ["MODE #lab"]),
        ("/mode +m", ["MODE #lab +m"]),
        ("/mode Анна +i", ["MODE Анна +i"]),
        ("/op Борис Вера", ["MODE #lab +oo Борис Вера"]),
        ("/deop Борис", ["MODE #lab -o Борис"]),
        ("/notice Борис тихо тут", ["NOTICE Борис :тихо тут"]),
        ("/raw privmsg #lab :сырая строка", ["PRIVMSG #lab :сырая строка"]),
        ("/quote LUSERS", ["LUSERS"]),
        ("/topic", []),
        ("/help", []),
    ],
)
def test_a_command_becomes_a_line(room: Dialogue, typed: str, lines: list[str]) -> None:
    assert room.say(typed) == lines


@pytest.mark.parametrize(
    "typed",
    [
        "/join",
        "/join a,b",
        "/msg Борис",
        "/msg :x y",
        "/kick",
        "/nick",
        "/nick Анна К",
        "/me",
        "/op",
        "/invite :a b",
        "/mode : a",
        "/raw",
        "/raw :only-a-source",
        "/query #lab",
    ],
)
def test_wrong_use_is_answered_with_the_right_one(room: Dialogue, typed: str) -> None:
    assert room.say(typed) == []
    assert room.last().kind is Kind.ERROR
    assert room.last().text.startswith("This is how to use it: /")


def test_an_unknown_command_says_where_help_is(room: Dialogue) -> None:
    assert room.say("/foo bar") == []
    assert room.last().kind is Kind.ERROR
    assert "/help" in room.last().text


def test_help_lists_every_command_in_the_users_language(room: Dialogue) -> None:
    before = len(room.talk().entries)
    use_language("ru")
    room.say("/help")
    shown = room.texts()[before:]
    assert len(shown) == sum(not command.of_class for command in set(COMMANDS.values()))
    assert any(text.startswith("/join #комната") for text in shown)


def test_a_rooms_command_elsewhere_says_so(room: Dialogue) -> None:
    assert room.say("/topic x", "") == []
    assert room.last("").text == "/topic works in a room only."


def test_text_for_the_server_itself_says_how_to_talk_with_people(room: Dialogue) -> None:
    assert room.say("привет", "") == []
    assert "/join #lab" in room.last("").text


def test_commands_without_a_connection_say_so_but_rooms_are_remembered(room: Dialogue) -> None:
    room.lose()
    room.say("/whois Борис")
    assert room.last().text == "There is no connection to the server now."
    assert room.say("/join #физика") == []
    assert room.last().text == "You will enter #физика when there is a connection."
    room.connect()
    assert "JOIN #физика" in room.welcome("")


def test_a_room_that_is_open_is_shown_again(room: Dialogue) -> None:
    room.events.clear()
    assert room.say("/join #LAB") == []
    assert room.events == [ConversationOpened(room.talk(), focus=True)]


def test_a_room_that_the_user_asked_for_gets_the_focus(room: Dialogue) -> None:
    room.say("/join #физика")
    room.events.clear()
    room.enter_room("#физика")
    assert ConversationOpened(room.talk("#физика"), focus=True) in room.events


def test_names_are_listed_where_they_were_asked_for(room: Dialogue) -> None:
    room.say("/names")
    room.hear(":srv 353 Анна = #lab :@Анна Борис", ":srv 366 Анна #lab :End")
    assert room.last().text == "2 people in the room: @Анна Борис"


def test_quit_is_the_owners_to_carry_out(room: Dialogue) -> None:
    room.say("/quit всем пока")
    assert room.events[-1] == QuitAsked("всем пока")


def test_being_away_outlives_a_reconnect(room: Dialogue) -> None:
    room.say("/away обед")
    room.lose()
    room.connect()
    assert "AWAY обед" in room.welcome("")


def test_a_new_nick_is_the_wanted_one_from_now_on(room: Dialogue) -> None:
    room.say("/nick Аня")
    room.hear(":Анна!~a@h NICK Аня")
    room.lose()
    assert "NICK Аня" in room.connect()


def test_a_nick_that_looks_like_two_words_is_one_person(room: Dialogue) -> None:
    both, one = "Бор\u00a0ис", "Бор"
    room.hear(
        f":{one}!b@h JOIN #lab", f":srv 353 Анна = #lab :@Анна {one} +{both}", ":srv 366 Анна #lab :End"
    )
    assert [member.nick for member in room.talk("#lab").members.values()] == ["Анна", one, both]
    assert room.say(f"/kick {both}  хватит \t болтать") == [f"KICK #lab {both} :хватит \t болтать"]
    assert room.say(f"/deop {both} {one}") == [f"MODE #lab -oo {both} {one}"]
    room.say(f"/ignore {both}")
    assert room.state.is_ignored(both)
    assert not room.state.is_ignored(one)
