"""Who is in a room, and what happens there, as the window sees it."""

import pytest

from client.model.conversations import Delivery, Kind
from client.model.events import (
    ConversationClosed,
    ConversationOpened,
    EntryAdded,
    MembersChanged,
    TopicChanged,
)
from client.model.state import MAX_CONVERSATIONS
from tests.tools.dialogue import ISUPPORT, Dialogue, nonce_of
from translations import use_language


def members(dialogue: Dialogue, room: str = "#lab") -> list[str]:
    return [one.prefixes + one.nick for one in dialogue.state.sorted_members(dialogue.talk(room))]


def test_the_first_room_is_shown_the_others_wait() -> None:
    dialogue = Dialogue(rooms=("#lab", "#b"))
    dialogue.connect()
    dialogue.welcome()
    dialogue.hear(":Анна!~a@h JOIN #b", ":Анна!~a@h JOIN #lab")
    opened = [event for event in dialogue.events if isinstance(event, ConversationOpened)]
    assert [(event.conversation.name, event.focus) for event in opened] == [
        ("", False),
        ("#b", False),
        ("#lab", True),
    ]


def test_members_have_their_marks_and_operators_come_first() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome()
    dialogue.enter_room(members="Яков +Вера @+Борис!~b@host Анна")
    assert members(dialogue) == ["@+Борис", "+Вера", "Анна", "Яков"]


def test_a_long_list_of_members_comes_in_several_lines_and_replaces_the_old_one(room: Dialogue) -> None:
    room.hear(
        ":srv 353 Анна = #lab :Анна Вера", ":srv 353 Анна = #lab :Глеб", ":srv 366 Анна #lab :End of NAMES"
    )
    assert members(room) == ["Анна", "Вера", "Глеб"]


@pytest.mark.parametrize(
    ("line", "kind", "text", "expected"),
    [
        (":Вера!~v@h JOIN #lab", Kind.JOIN, "Вера enters the room", ["@Анна", "Борис", "Вера"]),
        (":Вера!~v@h JOIN #LAB * :Vera", Kind.JOIN, "Вера enters the room", ["@Анна", "Борис", "Вера"]),
        (":Борис!~b@h PART #lab :к столу", Kind.PART, "Борис leaves the room: к столу", ["@Анна"]),
        (":Борис!~b@h QUIT :Ping timeout", Kind.QUIT, "Борис goes offline: Ping timeout", ["@Анна"]),
        (":Борис!~b@h NICK Боря", Kind.NICK, "Борис is now Боря", ["@Анна", "Боря"]),
        (":Анна!~a@h NICK Аня", Kind.NICK, "You are now Аня", ["@Аня", "Борис"]),
        (":Анна!~a@h KICK #lab БОРИС :шум", Kind.KICK, "Анна removes БОРИС from the room: шум", ["@Анна"]),
        (":Анна!~a@h KICK #lab Борис :Анна", Kind.KICK, "Анна removes Борис from the room", ["@Анна"]),
        (
            ":Анна!~a@h MODE #lab +o Борис",
            Kind.MODE,
            "Анна makes Борис an operator of the room",
            ["@Анна", "@Борис"],
        ),
        (
            ":Борис!~b@h MODE #lab -o Анна",
            Kind.MODE,
            "Борис takes the operator's rights from Анна",
            ["Анна", "Борис"],
        ),
        (":srv MODE #lab +v Борис", Kind.MODE, "srv gives Борис a voice", ["@Анна", "+Борис"]),
        (":Анна!~a@h MODE #lab +b *!*@bad", Kind.MODE, "Анна bans *!*@bad", ["@Анна", "Борис"]),
        (
            ":Анна!~a@h MODE #lab +kl-t key 5",
            Kind.MODE,
            "Анна sets the room's mode +k key +l 5 -t",
            ["@Анна", "Борис"],
        ),
        (
            ":Анна!~a@h MODE #lab +m",
            Kind.MODE,
            "Анна makes the room quiet: only those who have the word can write",
            ["@Анна", "Борис"],
        ),
    ],
)
def test_what_happens_in_a_room_is_a_sentence(
    room: Dialogue, line: str, kind: Kind, text: str, expected: list[str]
) -> None:
    room.hear(line)
    assert (room.last().kind, room.last().text) == (kind, text)
    assert members(room) == expected


@pytest.mark.parametrize("line", [":Анна NICK Анна", ":Борис!~b@h NICK :Борис"])
def test_a_nick_that_stays_the_same_is_no_event(room: Dialogue, line: str) -> None:
    before = [*room.talk().entries]
    room.hear(line)
    assert [*room.talk().entries] == before
    assert members(room) == ["@Анна", "Борис"]


def test_topics(room: Dialogue) -> None:
    room.hear(":srv 332 Анна #lab :Сокеты", ":srv 333 Анна #lab Борис 1700000000")
    assert room.talk().topic == "Сокеты"
    room.hear(":Борис!~b@h TOPIC #lab :\x0304Потоки\x03")
    assert room.talk().topic == "Потоки"
    assert room.last().text == "Борис sets the topic: Потоки"
    room.hear(":Борис!~b@h TOPIC #lab :")
    assert room.last().text == "Борис clears the topic"
    assert any(isinstance(event, TopicChanged) for event in room.events)


def test_many_changes_of_the_members_are_told_once(room: Dialogue) -> None:
    room.hear(*(f":n{number}!u@h JOIN #lab" for number in range(50)))
    assert sum(isinstance(event, MembersChanged) for event in room.events) == 1
    assert sum(isinstance(event, EntryAdded) for event in room.events) == 50


def test_away_is_seen(room: Dialogue) -> None:
    room.hear(":Борис!~b@h AWAY :обед")
    assert room.talk().members["борис"].away
    room.hear(":Борис!~b@h AWAY")
    assert not room.talk().members["борис"].away


def test_one_who_is_kicked_out_is_told_by_whom_and_does_not_come_back_alone(room: Dialogue) -> None:
    room.hear(":Борис!~b@h KICK #lab Анна :шум")
    assert room.last().text == "Борис removes you from the room: шум"
    assert not room.talk().joined
    assert room.say("эй") == []
    assert room.last().kind is Kind.ERROR
    room.lose()
    room.connect()
    assert "JOIN #lab" not in room.welcome()


def test_closing_a_room_leaves_it(room: Dialogue) -> None:
    lab = room.talk()
    room.session.close(lab)
    assert room.sent() == ["PART #lab"]
    assert room.events[-1] == ConversationClosed(lab)
    room.hear(":Анна!~a@h PART #lab")
    assert list(room.state.conversations) == [""]


def test_a_room_that_lets_nobody_in_says_why(room: Dialogue) -> None:
    room.session.submit(room.talk(), "/join #тайна")
    room.hear(":srv 475 Анна #тайна :Cannot join channel (+k)")
    assert room.last().text == "#тайна has a key. To enter: /join #тайна key"
    room.lose()
    room.connect()
    assert "JOIN #тайна" not in room.welcome()


def test_the_servers_own_way_to_compare_names_is_followed() -> None:
    dialogue = Dialogue("Anna", rooms=("#Lab[1]",))
    dialogue.connect()
    dialogue.hear(":srv 001 Anna :Hi", ":srv 005 Anna CASEMAPPING=ascii CHANTYPES=#! :ok", ":srv 422 Anna :-")
    dialogue.hear(":Anna!a@h JOIN #Lab[1]", ":Bob!b@h PRIVMSG #lab{1} :no", ":Bob!b@h PRIVMSG #LAB[1] :yes")
    assert dialogue.texts("#Lab[1]") == ["You are in #Lab[1]", "yes"]
    assert dialogue.state.support.is_channel("!x")
    assert not dialogue.state.support.is_channel("&x")


def test_a_liar_cannot_open_conversations_without_end(room: Dialogue) -> None:
    for number in range(MAX_CONVERSATIONS + 50):
        room.hear(f":n{number}!u@h PRIVMSG Анна :hi")
    assert len(room.state.conversations) <= MAX_CONVERSATIONS
    assert room.last("").text == "hi"
    assert room.last("").nick == f"n{MAX_CONVERSATIONS + 49}"


def test_an_invitation_says_how_to_accept_it(room: Dialogue) -> None:
    room.hear(":Борис!~b@h INVITE Анна #физика")
    assert room.last("").text == "Борис invites you to #физика. To enter: /join #физика"


def test_a_private_talk_follows_a_change_of_nick(room: Dialogue) -> None:
    room.session.open_private("Борис")
    room.history("Борис")
    room.hear(":Борис!~b@h NICK Боря")
    assert room.talk("Боря").name == "Боря"
    assert room.last("Боря").text == "Борис is now Боря"


@pytest.mark.parametrize("numeric", ["474", "499"])
def test_a_room_that_does_not_let_us_in_again_is_given_up_whatever_the_reason(numeric: str) -> None:
    room = Dialogue().online()
    room.lose()
    room.say("эй")
    room.connect()
    room.welcome()
    room.hear(f":srv {numeric} Анна #lab :Not now")
    assert "Not now" in room.texts()[-1]
    assert all(entry.delivery is not Delivery.SENDING for entry in room.talk().entries)
    assert not room.state.wanted_rooms


def test_an_error_in_a_room_that_we_are_in_does_not_give_it_up() -> None:
    room = Dialogue().online()
    room.hear(":srv 477 Анна #lab :Only registered users may speak")
    assert room.state.wanted_rooms == [room.talk()]


def test_what_has_been_closed_stays_closed() -> None:
    room = Dialogue().online()
    room.hear("@msgid=1 :Вера!v@h PRIVMSG Анна :эй")
    room.history("Вера")
    (line,) = room.say("пока", "Вера")
    room.session.close(room.talk("Вера"))
    room.hear(f"@msgid=2;+chat.lab/nonce={nonce_of(line)} :Анна!~a@h PRIVMSG Вера :пока")
    assert room.say("/part") == ["PART #lab"]
    before = room.texts("")
    room.hear("@msgid=3 :Борис!~b@h PRIVMSG #lab :напоследок", ":Анна!~a@h PART #lab")
    assert list(room.state.conversations) == [""]
    assert room.texts("") == before


@pytest.mark.parametrize("name", ["#a\n#b", "#a,#b", "", "#a b"])
def test_no_room_is_called_so(name: str) -> None:
    room = Dialogue().online()
    with pytest.raises(ValueError):  # noqa: PT011
        room.state.join_room(name)
    room.lose()
    room.connect()
    assert [line for line in room.welcome() if line.startswith("JOIN")] == ["JOIN #lab"]


@pytest.mark.parametrize("nick", ["a\tb", "a b", "", ":a", "a,b"])
def test_nobody_is_called_so(nick: str) -> None:
    room = Dialogue().online()
    with pytest.raises(ValueError):  # noqa: PT011
        room.session.open_private(nick)


def test_an_owner_is_more_than_an_operator_and_stands_above() -> None:
    room = Dialogue()
    room.connect()
    room.welcome(isupport=f"{ISUPPORT} PREFIX=(qov)~@+")
    room.enter_room(members="@Борис ~Анна +Вера")
    assert [one.nick for one in room.state.sorted_members(room.talk())] == ["Анна", "Борис", "Вера"]
    assert room.state.is_operator(room.talk())
    room.hear(":Борис!b@h MODE #lab -q+v Анна Анна")
    assert not room.state.is_operator(room.talk())


def test_the_key_of_a_room_is_forgotten_with_the_room(room: Dialogue) -> None:
    room.say("/join #тайна ключ")
    room.enter_room("#тайна")
    room.hear(":Борис!b@h KICK #тайна Анна", ":Анна!~a@h JOIN #тайна")
    room.lose()
    room.connect()
    assert "JOIN #тайна" in room.welcome()


def test_an_answer_about_the_members_of_a_room_that_was_just_closed_is_not_shown(room: Dialogue) -> None:
    room.hear(":Борис!b@h KICK #lab Анна", ":Анна!~a@h JOIN #lab")
    assert room.hear(":srv 353 Анна = #lab :Анна Борис", ":srv 366 Анна #lab :End") == ["WHO #lab"]
    room.session.close(room.talk())
    before = room.texts("")
    room.hear(":srv 352 Анна #lab ~b h srv Борис G :0 Boris", ":srv 315 Анна #lab :End")
    assert room.texts("") == before


def test_a_room_stays_one_though_the_server_names_other_kinds_of_rooms_now(room: Dialogue) -> None:
    room.hear(":srv 005 Анна CHANTYPES=! :are supported")
    room.hear(":Борис!b@h PRIVMSG #lab :привет", ":Вера!v@h JOIN #lab")
    assert room.texts()[-2:] == ["привет", "Вера enters the room"]
    assert list(room.state.conversations) == ["", "#lab"]


def test_of_somebody_who_is_removed_one_reason_is_told(room: Dialogue) -> None:
    use_language("ru")
    room.hear(":Анна!a@h KICK #lab Борис :шумит")
    use_language("en")
    assert room.last().text == "Анна удаляет участника Борис из комнаты: шумит"


def test_a_mode_that_names_nobody_is_shown_as_it_was_said(room: Dialogue) -> None:
    room.hear(":Борис!b@h MODE #lab +ov Анна")
    assert room.texts()[-2:] == [
        "Борис makes Анна an operator of the room",
        "Борис sets the room's mode +v",
    ]
