"""PRIVMSG, NOTICE, TAGMSG and AWAY: what is said, to whom it goes, and with which tags."""

import sqlite3

import pytest

from tests.tools.irc import TAGS, Irc


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


def test_away_is_told_to_those_who_asked(irc: Irc) -> None:
    able, plain, anna = (
        irc.client("able", capabilities=["away-notify"]),
        irc.client("plain"),
        irc.client("Анна"),
    )
    for client in (able, plain, anna):
        client.enter()
    able.expect("^:Анна!.* JOIN")
    anna.send("AWAY :на паре")
    able.expect("^:Анна!.* AWAY :на паре$")
    anna.send("AWAY :")
    able.expect("^:Анна!.* AWAY$")
    anna.send("PART #lab")
    anna.send("AWAY :снова")
    anna.send("JOIN #lab")
    able.expect("^:Анна!.* JOIN #lab$")
    able.expect("^:Анна!.* AWAY :снова$")
    plain.expect_nothing_but("JOIN|PART")


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


def test_a_byte_order_mark_is_called_so_before_anything_else(irc: Irc) -> None:
    program = irc.raw()
    program.send_bytes(b"\xef\xbb\xbfNICK Anna\r\nUSER anna 0 * :Anna\r\n")
    failure = program.expect(".").string
    assert failure.startswith(":chat.lab FAIL * BYTE_ORDER_MARK :")
    assert "EF BB BF" in failure
    program.send("NICK Anna")
    program.expect(" 001 ")
    program.send_bytes(b"\xef\xbb\xbf:x:y :z\r\n\xef\xbb\xbf\r\n")
    program.expect(r"FAIL \* BYTE_ORDER_MARK :")
    program.expect(r"FAIL \* BYTE_ORDER_MARK :")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_program_that_speaks_utf_16_is_told_so(irc: Irc, encoding: str) -> None:
    program = irc.raw()
    program.send_bytes("NICK Анна\r\nUSER anna 0 * :Анна\r\n".encode(encoding))
    for _ in range(2):
        assert program.expect(".").string.startswith(
            ":chat.lab FAIL * INVALID_UTF8 :Message rejected, it is UTF-16"
        )
    program.send_bytes(
        b"\r\nNICK Anna\r\nUSER anna 0 * :Anna\r\n"
    )  # the zero of UTF-16's last line end waits
    program.expect(" 001 ")


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


def test_tag_messages_reach_those_who_take_tags(irc: Irc) -> None:
    anna, boris, plain = (
        irc.client("Анна", capabilities=TAGS),
        irc.client("Борис", capabilities=TAGS),
        irc.client("p"),
    )
    for client in (anna, boris, plain):
        client.enter()
    anna.send("@+draft/react=да TAGMSG #lab")
    for client in (anna, boris):
        client.expect(r"^@time=\S+;msgid=\S+;\+draft/react=да :Анна!\S+ TAGMSG #lab$")
    anna.send("@+typing=active TAGMSG #lab")  # relayed, but not kept, and so without an id
    for client in (anna, boris):
        client.expect(r"^@time=\S+;\+typing=active :Анна!\S+ TAGMSG #lab$")
    plain.expect_nothing()
    plain.send("TAGMSG #lab")
    plain.expect(" 421 p TAGMSG ")


def test_that_somebody_writes_is_told_only_where_he_may_speak_and_is_not_kept(irc: Irc) -> None:
    asks = (*TAGS, "draft/chathistory", "draft/event-playback", "batch")
    anna, boris = (
        irc.client("Анна", capabilities=asks).enter(),
        irc.client("Борис", capabilities=TAGS).enter(),
    )
    boris.send("@+typing=active TAGMSG #lab")
    anna.expect(r"\+typing=active :Борис!\S+ TAGMSG #lab$")
    anna.send("MODE #lab +m")
    boris.expect("MODE #lab \\+m")
    boris.send("@+typing=active TAGMSG #lab")
    boris.expect(" 404 Борис #lab ")
    anna.send("MODE #lab +v Борис")
    boris.send("@+typing=paused TAGMSG #lab")
    anna.expect(r"MODE #lab \+v Борис$")
    anna.send("@+draft/react=да TAGMSG #lab")
    anna.expect("react=да")
    anna.send("CHATHISTORY LATEST #lab * 50")
    anna.expect(r"BATCH \+")
    lines: list[str] = []
    while not lines or "BATCH -" not in lines[-1]:
        lines.append(anna.expect(".+").string)
    assert sum("TAGMSG" in line for line in lines) == 1
    assert not any("typing" in line for line in lines)


def test_a_message_to_oneself_has_one_labeled_echo(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=["echo-message", "batch", "labeled-response"])
    anna.send("@label=7 PRIVMSG Анна :себе")
    anna.expect("^@label=7 :Анна!.* PRIVMSG Анна :себе$")
    anna.expect("^:Анна!.* PRIVMSG Анна :себе$")
    irc.client("Борис")
    anna.send("@label=8 PRIVMSG Анна,Борис :обоим")
    batch = anna.expect("^@label=8 :chat.lab BATCH .(\\S+) labeled-response$")[1]
    for name in ("Анна", "Борис"):
        anna.expect(f"^@batch={batch} :Анна!.* PRIVMSG {name} :обоим$")
    anna.expect(f"^:chat.lab BATCH -{batch}$")
    anna.expect("^:Анна!.* PRIVMSG Анна :обоим$")
    anna.send("PRIVMSG Анна :снова")
    for _ in range(2):  # the echo, and the message
        anna.expect("^:Анна!.* PRIVMSG Анна :снова$")
    anna.expect_nothing()


def test_a_message_to_oneself_is_no_answer_where_there_are_no_echoes(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=["message-tags", "batch", "labeled-response"])
    for line in ("PRIVMSG Анна :себе", "NOTICE Анна :себе", "TAGMSG Анна"):
        anna.send(f"@label=7;+x=1 {line}")
        anna.expect("^@label=7 :chat.lab ACK$")
        anna.expect(f"^@(?!label)\\S+ :Анна!.* {line.split()[0]} Анна")
    anna.expect_nothing()


def test_a_batch_tag_means_nothing_to_who_did_not_ask_for_batches(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.send("@batch=1 PRIVMSG Борис :эй")
    boris.expect("PRIVMSG Борис :эй$")


def test_status_messages_reach_the_operators(irc: Irc) -> None:
    anna, boris, vera = (irc.client(nick) for nick in ("Анна", "Борис", "Вера"))
    for client in (anna, boris, vera):
        client.enter()
    anna.send("MODE #lab +ov Борис Вера")
    for client in (boris, vera):
        client.expect(r"MODE #lab \+ov")
    vera.send("PRIVMSG @#lab :операторам")
    anna.expect("^:Вера!.* PRIVMSG @#lab :операторам$")
    boris.expect("^:Вера!.* PRIVMSG @#lab :операторам$")
    anna.send("PRIVMSG +#lab :и голосам")
    vera.expect(r"^:Анна!.* PRIVMSG \+#lab :и голосам$")


def test_of_several_marks_before_a_room_the_lowest_holds(irc: Irc) -> None:
    anna, boris, vera = (irc.client(nick) for nick in ("Анна", "Борис", "Вера"))
    for client in (anna, boris, vera):
        client.enter()
    anna.send("MODE #lab +v Борис")
    boris.expect("MODE #lab")
    anna.send("PRIVMSG @+#lab :нам")
    boris.expect("PRIVMSG [+]#lab нам$|PRIVMSG [+]#lab :нам$")
    vera.expect("MODE #lab")
    vera.expect_nothing_but("JOIN|MODE")


def test_long_tags_do_not_multiply(irc: Irc) -> None:
    anna, plain = (
        irc.client("Анна", capabilities=[*TAGS, "draft/multiline", "labeled-response"]),
        irc.client("p", capabilities=["message-tags"]),
    )
    for client in (anna, plain):
        client.enter()
    anna.send(f"@+x={'y' * 500} BATCH +1 draft/multiline #lab")
    for text in ("раз", "два"):
        anna.send(f"@batch=1 PRIVMSG #lab :{text}")
    anna.send("BATCH -1")
    plain.expect(r"^@msgid=\S+;\+x=y{500} :Анна!\S+ PRIVMSG #lab :раз$")
    plain.expect(r"^:Анна!\S+ PRIVMSG #lab :два$")


def test_whoever_is_not_among_the_hearers_sees_the_echo_all_the_same(irc: Irc) -> None:
    anna, vera = irc.client("Анна"), irc.client("Вера", capabilities=["echo-message"])
    for client in (anna, vera):
        client.enter()
    vera.send("PRIVMSG @#lab :операторам")
    vera.expect("^:Вера!.* PRIVMSG @#lab :операторам$")
    anna.send("MODE #lab -n")
    vera.expect("MODE #lab -n")
    vera.send("PART #lab")
    vera.expect("PART")
    vera.send("PRIVMSG #lab :снаружи")
    vera.expect("^:Вера!.* PRIVMSG #lab :снаружи$")
    anna.expect("^:Вера!.* PRIVMSG #lab :снаружи$")
