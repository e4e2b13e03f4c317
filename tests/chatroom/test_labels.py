"""Answers marked with the label of the line that asked."""

import re

from tests.tools.irc import TAGS, Client, Irc


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


MULTILINE = [*TAGS, "labeled-response", "draft/multiline"]


def marked(client: Client, mark: str) -> list[str]:
    """Return the lines that have come with a mark in their tags."""
    client.expect_nothing_but("")
    return [line for line in client.lines if line.startswith("@") and mark in line.split(" ")[0]]


def test_a_label_and_a_nonce_mark_one_line_each_in_batches_and_their_fallbacks(irc: Irc) -> None:
    boris = irc.client("Борис", capabilities=["message-tags"]).enter()
    anna = irc.client("Анна", capabilities=MULTILINE).enter()
    both = "@label=L1;+chat.lab/nonce=n1 BATCH +1 draft/multiline #lab"
    for _coming in range(2):
        anna.send(f"{both}\r\n@batch=1 PRIVMSG #lab :раз\r\n@batch=1 PRIVMSG #lab :два\r\n@label=L2 BATCH -1")
        anna.expect("^@label=L2 :chat.lab ACK$")
        anna.expect("BATCH -")
    for mark in ("label=L1", "nonce=n1", "label=L2"):
        assert len(marked(anna, mark)) == 2, mark  # it came twice
    for mark in ("nonce=n1", "msgid="):
        assert [line.rpartition(":")[2] for line in marked(boris, mark) if "PRIVMSG" in line] == ["раз"]
    anna.send("CHATHISTORY LATEST #lab * 9")
    boris.send("CHATHISTORY LATEST #lab * 9")
    boris.expect("PRIVMSG #lab :два")
    assert len(marked(boris, "nonce=n1")) == 2


def test_an_echo_that_was_split_is_split_again_when_the_message_comes_twice(
    irc: Irc,
) -> None:
    anna = irc.client("Анна", capabilities=["message-tags", "echo-message", "draft/multiline"]).enter()
    ids = []
    for _coming in range(2):
        anna.send("@+chat.lab/nonce=n1 BATCH +1 draft/multiline #lab")
        anna.send("@batch=1 PRIVMSG #lab :раз\r\n@batch=1 PRIVMSG #lab :два\r\nBATCH -1")
        ids.append(anna.expect(r"^@msgid=([^;]+);\+chat.lab/nonce=n1 :Анна!.* PRIVMSG #lab :раз$")[1])
        anna.expect("^:Анна!.* PRIVMSG #lab :два$")
    assert ids[0] == ids[1]


def test_of_a_message_to_several_each_line_has_an_id_and_one_the_nonce(irc: Irc) -> None:
    boris = irc.client("Борис", capabilities=["message-tags"]).enter("#lab", "#other")
    anna = irc.client("Анна", capabilities=MULTILINE).enter("#lab", "#other")
    for _coming in range(2):
        anna.send("@label=L1;+chat.lab/nonce=n1 PRIVMSG #lab,#other :раз")
        anna.expect("^@label=L1 .*BATCH .* labeled-response$")
        anna.expect("BATCH -")
    assert [line.split()[3] for line in marked(boris, "msgid=") if "PRIVMSG" in line] == ["#lab", "#other"]
    assert [line.split()[3] for line in marked(boris, "nonce=n1")] == ["#lab"]


def test_a_label_on_the_last_line_of_a_batch_marks_what_is_said_of_that_line(irc: Irc) -> None:
    """To oneself: the copy that comes to anybody comes behind all answers, with no mark."""
    anna = irc.client("Анна", capabilities=MULTILINE)
    anna.send("@label=A BATCH +1 draft/multiline Анна\r\n@batch=1 PRIVMSG Анна :раз\r\n@label=B BATCH -1")
    anna.expect("^@label=B :chat.lab ACK$")
    for opening in (
        "^@label=A;.*BATCH .*multiline Анна",
        "^@time=[^ ]*;msgid=[^ ]* :Анна!.* BATCH .*multiline Анна",
    ):
        reference = anna.expect(opening).string.split("BATCH +")[1].split()[0]
        anna.expect(f"^@batch={reference} :Анна!.* PRIVMSG Анна :раз$")
        anna.expect(f"^:chat.lab BATCH -{reference}$")
    anna.send("@label=C BATCH +1 draft/multiline Анна\r\n@batch=1 PRIVMSG Анна :раз\r\n@label=C BATCH -1")
    anna.expect("BATCH -")
    assert len(marked(anna, "label=C")) == 1


def test_the_answer_that_somebody_is_away_shares_the_label_with_the_echo(irc: Irc) -> None:
    boris, anna = irc.client("Борис"), irc.client("Анна", capabilities=MULTILINE)
    boris.send("AWAY :обед")
    boris.expect(" 306 ")
    anna.send("@label=1 PRIVMSG Борис :ты где?")
    batch = anna.expect(r"^@label=1 :chat.lab BATCH \+(\S+) labeled-response$")[1]
    anna.expect(f"^@batch={batch};.* PRIVMSG Борис ")
    anna.expect(f"^@batch={batch} :chat.lab 301 Анна Борис :обед")
    assert len(marked(anna, "label=")) == 1


def test_without_batches_there_are_no_labels(irc: Irc) -> None:
    """Several lines cannot share one, and no line may pretend to be the whole answer."""
    anna = irc.client("Анна", capabilities=["message-tags", "labeled-response"]).enter()
    anna.send("@label=1 MODE #lab")
    anna.expect("^:chat.lab 324 ")


def test_no_line_of_a_message_hides_ctcp(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=MULTILINE).enter()
    anna.send("MODE #lab +C")
    anna.expect("MODE #lab")
    for line in ("эй \x01VERSION\x01", "\x01ACTION машет\x01 \x01VERSION\x01", "\x01ACTIONS x\x01"):
        anna.send(f"PRIVMSG #lab :{line}")
        anna.expect(" 404 ")
        anna.send("BATCH +1 draft/multiline #lab\r\n@batch=1 PRIVMSG #lab :\x01ACTION x\x01")
        anna.send(f"@batch=1 PRIVMSG #lab :{line}\r\nBATCH -1")
        anna.expect(" 404 ")
    anna.send("PRIVMSG #lab :\x01ACTION машет\x01")
    anna.expect("ACTION машет")
