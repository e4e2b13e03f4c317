"""Capabilities beyond the old standards: who asked for them gets them, and nobody else."""

import pytest

from tests.tools.irc import Client, Irc

TAGS = ["message-tags", "batch", "echo-message", "server-time"]
MULTILINE = [*TAGS, "draft/multiline", "labeled-response"]


def test_extended_join_shows_the_real_name(irc: Irc) -> None:
    able, plain = irc.client("able", capabilities=["extended-join"]), irc.client("plain")
    for client in (able, plain):
        client.enter()
    able.expect(r"^:plain!\S+ JOIN #lab \* :A test$")
    irc.client("third").send("JOIN #lab")
    able.expect(r"^:third!\S+ JOIN #lab \* :A test$")
    plain.expect(r"^:third!\S+ JOIN #lab$")


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


def test_invitations_are_told_to_those_who_asked_and_listed(irc: Irc) -> None:
    anna, able, vera = (
        irc.client("Анна"),
        irc.client("able", capabilities=["invite-notify"]),
        irc.client("Вера"),
    )
    for client in (anna, able):
        client.enter()
    anna.send("INVITE Вера #lab")
    able.expect("^:Анна!.* INVITE Вера #lab$")
    vera.expect("^:Анна!.* INVITE Вера #lab$")
    vera.send("INVITE")
    vera.expect(" 336 Вера #lab$")
    vera.expect(" 337 ")


def test_setname_is_told_and_shown(irc: Irc) -> None:
    able, anna = irc.client("able", capabilities=["setname"]), irc.client("Анна", capabilities=["setname"])
    for client in (able, anna):
        client.enter()
    anna.send("SETNAME :Анна Иванова")
    for client in (able, anna):
        client.expect("^:Анна!.* SETNAME :Анна Иванова$")
    able.send("WHOIS Анна")
    able.expect(r" 311 .* \* :Анна Иванова$")
    anna.send(f"SETNAME :{'x' * 200}")
    anna.expect("FAIL SETNAME INVALID_REALNAME :")


def test_userhost_in_names(irc: Irc) -> None:
    able = irc.client("able", capabilities=["userhost-in-names"])
    able.send("JOIN #lab")
    able.expect(r" 353 able = #lab :@able!~test@127\.0\.0\.1$")


def test_bots_are_marked_everywhere(irc: Irc) -> None:
    bot, anna = irc.client("robot"), irc.client("Анна", capabilities=TAGS)
    bot.send("MODE robot +B")
    bot.expect(r"MODE robot \+B$")
    for client in (bot, anna):
        client.enter()
    bot.send("PRIVMSG #lab :бип")
    anna.expect(r"^@time=\S+;msgid=\S+;bot :robot!.* PRIVMSG #lab :бип$")
    anna.send("WHOIS robot")
    anna.expect(" 335 Анна robot ")
    anna.send("WHO #lab")
    anna.expect(" robot HB@ :0 A test$")


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


def test_pasted_code_to_oneself_comes_as_two_batches(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=MULTILINE)
    anna.send("@label=7 BATCH +1 draft/multiline Анна")
    for text in ("раз", "два"):
        anna.send(f"@batch=1 PRIVMSG анна :{text}")
    anna.send("BATCH -1")
    references = []
    for label in ("label=7;", ""):
        opening = anna.expect(rf"^@{label}time=\S+;msgid=\S+ :Анна!\S+ BATCH \+(\S+) draft/multiline Анна$")
        references.append(opening[1])
        for text in ("раз", "два"):
            anna.expect(f"^@batch={opening[1]} :Анна!.* PRIVMSG Анна :{text}$")
        anna.expect(f"BATCH -{opening[1]}$")
    assert len(set(references)) == 2
    anna.expect_nothing()


def test_a_batch_tag_means_nothing_to_who_did_not_ask_for_batches(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.send("@batch=1 PRIVMSG Борис :эй")
    boris.expect("PRIVMSG Борис :эй$")


def test_without_a_history_nothing_is_offered_that_needs_one(irc: Irc) -> None:
    irc.server(history=None)
    anna = irc.raw()
    anna.send("CAP LS 302")
    offered = anna.expect("CAP . LS :(.*)")[1]
    assert "echo-message" in offered
    assert not any(word in offered for word in ("chathistory", "event-playback", "redaction"))
    anna.send("CAP REQ draft/chathistory")
    anna.expect("CAP . NAK ")


def test_the_first_in_an_empty_room_takes_back_nothing_that_was_said_before(irc: Irc) -> None:
    capabilities = [*TAGS, "draft/message-redaction"]
    teacher = irc.client("Teacher", capabilities=capabilities)
    teacher.enter()
    teacher.send("PRIVMSG #lab :задание")
    msgid = teacher.expect(r"msgid=(\S+?)[; ].*задание$")[1]
    teacher.send("PART #lab")
    teacher.expect(" PART ")
    student = irc.client("Student", capabilities=capabilities)
    student.enter()
    student.send(f"REDACT #lab {msgid}")
    student.expect(f"FAIL REDACT REDACT_FORBIDDEN #lab {msgid} ")


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


def test_monitor_tells_who_comes_and_goes(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.send("MONITOR + Борис,Вера")
    anna.expect(r" 730 Анна :Борис!\S+$")
    anna.expect(" 731 Анна :Вера$")
    vera = irc.client("Вера")
    anna.expect(r" 730 Анна :Вера!\S+$")
    vera.send("NICK вера")
    vera.send("NICK Вероника")
    anna.expect(" 731 Анна :вера$")
    boris.send("QUIT")
    anna.expect(" 731 Анна :Борис$")
    anna.send("MONITOR L")
    anna.expect(" 732 Анна :Борис,Вера$")
    anna.expect(" 733 ")
    anna.send("MONITOR - Борис")
    anna.expect_nothing()  # the PONG says that the server has read it
    irc.client("Борис")
    anna.expect_nothing()
    anna.send("MONITOR C")
    anna.send("MONITOR L")
    assert "732" not in anna.expect(r" (732|733) ")[1]
    anna.send("MONITOR + " + ",".join(f"n{i}" for i in range(101)))
    anna.expect(" 734 Анна 100 n100 ")


def test_extended_monitor_tells_of_strangers(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=["extended-monitor", "away-notify", "setname"])
    boris = irc.client("Борис")
    anna.send("MONITOR + Борис")
    anna.expect(" 730 ")
    boris.send("AWAY :обед")
    anna.expect("^:Борис!.* AWAY :обед$")
    boris.send("SETNAME :Боря")
    anna.expect("^:Борис!.* SETNAME :Боря$")


def send_code(client: Client, label: str = "") -> None:
    first = "@label=5;+x=1 " if label else "@+x=1 "
    for line in (
        f"{first}BATCH +1 draft/multiline #lab",
        "@batch=1 PRIVMSG #lab :def f():",
        "@batch=1 PRIVMSG #lab :",
        "@batch=1 PRIVMSG #lab :    return ",
        "@batch=1;draft/multiline-concat PRIVMSG #lab :42",
        "BATCH -1",
    ):
        client.send(line)


def test_pasted_code_arrives_as_one_message(irc: Irc) -> None:
    anna, boris = (irc.client(nick, capabilities=MULTILINE) for nick in ("Анна", "Борис"))
    plain = irc.client("plain", capabilities=["message-tags"])
    for client in (anna, boris, plain):
        client.enter()
    send_code(anna, label="5")
    msgids = set()
    for client, label in ((anna, "label=5;"), (boris, "")):
        found = client.expect(
            rf"^@{label}time=\S+;msgid=(\S+?);\+x=1 :Анна!\S+ BATCH \+(\S+) draft/multiline #lab$"
        )
        msgids.add(found[1])
        client.expect(rf"^@batch={found[2]} :Анна!\S+ PRIVMSG #lab :def f\(\):$")
        client.expect(rf"^@batch={found[2]} :Анна!\S+ PRIVMSG #lab :$")
        client.expect(rf"^@batch={found[2]} :Анна!\S+ PRIVMSG #lab :    return $")
        client.expect(rf"^@batch={found[2]};draft/multiline-concat :Анна!\S+ PRIVMSG #lab :42$")
        client.expect(rf"^:chat.lab BATCH -{found[2]}$")
    found = plain.expect(r"^@msgid=(\S+);\+x=1 :Анна!\S+ PRIVMSG #lab :def f\(\):$")
    assert msgids == {found[1]}
    plain.expect(r"^@\+x=1 :Анна!\S+ PRIVMSG #lab :    return $")
    plain.expect(r"^@\+x=1 :Анна!\S+ PRIVMSG #lab :42$")
    plain.expect_nothing()


def test_pasted_code_is_given_back_whole_by_the_history(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=MULTILINE)
    anna.enter()
    send_code(anna)
    msgid = anna.expect(r"msgid=(\S+?);")[1]
    anna.expect("BATCH -")
    anna.send("CHATHISTORY LATEST #lab * 5")
    outer = anna.expect(r"BATCH \+(\S+) chathistory #lab$")[1]
    inner = anna.expect(rf"^@batch={outer};.*msgid={msgid} :Анна!\S+ BATCH \+(\S+) draft/multiline #lab$")[1]
    for text in (r"def f\(\):", "", "    return ", "42"):
        anna.expect(rf"^@batch={inner}\S* :Анна!\S+ PRIVMSG #lab :{text}$")
    anna.expect(f"^@batch={outer} :chat.lab BATCH -{inner}$")
    anna.expect(f"BATCH -{outer}$")
    plain = irc.client("plain", capabilities=["message-tags", "batch"])
    plain.enter()
    plain.send("CHATHISTORY LATEST #lab * 5")
    plain.expect(rf"msgid={msgid} :Анна!\S+ PRIVMSG #lab :def f\(\):$")
    plain.expect("PRIVMSG #lab :    return $")
    plain.expect("PRIVMSG #lab :42$")


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["@batch=2 PRIVMSG #lab :x"], "MULTILINE_INVALID :"),
        (["@batch=1 PRIVMSG #other :x"], "MULTILINE_INVALID_TARGET #lab #other :"),
        (["@batch=1 PRIVMSG #lab :x", "@batch=1 NOTICE #lab :x"], "MULTILINE_INVALID :"),
        (["@batch=1;draft/multiline-concat PRIVMSG #lab :"], "MULTILINE_INVALID :"),
        (["@batch=1 PRIVMSG #lab :x"] * 101, "MULTILINE_MAX_LINES 100 :"),
        (["@batch=1 PRIVMSG #lab :" + "x" * 490] * 17, "MULTILINE_MAX_BYTES 8192 :"),
        (["BATCH -1"], "MULTILINE_INVALID :"),
        (["BATCH -2"], "INVALID_REFTAG 2 :"),
        (["BATCH +2 draft/multiline #lab"], "MULTILINE_INVALID :"),
        (["JOIN #x", "BATCH +2 nonsense"], "INVALID_REFTAG 2 :"),
    ],
)
def test_a_wrong_batch_fails_in_words_and_once(irc: Irc, lines: list[str], answer: str) -> None:
    anna = irc.client("Анна", capabilities=MULTILINE)
    anna.enter()
    anna.send("BATCH +1 draft/multiline #lab")
    for line in lines:
        anna.send(line)
    anna.expect(f"FAIL BATCH {answer}")
    if "@batch=1" in lines[0]:
        anna.send("BATCH -1")
        anna.expect_nothing()


def test_a_message_is_taken_back_from_screens_and_history(irc: Irc) -> None:
    caps = [*TAGS, "draft/message-redaction"]
    teacher, anna, plain = (
        irc.client("teacher", capabilities=caps),
        irc.client("Анна", capabilities=caps),
        irc.client("p"),
    )
    for client in (teacher, anna, plain):
        client.enter()
    msgids = []
    for text in ("раз", "два", "три"):
        anna.send(f"PRIVMSG #lab :{text}")
        msgids.append(anna.expect(r"msgid=(\S+) .*PRIVMSG")[1])
    anna.send(f"REDACT #lab {msgids[0]} :опечатка")
    for client in (teacher, anna):
        client.expect(rf"^\S+ :Анна!\S+ REDACT #lab {msgids[0]} :опечатка$")
    teacher.send(f"REDACT #lab {msgids[1]}")
    anna.expect(rf"^\S+ :teacher!\S+ REDACT #lab {msgids[1]}$")
    plain.expect_nothing_but("PRIVMSG #lab")
    anna.send("CHATHISTORY LATEST #lab * 10")
    anna.expect("BATCH .* chathistory")
    assert anna.expect("PRIVMSG #lab :(.*)$")[1] == "три"
    anna.expect("BATCH -")
    teacher.send("PRIVMSG #lab :моё")
    foreign = anna.expect(r"msgid=(\S+) .*:моё$")[1]
    for line, answer in (
        (f"REDACT #lab {foreign}", f"REDACT_FORBIDDEN #lab {foreign} :"),
        (f"REDACT #lab {msgids[0]}", f"UNKNOWN_MSGID #lab {msgids[0]} :"),
        ("REDACT #lab nonsense", "UNKNOWN_MSGID #lab nonsense :"),
        (f"REDACT #other {foreign}", "INVALID_TARGET #other :"),
    ):
        anna.send(line)
        anna.expect(f"FAIL REDACT {answer}")


def test_events_are_played_back_to_those_who_asked(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=[*TAGS, "draft/event-playback"])
    boris = irc.client("Борис", capabilities=TAGS)
    for client in (anna, boris):
        client.enter()
    anna.send("TOPIC #lab :Тема")
    anna.expect(r"^@time=\S+;msgid=\S+ :Анна!\S+ TOPIC #lab :Тема$")
    anna.send("PRIVMSG #lab :слово")
    anna.expect("слово")
    anna.send("CHATHISTORY LATEST #lab * 10")
    anna.expect("chathistory")
    for event in (
        "Анна!.* JOIN #lab",
        "Борис!.* JOIN #lab",
        "Анна!.* TOPIC #lab :Тема",
        "PRIVMSG #lab :слово",
    ):
        anna.expect(f"^@batch=.*{event}$")
    boris.send("CHATHISTORY LATEST #lab * 10")
    boris.expect("chathistory")
    assert "PRIVMSG" in boris.expect("^@batch=.*$")[0]
    assert "BATCH -" in boris.expect("BATCH|TOPIC|JOIN").string


def test_exceptions_and_mutes(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    anna.enter()
    for mode in ("+b *!*@127.0.0.1", "+e борис!*@*"):
        anna.send(f"MODE #lab {mode}")
        anna.expect("MODE #lab")
    boris.enter()
    boris.send("PRIVMSG #lab :я исключение")
    anna.expect("я исключение")
    boris.send("MODE #lab e")
    boris.expect(r" 348 Борис #lab борис!\*@\* Анна!\S+ :\d+$")
    boris.expect(" 349 ")
    anna.send("MODE #lab -b+b *!*@127.0.0.1 m:борис")
    anna.expect(r"MODE #lab -b\+b \*!\*@127.0.0.1 m:борис!\*@\*$")
    boris.send("PRIVMSG #lab :а теперь?")
    boris.expect(" 404 ")
    anna.send("MODE #lab +v Борис")
    boris.expect(r"\+v")
    boris.send("PRIVMSG #lab :с голосом можно")
    anna.expect("с голосом можно")
    vera = irc.client("Вера")
    for mode in ("+i", "+I вера!*@*"):
        anna.send(f"MODE #lab {mode}")
    anna.expect(r"\+I")
    vera.enter()
    vera.send("MODE #lab I")
    vera.expect(r" 346 Вера #lab вера!\*@\* ")
    vera.expect(" 347 ")


def test_a_room_may_forbid_ctcp_but_not_actions(irc: Irc) -> None:
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    anna.send("MODE #lab +C")
    boris.expect(r"MODE #lab \+C")
    boris.send("PRIVMSG #lab :\x01VERSION\x01")
    boris.expect(r" 404 Борис #lab .*\+C")
    boris.send("PRIVMSG #lab :\x01ACTION машет\x01")
    anna.expect("\x01ACTION машет\x01$")


def test_capabilities_with_version_302_have_values(irc: Irc) -> None:
    new, old = irc.raw(), irc.raw()
    new.send("CAP LS 302")
    assert "draft/multiline=max-bytes=8192,max-lines=100" in new.expect(r"CAP \* LS :(.*)$")[1].split()
    old.send("CAP LS")
    assert "draft/multiline" in old.expect(r"CAP \* LS :(.*)$")[1].split()


def test_the_servers_operator_takes_back_a_message_in_any_room(irc: Irc) -> None:
    irc.server(oper_name="t", oper_password="p")
    caps = [*TAGS, "draft/message-redaction"]
    teacher, anna = irc.client("teacher", capabilities=caps), irc.client("Анна", capabilities=caps)
    teacher.send("OPER t p")
    teacher.expect(" 381 ")
    anna.enter()
    anna.send("PRIVMSG #lab :ой")
    msgid = anna.expect(r"msgid=(\S+) .*PRIVMSG")[1]
    teacher.send(f"REDACT #lab {msgid}")
    for client in (teacher, anna):
        client.expect(rf":teacher!\S+ REDACT #lab {msgid}$")


def test_a_private_message_is_taken_back_by_its_sender_alone(irc: Irc) -> None:
    caps = [*TAGS, "draft/message-redaction"]
    anna, boris = (irc.client(nick, capabilities=caps) for nick in ("Анна", "Борис"))
    anna.send("PRIVMSG Борис :ой")
    msgid = boris.expect(r"msgid=(\S+) .*PRIVMSG")[1]
    boris.send(f"REDACT Анна {msgid}")
    boris.expect("FAIL REDACT REDACT_FORBIDDEN")
    anna.send(f"REDACT Борис {msgid}")
    for client in (anna, boris):
        client.expect(rf":Анна!\S+ REDACT Борис {msgid}$")


def test_long_tags_do_not_multiply(irc: Irc) -> None:
    anna, plain = irc.client("Анна", capabilities=MULTILINE), irc.client("p", capabilities=["message-tags"])
    for client in (anna, plain):
        client.enter()
    anna.send(f"@+x={'y' * 500} BATCH +1 draft/multiline #lab")
    for text in ("раз", "два"):
        anna.send(f"@batch=1 PRIVMSG #lab :{text}")
    anna.send("BATCH -1")
    plain.expect(r"^@msgid=\S+;\+x=y{500} :Анна!\S+ PRIVMSG #lab :раз$")
    plain.expect(r"^:Анна!\S+ PRIVMSG #lab :два$")
