"""How a session comes to be: capabilities, nick, password, welcome, and the same again after a loss."""

import re

import pytest

from client.model.events import (
    NickChanged,
    Phase,
    PhaseChanged,
    Problem,
    ReconnectAsked,
    Refused,
    RoundTrip,
    TransportClosed,
    TransportOpened,
    TransportReceived,
)
from client.model.state import Profile
from client.nicks import numbered, transliterate
from client.session import PING_INTERVAL, PING_PATIENCE, Session
from lab.wire.passwords import mask_passwords
from protocol.message import parse
from tests.tools.dialogue import Dialogue


def refusal(dialogue: Dialogue) -> Refused:
    found = [event for event in dialogue.events if isinstance(event, Refused)]
    return found[-1]


def test_the_first_lines_say_who_we_are() -> None:
    assert Dialogue("Анна").connect() == ["CAP LS 302", "NICK Анна", "USER anna 0 * Анна"]


def test_the_launchers_token_is_sent_before_we_are_in_with_every_connection() -> None:
    session = Session(Profile("Анна", operator_token="T" * 16))
    assert "T" * 16 not in repr(session.state.profile)
    for _ in range(2):
        session.handle(TransportOpened())
        lines = session.state.take_lines()
        assert lines == ["CAP LS 302", "NICK Анна", f"OPER operator {'T' * 16}", "USER anna 0 * Анна"]
        assert mask_passwords("\r\n".join(lines).encode()).count(b"T") == 0
        session.handle(TransportClosed(Problem.LOST, "", 1.0))


def test_the_password_comes_before_the_nick() -> None:
    assert Dialogue(password="s e").connect()[1:3] == ["PASS :s e", "NICK Анна"]


def test_only_offered_capabilities_are_asked_for_even_from_a_long_list() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    assert dialogue.hear(":srv CAP * LS * :sasl=PLAIN server-time message-tags=x") == []
    assert dialogue.hear(":srv CAP * LS :batch") == ["CAP REQ :message-tags server-time batch"]
    assert dialogue.hear(":srv CAP * ACK :message-tags server-time batch ") == ["CAP END"]
    assert dialogue.state.capabilities == {"message-tags", "server-time", "batch"}


def test_a_server_that_refuses_them_together_is_asked_one_by_one() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.hear(":srv CAP * LS :batch server-time")
    assert dialogue.hear(":srv CAP * NAK :server-time batch") == ["CAP REQ server-time", "CAP REQ batch"]
    assert dialogue.hear(":srv CAP * ACK server-time") == []
    assert dialogue.hear(":srv CAP * NAK batch") == ["CAP END"]


def test_a_server_that_has_nothing_for_us_is_told_to_go_on() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    assert dialogue.hear(":srv CAP * LS :sasl") == ["CAP END"]


@pytest.mark.parametrize("answer", [":srv 421 * CAP :Unknown command", ":srv 451 * :Register first"])
def test_a_server_without_capabilities_lets_us_in_all_the_same(answer: str) -> None:
    dialogue = Dialogue()
    dialogue.connect()
    assert dialogue.hear(answer) == []
    assert "JOIN #lab" in dialogue.welcome(capabilities="")
    assert dialogue.texts("") == ["Welcome"]


def test_capabilities_may_come_and_go() -> None:
    dialogue = Dialogue().online("message-tags")
    assert dialogue.hear(":srv CAP Анна NEW :batch foo") == ["CAP REQ batch"]
    assert dialogue.hear(":srv CAP Анна ACK :batch") == []
    dialogue.hear(":srv CAP Анна DEL :message-tags")
    assert dialogue.state.capabilities == {"batch"}


def test_rooms_are_entered_after_the_greeting() -> None:
    dialogue = Dialogue(rooms=("#lab", "#физика"))
    dialogue.connect()
    lines = dialogue.welcome()
    assert lines[-2:] == ["JOIN #lab", "JOIN #физика"]
    assert dialogue.state.phase is Phase.ONLINE


def test_a_greeting_without_an_end_is_not_waited_for_long() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.hear(":srv 001 Анна :Welcome")
    dialogue.now += 6
    dialogue.session.tick()
    assert "JOIN #lab" in dialogue.sent()


def test_the_server_may_shorten_our_nick() -> None:
    dialogue = Dialogue("ОченьДлинныйНик")
    dialogue.connect()
    dialogue.hear(":srv 001 ОченьДлин :Welcome")
    assert NickChanged("ОченьДлин") in dialogue.events
    assert dialogue.state.nick == "ОченьДлин"


def test_a_taken_nick_asks_the_user_and_goes_on_with_the_answer() -> None:
    dialogue = Dialogue("Анна")
    dialogue.connect()
    dialogue.hear(":srv 433 * Анна :Nickname is already in use")
    assert refusal(dialogue) == Refused(
        Problem.NICK_TAKEN, "The nick Анна is taken. Please choose another one.", "Анна2"
    )
    assert dialogue.state.refused
    dialogue.session.retry_with("Аня")
    assert dialogue.sent() == ["NICK Аня"]
    assert dialogue.state.refused is None
    assert ReconnectAsked() not in dialogue.events


def test_a_nick_that_the_server_cannot_write_is_written_in_latin_letters() -> None:
    dialogue = Dialogue("Щукина")
    dialogue.connect()
    assert dialogue.hear(":srv 432 * Щукина :Erroneous nickname") == ["NICK Shchukina"]
    dialogue.hear(":srv 433 * Shchukina :Nickname is already in use")
    assert refusal(dialogue).suggestion == "Shchukina2"
    dialogue.session.retry_with("Shchukina2")
    assert dialogue.sent() == ["NICK Shchukina2"]
    dialogue.welcome("Shchukina2")
    assert dialogue.state.nick == "Shchukina2"


def test_who_gets_another_nick_is_told() -> None:
    dialogue = Dialogue("Анна")
    dialogue.connect()
    dialogue.hear(":srv 432 * Анна :Erroneous nickname", ":srv 001 Anna :Welcome")
    texts = [entry.text for entry in dialogue.state.server_talk.entries]
    assert texts == ["Welcome", "On this server you are Anna: Анна is not available here."]


def test_a_nick_of_mixed_letters_that_is_refused_is_the_users_to_mend() -> None:
    dialogue = Dialogue("Aнна")
    dialogue.connect()
    dialogue.hear(":srv 432 * Aнна :Erroneous nickname")
    assert refusal(dialogue).problem is Problem.NICK_INVALID
    assert refusal(dialogue).suggestion == "Anna"


def test_a_wrong_password_is_asked_for_and_tried_on_a_new_connection() -> None:
    dialogue = Dialogue(password="wrong")
    dialogue.connect()
    dialogue.hear(":srv 464 * :Password incorrect", "ERROR :Closing link")
    dialogue.lose(Problem.CLOSED_BY_SERVER, retry_in=1.0)
    assert refusal(dialogue).problem is Problem.WRONG_PASSWORD
    closed = dialogue.events[-1]
    assert isinstance(closed, PhaseChanged)
    assert (closed.phase, closed.problem, closed.retry_in) == (Phase.OFFLINE, Problem.WRONG_PASSWORD, None)
    dialogue.session.retry_with(password="right")
    assert ReconnectAsked() in dialogue.collect()
    assert "PASS right" in dialogue.connect()


def test_a_banned_client_is_told_why() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.hear(":srv 465 * :You are banned: spam")
    assert refusal(dialogue).problem is Problem.BANNED
    assert "You are banned: spam" in refusal(dialogue).text


def test_after_a_loss_a_taken_nick_gets_a_number_and_is_regained_when_its_holder_goes() -> None:
    dialogue = Dialogue("Анна").online()
    dialogue.lose()
    dialogue.connect()
    assert dialogue.hear(":srv 433 * Анна :Nickname is already in use") == ["NICK Анна2"]
    assert dialogue.hear(":srv 433 * Анна2 :Nickname is already in use") == ["NICK Анна3"]
    dialogue.welcome()
    dialogue.enter_room(members="Анна Анна3")
    dialogue.history("#lab")
    assert dialogue.hear(":Анна!~a@h QUIT :Ping timeout") == ["NICK Анна"]
    dialogue.hear(":Анна3!~a@h NICK Анна")
    assert dialogue.state.nick == "Анна"
    assert dialogue.hear(":Анна!~a@h NICK Зоя") == []


def test_a_lost_connection_says_so_and_comes_back_into_the_rooms() -> None:
    dialogue = Dialogue(rooms=("#lab",)).online()
    dialogue.say("/join #физика ключ")
    dialogue.enter_room("#физика")
    dialogue.lose(Problem.LOST, retry_in=2.0)
    assert dialogue.events[-1] == PhaseChanged(Phase.WAITING, Problem.LOST, "The connection was lost.", 2.0)
    assert dialogue.last().text == "The connection was lost."
    assert not dialogue.talk().joined
    assert not dialogue.talk().members
    dialogue.connect()
    assert dialogue.welcome()[-2:] == ["JOIN #lab", "JOIN #физика ключ"]


def test_the_servers_own_words_on_closing_are_shown() -> None:
    dialogue = Dialogue().online()
    dialogue.hear("ERROR :Closing link: SendQ exceeded")
    dialogue.lose(Problem.CLOSED_BY_SERVER)
    assert dialogue.last().text == "The server closed the connection: Closing link: SendQ exceeded"


def test_no_connection_at_all_names_the_address() -> None:
    dialogue = Dialogue(server="chat.example:6667")
    dialogue.lose(Problem.REFUSED, retry_in=1.0)
    event = dialogue.events[-1]
    assert isinstance(event, PhaseChanged)
    assert event.text == "No server listens at chat.example:6667. Is it started, and is the port right?"


def test_ping_is_answered_even_before_the_welcome() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    assert dialogue.hear("PING :a b") == ["PONG :a b"]
    assert dialogue.hear("PING") == ["PONG :"]


def test_the_round_trip_is_measured() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    assert "PING labchat-1" in dialogue.welcome()
    dialogue.now += 0.25
    dialogue.hear(":srv PONG srv :labchat-1")
    assert dialogue.events[-1] == RoundTrip(0.25)
    dialogue.now += 16
    dialogue.session.tick()
    assert dialogue.sent() == ["PING labchat-2"]


def test_a_capability_that_the_server_took_back_is_not_asked_for_again_with_the_next() -> None:
    dialogue = Dialogue().online()
    dialogue.hear(":srv CAP Анна DEL :draft/chathistory")
    assert dialogue.hear(":srv CAP Анна NEW :setname") == ["CAP REQ setname"]


def test_features_that_a_server_lost_with_its_restart_are_not_believed_any_more() -> None:
    dialogue = Dialogue().online()
    dialogue.hear(":БОРИС!b@h PRIVMSG Анна :раз")
    dialogue.history("БОРИС")
    assert dialogue.state.support.has("CHATHISTORY")
    dialogue.lose()
    assert dialogue.state.support.has("CHATHISTORY"), "while offline, the last that is known"
    dialogue.connect()
    dialogue.welcome(isupport="NICKLEN=30")
    assert not dialogue.state.support.has("CHATHISTORY")
    dialogue.history("БОРИС")
    dialogue.hear(":Борис!b@h PRIVMSG Анна :два")  # somebody else, where no CASEMAPPING is named (RFC 1459)
    dialogue.history("Борис")
    dialogue.hear(":srv 005 Анна CASEMAPPING=rfc7613 :are supported")  # too late: both are open
    assert dialogue.last("Борис").text == "два"
    assert list(dialogue.state.conversations) == ["", "#lab", "БОРИС", "Борис"]


def test_no_conversation_is_lost_where_a_restarted_server_takes_two_names_for_one() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome(isupport="CASEMAPPING=ascii")
    dialogue.hear(":[x]!x@h PRIVMSG Анна :раз", ":{x}!x@h PRIVMSG Анна :два")
    talks = list(dialogue.state.conversations.values())
    dialogue.lose()
    dialogue.connect()
    dialogue.welcome(isupport="CASEMAPPING=rfc1459")
    assert list(dialogue.state.conversations.values()) == talks
    for talk in talks:
        dialogue.session.close(talk)


def test_a_silent_server_is_given_up() -> None:
    dialogue = Dialogue().online()
    dialogue.now += 44
    dialogue.session.tick()
    assert ReconnectAsked() not in dialogue.collect()
    dialogue.now += 2
    dialogue.session.tick()
    assert ReconnectAsked() in dialogue.collect()


def test_a_server_that_talks_but_answers_no_ping_is_alive() -> None:
    dialogue = Dialogue().online()
    for _minute in range(5):
        dialogue.now += 40
        dialogue.hear(":b!b@h PRIVMSG #lab :hm")
        dialogue.session.tick()
    dialogue.collect()
    assert ReconnectAsked() not in dialogue.events


@pytest.mark.parametrize(
    ("nick", "latin"),
    [("Анна", "Anna"), ("ЮЛЯ_7", "YULYA_7"), ("Объём", "Obyom"), ("anna", "anna"), ("李", "")],
)
def test_transliteration(nick: str, latin: str) -> None:
    assert transliterate(nick) == latin


@pytest.mark.parametrize(
    ("nick", "longest", "expected"),
    [("Анна", 30, "Анна2"), ("Анна2", 30, "Анна3"), ("Anna9", 5, "Ann10"), ("abcdefghi", 9, "abcdefgh2")],
)
def test_a_numbered_nick_fits(nick: str, longest: int, expected: str) -> None:
    assert numbered(nick, longest) == expected


@pytest.mark.parametrize("change", [-3600.0, 3600.0])
def test_a_dead_connection_is_found_in_time_though_the_clock_was_set(change: float) -> None:
    clock = timer = 1_000_000.0
    session = Session(Profile("Анна"), clock=lambda: clock, timer=lambda: timer)
    session.handle(TransportOpened())
    session.handle(TransportReceived([parse(":s 001 Анна :Hello"), parse(":s 422 Анна :No motd")]))
    clock += change
    session.tick()
    assert ReconnectAsked() not in session.state.take_events(), "nothing is late yet"
    while ReconnectAsked() not in session.state.take_events():
        timer += 1
        assert timer < 1_000_000 + PING_INTERVAL + PING_PATIENCE + 2
        session.tick()


def test_a_nick_that_could_not_be_had_is_not_taken_later() -> None:
    dialogue = Dialogue().online()
    assert dialogue.say("/nick Борис") == ["NICK Борис"]
    dialogue.hear(":srv 433 Анна Борис :Nickname is already in use")
    assert dialogue.hear(":Борис!~b@h QUIT :bye") == []
    dialogue.lose()
    assert "NICK Анна" in dialogue.connect()


def test_a_nick_that_was_had_is_wanted_after_a_reconnect_too() -> None:
    dialogue = Dialogue().online()
    dialogue.say("/nick Аня")
    dialogue.hear(":Анна!~a@h NICK Аня")
    dialogue.lose()
    assert "NICK Аня" in dialogue.connect()


def test_after_a_loss_the_nick_is_taken_back_with_the_same_secret() -> None:
    dialogue = Dialogue()
    said = []
    for _ in range(2):
        dialogue.connect()
        dialogue.hear(":srv CAP * LS :chat.lab/reclaim")
        lines = dialogue.hear(":srv CAP Анна ACK :chat.lab/reclaim")
        assert re.fullmatch(r"RECLAIM Анна \S{16,64}", lines[0])
        assert lines[1:] == ["CAP END"]
        said.append(lines[0])
        dialogue.lose()
    assert said[0] == said[1]


def test_the_user_name_stays_the_same_though_the_nick_changes() -> None:
    dialogue = Dialogue().online()
    dialogue.say("/nick Борис")
    dialogue.hear(":Анна!~anna@h NICK Борис")
    dialogue.lose()
    # By it, with the host, a server knows a message that comes a second time.
    assert dialogue.connect()[1:] == ["NICK Борис", "USER anna 0 * Борис"]


def test_a_user_name_that_was_given_is_sent_whole_and_again_after_a_loss() -> None:
    session = Session(Profile("Борис", user="anna/lab@laptop", password="s"))
    for _connection in range(2):
        session.handle(TransportOpened())
        lines = session.state.take_lines()
        assert lines[1:] == ["PASS s", "NICK Борис", "USER anna/lab@laptop 0 * Борис"]
        session.handle(TransportReceived([parse(":s 001 Борис :Hello")]))
        session.handle(TransportClosed(Problem.LOST, "", 1.0))


def hours(dialogue: Dialogue, seconds: int, step: int = 5) -> list[str]:
    """Let so many seconds pass, the server alive; return what the client says but for PING."""
    said: list[str] = []
    for _time in range(0, seconds, step):
        dialogue.now += step
        dialogue.session.tick()
        lines = dialogue.sent()
        said += [line for line in lines if not line.startswith("PING")]
        for line in lines:
            if line.startswith("PING"):
                dialogue.hear(f":srv PONG srv :{line.split()[1]}")
    return said


@pytest.mark.parametrize(
    "answer",
    [
        "437 Анна #lab :Nick/channel is temporarily unavailable",
        "480 Анна #lab :Cannot join channel (+j) - throttle exceeded, try again later",
        "471 Анна #lab :Cannot join channel (+l) - channel is full, try again later",
        "477 Анна #lab :Cannot join channel (+r) - you need to be identified with services",
        "263 Анна JOIN :This command could not be completed because it has been used recently",
        "439 Анна #lab :Target change too fast. Please wait 15 seconds.",
        "500 Анна #lab :Too many join requests. Please wait a while and try again.",
        "495 Анна #lab :You must wait 7 seconds after being kicked to rejoin (+J)",
        "599 Анна #lab :The room is throttled",
    ],
)
def test_a_room_that_refuses_for_a_while_is_tried_again_and_named(answer: str) -> None:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome()
    dialogue.hear(f":srv {answer}")
    told = dialogue.last("").text
    assert "Trying again in" in told
    assert "#lab" in told or "room" in told
    assert "JOIN #lab" in hours(dialogue, 40)
    dialogue.enter_room()
    assert dialogue.talk().joined
    assert hours(dialogue, 1000) == []


def test_a_room_is_not_tried_for_ever() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome()
    tries = 0
    for _seconds in range(0, 7200, 5):
        if (room := dialogue.state.record("#lab")) and room.asked.joining:
            dialogue.hear(":srv 480 Анна #lab :Throttled")
        tries += hours(dialogue, 5).count("JOIN #lab")
    assert 3 <= tries <= 6
    assert not dialogue.state.wanted_rooms


@pytest.mark.parametrize("numeric", ["474", "475", "473", "403"])
def test_a_room_that_refuses_for_good_is_not_tried_again(numeric: str) -> None:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.welcome()
    dialogue.hear(f":srv {numeric} Анна #lab :No. Wait for ever")
    assert hours(dialogue, 600) == []


@pytest.mark.parametrize("numeric", ["433", "437"])
def test_a_nick_that_is_held_after_a_loss_is_asked_for_now_and_then(numeric: str) -> None:
    dialogue = Dialogue().online()
    dialogue.lose()
    dialogue.connect()
    dialogue.hear(f":srv {numeric} * Анна :Unavailable")
    dialogue.welcome()
    dialogue.enter_room(members="Анна2")
    dialogue.history("#lab")
    before = dialogue.texts("")
    assert hours(dialogue, 35) == ["NICK Анна"]
    dialogue.hear(f":srv {numeric} Анна2 Анна :Unavailable")
    assert dialogue.texts("") == before
    assert hours(dialogue, 65) == ["NICK Анна"]
    dialogue.hear(":Анна2!~a@h NICK Анна")
    assert hours(dialogue, 1000) == []
    assert dialogue.state.nick == "Анна"


def test_a_nick_is_not_asked_for_for_ever() -> None:
    dialogue = Dialogue().online()
    dialogue.lose()
    dialogue.connect()
    dialogue.hear(":srv 433 * Анна :Taken")
    dialogue.welcome()
    assert len([line for line in hours(dialogue, 5000) if line == "NICK Анна"]) <= 6


def test_a_ban_for_a_while_is_no_reason_to_give_up() -> None:
    dialogue = Dialogue().online()
    dialogue.lose()
    dialogue.connect()
    dialogue.hear(":srv 465 * :Reconnecting too fast, throttled. Try again later.")
    assert dialogue.state.refused is None
    dialogue.lose(Problem.CLOSED_BY_SERVER)
    assert dialogue.state.phase is Phase.WAITING


@pytest.mark.parametrize("named", ["Щук", "щукина", "", "Shchuka9"])
def test_a_refused_nick_is_named_as_it_was_typed(named: str) -> None:
    dialogue = Dialogue("Щукина")
    dialogue.connect()
    dialogue.hear(f":srv 433 * {named} :Nickname is already in use")
    assert refusal(dialogue).text == "The nick Щукина is taken. Please choose another one."


def test_who_typed_another_spelling_is_told_of_both() -> None:
    dialogue = Dialogue("Щукина")
    dialogue.connect()
    dialogue.hear(":srv 432 * Щукина :Erroneous nickname")
    dialogue.hear(":srv 433 * Shchukina :Nickname is already in use")
    assert refusal(dialogue).text == (
        "Instead of Щукина, Shchukina was tried. The nick Shchukina is taken. Please choose another one."
    )


def test_a_nick_that_is_refused_later_is_named_as_it_was_typed() -> None:
    dialogue = Dialogue("Anna").online()
    dialogue.say("/nick Екатерина")
    dialogue.hear(":srv 433 Anna Екатер :Nickname is already in use")
    assert dialogue.last().text == "The nick Екатерина is taken. Please choose another one."


@pytest.mark.parametrize("pong", ["PONG srv :{}", "PONG {}", "PONG {} srv", "PONG", "PONG srv"])
def test_any_form_of_a_pong_is_one(pong: str) -> None:
    dialogue = Dialogue().online()
    dialogue.now += 0.5
    dialogue.hear(":srv " + pong.format("labchat-1"))
    assert RoundTrip(0.5) in dialogue.events


def test_a_pong_to_the_users_own_ping_is_not_taken_for_one() -> None:
    dialogue = Dialogue().online()
    dialogue.say("/raw PING x")
    dialogue.hear(":srv PONG srv x")
    assert not any(isinstance(event, RoundTrip) for event in dialogue.events)


def test_a_server_that_is_slow_to_let_us_in_but_says_so_is_alive() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    for _time in range(5):
        dialogue.now += 40
        dialogue.hear("NOTICE * :*** Looking up your hostname")
        dialogue.session.tick()
    assert ReconnectAsked() not in dialogue.collect()
    dialogue.now += 61
    dialogue.session.tick()
    assert ReconnectAsked() in dialogue.collect()


def test_a_server_that_answers_no_ping_at_all_holds_nothing_up() -> None:
    dialogue = Dialogue().online("message-tags")
    text = "x" * 400
    sent = sum(len(dialogue.say(text)) for _time in range(40))
    assert sent < 40
    for _second in range(200):
        dialogue.now += 1
        dialogue.hear(":b!b@h PRIVMSG #lab :hm")
        dialogue.session.tick()
        sent += sum("PRIVMSG" in line for line in dialogue.sent())
    assert sent == 40
    assert ReconnectAsked() not in dialogue.collect()


def test_a_question_that_the_user_did_not_ask_is_refused_silently() -> None:
    dialogue = Dialogue().online()
    before = dialogue.texts(), dialogue.texts("")
    dialogue.hear(":srv 263 Анна WHO :Rate limited")
    assert (dialogue.texts(), dialogue.texts("")) == before
    dialogue.say("/raw WHO Вера")
    dialogue.hear(":srv 263 Анна WHO :Rate limited")
    assert "too busy for WHO" in dialogue.last().text


def test_who_does_not_want_to_wait_for_a_room_says_so() -> None:
    dialogue = Dialogue().online()
    dialogue.say("/join #b")
    dialogue.hear(":srv 471 Анна #b :Cannot join channel (+l)")
    assert dialogue.last().text == "#b is full. Trying again in 10 seconds."
    assert dialogue.say("/part #b") == []
    assert dialogue.last().text == "#b is not tried any more."
    assert hours(dialogue, 600) == []
    dialogue.say("/part #b")
    assert dialogue.last().text == "You are not in #b."


@pytest.mark.parametrize("said", ["HTTP/1.1 400 Bad Request", "SSH-2.0-OpenSSH_9.2", "220 mail ESMTP", ""])
@pytest.mark.parametrize("problem", [Problem.LOST, Problem.CLOSED_BY_SERVER])
def test_of_what_is_no_chat_server_the_address_is_doubted(said: str, problem: Problem) -> None:
    dialogue = Dialogue(server="127.0.0.1:80")
    dialogue.connect()
    if said:
        dialogue.hear(said)
    dialogue.lose(problem)
    change = [one for one in dialogue.events if isinstance(one, PhaseChanged)][-1]
    assert (change.problem, change.phase) == (Problem.NOT_LET_IN, Phase.WAITING)
    assert "127.0.0.1:80" in change.text
    assert "Is it a chat server" in change.text


def test_what_a_server_says_for_good_bye_is_told_though_it_did_not_let_us_in() -> None:
    dialogue = Dialogue(server="127.0.0.1:6667")
    dialogue.connect()
    dialogue.hear("ERROR :Closing link: you are too many")
    dialogue.lose(Problem.CLOSED_BY_SERVER)
    assert [one.text for one in dialogue.events if isinstance(one, PhaseChanged)][-1].endswith(
        "you are too many"
    )


def test_a_room_of_which_nothing_is_heard_is_named_and_tried_again() -> None:
    dialogue = Dialogue(rooms=("#lab", "#b"))
    dialogue.connect()
    asked = dialogue.welcome()
    dialogue.hear(":srv PONG srv labchat-1")
    dialogue.enter_room("#lab")
    assert [line for line in asked if line.startswith("JOIN")] == ["JOIN #lab", "JOIN #b"]
    assert not any("not available" in text for text in dialogue.texts(""))
    dialogue.hear(":srv 473 Анна :Cannot join")  # which room?
    dialogue.now += PING_INTERVAL + 1
    dialogue.session.tick()
    dialogue.hear(":srv PONG srv labchat-2")
    assert dialogue.texts("")[-1] == "#b is not available for a while. Trying again in 10 seconds."
    dialogue.now += 11
    dialogue.session.tick()
    assert "JOIN #b" in dialogue.sent()
    dialogue.hear(":Анна!a@h JOIN #b")
    assert dialogue.talk("#b").joined
