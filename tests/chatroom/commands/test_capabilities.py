"""CAP: what a server offers, and what a client takes of it."""

from tests.tools.irc import Irc


def test_capability_negotiation_holds_registration_back(irc: Irc) -> None:
    client = irc.raw()
    client.send("CAP LS 302")
    offered = client.expect(r"^:chat.lab CAP \* LS :(.*)$")[1].split()
    assert "message-tags" in offered
    client.send("NICK Анна")
    client.send("USER a 0 * :A")
    client.expect_nothing()
    client.send("CAP REQ :message-tags no-such-thing")
    client.expect(r"^:chat.lab CAP Анна NAK :message-tags no-such-thing$")
    client.send("CAP REQ :message-tags server-time")
    client.expect(r"^:chat.lab CAP Анна ACK :message-tags server-time$")
    client.send("CAP REQ -server-time")
    client.expect(r"^:chat.lab CAP Анна ACK :-server-time$")
    client.send("CAP LIST")
    client.expect(r"^:chat.lab CAP Анна LIST :message-tags$")
    client.send("CAP END")
    client.expect("^:chat.lab 001 ")


def test_capabilities_with_version_302_have_values(irc: Irc) -> None:
    new, old = irc.raw(), irc.raw()
    new.send("CAP LS 302")
    assert "draft/multiline=max-bytes=8192,max-lines=100" in new.expect(r"CAP \* LS :(.*)$")[1].split()
    old.send("CAP LS")
    assert "draft/multiline" in old.expect(r"CAP \* LS :(.*)$")[1].split()


def test_without_a_history_nothing_is_offered_that_needs_one(irc: Irc) -> None:
    irc.server(history=None)
    anna = irc.raw()
    anna.send("CAP LS 302")
    offered = anna.expect("CAP . LS :(.*)")[1]
    assert "echo-message" in offered
    assert not any(word in offered for word in ("chathistory", "event-playback", "redaction"))
    anna.send("CAP REQ draft/chathistory")
    anna.expect("CAP . NAK ")


def test_without_a_history_none_is_advertised(irc: Irc) -> None:
    irc.server(history=None)
    assert "CHATHISTORY" not in " ".join(irc.client("Анна").lines)
