"""Answers marked with the label of the line that asked."""

import re

from tests.tools.irc import TAGS, Irc


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
