"""Our IRCv3 names had another vendor at first: programs of before and after understand each other."""

import re
from collections.abc import Iterator

import pytest

from client.model.conversations import Delivery
from protocol import ircv3
from tests.tools.dialogue import CAPABILITIES, Dialogue
from tests.tools.irc import Irc

WORDS = ["message-tags", "batch", "echo-message", "labeled-response", "draft/chathistory"]
VENDOR = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]+|draft")
"""What clients with a narrow reading of message-tags take for a vendor: a domain."""


def names() -> Iterator[str]:
    for name, value in vars(ircv3).items():
        if isinstance(value, str) and name.isupper() and "FIRST" not in name:
            yield value


def test_every_name_is_what_message_tags_calls_a_key() -> None:
    for name in names():
        vendor, slash, key = name.removeprefix("+").rpartition("/")
        assert re.fullmatch("[A-Za-z0-9-]+", key), name
        assert not slash or VENDOR.fullmatch(vendor), name


@pytest.mark.parametrize("vendor", ["labchat", "chat.lab"])
def test_a_program_that_knows_our_first_names_keeps_its_promises(irc: Irc, vendor: str) -> None:
    """A nick is taken back, and a message that is sent again stands once, even over a restart."""
    said = f"@label=1;+{vendor}/nonce=n1 PRIVMSG #lab :раз"
    ids = set()
    for server, comings in ((irc.server(), 2), (None, 1)):
        for _coming in range(comings):
            anna = irc.raw()
            anna.send(f"CAP REQ :{' '.join(WORDS)} {vendor}/reclaim")
            anna.expect(" ACK ")
            anna.send("RECLAIM Анна 0123456789abcdef\r\nUSER a 0 * :A\r\nCAP END")
            anna.expect(" 001 Анна ")
            anna.enter()
            anna.send(said)
            ids.add(anna.expect(rf"@.*msgid=([^;]+);\+{vendor}/nonce=n1 :Анна!.* PRIVMSG #lab :раз$")[1])
        if server:
            irc.stop(server)
    assert len(ids) == 1
    anna.send("CHATHISTORY LATEST #lab * 9")
    anna.expect(rf"\+{vendor}/nonce=n1.*:раз$")
    anna.expect("^:chat.lab BATCH -")


def test_a_client_speaks_to_a_server_of_before_as_that_understands_it() -> None:
    dialogue = Dialogue()
    dialogue.connect()
    dialogue.hear(f":srv CAP * LS :{CAPABILITIES} labchat/reclaim")
    lines = dialogue.hear(f":srv CAP Анна ACK :{CAPABILITIES} labchat/reclaim")
    assert [line.split()[0] for line in lines] == ["RECLAIM", "CAP"]
    dialogue.welcome("")
    dialogue.enter_room()
    dialogue.history("#lab")
    (line,) = dialogue.say("раз")
    found = re.search(r";\+labchat/nonce=(\w+) PRIVMSG", line)
    assert found
    dialogue.hear(f"@+labchat/nonce={found[1]};msgid=m1 :Анна!~a@h PRIVMSG #lab :раз")
    assert (dialogue.last().text, dialogue.last().delivery) == ("раз", Delivery.SENT)
