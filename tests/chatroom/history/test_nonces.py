"""A message that comes twice, because its sender could not know that it had arrived, appears once."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from chatroom.history.nonces import MAX_NONCE, FirstCopy, Nonces
from chatroom.history.rows import Author
from chatroom.history.store import History
from protocol.addresses import account_of
from tests.tools.irc import Client, Irc

ALL = ["message-tags", "batch", "echo-message", "server-time", "labeled-response", "draft/multiline"]


ANNA = Author("anna!a@h", "anna", "h")


def stored(client: Client, target: str = "#lab") -> list[str]:
    client.send(f"CHATHISTORY LATEST {target} * 50")
    opening = client.expect("BATCH \\+.* chathistory ").string
    client.expect("BATCH -")
    return [line for line in client.lines[client.lines.index(opening) :] if " PRIVMSG " in line]


def tag(line: str, name: str) -> str:
    match = re.search(rf"[@;]{name}=([^; ]*)", line)
    assert match, line
    return match[1]


def test_a_line_sent_twice_appears_once_and_is_echoed_twice_the_same(irc: Irc) -> None:
    boris, anna = irc.client("Борис").enter(), irc.client("Анна", capabilities=ALL).enter()
    for label in ("1", "2"):
        anna.send(f"@label={label};+chat.lab/nonce=abc PRIVMSG #lab :раз")
    first, second = anna.expect("label=1.*PRIVMSG").string, anna.expect("label=2.*PRIVMSG").string
    for name in ("msgid", "time", r"\+chat.lab/nonce"):
        assert tag(first, name) == tag(second, name)
    anna.send("PRIVMSG #lab :конец")
    boris.expect("PRIVMSG #lab :раз$")
    boris.expect("PRIVMSG")
    assert [line.rpartition(":")[2] for line in boris.lines if " PRIVMSG #lab " in line] == ["раз", "конец"]
    assert [line.rpartition(":")[2] for line in stored(anna)] == ["раз", "конец"]


def test_it_is_known_on_a_second_connection_under_another_nick(irc: Irc) -> None:
    boris = irc.client("Борис", capabilities=["message-tags"]).enter()
    old = irc.client("Анна", capabilities=ALL).enter()
    old.send("@+chat.lab/nonce=abc PRIVMSG #lab :раз")
    msgid = tag(old.expect("PRIVMSG").string, "msgid")
    new = irc.client("Анна2", capabilities=ALL).enter()
    new.send("@+chat.lab/nonce=abc PRIVMSG #lab :раз")
    assert tag(new.expect("^@.*:Анна2!.* PRIVMSG #lab :раз").string, "msgid") == msgid
    old.expect_nothing_but("JOIN")
    boris.expect("PRIVMSG")
    boris.expect_nothing_but("JOIN")
    assert len(stored(new)) == 1


def test_another_target_another_nonce_or_another_sender_is_another_message(irc: Irc) -> None:
    boris, anna = (irc.client(nick, capabilities=ALL).enter() for nick in ("Борис", "Анна"))
    boris.send("@+chat.lab/nonce=abc PRIVMSG #lab :раз")
    anna.expect("PRIVMSG #lab :раз")
    anna.send("@+chat.lab/nonce=abc PRIVMSG Борис :два")
    boris.expect("PRIVMSG Борис :два")
    anna.send("@+chat.lab/nonce=abd PRIVMSG Борис :два")
    boris.expect("PRIVMSG Борис :два")
    anna.send("@+chat.lab/nonce=abd PRIVMSG Борис :два")
    anna.send("PRIVMSG Борис :три")
    assert boris.expect("PRIVMSG").string.endswith(":три")


def test_a_multiline_message_sent_twice_appears_once(irc: Irc) -> None:
    boris = irc.client("Борис", capabilities=ALL).enter()
    old, new = (irc.client(nick, capabilities=ALL).enter() for nick in ("Анна", "Анна2"))
    ids = []
    for client in (old, new):
        client.send("@label=7;+chat.lab/nonce=abc BATCH +1 draft/multiline #lab")
        for line in ("раз", "два"):
            client.send(f"@batch=1 PRIVMSG #lab :{line}")
        client.send("BATCH -1")
        ids.append(tag(client.expect(r"label=7.*BATCH \+\S+ draft/multiline #lab$").string, "msgid"))
        client.expect("PRIVMSG #lab :раз$")
        client.expect("PRIVMSG #lab :два$")
        client.expect("BATCH -")
    assert ids[0] == ids[1]
    boris.expect("BATCH -")
    boris.expect_nothing_but("JOIN")
    assert len(stored(new)) == 2


@pytest.mark.parametrize("nonce", ["", "n" * (MAX_NONCE + 1)])
def test_an_empty_or_endless_nonce_counts_as_none(nonce: str) -> None:
    nonces = Nonces()
    nonces.remember(ANNA, ["#lab"], nonce, FirstCopy("m1", 0.0))
    assert nonces.find(ANNA, ["#lab"], nonce) is None


def test_the_oldest_nonces_are_forgotten() -> None:
    nonces = Nonces(limit=2)
    for number in range(3):
        nonces.remember(ANNA, ["#lab"], str(number), FirstCopy(f"m{number}", 0.0))
    assert [nonces.find(ANNA, ["#lab"], str(number)) for number in range(3)] == [
        None,
        FirstCopy("m1", 0.0),
        FirstCopy("m2", 0.0),
    ]


def test_a_message_that_comes_twice_is_confirmed_though_nobody_is_there_any_more(irc: Irc) -> None:
    anna, boris = irc.client("Анна", capabilities=ALL), irc.client("Борис")
    anna.send("@+chat.lab/nonce=n1 PRIVMSG Борис :Привет")
    first = anna.expect(r" PRIVMSG Борис :Привет$").string
    boris.send("QUIT")
    boris.expect_closed()
    anna.send("@+chat.lab/nonce=n1 PRIVMSG Борис :Привет")
    assert tag(anna.expect(r" PRIVMSG Борис :Привет$").string, "msgid") == tag(first, "msgid")


def test_a_server_that_is_started_anew_knows_what_was_said(irc: Irc) -> None:
    for server in (irc.server(), None):
        anna = irc.client("Анна", capabilities=[*ALL, "draft/chathistory"]).enter()
        anna.send("@+chat.lab/nonce=n1 PRIVMSG #lab :Привет")
        anna.expect("PRIVMSG #lab :Привет$")
        if server:
            irc.stop(server)
    assert len(stored(anna)) == 1


@pytest.mark.parametrize("target", ["#Лаб", "Анна"])
def test_a_restarted_server_knows_what_was_said_however_its_target_is_spelt(irc: Irc, target: str) -> None:
    for started in (irc.server(), None):
        anna = irc.client("Анна", capabilities=[*ALL, "draft/chathistory"])
        anna.enter("#Лаб")
        anna.send(f"@+chat.lab/nonce=n1 PRIVMSG {target} :раз")
        anna.expect(" PRIVMSG .*:раз$")
        if started:
            irc.stop(started)
    anna.send(f"CHATHISTORY LATEST {target} * 10")
    anna.expect("batch=.*:раз$")
    with pytest.raises(AssertionError):
        anna.expect("batch=.*:раз$", timeout=0.5)


def test_a_thousand_messages_later_a_nonce_is_still_known(irc: Irc) -> None:
    boris, anna = irc.client("Борис").enter(), irc.client("Анна", capabilities=ALL).enter()
    again = "@+chat.lab/nonce=n0 PRIVMSG #lab :раз"
    anna.send(
        "\r\n".join([again, *(f"@+chat.lab/nonce=n{n} PRIVMSG #lab :{n}" for n in range(1, 1000)), again])
    )
    anna.send("PRIVMSG #lab :конец")
    boris.expect(":конец$")
    assert sum(line.endswith(" PRIVMSG #lab :раз") for line in boris.lines) == 1


def test_one_account_cannot_push_out_the_nonces_of_others() -> None:
    """Not with many nicks, secrets and addresses of one IPv6 network either."""
    nonces = Nonces(limit=100)
    boris = Author("proof of boris", "boris", "10.0.0.2")
    for author in (ANNA, boris):
        for number in range(20):
            nonces.remember(author, ["#lab"], str(number), FirstCopy(f"{author.nick}{number}", 0.0))
    for number in range(1000):
        account = account_of(f"2001:db8::{number:x}")
        author = Author(f"proof {number}", f"n{number}", account)
        nonces.remember(author, ["#lab", f"proof {number % 7}"], str(number), FirstCopy("x", 0.0))
    for author in (ANNA, boris):
        for number in range(20):
            assert nonces.find(author, ["#lab"], str(number)) == FirstCopy(f"{author.nick}{number}", 0.0)
    assert nonces.find(author, ["#lab"], "999") is None
    assert nonces.find(Author("proof 999", "n999", account), ["#lab"], "999")


def test_a_flood_before_a_restart_hides_nobodys_nonce(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    line = "@+chat.lab/nonce={} :anna!a@h PRIVMSG #lab :x"
    flood = Author("proof of flood", "flood", "10.9.9.9")
    with closing(History(path)) as history:
        first = history.add("#lab", 1000, line.format("n1"), ANNA)
        history.add("#lab", 2000, line.format("n2"), ANNA)
        for number in range(500):
            history.add("#lab", 3000, line.format(f"f{number}"), flood)
            history.add("#lab", 3000, ":flood!a@h JOIN #lab", flood, event=True)
    with closing(History(path)) as history:
        nonces = Nonces(history, limit=100)
        assert nonces.find(ANNA, ["#lab"], "n1") == FirstCopy(first, 1.0)
        assert nonces.find(ANNA, ["#lab"], "n2")
        kept = [number for number in range(500) if nonces.find(flood, ["#lab"], f"f{number}")]
        assert kept == list(range(500 - 98, 500))


@pytest.mark.parametrize("spellings", [("#Лаб", "#ЛАБ"), ("Борис", "БОРИС"), ("+#Лаб", "@+#лаб")])
def test_a_target_is_the_same_however_it_is_spelt(irc: Irc, spellings: tuple[str, str]) -> None:
    boris, anna = irc.client("Борис"), irc.client("Анна", capabilities=ALL)
    for client in (anna, boris):
        client.enter("#Лаб")
    anna.send("MODE #Лаб +v Борис")
    anna.expect(" MODE ")
    for target in spellings:
        anna.send(f"@+chat.lab/nonce=n1 PRIVMSG {target} :раз")
        anna.expect(":раз$")
    anna.send("PRIVMSG Борис :конец")
    boris.expect("PRIVMSG Борис :конец$")
    assert sum(line.endswith(":раз") for line in boris.lines) == 1
