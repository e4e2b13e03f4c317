"""CHATHISTORY: what the history gives back."""

import pytest

from tests.tools.irc import TAGS, Client, Irc


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
        ("BEFORE #lab nonsense 5", "INVALID_MSGREFTYPE"),
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
