"""What is said, what is shown of it, and answers to commands as sentences."""

import pytest

from client.handlers.table import HANDLERS
from client.model.conversations import Kind
from client.model.events import ConversationOpened, UnreadChanged
from program.version import NAME, VERSION
from tests.tools.dialogue import Dialogue


@pytest.mark.parametrize(
    ("said", "kind", "text"),
    [
        ("Привет!", Kind.MESSAGE, "Привет!"),
        ("\x01ACTION думает\x01", Kind.ACTION, "думает"),
        ("\x02жирно\x02 и \x0304,01красно\x0f", Kind.MESSAGE, "жирно и красно"),
        ("a\tb", Kind.MESSAGE, "a   b"),
        ("\x1b[2Jпусто", Kind.MESSAGE, "␛[2Jпусто"),
        ("abc\u202edef", Kind.MESSAGE, "abc<U+202E>def"),
        ("👩\u200d💻 и a\u200db", Kind.MESSAGE, "👩\u200d💻 и a<U+200D>b"),
    ],
)
def test_what_is_said_is_shown_clean(room: Dialogue, said: str, kind: Kind, text: str) -> None:
    room.hear(f"@time=2026-01-02T03:04:05.500Z;msgid=1 :Борис!~b@h PRIVMSG #lab :{said}")
    entry = room.last()
    assert (entry.kind, entry.nick, entry.text, entry.own) == (kind, "Борис", text, False)
    assert (entry.time, entry.msgid) == (1767323045.5, "1")


@pytest.mark.parametrize("stamp", ["yesterday", "", "9999999-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"])
def test_a_senseless_time_does_no_harm(room: Dialogue, stamp: str) -> None:
    room.hear(f"@time={stamp} :Борис!~b@h PRIVMSG #lab :hi")
    assert room.last().text == "hi"


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("Анна, привет", True),
        ("спроси у АННЫ", False),
        ("АННА!", True),
        ("(анна)", True),
        ("Аннабель", False),
        ("Анна2", False),
        ("Анна-то знает", True),
    ],
)
def test_a_mention_is_the_nick_as_a_whole_word(room: Dialogue, text: str, mention: bool) -> None:
    room.hear(f":Борис!~b@h PRIVMSG #lab :{text}")
    assert room.last().mention is mention
    assert room.talk().mentions == int(mention)


def test_where_one_stopped_reading_is_kept_until_one_comes_again_or_answers(room: Dialogue) -> None:
    talk, show = room.talk(), room.session.show
    show(room.state.server_talk)
    room.hear(":Борис!~b@h PRIVMSG #lab :раз", ":Борис!~b@h PRIVMSG #lab :два")
    first = next(entry for entry in talk.entries if entry.text == "раз")
    show(talk)
    assert (talk.unread, talk.new_from) == (0, first.key)
    room.hear(":Борис!~b@h PRIVMSG #lab :при мне")
    assert (talk.unread, talk.new_from) == (0, first.key)
    show(room.state.server_talk)
    show(talk)
    assert not talk.new_from
    room.session.watch(on=False)
    room.hear(":Борис!~b@h PRIVMSG #lab :Анна, вам")
    assert (talk.unread, talk.mentions, talk.new_from) == (1, 1, room.last().key)
    room.session.watch(on=True)
    assert (talk.unread, talk.mentions, talk.new_from) == (0, 0, room.last().key)
    room.session.submit(talk, "да")
    assert not talk.new_from


def test_an_answer_to_what_we_said_is_a_mention_and_one_to_others_is_none(room: Dialogue) -> None:
    room.hear("@msgid=m1 :Анна!~a@h PRIVMSG #lab :наше", "@msgid=b1 :Борис!~b@h PRIVMSG #lab :их")
    room.hear("@+draft/reply=b1 :Вера!~v@h PRIVMSG #lab :им")
    assert (room.last().reply_to, room.last().mention) == ("b1", False)
    room.hear("@+draft/reply=m1 :Вера!~v@h PRIVMSG #lab :нам")
    assert (room.last().reply_to, room.last().mention) == ("m1", True)
    room.hear("@+draft/reply=m1 :Анна!~a@h PRIVMSG #lab :себе")
    assert not room.last().mention


def test_what_is_not_before_the_eyes_is_unread(room: Dialogue) -> None:
    room.session.show(room.talk())
    room.hear(":Борис!~b@h PRIVMSG #lab :раз")
    assert room.talk().unread == 0
    room.session.show(None)
    room.hear(":Борис!~b@h PRIVMSG #lab :два", ":Борис!~b@h PRIVMSG #lab :Анна, три", ":Вера!v@h JOIN #lab")
    assert (room.talk().unread, room.talk().mentions) == (2, 1)
    room.events.clear()
    room.session.show(room.talk())
    room.collect()
    assert (room.talk().unread, room.talk().mentions) == (0, 0)
    assert [type(event) for event in room.events] == [UnreadChanged]


def test_a_private_message_opens_a_talk_without_taking_the_focus(room: Dialogue) -> None:
    asked = room.hear("@msgid=7 :Борис!~b@h PRIVMSG Анна :тихо")
    assert asked == ["CHATHISTORY LATEST Борис * 50"]
    room.history(
        "Борис", "@msgid=6 :Анна!~a@h PRIVMSG Борис :раньше", "@msgid=7 :Борис!~b@h PRIVMSG Анна :тихо"
    )
    assert room.texts("Борис") == ["раньше", "тихо"]
    assert room.talk("Борис").unread == 1
    opened = [event for event in room.events if isinstance(event, ConversationOpened)]
    assert (opened[-1].conversation.name, opened[-1].focus) == ("Борис", False)


def test_the_servers_notices_and_strangers_notices_go_to_the_talk_with_the_server(room: Dialogue) -> None:
    room.hear(":srv.lab NOTICE Анна :Maintenance", ":Служба!s@h NOTICE Анна :Hello", "NOTICE * :Looking up")
    assert room.texts("")[-3:] == ["Maintenance", "Hello", "Looking up"]
    assert "служба" not in room.state.conversations


def test_a_message_to_the_operators_of_a_room_is_shown_in_the_room(room: Dialogue) -> None:
    room.hear(":srv 005 Анна STATUSMSG=@+ :ok", ":Борис!~b@h PRIVMSG @#lab :только своим")
    assert room.last().text == "только своим"


def test_ctcp_version_and_ping_are_answered_but_not_without_end(room: Dialogue) -> None:
    assert room.hear(":Борис!~b@h PRIVMSG Анна :\x01VERSION\x01") == [
        f"NOTICE Борис :\x01VERSION {NAME} {VERSION}\x01"
    ]
    assert room.hear(":Борис!~b@h PRIVMSG Анна :\x01PING 12 34\x01") == ["NOTICE Борис :\x01PING 12 34\x01"]
    assert room.hear(":Борис!~b@h PRIVMSG Анна :\x01DCC SEND x\x01") == []
    answers = room.hear(*[":Борис!~b@h PRIVMSG Анна :\x01PING 1\x01"] * 20)
    assert len(answers) == 1
    assert "борис" not in room.state.conversations


def test_a_message_that_comes_twice_is_shown_once(room: Dialogue) -> None:
    room.hear(*["@msgid=x1 :Борис!~b@h PRIVMSG #lab :раз"] * 2)
    room.hear(
        "@msgid=x2;+chat.lab/nonce=n :Борис!~b@h PRIVMSG #lab :два",
        "@msgid=x3;+chat.lab/nonce=n :Борис!~b@h PRIVMSG #lab :два",
    )
    assert room.texts()[1:] == ["раз", "два"]


def test_one_id_in_two_rooms_or_of_two_texts_marks_two_messages(room: Dialogue) -> None:
    room.hear(":Анна!~a@h JOIN #b", "FAIL CHATHISTORY MESSAGE_ERROR LATEST #b :No")
    room.hear(*(f"@msgid=1;+chat.lab/nonce=n :Борис!~b@h PRIVMSG {place} :раз" for place in ("#lab", "#b")))
    room.hear("@msgid=1 :Борис!~b@h PRIVMSG Анна :раз", ":srv BATCH +h chathistory Борис", ":srv BATCH -h")
    room.hear("@msgid=1 :Борис!~b@h PRIVMSG #lab :два")
    assert [room.texts(place)[-1] for place in ("#lab", "#b", "Борис")] == ["два", "раз", "раз"]
    assert room.texts()[1:] == ["раз", "два"]


def test_bots_are_marked(room: Dialogue) -> None:
    room.hear("@bot :Борис!~b@h PRIVMSG #lab :бип")
    assert room.talk().members["борис"].bot


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (":srv 401 Анна Никто :No such nick", "There is nobody called Никто here."),
        (":srv 421 Анна FOO :Unknown command", "The server does not know the command FOO."),
        (":srv 433 Анна Борис :Nickname is in use", "The nick Борис is taken. Please choose another one."),
        (":srv 301 Анна Вера :обед", "Вера is away: обед"),
        (":srv 306 Анна :away", "You are marked as away."),
        (":srv 311 Анна Вера v host * :Вера П.", "Вера is Вера П., v@host"),
        (":srv 317 Анна Вера 90 1700000000 :idle", "Вера has been silent for 1 minute"),
        (":srv 319 Анна Вера :@#lab #b ", "Вера is in @#lab #b"),
        (":srv 322 Анна #b 5 :Тема", "#b — 5 people — Тема"),
        (":srv 341 Анна Вера #b", "Вера is invited to #b."),
        (":srv 499 Анна a b :Something new", "Something new"),
        ("FAIL FOO BAR :It cannot be", "It cannot be"),
    ],
)
def test_answers_are_sentences_where_the_user_asked(room: Dialogue, line: str, text: str) -> None:
    room.say("/raw WHOIS Вера")
    room.hear(line)
    assert room.last().text == text


def test_an_error_about_a_room_is_shown_in_the_room(room: Dialogue) -> None:
    room.hear(":srv 482 Анна #lab :You're not channel operator")
    assert room.last().text == "Only an operator of #lab may do this."
    assert room.last().kind is Kind.ERROR


def test_an_unknown_numeric_is_shown_as_its_words(room: Dialogue) -> None:
    room.hear(":srv 742 Анна something :and this", ":srv 372 Анна :- Welcome!")
    assert room.texts("")[-2:] == ["something and this", "Welcome!"]


def test_lines_with_too_few_parameters_break_nothing(room: Dialogue) -> None:
    commands = [f"{number:03}" for number in range(1000)]
    commands += HANDLERS
    for parameters in ("", " Анна", " #lab", " Анна #lab", " * #lab x", " :", " Анна #lab +ovbkl", " + -"):
        for command in commands:
            for source in (":Борис!~b@h ", ":srv ", ""):
                room.hear(f"{source}{command}{parameters}")
    room.session.tick()


def test_our_own_lines_from_the_server_break_nothing_either(room: Dialogue) -> None:
    for parameters in (
        "",
        " Анна",
        " #lab",
        " , :",
        " :#a b",
        " :a b",
        " Анна #lab",
        " #lab Анна",
        " #lab +o Анна",
    ):
        for command in ("PART", "JOIN", "KICK", "MODE", "NICK", "PRIVMSG", "QUIT", "TOPIC", "AWAY"):
            room.hear(f":{room.state.nick}!~a@h {command}{parameters}")


def test_what_was_shown_is_known_long_afterwards() -> None:
    room = Dialogue().online()
    lines = [f"@msgid=x{number} :Борис!~b@h PRIVMSG #lab :{number}" for number in range(1000)]
    room.hear(*lines)
    before = room.texts()
    room.hear(*lines)
    assert room.texts() == before


def test_what_the_server_announces_to_everybody_is_marked(room: Dialogue) -> None:
    room.session.show(room.talk())
    room.hear(
        ":chat.lab NOTICE * :The history cannot be written: what is said now is lost if the server stops"
    )
    talk = room.state.server_talk
    assert (talk.unread, talk.mentions, talk.entries[-1].mention) == (1, 1, True)
    room.hear(":chat.lab NOTICE Анна :to one person")
    assert (talk.unread, talk.mentions) == (1, 1)


def test_a_greeting_is_not(room: Dialogue) -> None:
    room.lose()
    room.connect()
    room.hear(":chat.lab NOTICE * :*** Looking up your hostname")
    talk = room.state.server_talk
    assert (talk.unread, talk.mentions, talk.entries[-1].mention) == (0, 0, False)
