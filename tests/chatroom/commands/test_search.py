"""SEARCH: what was said before is found by those who may read it, and by nobody else."""

import re
import sqlite3
from contextlib import closing

import pytest

from chatroom.config import Limits
from tests.tools.irc import TAGS, Client, Irc

ALL = (*TAGS, "standard-replies", "soju.im/search", "draft/message-redaction", "draft/multiline")


def search(client: Client, attributes: str) -> tuple[list[str], str]:
    """The texts that SEARCH finds, and up to which message it looked; "" if it looked at everything."""
    client.send(f"SEARCH {attributes}")
    begun = client.expect(r"^(?:@(?:.*;)?chat\.lab/reached-id=(\S+?)[; ])?.*BATCH \+(\S+) soju\.im/search$")
    texts: list[str] = []
    while True:
        line = client.expect(rf"^@(?:\S*;)?batch={begun[2]}\b\S* .* PRIVMSG \S+ :(.*)$|BATCH -{begun[2]}$")
        if line[1] is None:
            return texts, begun[1] or ""
        texts.append(line[1])


def said(client: Client, *texts: str, to: str = "#lab") -> list[str]:
    """Say these; return their times."""
    times = []
    for text in texts:
        client.send(f"PRIVMSG {to} :{text}")
        times.append(client.expect(rf"^@time=(\S+?);.* PRIVMSG {to} :{re.escape(text)}$")[1])
    return times


def test_a_text_is_found_whatever_its_case_and_whoever_said_it(irc: Irc) -> None:
    anna, boris = (irc.client(nick, capabilities=ALL).enter() for nick in ("Анна", "Борис"))
    said(anna, "Ещё один сервер", "\x01ACTION ищет СЕРВЕР\x01", "нет", "\x01VERSION сервер\x01")
    said(boris, "сер\x02вер и клиент")
    assert search(anna, "text=сервер") == (
        ["Ещё один сервер", "\x01ACTION ищет СЕРВЕР\x01", "сер\x02вер и клиент"],
        "",
    )
    assert search(boris, r"text=ЕЩЕ\sодин") == (["Ещё один сервер"], "")
    assert search(anna, "from=борис;in=#LAB") == (["сер\x02вер и клиент"], "")
    assert search(anna, "from=борис;text=ещё") == ([], "")
    assert search(anna, "text=Борис!") == ([], "")  # who said it is no part of what was said


def test_a_pasted_text_is_found_across_its_lines(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=ALL).enter()
    for line in (
        "BATCH +1 draft/multiline #lab",
        "@batch=1 PRIVMSG #lab :import soc",
        "@batch=1;draft/multiline-concat PRIVMSG #lab :ket",
        "BATCH -1",
    ):
        anna.send(line)
    anna.expect("BATCH -b")
    anna.send("SEARCH text=socket")
    anna.expect("soju.im/search")
    anna.expect("PRIVMSG #lab :import soc$")


def test_only_what_may_be_read_is_found(irc: Irc) -> None:
    anna, boris, vera = (irc.client(nick, capabilities=ALL) for nick in ("Анна", "Борис", "Вера"))
    anna.enter("#lab", "#other")
    boris.enter("#lab")
    said(anna, "слово в комнате")
    said(anna, "слово в другой", to="#other")
    said(anna, "слово лично", to="Борис")
    said(boris, "слово себе", to="Борис")
    anna.send("PRIVMSG #lab :слово прочь")
    msgid = anna.expect("msgid=(\\S+) .*прочь$")[1]
    anna.send(f"REDACT #lab {msgid}")
    anna.expect(" REDACT ")
    assert search(anna, "text=слово")[0] == ["слово в комнате", "слово в другой", "слово лично"]
    assert search(boris, "text=слово")[0] == ["слово в комнате", "слово лично", "слово себе"]
    assert search(anna, "text=слово;in=борис")[0] == ["слово лично"]
    assert search(vera, "text=слово")[0] == []
    anna.send("PART #other")
    anna.expect(" PART ")
    assert search(anna, "text=слово")[0] == ["слово в комнате", "слово лично"]


def test_what_happened_is_not_found_though_it_waits_to_be_written(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=ALL).enter()
    anna.send_bytes("TOPIC #lab :слово\r\nMODE #lab +k слово\r\nSEARCH text=слово\r\n".encode())
    anna.expect(r" BATCH \+\S+ soju\.im/search$")
    anna.expect_nothing_but(r" BATCH -\S+$")


def test_a_damaged_number_is_not_found_as_if_it_came_next(irc: Irc) -> None:
    """It would be the place where the search goes on, which no other request knows."""
    anna = irc.client("Анна", capabilities=ALL).enter()
    said(anna, "слово 0", "слово 1", "слово 2")
    with closing(sqlite3.connect(irc.history)) as database, database:
        database.execute("UPDATE message SET id = id + (1 << 50) WHERE line LIKE '%слово 1'")
    found, reached = search(anna, "text=слово;limit=1")
    assert found == ["слово 2"]
    assert search(anna, f"text=слово;before=msgid={reached}") == (["слово 0"], "")


def test_a_search_goes_on_where_it_ended(irc: Irc) -> None:
    """However little one search may look at, those that follow find everything, once, and come to an end."""
    irc.server(limits=Limits(search_effort=2000))
    anna = irc.client("Анна", capabilities=ALL).enter()
    texts = [f"слово {number}" if number % 10 == 0 else f"{number}" for number in range(60)]
    said(anna, *texts)
    found: list[str] = []
    before, count = "", 0
    while True:
        part, reached = search(anna, f"text=слово{before}")
        found = part + found
        count += 1
        if not reached:
            break
        before = f";before=msgid={reached}"
    assert found == [text for text in texts if "слово" in text]
    assert count > 4


def test_letters_that_must_be_composed_cost_more(irc: Irc) -> None:
    irc.server(limits=Limits(search_effort=10_000))
    anna = irc.client("Анна", capabilities=ALL).enter()
    said(anna, *["й" * 100] * 5)
    assert search(anna, "text=nowhere") == ([], "")
    said(anna, *["и\u0306" * 100] * 5)
    assert search(anna, "text=nowhere")[1]  # not everything was searched


def test_the_newest_are_found_first_and_from_a_time_on_the_oldest(irc: Irc) -> None:
    anna = irc.client("Анна", capabilities=ALL).enter()
    times = said(anna, *(f"слово {number}" for number in range(6)))
    newest, reached = search(anna, "text=слово;limit=2")
    assert newest[-1] == "слово 5"
    assert reached
    oldest, reached = search(anna, f"text=слово;limit=2;after={times[1]}")
    assert "слово 0" not in oldest[1:]
    assert oldest[-1] in ("слово 1", "слово 2")
    assert reached
    assert search(anna, f"after={times[0]};before={times[5]}") == ([f"слово {i}" for i in range(6)], "")
    assert search(anna, "before=2000-01-01T00:00:00.000Z") == ([], "")


@pytest.mark.parametrize(
    ("attributes", "named"),
    [
        ("in=#other", "in"),
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("after=yesterday", "after"),
        ("before=msgid=000000-1", "before"),
        ("colour=red", "colour"),
    ],
)
def test_a_wrong_search_fails_in_words(irc: Irc, attributes: str, named: str) -> None:
    anna, boris = irc.client("Анна", capabilities=ALL).enter(), irc.client("Борис", capabilities=ALL)
    boris.enter("#other")
    anna.send(f"SEARCH {attributes}")
    anna.expect(f"FAIL SEARCH INVALID_PARAMS {named} :")


def test_who_searches_too_often_is_asked_to_wait(irc: Irc) -> None:
    irc.server(throttle=True, limits=Limits(searches_per_minute=2))
    anna = irc.client("Анна", capabilities=ALL).enter()
    for _ in range(3):
        anna.send("SEARCH text=x")
    anna.expect(" 263 Анна SEARCH ")


def test_without_a_history_there_is_no_search(irc: Irc) -> None:
    irc.server(history=None)
    anna = irc.client("Анна", capabilities=TAGS)
    anna.send("CAP LS 302")
    assert "soju.im/search" not in anna.expect(" CAP .* LS :.*")[0]
    anna.send("SEARCH text=x")
    anna.expect("FAIL SEARCH INTERNAL_ERROR :This server keeps no history|NOTICE .*keeps no history")
