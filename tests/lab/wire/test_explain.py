"""Every line that we speak is explained in one sentence, in both languages; others in general."""

import pytest

import chatroom.dispatch  # noqa: F401 - fills the table of commands
from chatroom.command_table import COMMANDS
from chatroom.commands.capabilities import CAPABILITIES
from client.handlers.table import HANDLERS
from client.registration import WANTED
from lab.wire.command_meanings import CAPABILITY_MEANINGS, CLIENT_SENTENCES, SERVER_SENTENCES
from lab.wire.explain import explain
from lab.wire.numeric_meanings import NUMERIC_SENTENCES
from lab.wire.ring import Ring
from protocol import numerics
from protocol.framing import LineReader
from protocol.message import Message, parse
from tests.tools.irc import Irc
from translations import use_language

NUMERICS = {value for name, value in vars(numerics).items() if name.startswith(("RPL_", "ERR_"))}


def known(sentences: dict[str, str]) -> set[str]:
    return {key.split()[0] for key in sentences}


def test_every_command_that_the_server_takes_has_a_meaning() -> None:
    assert set(COMMANDS) == known(CLIENT_SENTENCES)


def test_every_numeric_has_a_meaning() -> None:
    assert set(NUMERIC_SENTENCES) >= NUMERICS


def test_every_line_that_our_client_handles_has_a_meaning() -> None:
    import client.session  # noqa: F401 - fills the table

    assert set(HANDLERS) <= known(SERVER_SENTENCES) | set(NUMERIC_SENTENCES)


def test_every_capability_has_a_meaning() -> None:
    assert set(CAPABILITIES) | set(WANTED) == set(CAPABILITY_MEANINGS)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("count", [0, 1, 3, 15, 40])
def test_lines_with_any_number_of_parameters_are_explained(language: str, count: int) -> None:
    use_language(language)
    commands = known(CLIENT_SENTENCES) | known(SERVER_SENTENCES) | NUMERICS | {"999", "XYZZY"}
    for command in commands:
        for from_server in (True, False):
            message = Message(command, ("{0}", "#lab", *["x"] * count)[:count], "a!b@c")
            said = explain(message, own_nick="Анна", from_server=from_server)
            assert said.endswith((".", "…")), said
            assert "\n" not in said


@pytest.mark.parametrize(
    ("line", "from_server", "english", "russian"),
    [
        (
            ":Борис!~b@127.0.0.1 JOIN #lab",
            True,
            "The server tells the room #lab that Борис enters.",
            "Сервер сообщает комнате #lab, что входит Борис.",
        ),
        (
            ":Анна!~a@127.0.0.1 JOIN #lab",
            True,
            "The server confirms that you enter the room #lab.",
            "Сервер подтверждает: вы входите в комнату #lab.",
        ),
        (
            "PRIVMSG #lab :Привет!",
            False,
            "The client asks to pass on to all in the room #lab: “Привет!”.",
            "Клиент просит передать всем в комнате #lab: «Привет!».",
        ),
        (
            ":chat.lab 433 * Анна :Nickname is already in use",
            True,
            "The server says that the nick Анна is taken.",
            "Сервер сообщает, что ник Анна занят.",
        ),
        (
            "CAP REQ :server-time x-new",
            False,
            "The client asks the server for extensions: server-time (each line carries its time), x-new.",
            "Клиент просит сервер включить расширения: server-time (указывать время каждой строки), x-new.",
        ),
        (
            ":x XYZZY a b",
            True,
            "The server sends the command XYZZY, which this laboratory does not know: a b.",
            "Сервер присылает команду XYZZY, которой эта лаборатория не знает: a b.",
        ),
        (
            "PASS letmein",
            False,
            "The client names the server's password.",
            "Клиент называет пароль сервера.",
        ),
    ],
)
def test_the_sentence_says_who_what_and_where(
    line: str, from_server: bool, english: str, russian: str
) -> None:
    for language, sentence in (("en", english), ("ru", russian)):
        use_language(language)
        assert explain(parse(line), own_nick="Анна", from_server=from_server) == sentence


def test_escape_sequences_in_a_line_stay_visible_in_its_meaning() -> None:
    said = explain(parse(":a PRIVMSG #lab :\x1b[2J"), from_server=True)
    assert said.isprintable()


def test_no_line_of_a_real_conversation_is_unknown(irc: Irc) -> None:
    ring = irc.tap = Ring()
    anna = irc.client("Анна", capabilities=["echo-message", "message-tags", "batch", "draft/chathistory"])
    anna.send("JOIN #lab")
    for line in (
        "PRIVMSG #lab :Привет",
        "TOPIC #lab :t",
        "WHO #lab",
        "WHOIS Анна",
        "CHATHISTORY LATEST #lab * 9",
    ):
        anna.send(line)
    anna.send("QUIT")
    anna.expect_closed()
    readers = {"recv": LineReader(), "send": LineReader()}
    lines = 0
    for call in ring.calls():
        if call.name in readers:
            for raw in readers[call.name].feed(call.data):
                said = explain(parse(raw.decode()), own_nick="Анна", from_server=call.name == "send")
                assert "does not know" not in said
                lines += 1
    assert lines > 30
