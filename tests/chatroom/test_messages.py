"""What is said: to whom it goes, with which tags, and what the history gives back."""

import re
import sqlite3

import pytest

from tests.tools.irc import Client, Irc

TAGS = ["message-tags", "server-time", "echo-message", "batch"]


def test_a_message_goes_to_the_room_but_not_to_its_sender(irc: Irc) -> None:
    anna, boris, vera = (irc.client(nick) for nick in ("Анна", "Борис", "Вера"))
    for client in (anna, boris, vera):
        client.enter()
    anna.expect("^:Вера!.* JOIN")
    anna.send("PRIVMSG #LAB :Привет, комната!")
    for client in (boris, vera):
        client.expect(r"^:Анна!~test@127\.0\.0\.1 PRIVMSG #lab :Привет, комната!$")
    anna.expect_nothing()


def test_many_messages_in_one_packet_keep_their_order_among_others(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис", capabilities=TAGS)
    for client in (anna, boris):
        client.enter()
    lines = [f"PRIVMSG #lab :{number}" for number in range(100)]
    lines[50:50] = ["TOPIC #lab :посередине", "PRIVMSG Борис :лично"]
    anna.send_bytes(("\r\n".join(lines) + "\r\n").encode())
    said = []
    for _ in range(102):
        said.append(boris.expect(r" (?:PRIVMSG|TOPIC) \S+ :(.*)$")[1])
    numbers = [str(number) for number in range(100)]
    assert said == [*numbers[:50], "посередине", "лично", *numbers[50:]]


def test_a_private_message_reaches_one(irc: Irc) -> None:
    anna, boris, vera = (irc.client(nick) for nick in ("Анна", "Борис", "Вера"))
    anna.send("PRIVMSG борис,Никто :на ушко")
    boris.expect("^:Анна!.* PRIVMSG Борис :на ушко$")
    anna.expect(" 401 Анна Никто ")
    vera.expect_nothing()


def test_an_away_text_is_given_to_who_writes(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.send("AWAY :обедаю")
    anna.expect(" 306 ")
    boris.send("PRIVMSG Анна :ты тут?")
    boris.expect(" 301 Борис Анна :обедаю$")
    boris.send("NOTICE Анна :тихо")
    boris.expect_nothing()


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("PRIVMSG", "411"),
        ("PRIVMSG #lab", "412"),
        ("PRIVMSG #lab :", "412"),
        ("PRIVMSG #nowhere :x", "403"),
        ("PRIVMSG Никто :x", "401"),
        ("PRIVMSG a,b,c,d,e :x", "407"),
    ],
)
def test_a_message_to_nobody_is_told_but_a_notice_never(irc: Irc, line: str, answer: str) -> None:
    anna = irc.client("Анна")
    anna.send(line)
    anna.expect(f" {answer} Анна ")
    boris = irc.client("Борис")
    boris.send(line.replace("PRIVMSG", "NOTICE"))
    boris.expect_nothing()


def test_tags_go_to_those_who_asked_for_them(irc: Irc) -> None:
    plain, timed, full = irc.client("plain"), irc.client("timed", capabilities=["server-time"]), None
    full = irc.client("full", capabilities=TAGS)
    for client in (plain, timed, full):
        client.enter()
    full.send("@+nonce=1\\s2;secret=x PRIVMSG #lab :теги")
    plain.expect("^:full!.* PRIVMSG #lab :теги$")
    timed.expect(r"^@time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z :full!.* PRIVMSG #lab :теги$")
    full.expect(r"^@time=\S+Z;msgid=\w+-\d+;\+nonce=1\\s2 :full!.* PRIVMSG #lab :теги$")


def test_a_long_message_is_cut_between_letters(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    text = "я" * ((510 - len("PRIVMSG #lab :")) // 2)
    anna.send(f"PRIVMSG #lab :{text}")
    line = boris.expect(r"PRIVMSG #lab :(я+)$")
    assert len(line.string.encode()) in (509, 510)
    anna.send(f"PRIVMSG #lab :{text}яя")
    anna.expect(" 417 ")


def test_bytes_that_are_no_utf8_are_refused_in_words(irc: Irc) -> None:
    anna = irc.client("Анна")
    anna.send_bytes(b"PRIVMSG #lab :\xcf\xf0\xe8\r\n")
    anna.expect("FAIL PRIVMSG INVALID_UTF8 :.*not valid UTF-8")


def test_every_message_is_in_the_history_before_anyone_sees_it(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    for number in range(20):
        anna.send(f"PRIVMSG #lab :сообщение {number}")
        boris.expect(f":сообщение {number}$")
        with sqlite3.connect(irc.history) as database:
            newest = database.execute("SELECT line FROM message ORDER BY id DESC LIMIT 1").fetchone()
        database.close()
        assert newest[0].endswith(f"PRIVMSG #lab :сообщение {number}")


def history(client: Client, request: str) -> list[str]:
    """The texts that CHATHISTORY gives back."""
    client.send(f"CHATHISTORY {request}")
    reference = client.expect(r"BATCH \+(\S+) chathistory ")[1]
    texts: list[str] = []
    while True:
        line = client.expect(rf"^@batch={reference};.* PRIVMSG \S+ :(.*)$|BATCH -{reference}$")
        if line[1] is None:
            return texts
        texts.append(line[1])


def test_history_is_given_page_by_page(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=TAGS)
    anna.enter()
    msgids, times = [], []
    for number in range(10):
        anna.send(f"PRIVMSG #lab :{number}")
        found = anna.expect(r"^@time=(\S+?);msgid=(\S+) ")
        times.append(found[1])
        msgids.append(found[2])
    assert history(anna, "LATEST #lab * 3") == ["7", "8", "9"]
    assert history(anna, f"LATEST #lab msgid={msgids[7]} 10") == ["8", "9"]
    assert history(anna, f"BEFORE #lab msgid={msgids[4]} 2") == ["2", "3"]
    assert history(anna, f"AFTER #lab msgid={msgids[4]} 2") == ["5", "6"]
    assert history(anna, f"AROUND #lab msgid={msgids[5]} 3") == ["4", "5", "6"]
    assert history(anna, f"BETWEEN #lab msgid={msgids[2]} msgid={msgids[6]} 10") == ["3", "4", "5"]
    assert history(anna, f"BETWEEN #lab msgid={msgids[6]} msgid={msgids[2]} 2") == ["4", "5"]
    assert "9" not in history(anna, f"BEFORE #lab timestamp={times[9]} 10")
    assert history(anna, "AFTER #lab timestamp=2000-01-01T00:00:00.000Z 2") == ["0", "1"]


def test_history_survives_a_restart_and_a_new_client_is_sent_none_unasked(irc: Irc) -> None:
    first = irc.server()
    anna = irc.client("Анна", capabilities=TAGS)
    anna.enter()
    anna.send("PRIVMSG #lab :до перезапуска")
    before = anna.expect("msgid=(\\S+) ")[1]
    irc.stop(first)
    irc.server()
    boris = irc.client("Борис", capabilities=TAGS)
    boris.enter()
    boris.expect_nothing()
    assert history(boris, "LATEST #lab * 10") == ["до перезапуска"]
    boris.send("PRIVMSG #lab :после")
    after = boris.expect("msgid=(\\S+) .*:после$")[1]
    assert after != before
    assert history(boris, f"AFTER #lab msgid={before} 10") == ["после"]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ("LATEST #other * 5", "INVALID_TARGET"),
        ("LATEST #lab * many", "INVALID_PARAMS"),
        ("LATEST #lab", "INVALID_PARAMS"),
        ("NONSENSE #lab * 5", "INVALID_PARAMS"),
        ("BEFORE #lab timestamp=yesterday 5", "INVALID_PARAMS"),
        ("BEFORE #lab nonsense 5", "INVALID_PARAMS"),
        ("BEFORE #lab msgid=nonsense 5", "MESSAGE_ERROR"),
    ],
)
def test_a_wrong_request_for_history_fails_in_words(irc: Irc, request_: str, code: str) -> None:
    anna, boris = irc.client("Анна", capabilities=["standard-replies"]), irc.client("Борис")
    anna.enter()
    boris.enter("#other")
    anna.send(f"CHATHISTORY {request_}")
    anna.expect(f"FAIL CHATHISTORY {code} ")


def test_a_client_that_asked_twice_can_tell_which_request_failed(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=["standard-replies"])
    anna.enter()
    for target in ("Борис", "#lab"):
        anna.send(f"CHATHISTORY AFTER {target} msgid=000000-1 5")
        anna.expect(rf"FAIL CHATHISTORY MESSAGE_ERROR AFTER {target} msgid=000000-1 :")


def test_a_private_talk_is_given_back_to_its_two_alone(irc: Irc) -> None:
    anna, boris, vera = (irc.client(nick, capabilities=TAGS) for nick in ("Анна", "Борис", "Вера"))
    anna.send("PRIVMSG Борис :секрет")
    boris.expect("секрет")
    assert history(anna, "LATEST Борис * 5") == ["секрет"]
    assert history(boris, "LATEST анна * 5") == ["секрет"]
    assert history(vera, "LATEST Анна * 5") == []
    boris.send("NICK Боря")
    boris.expect("NICK :Боря")
    stranger = irc.raw()
    stranger.send("CAP REQ :" + " ".join(TAGS))
    stranger.send("NICK Борис")
    stranger.send("USER somebody 0 * :else")
    stranger.send("CAP END")
    stranger.expect(" 422 ")
    assert history(stranger, "LATEST Анна * 5") == []


def test_targets_lists_the_conversations_with_news(irc: Irc) -> None:
    anna, boris = (irc.client(nick, capabilities=TAGS) for nick in ("Анна", "Борис"))
    for client in (anna, boris):
        client.enter()
    boris.send("PRIVMSG #lab :всем")
    anna.expect("всем")
    boris.send("PRIVMSG Анна :лично")
    anna.expect("лично")
    anna.send("CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z 10")
    anna.expect(r"BATCH \+\S+ draft/chathistory-targets$")
    anna.expect(r"CHATHISTORY TARGETS #lab \S+Z$")
    anna.expect(r"CHATHISTORY TARGETS борис \S+Z$")


def test_without_a_history_messages_still_have_ids(irc: Irc) -> None:
    irc.server(history=None)
    anna = irc.client("Анна", capabilities=[*TAGS, "standard-replies"])
    anna.enter()
    anna.send("PRIVMSG #lab :раз")
    anna.send("PRIVMSG #lab :два")
    first, second = (anna.expect("msgid=(\\S+) .*PRIVMSG")[1] for _ in range(2))
    assert first != second
    anna.send("CHATHISTORY LATEST #lab * 5")
    anna.expect("FAIL CHATHISTORY MESSAGE_ERROR ")


def test_labeled_responses(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=[*TAGS, "labeled-response"])
    anna.enter()
    anna.send("@label=1 PING x")
    anna.expect("^@label=1 :chat.lab PONG chat.lab :x$")
    anna.send("@label=2 PONG x")
    anna.expect("^@label=2 :chat.lab ACK$")
    anna.send("@label=3 MODE #lab")
    batch = anna.expect(r"^@label=3 :chat.lab BATCH \+(\S+) labeled-response$")[1]
    anna.expect(rf"^@batch={batch} :chat.lab 324 ")
    anna.expect(rf"^@batch={batch} :chat.lab 329 ")
    anna.expect(f"BATCH -{batch}$")
    anna.send("@label=4 PRIVMSG #lab :эхо")
    anna.expect(r"^@label=4;time=\S+;msgid=\S+ :Анна!.* PRIVMSG #lab :эхо$")
    anna.send("@label=5 CHATHISTORY LATEST #lab * 5")
    inner = anna.expect(r"^@label=5 :chat.lab BATCH \+(\S+) chathistory #lab$")[1]
    assert re.search(rf"^@batch={inner};", anna.expect(" PRIVMSG #lab :эхо$").string)


def test_a_page_of_big_pastes_is_shorter_and_leads_on(irc: Irc) -> None:
    boris = irc.client("Борис", capabilities=["batch", "message-tags", "draft/multiline", "echo-message"])
    boris.enter()
    for number in range(30):
        boris.send("BATCH +1 draft/multiline #lab")
        boris.send(f"@batch=1 PRIVMSG #lab :{number}")
        for _ in range(99):
            boris.send("@batch=1 PRIVMSG #lab :" + "x" * 75)
        boris.send("BATCH -1")
        boris.expect(r"BATCH -b\d+$")
    anna = irc.client("Анна", capabilities=["batch", "message-tags", "draft/multiline", "draft/chathistory"])
    anna.enter()

    def page(request: str) -> list[tuple[str, int]]:
        anna.send(f"CHATHISTORY {request} 100")
        reference = anna.expect(r"BATCH \+(\S+) chathistory")[1]
        found: list[tuple[str, int]] = []
        while True:
            line = anna.expect(rf"BATCH -{reference}$|msgid=(\S+?)[; ].*draft/multiline|:(\d+)$")
            if line[1]:
                msgid = line[1]
            elif line[2]:
                found.append((msgid, int(line[2])))
            else:
                return found

    newest = page("LATEST #lab *")
    assert [number for _msgid, number in newest] == list(range(30 - len(newest), 30))
    assert 3 < len(newest) < 15
    seen: list[int] = []
    at = "timestamp=2020-01-01T00:00:00.000Z"
    while found := page(f"AFTER #lab {at}"):
        seen += [number for _msgid, number in found]
        at = f"msgid={found[-1][0]}"
    assert seen == list(range(30))
