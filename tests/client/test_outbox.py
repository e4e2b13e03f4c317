"""One's own messages: sending, echo, failure, loss of the connection; nothing lost and nothing doubled."""

import re

import pytest

from client.model.conversations import Delivery, Kind
from client.model.events import EntryAdded, EntryChanged
from client.outbox import ECHO_PATIENCE, MAX_AHEAD
from protocol.framing import MAX_LINE
from tests.tools.dialogue import CAPABILITIES, Dialogue, nonce_of

NO_HISTORY = CAPABILITIES.replace(" draft/chathistory", "")


def echo(line: str, msgid: str = "m1", source: str = ":Анна!~a@h") -> str:
    """What a server with echo-message makes of a line of the client's."""
    tags, _space, rest = line.partition(" ")
    return f"{tags};msgid={msgid};time=2026-01-01T10:00:00.000Z {source} {rest}"


def pong(room: Dialogue) -> None:
    """The server answers the last PING."""
    room.hear(f":srv PONG srv labchat-{room.state.pings}")


def test_a_message_is_sending_until_its_echo_comes(room: Dialogue) -> None:
    (line,) = room.say("Привет, мир")
    entry = room.last()
    assert line.endswith(" PRIVMSG #lab :Привет, мир")
    assert (entry.delivery, entry.own, entry.nick) == (Delivery.SENDING, True, "Анна")
    room.events.clear()
    room.hear(echo(line))
    assert (entry.delivery, entry.msgid, entry.time) == (Delivery.SENT, "m1", 1767261600.0)
    assert room.events == [EntryChanged(room.talk(), entry)]
    assert room.texts().count("Привет, мир") == 1


@pytest.mark.parametrize("kept", ["label", "+chat.lab/nonce", ""])
def test_the_echo_is_recognised_by_nonce_or_label_or_order(room: Dialogue, kept: str) -> None:
    first, second = *room.say("да"), *room.say("да")
    for line, msgid in ((first, "m1"), (second, "m2")):
        tag = f"{kept}={nonce_of(line)};" if kept else ""
        room.hear(f"@{tag}msgid={msgid} :Анна!~a@h PRIVMSG #lab :да")
    assert [(entry.text, entry.msgid) for entry in list(room.talk().entries)[1:]] == [
        ("да", "m1"),
        ("да", "m2"),
    ]


def test_an_echo_that_the_server_changed_is_still_ours(room: Dialogue) -> None:
    room.say("\x02жирно\x02")
    room.hear("@msgid=1 :Анна!~a@h PRIVMSG #lab :жирно")
    assert room.texts()[1:] == ["жирно"]
    assert room.last().delivery is Delivery.SENT


def test_nobody_else_can_confirm_our_message(room: Dialogue) -> None:
    (line,) = room.say("моё")
    entry = room.last()
    room.hear(echo(line, source=":Борис!~b@h"))
    assert entry.delivery is Delivery.SENDING


def test_what_we_say_elsewhere_under_our_nick_is_shown_as_ours(room: Dialogue) -> None:
    room.hear("@msgid=1;+chat.lab/nonce=ff :Анна!~a@h PRIVMSG #lab :с телефона")
    assert (room.last().text, room.last().own) == ("с телефона", True)


def test_without_echo_a_message_is_sent_at_once() -> None:
    room = Dialogue().online("")
    assert room.say("Привет") == ["PRIVMSG #lab Привет"]
    assert room.last().delivery is Delivery.SENT
    room.hear(":srv 404 Анна #lab :Cannot send")
    assert [entry.delivery for entry in room.talk().entries if entry.own and entry.kind is Kind.MESSAGE] == [
        Delivery.FAILED
    ]


def test_a_message_to_oneself_stands_once_on_every_server(room: Dialogue) -> None:
    assert room.say("/msg Анна заметка") == ["CHATHISTORY LATEST Анна * 50"]
    (line,) = room.history("Анна")
    room.hear(echo(line), echo(line))
    assert room.texts("Анна") == ["заметка"]
    plain = Dialogue().online("")
    plain.say("/msg Анна заметка")
    plain.hear(":Анна!~a@h PRIVMSG Анна заметка")
    assert plain.texts("Анна") == ["заметка"]


def test_a_refused_message_fails_with_a_sentence(room: Dialogue) -> None:
    room.say("раз")
    (second,) = room.say("два")
    room.hear(f"@label={nonce_of(second)} :srv 404 Анна #lab :Cannot send to channel")
    messages = [entry for entry in room.talk().entries if entry.own and entry.kind is Kind.MESSAGE]
    assert [entry.delivery for entry in messages] == [Delivery.SENDING, Delivery.FAILED]
    assert (room.last().kind, room.last().text) == (Kind.ERROR, "You may not speak in #lab.")


def test_a_private_message_to_nobody_fails(room: Dialogue) -> None:
    room.say("/msg Никто эй")
    (line,) = room.hear("FAIL CHATHISTORY INVALID_TARGET LATEST Никто :No such nick")
    room.hear(f"@label={nonce_of(line)} :srv 401 Анна Никто :No such nick")
    assert room.texts("Никто") == ["эй", "There is nobody called Никто here."]


def test_several_lines_become_several_messages_whatever_they_begin_with(room: Dialogue) -> None:
    lines = room.say("if x:\n\n    # да\r\n/quit\n")
    assert [line.partition("#lab ")[2].removeprefix(":") for line in lines] == ["if x:", "    # да", "/quit"]


def test_a_text_that_begins_with_a_slash(room: Dialogue) -> None:
    assert room.say("//etc/hosts")[0].endswith(" PRIVMSG #lab /etc/hosts")


@pytest.mark.parametrize("text", ["я" * 2000, "слово " * 500, "🙂" * 400, "a" * 5000])
@pytest.mark.parametrize("command", ["", "/me "])
def test_no_relayed_line_is_longer_than_the_protocol_allows(room: Dialogue, text: str, command: str) -> None:
    lines = room.say(command + text)
    relayed = [f":Анна!~a@h {line.partition(' ')[2]}\r\n".encode() for line in lines]
    assert max(map(len, relayed)) <= MAX_LINE
    assert min(map(len, relayed[:-1])) > MAX_LINE - 30
    shown = "".join(entry.text for entry in room.talk().entries if entry.own and entry.kind is not Kind.JOIN)
    assert shown.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ["\ud800 одинокий суррогат", "нуль\0байт", "a\x0bb", "\x85"])
def test_odd_characters_of_the_user_break_nothing(room: Dialogue, text: str) -> None:
    room.say(text)
    assert room.last().own or room.last().kind is Kind.JOIN


def test_what_is_typed_without_a_connection_goes_out_after_it() -> None:
    room = Dialogue().online(NO_HISTORY)
    room.lose()
    assert room.say("жду") == []
    assert room.last().delivery is Delivery.SENDING
    room.connect()
    assert not any("жду" in line for line in room.welcome(NO_HISTORY))
    assert [line.rpartition(" ")[2] for line in room.enter_room()] == ["жду"]


def test_a_message_that_may_have_arrived_is_neither_repeated_nor_forgotten_without_a_history() -> None:
    room = Dialogue().online(NO_HISTORY)
    room.say("дошло?")
    entry = room.last()
    room.lose()
    room.connect()
    room.welcome(NO_HISTORY)
    assert room.enter_room() == []
    assert entry.delivery is Delivery.FAILED
    assert "nobody knows" in room.last().text


def test_after_a_loss_the_history_decides_what_is_sent_again(room: Dialogue) -> None:
    room.hear("@msgid=m0 :Борис!~b@h PRIVMSG #lab :начало")
    (arrived,) = room.say("дошло")
    (lost,) = room.say("пропало")
    room.lose()
    assert [entry.delivery for entry in list(room.talk().entries)[2:4]] == [Delivery.SENDING] * 2
    room.connect()
    room.welcome()
    assert room.enter_room() == ["CHATHISTORY AFTER #lab msgid=m0 100"]
    live = "@msgid=m3;time=2026-01-01T10:00:03.000Z :Борис!~b@h PRIVMSG #lab :сейчас"
    assert room.hear(live) == []
    assert room.say("новое") == []
    nonce = nonce_of(arrived)
    again = room.history(
        "#lab",
        f"@msgid=m1;time=2026-01-01T10:00:01.000Z;+chat.lab/nonce={nonce} :Анна!~a@h PRIVMSG #lab :дошло",
        "@msgid=m2;time=2026-01-01T10:00:02.000Z :Борис!~b@h PRIVMSG #lab :без вас",
        live,
    )
    assert [line.rpartition(" ")[2] for line in again] == ["пропало", "новое"]
    assert nonce_of(again[0]) == nonce_of(lost)
    room.hear(*(echo(line, f"m{number}") for number, line in enumerate(again, 4)))
    said = [entry for entry in room.talk().entries if entry.kind is Kind.MESSAGE]
    assert [entry.text for entry in said] == ["начало", "дошло", "без вас", "сейчас", "пропало", "новое"]
    assert {entry.delivery for entry in said} == {Delivery.SENT}
    assert len({entry.key for entry in room.talk().entries}) == len(room.talk().entries)


def test_what_was_refused_without_our_hearing_it_stands_where_the_history_has_it(room: Dialogue) -> None:
    room.hear("@msgid=p0 :Вера!v@h PRIVMSG Анна :эй")
    room.history("Вера")
    room.say("её нет", "Вера")  # 401, which is lost with the connection
    (arrived,) = room.say("она вернулась", "Вера")
    room.lose()
    room.connect()
    room.welcome()
    assert room.history("Вера", echo(arrived)) == ["CHATHISTORY AFTER Вера msgid=m1 100"]
    (again,) = room.history("Вера")
    room.hear(echo(again, "m2"))
    said = [entry for entry in room.talk("Вера").entries if entry.kind is Kind.MESSAGE]
    assert [entry.text for entry in said] == ["эй", "она вернулась", "её нет"]
    assert {entry.delivery for entry in said} == {Delivery.SENT}


def test_a_room_that_cannot_be_entered_again_fails_what_waited_for_it(room: Dialogue) -> None:
    room.say("эй")
    entry = room.last()
    room.lose()
    room.connect()
    room.welcome()
    room.hear(":srv 474 Анна #lab :Cannot join channel (+b)")
    assert entry.delivery is Delivery.FAILED
    assert room.last().text == "You are banned from #lab."


def test_what_waits_is_bounded_and_what_does_not_fit_is_refused_whole(room: Dialogue) -> None:
    room.lose()
    many = "\n".join(str(number) for number in range(10_000))
    room.say(many)
    assert room.session.unconfirmed == 10_000
    room.say(many)
    assert room.session.unconfirmed == 10_000
    assert room.last().kind is Kind.ERROR
    room.say("/part")
    room.session.enter_room("#lab", room.state.server_talk)


@pytest.mark.parametrize("capabilities", [CAPABILITIES, f"{CAPABILITIES} draft/multiline=max-bytes=4096", ""])
def test_a_long_paste_goes_out_as_the_server_answers(capabilities: str) -> None:
    room = Dialogue().online(capabilities)
    pong(room)
    waiting, arrived, most = room.say("\n".join(str(number) for number in range(10_000))), [], 0
    for _turn in range(20_000):
        most = max(most, sum(map(len, waiting)))
        if not waiting:
            room.now += 1
            room.session.tick()
            waiting = room.sent()
            if not waiting:
                break
        line = waiting.pop(0)
        arrived += re.findall(r"PRIVMSG #lab (\d+)$", line)
        if " PRIVMSG " in line and capabilities and "batch=" not in line:
            waiting += room.hear(echo(line))
        elif "BATCH +" in line:
            opened = line
        elif "BATCH -" in line:
            waiting += room.hear(
                echo(opened), *(f"@batch={nonce_of(opened)} :Анна!~a@h PRIVMSG #lab x",), f":Анна!~a@h {line}"
            )
        elif line.startswith("PING"):
            waiting += room.hear(f":srv PONG srv {line.partition(' ')[2]}")
    assert [int(text) for text in arrived] == list(range(10_000))
    assert most < MAX_AHEAD + 10_000
    assert room.session.unconfirmed == 0


def test_a_message_whose_echo_never_comes_says_so_and_one_that_comes_late_is_sent(room: Dialogue) -> None:
    pong(room)
    (line,) = room.say("непристойное")
    entry = room.last()
    room.now += ECHO_PATIENCE + 1
    room.session.tick()
    assert room.session.unconfirmed == 1, "nobody knows yet whether the server is alive"
    pong(room)
    room.session.tick()
    assert room.talk().entries[-2].delivery is Delivery.FAILED
    assert "непристойное" in room.last().text
    room.hear(echo(line))
    assert entry.delivery is Delivery.SENT
    assert room.texts().count("непристойное") == 1


@pytest.mark.parametrize(
    ("said", "others_see", "told"),
    [
        ("\x0304красное", "красное", False),
        ("очень длинное предложение", "очень длинное", True),
        ("это безобразие полное", "это *********** полное", True),
    ],
)
@pytest.mark.parametrize("marked", [True, False])
def test_a_message_that_the_server_changed_stands_as_others_see_it(
    room: Dialogue, said: str, others_see: str, told: bool, marked: bool
) -> None:
    (line,) = room.say(said)
    entry = room.last()
    tags = f"@label={nonce_of(line)};msgid=m1" if marked else "@msgid=m1"
    room.hear(f"{tags} :Анна!~a@h PRIVMSG #lab :{others_see}")
    assert (entry.text, entry.delivery) == (others_see, Delivery.SENT)
    assert ("The server has changed" in room.last().text) is told


def test_what_had_arrived_before_we_were_removed_stands_once_though_its_echo_is_late(room: Dialogue) -> None:
    nonce = nonce_of(room.say("моё")[0])
    entry = room.last()
    room.hear(":Борис!~b@h KICK #lab Анна")
    assert entry.delivery is Delivery.FAILED
    room.hear(f"@msgid=z;+chat.lab/nonce={nonce} :Анна!~a@h PRIVMSG #lab :моё")
    assert (entry.delivery, room.texts().count("моё")) == (Delivery.SENT, 1)


def test_what_another_client_of_ours_says_is_not_the_echo_of_what_waits(room: Dialogue) -> None:
    room.say("с этого компьютера")
    waiting = room.last()
    room.hear("@msgid=p1 :Анна!~a@phone PRIVMSG #lab :а это пишет телефон, 12345")
    assert waiting.delivery is Delivery.SENDING
    assert room.texts()[-1] == "а это пишет телефон, 12345"


def test_what_counted_as_failed_and_is_found_in_the_history_stands_once(room: Dialogue) -> None:
    room.hear("@msgid=m0 :Борис!~b@h PRIVMSG #lab :начало")
    (line,) = room.say("дошло?")
    entry = room.last()
    for _time in range(2):
        room.lose()
        room.connect()
        room.welcome()
        room.enter_room()
        if entry.delivery is Delivery.SENDING:
            while room.hear("FAIL CHATHISTORY MESSAGE_ERROR #lab :The history cannot be read"):
                pass
    room.history("#lab", echo(line))
    room.history("#lab")
    assert entry.delivery is Delivery.SENT
    assert room.texts().count("дошло?") == 1


def test_a_message_to_oneself_arrives_though_one_takes_another_nick_meanwhile(room: Dialogue) -> None:
    room.hear("@msgid=p0 :Анна!~a@h PRIVMSG Анна :раньше")
    room.history("Анна")
    (line,) = room.say("заметка", "Анна")
    room.lose()
    room.connect()
    room.welcome()
    room.hear(echo(line), ":Анна!~a@h NICK Аня")
    asked = room.history("Анна", "@msgid=p0 :Анна!~a@h PRIVMSG Анна :раньше")
    while asked and "CHATHISTORY" in asked[0]:
        asked = room.history("Анна")
    said = [entry for entry in room.talk("Аня").entries if entry.text == "заметка"]
    assert [entry.delivery for entry in said] == [Delivery.SENT]


def test_every_entry_is_announced_once(room: Dialogue) -> None:
    room.events.clear()
    room.say("раз\nдва")
    assert [event.entry.text for event in room.events if isinstance(event, EntryAdded)] == ["раз", "два"]


def test_a_text_cut_before_the_loss_goes_out_after_it_though_our_source_is_not_known_yet() -> None:
    room = Dialogue().online("")
    room.hear(":Анна!~anna@some.long.host.example JOIN #other", ":Вера!v@h PRIVMSG Анна :эй")
    room.lose()
    room.say("слово " * 150, "Вера")
    room.connect()
    again = room.welcome("")
    assert sum(line.startswith("PRIVMSG Вера ") for line in again) == 4
    assert {entry.delivery for entry in room.talk("Вера").entries if entry.own} == {Delivery.SENT}


def test_a_notice_from_the_talk_with_the_server_does_not_wait_for_ever(room: Dialogue) -> None:
    room.say("/notice Вера эй", "")
    entry = room.last("")
    room.lose()
    room.connect()
    room.welcome()
    assert entry.delivery is Delivery.FAILED


@pytest.mark.parametrize("answer", ["486 Анна Вера :Registered only", "999 Анна :Strange"])
def test_any_answer_but_the_echo_ends_the_waiting(room: Dialogue, answer: str) -> None:
    (line,) = room.say("эй")
    code = answer.replace("999", "599")
    room.hear(f"@label={nonce_of(line)} :srv {code}")
    assert [entry.delivery for entry in room.talk().entries if entry.text == "эй"] == [Delivery.FAILED]


def test_what_is_sent_again_goes_to_the_one_talked_with_under_the_new_nick(room: Dialogue) -> None:
    room.hear("@msgid=p0 :Борис!~b@h PRIVMSG Анна :эй")
    room.history("Борис")
    room.say("секрет", "Борис")
    room.hear(":Борис!~b@h NICK Боря")
    room.lose()
    room.connect()
    room.welcome()
    (again,) = room.history("Боря")
    assert again.endswith(" PRIVMSG Боря секрет")


def test_a_line_of_ones_own_without_a_nonce_confirms_nothing_where_echoes_bear_it(room: Dialogue) -> None:
    room.hear(echo(*room.say("первое")))
    room.say("обычное")
    waiting = room.last()
    room.say("/raw PRIVMSG #lab руками")
    room.hear("@msgid=r1 :Анна!~a@h PRIVMSG #lab руками")
    assert waiting.delivery is Delivery.SENDING
    assert room.texts()[-1] == "руками"


def test_an_unlabelled_error_is_not_about_a_labelled_message(room: Dialogue) -> None:
    room.hear("@msgid=p0 :Борис!~b@h PRIVMSG Анна :эй")
    room.history("Борис")
    room.say("да", "Борис")
    waiting = room.last("Борис")
    room.say("/whois Борис")
    room.hear(":srv 401 Анна Борис :No such nick")
    assert waiting.delivery is Delivery.SENDING


def test_where_the_history_cannot_be_had_nothing_is_sent_again_by_itself() -> None:
    room = Dialogue().online()
    room.say("дошло?")
    entry = room.last()
    room.lose()
    room.connect()
    room.welcome()
    assert room.enter_room() == ["CHATHISTORY AFTER #lab timestamp=2025-12-31T23:59:59.999Z 100"]
    refusal = "FAIL CHATHISTORY MESSAGE_ERROR LATEST #lab :The history cannot be read"
    assert room.hear(refusal) == ["CHATHISTORY LATEST #lab * 100"]
    assert room.hear(refusal) == []
    assert entry.delivery is Delivery.FAILED
    assert "nobody knows" in room.last().text


def test_an_error_after_a_loss_is_about_nothing_that_was_said_before_it() -> None:
    room = Dialogue().online("message-tags")
    room.say("дошло")
    entry = room.last()
    assert entry.delivery is Delivery.SENT
    room.lose()
    room.online("message-tags")
    room.hear(":srv 404 Анна #lab :Cannot send to channel")
    assert entry.delivery is Delivery.SENT


def test_a_question_that_nobody_took_dies_with_its_connection() -> None:
    room = Dialogue().online()
    room.state.send("WHOIS", "Борис")  # nobody takes it before the loss
    room.lose()
    assert not [line for line in room.connect() if "WHOIS" in line]


def test_an_echo_in_a_labelled_batch_is_recognised_where_tags_are_dropped(room: Dialogue) -> None:
    (first,) = room.say("раз")
    room.hear(f"@label={nonce_of(first)};msgid=m1 :Анна!~a@h PRIVMSG #lab :раз")
    (second,) = room.say("два")
    room.hear(
        f"@label={nonce_of(second)} :srv BATCH +1 labeled-response",
        "@batch=1;msgid=m2 :Анна!~a@h PRIVMSG #lab :два",
        "@batch=1 :srv 301 Анна #lab :Away",
        ":srv BATCH -1",
    )
    said = [(entry.text, entry.delivery) for entry in room.talk().entries if entry.kind is Kind.MESSAGE]
    assert said == [("раз", Delivery.SENT), ("два", Delivery.SENT)]


# Where the label is, and where it is not.


@pytest.fixture
def marked(room: Dialogue) -> Dialogue:
    """The server has echoed with a label, but passes no nonce on; a talk with Борис is open."""
    (line,) = room.say("раз")
    room.hear(f"@label={nonce_of(line)};msgid=1 :Анна!~a@h PRIVMSG #lab :раз")
    room.session.open_private("Борис")
    room.history("Борис")
    return room


def deliveries(room: Dialogue, text: str) -> list[Delivery]:
    return [entry.delivery for entry in room.talk("Борис").entries if entry.text == text]


@pytest.mark.parametrize(
    "answers",
    [
        # Solanum, to somebody who is away: the label on the 301 alone.
        ["@label={} :srv 301 Анна Борис :обед", "@msgid=2 :Анна!~a@h PRIVMSG Борис :эй"],
        ["@label={} :srv ACK", "@msgid=2 :Анна!~a@h PRIVMSG Борис :эй"],
        # In a batch, on which alone the label stands; the echo in it, or behind it.
        [
            "@label={} :srv BATCH +l labeled-response",
            "@batch=l :srv 301 Анна Борис :обед",
            "@batch=l;msgid=2 :Анна!~a@h PRIVMSG Борис :эй",
            ":srv BATCH -l",
        ],
        [
            "@label={} :srv BATCH +l labeled-response",
            "@batch=l :srv 301 Анна Борис :обед",
            ":srv BATCH -l",
            "@msgid=2 :Анна!~a@h PRIVMSG Борис :эй",
        ],
        # A batch in the batch.
        [
            "@label={} :srv BATCH +l labeled-response",
            "@batch=l :srv BATCH +m other",
            "@batch=m;msgid=2 :Анна!~a@h PRIVMSG Борис :эй",
            ":srv BATCH -m",
            ":srv BATCH -l",
        ],
        ["@label={};msgid=2 :Анна!~a@h PRIVMSG Борис :эй"],
        ["@+chat.lab/nonce={};msgid=2 :Анна!~a@h PRIVMSG Борис :эй"],
    ],
)
def test_a_message_stands_there_once_wherever_its_label_went(marked: Dialogue, answers: list[str]) -> None:
    (line,) = marked.say("эй", "Борис")
    marked.hear(*(answer.format(nonce_of(line)) for answer in answers))
    assert deliveries(marked, "эй") == [Delivery.SENT]
    marked.now += 16
    marked.session.tick()
    marked.hear(f":srv PONG srv :labchat-{marked.state.pings}")
    assert deliveries(marked, "эй") == [Delivery.SENT]


def test_the_same_text_twice_to_somebody_who_is_away_stands_there_twice(marked: Dialogue) -> None:
    nonces = [nonce_of(marked.say("эй", "Борис")[0]) for _time in range(2)]
    for number, nonce in enumerate(nonces):
        marked.hear(f"@label={nonce} :srv 301 Анна Борис :обед")
        marked.hear(f"@msgid=m{number} :Анна!~a@h PRIVMSG Борис :эй")
    assert deliveries(marked, "эй") == [Delivery.SENT] * 2


def test_no_echo_behind_an_ack_is_noticed_with_the_next_pong(marked: Dialogue) -> None:
    marked.hear(f":srv PONG srv :labchat-{marked.state.pings}")
    (line,) = marked.say("эй", "Борис")
    asked = marked.hear(f"@label={nonce_of(line)} :srv ACK")
    assert asked == [f"PING labchat-{marked.state.pings}"]
    assert deliveries(marked, "эй") == [Delivery.SENDING]
    marked.hear(f":srv PONG srv :labchat-{marked.state.pings}")
    assert deliveries(marked, "эй") == [Delivery.FAILED]
    assert marked.last("Борис").text == "The server did not pass this message on."


def test_an_error_in_a_labelled_batch_is_about_that_message(marked: Dialogue) -> None:
    first, second = (nonce_of(marked.say(text, "Борис")[0]) for text in ("раз", "два"))
    assert first != second
    marked.hear(
        f"@label={second} :srv BATCH +l labeled-response",
        "@batch=l :srv 404 Анна Борис :Cannot send",
        ":srv BATCH -l",
    )
    assert (deliveries(marked, "раз"), deliveries(marked, "два")) == ([Delivery.SENDING], [Delivery.FAILED])


# What is refused for a while.


@pytest.mark.parametrize("numeric", ["439", "707"])
def test_a_message_that_is_refused_for_a_while_is_sent_again(marked: Dialogue, numeric: str) -> None:
    (line,) = marked.say("эй", "Борис")
    label = nonce_of(line)
    refusal = f"@label={label} :srv {numeric} Анна Борис :Target change too fast. Please wait 20 seconds."
    marked.hear(refusal)
    assert "Trying again in 20 seconds." in marked.last("Борис").text
    assert marked.say("потом", "Борис") == []
    for later in (10, 11):
        marked.now += later
        marked.session.tick()
    sent = [line for line in marked.sent() if "PRIVMSG" in line]
    assert [line.rpartition(" ")[2] for line in sent] == ["эй", "потом"]
    assert nonce_of(sent[0]) == label
    marked.hear(refusal)
    for _time in range(5):
        marked.now += 25
        marked.session.tick()
        if any("эй" in line for line in marked.sent()):
            marked.hear(refusal)
    assert deliveries(marked, "эй") == [Delivery.FAILED]
