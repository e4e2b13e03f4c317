"""BATCH: messages of several lines, such as pasted code."""

import pytest

from tests.tools.irc import TAGS, Client, Irc

MULTILINE = [*TAGS, "draft/multiline", "labeled-response"]


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
    inner = anna.expect(
        rf"^@batch={outer};.*msgid={msgid};\+x=1 :Анна!\S+ BATCH \+(\S+) draft/multiline #lab$"
    )[1]
    for text in (r"def f\(\):", "", "    return ", "42"):
        anna.expect(rf"^@batch={inner}\S* :Анна!\S+ PRIVMSG #lab :{text}$")
    anna.expect(f"^@batch={outer} :chat.lab BATCH -{inner}$")
    anna.expect(f"BATCH -{outer}$")
    plain = irc.client("plain", capabilities=["message-tags", "batch"])
    plain.enter()
    plain.send("CHATHISTORY LATEST #lab * 5")
    plain.expect(rf"msgid={msgid};\+x=1 :Анна!\S+ PRIVMSG #lab :def f\(\):$")
    plain.expect("PRIVMSG #lab :    return $")
    plain.expect("PRIVMSG #lab :42$")


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


def test_an_answer_names_its_message_once_to_everybody_and_in_the_history(irc: Irc) -> None:
    anna, boris = (irc.client(nick, capabilities=[*MULTILINE, "draft/chathistory"]) for nick in ("Анна", "Б"))
    plain = irc.client("plain", capabilities=["message-tags"])
    for client in (anna, boris, plain):
        client.enter()
    anna.send("PRIVMSG #lab :Кто слушает порт?")
    asked = boris.expect(r"msgid=(\S+?)[; ].*PRIVMSG #lab :Кто слушает порт")[1]
    boris.send(f"@+draft/reply={asked} PRIVMSG #lab :Я слушаю")
    boris.send(f"@+draft/reply={asked} BATCH +1 draft/multiline #lab")
    for text in ("раз", "два"):
        boris.send(f"@batch=1 PRIVMSG #lab :{text}")
    boris.send("BATCH -1")
    plain.expect(rf"\+draft/reply={asked} :Б!\S+ PRIVMSG #lab :Я слушаю$")
    plain.expect(rf"\+draft/reply={asked} :Б!\S+ PRIVMSG #lab :раз$")
    plain.expect(r"^:Б!\S+ PRIVMSG #lab :два$")
    anna.send("CHATHISTORY LATEST #lab * 2")
    outer = anna.expect(r"BATCH \+(\S+) chathistory #lab$")[1]
    anna.expect(rf"^@batch={outer};.*\+draft/reply={asked} :Б!\S+ PRIVMSG #lab :Я слушаю$")
    anna.expect(rf"^@batch={outer};.*\+draft/reply={asked} :Б!\S+ BATCH \+\S+ draft/multiline #lab$")
