"""What servers answer, as sentences; limits from 005; nicks on a strict server."""

import re
from pathlib import Path

import pytest

from client.handlers import errors
from client.handlers.table import HANDLERS
from client.model.events import Problem, Refused
from protocol import numerics
from tests.tools.dialogue import ISUPPORT, Dialogue
from tests.tools.irc import Irc
from tests.tools.sources import ROOT
from tests.tools.users import Users


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("381 Анна :You are now an IRC operator", "You are an operator of the server now."),
        ("367 Анна #lab *!*@bad Борис!b@h 1", "*!*@bad is banned (Борис)"),
        ("348 Анна #lab *!*@good", "*!*@good is exempt from bans"),
        ("346 Анна #lab Вера!*@* Борис 1", "Вера!*@* may enter without an invitation (Борис)"),
        ("336 Анна #физика", "You are invited to #физика."),
        ("314 Анна Глеб ~g h * :Gleb", "Глеб was Gleb, ~g@h"),
        ("341 Анна #b Вера", "Вера is invited to #b."),
        ("351 Анна LabChat-1 srv :x", "The server runs LabChat-1"),
        ("391 Анна srv :Sunday", "The server's time: Sunday"),
        ("221 Анна +i", "Your modes: +i"),
        ("303 Анна :Борис Вера", "Online now: Борис Вера"),
        ("303 Анна :", "None of them is online."),
        ("730 Анна :Борис!b@h,Вера!v@h", "Now online: Борис, Вера"),
        ("731 Анна :Глеб", "Not online: Глеб"),
        (
            "263 Анна LIST :Please wait",
            "The server is too busy for LIST now. Please try again a little later.",
        ),
        ("400 Анна * :Internal error", "The server could not do this."),
        ("705 Анна JOIN :JOIN <channel>", "JOIN <channel>"),
        ("FAIL REDACT REDACT_FORBIDDEN #lab 1 :no", "Only its author or an operator of the room"),
        ("FAIL REDACT UNKNOWN_MSGID #lab 1 :no", "The server does not know this message any more."),
    ],
)
def test_answers_are_sentences_where_the_user_asked(room: Dialogue, line: str, sentence: str) -> None:
    room.say("/raw PING x")
    room.hear(f":srv {line}")
    assert room.last().text.startswith(sentence)


def test_every_numeric_of_our_server_has_a_handler_or_a_sentence() -> None:
    names = numerics_in(*(ROOT / "chatroom").rglob("*.py"))
    assert len(names) > 60
    known = HANDLERS.keys() | errors.SENTENCES.keys()
    of_the_session = numerics_in(ROOT / "client" / "session.py", ROOT / "client" / "registration.py")
    never_caused_by_this_client = {"ERR_NOORIGIN", "ERR_INVALIDCAPCMD"}
    unknown = {name for name in names - of_the_session if getattr(numerics, name) not in known}
    assert unknown <= never_caused_by_this_client


def numerics_in(*files: Path) -> set[str]:
    sources = "".join(file.read_text(encoding="utf-8") for file in files)
    return set(re.findall(r"\bn\.((?:RPL|ERR)_[A-Z0-9]+)", sources))


def test_what_is_longer_than_the_server_takes_is_not_sent() -> None:
    room = Dialogue()
    room.connect()
    room.welcome(isupport=f"{ISUPPORT} TOPICLEN=10")
    room.enter_room()
    assert room.say("/topic " + "т" * 11) == []
    assert "10" in room.last().text
    assert "11" in room.last().text
    assert room.say("/topic " + "т" * 10)
    assert room.say("/nick " + "н" * 31) == []
    assert "30" in room.last().text


def test_a_strict_server_gets_the_transliterated_nick_and_then_a_number(irc: Irc, meet: Users) -> None:
    irc.server(ascii_nicks=True)
    names = []
    for _time in range(2):
        user = meet(irc.address, "Анна", enters=False)
        while not user.is_in:
            user.wait(lambda user=user: user.is_in or user.session.state.refused)  # type: ignore[misc]
            refusals = [event for event in user.events if isinstance(event, Refused)]
            user.events.clear()
            if refusals:
                assert refusals[-1].problem in (Problem.NICK_INVALID, Problem.NICK_TAKEN)
                user.session.retry_with(nick=refusals[-1].suggestion)
        names.append(user.session.state.nick)
    assert names == ["Anna", "Anna2"]
