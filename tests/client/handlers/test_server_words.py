"""What the server says in English is said in the user's language, and its reasons are not thrown away."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.model.class_sentences import TO_OPERATORS
from client.model.conversations import Kind
from client.model.server_words import class_words_of, in_our_words, with_reason
from protocol.message import Message
from tests.tools.dialogue import Dialogue
from tests.tools.sources import ROOT
from translations import use_language

SPOKEN_BY_SERVER = [
    *(ROOT / "chatroom").rglob("*.py"),
    *(ROOT / "sockets" / name for name in ("admission.py", "connection.py")),
    ROOT / "protocol" / "user_masks.py",
    ROOT / "server.py",
]
NOT_FOR_PEOPLE = re.compile(
    r"%[A-Z].*|[\W_]*(?:\{x\}[\W_]*)+|There is no help on this. \{x\}|"
    # Lines of the protocol with nothing in them but names, SQL, names of threads, annotations of types.
    r"[@:{].*|(?:PERSON|[+-]v) .*|BEGIN\b.*|"
    r"PRAGMA .*|SELECT .*|INSERT .*|DELETE .*|UPDATE .*|CREATE .*|ALTER .*|DROP .*|\W*|"
    r"PING :.*|(?:client|writer|tls) \{.*|(?:ATTACH|VACUUM|ORDER|WHERE|AND|UNION)\b.*|[A-Za-z.]+ \| None|"
    r"\s*\(?(?:\w+ (?:INTEGER|TEXT)|CAST|time|id|target) .*",
    re.DOTALL,
)
ENDS_OF_LISTS = re.compile(
    r"End of .*|Users  Name|- .*|\d.*|(?:is|seconds) .*|.* formed|.*\(s\).*|No topic is set"
)
"""What stands behind numerics of which only the rest is shown, or nothing."""
FOR_NO_CLIENT = {
    "invite exception",  # the name of a list, in the server's own sentences
    "Your host is {x}, running {x} {x}",  # 002 and 003 are not shown
    "This server was started {x}",
    "No origin specified",  # our client sends no such line
    "MOTD File is missing",
    "0 {x}",
    "You have been marked as being away",
    "You are no longer marked as being away",
    "You are now an IRC operator",
}


def texts_of(path: Path) -> Iterator[str]:
    """Give the texts in a file's code that hold a space: constants and f-strings, `{x}` for what varies."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours: set[int] = set()  # in sentences for people at the server's console, in docstrings, in f-strings
    for node in ast.walk(tree):
        match node:
            case ast.Expr(ast.Constant()):
                ours.add(id(node.value))
            case ast.Call(ast.Name("_" | "later" | "plural" | "TypeVar" | "OSError")) | ast.Call(
                ast.Attribute(ast.Name("log"))
            ):
                ours.update(id(one) for one in ast.walk(node))
            case ast.JoinedStr():
                ours.update(id(one) for one in node.values)
    for node in ast.walk(tree):
        if id(node) in ours:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = [str(one.value) if isinstance(one, ast.Constant) else "{x}" for one in node.values]
            if " " in "".join(parts):
                yield "".join(parts)


@pytest.fixture
def russian() -> Iterator[None]:
    use_language("ru")
    yield
    use_language("en")


def test_everything_that_our_server_says_is_known(russian: None) -> None:
    spoken = {
        text.strip().removeprefix("ERROR :")
        for path in SPOKEN_BY_SERVER
        if path.parent.name != "history" or path.name == "store.py"
        for text in texts_of(path)
        if not NOT_FOR_PEOPLE.fullmatch(text) and not ENDS_OF_LISTS.fullmatch(text)
    }
    assert len(spoken) > 80
    unknown = {
        text
        for text in spoken - FOR_NO_CLIENT
        if with_reason("", text.replace("{x}", "7"))
        and in_our_words(text.replace("{x}", "7")) == text.replace("{x}", "7")
    }
    assert unknown == set()


def test_everything_that_the_verbs_of_a_class_say_is_known() -> None:
    said = {
        ast.literal_eval(node.args[0])
        for path in (ROOT / "chatroom" / "commands" / "verbs").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "later"
    }
    assert len(said) > 50
    assert said <= set(TO_OPERATORS)


def test_only_whole_sentences_say_nothing_new() -> None:
    assert with_reason("No.", "Permission Denied- You're not an IRC operator") == "No."
    assert with_reason("No.", "e") != "No."


def test_a_reason_in_brackets_stays_whole(russian: None) -> None:
    assert (
        in_our_words("Closing link: h (Killed (Анна (шум)))") == "отключено оператором Анна (шум) (адрес: h)"
    )
    assert in_our_words("Closing link: h (Quit: пока (всем))") == "пока (всем) (адрес: h)"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("ERROR :Closing link: 10.0.0.7 (Ping timeout)", None),
        (":Борис!~b@h QUIT :Ping timeout", "Борис отключается: клиент не отвечал на PING"),
        (":Борис!~b@h QUIT :Quit: до завтра", "Борис отключается: до завтра"),
        (
            ":Борис!~b@h QUIT :Killed (Учитель (шум))",
            "Борис отключается: отключено оператором Учитель (шум)",
        ),
        (":Борис!~b@h PART #lab :Left all channels", "Борис выходит из комнаты: выход из всех комнат"),
        (":srv.lab NOTICE * :The history is written again; nothing is lost", "История снова записывается"),
        (":srv 404 Анна #lab :Cannot send to channel (+n): join it first", "сначала войдите"),
        ("FAIL CHATHISTORY MESSAGE_ERROR :This server keeps no history", "Этот сервер не хранит историю"),
        (":srv 257 Анна :A server of a laboratory course", "Сервер лабораторной работы"),
        (":srv 464 Анна :Too many wrong passwords; try again in 8 seconds", "через 8 с"),
        (":srv 001 Анна :Welcome to LabChat, Анна!~a@h", "Добро пожаловать: LabChat"),
    ],
)
def test_a_russian_reads_russian(room: Dialogue, russian: None, line: str, shown: str | None) -> None:
    before = {id(entry) for talk in room.state.conversations.values() for entry in talk.entries}
    room.say("/raw ADMIN")
    room.hear(line)
    room.lose()
    new = [
        entry.text
        for talk in room.state.conversations.values()
        for entry in talk.entries
        if id(entry) not in before
    ]
    assert any((shown or "Сервер закрыл соединение: клиент не отвечал на PING") in text for text in new), new


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "404 Анна #lab :Channel is being flooded",
            "You may not speak in #lab. The server says: “Channel is",
        ),
        ("404 Анна #lab :Cannot send to nick/channel", "You may not speak in #lab."),
        (
            "482 Анна #lab :You need +q",
            "Only an operator of #lab may do this. The server says: “You need +q”.",
        ),
        ("482 Анна #lab :You're not a channel operator", "Only an operator of #lab may do this."),
        (
            "401 Анна Вера :Vera is asleep",
            "There is nobody called Вера here. The server says: “Vera is asleep”.",
        ),
        ("401 Анна #b :No such nick/channel", "There is no room #b."),
        ("442 Анна #b :Not there", "You are not in #b. The server says: “Not there”."),
        ("473 Анна #b :Ask Boris", "#b lets in only those who are invited. The server says: “Ask Boris”."),
        (
            "433 Анна Борис :Reserved",
            "The nick Борис is taken. Please choose another one. The server says: “Res",
        ),
        (
            "501 Анна z :is not a user mode.",
            "The server does not know this mode. The server says: “z is not a user",
        ),
        (
            "696 Анна #lab l x :Not a number",
            "The mode l of #lab needs another value. The server says: “x Not a",
        ),
        ("599 Анна #lab x :Strange things", "Strange things"),
    ],
)
def test_a_reason_stands_behind_our_sentence_if_it_says_more(room: Dialogue, line: str, text: str) -> None:
    room.say("/raw FOO x")
    room.hear(f":srv {line}")
    assert room.last().kind is Kind.ERROR
    assert room.last().text.startswith(text)
    assert room.last().text.endswith(("”.", ".", "things"))


@pytest.mark.parametrize(
    ("line", "place", "shown"),
    [
        ("401 Анна :No such nick", "#lab", "No such nick"),
        ("404 Анна :Cannot send to channel", "#lab", "Cannot send to channel"),
        ("441 Анна Вера :They aren't here", "#lab", "Вера They aren't here"),
        ("482 Анна :Not now", "#lab", "Not now"),
        ("403 Анна :No such channel", "#lab", "No such channel"),
        ("311 Анна Вера :Vera", "", "Вера Vera"),
        ("301 Анна :away", "", "away"),
        ("317 Анна Вера", "", "Вера"),
        ("332 Анна :A topic", "", "A topic"),
        ("353 Анна #lab :Анна Борис", "#lab", "#lab Анна Борис"),
        ("328 Анна #lab :https://lab.example", "#lab", "#lab https://lab.example"),
        (
            "710 #lab #lab Вера!v@h :has asked for an invite.",
            "#lab",
            "#lab Вера!v@h has asked for an invite.",
        ),
        ("322 Анна #b", "", "#b"),
        ("341 Анна Вера", "", "Вера"),
        ("367 Анна #lab", "#lab", "#lab"),
        ("TOPIC #lab", "#lab", "TOPIC #lab"),
        ("KICK #lab", "#lab", "KICK #lab"),
        ("PRIVMSG #lab", "#lab", "PRIVMSG #lab"),
        ("NEWVERB a :b c", "", "NEWVERB a b c"),
    ],
)
def test_a_line_that_lacks_what_its_sentence_needs_is_shown_as_it_was_said(
    room: Dialogue, line: str, place: str, shown: str
) -> None:
    room.say("/raw FOO x")
    topic, members = room.talk().topic, list(room.talk().members)
    room.hear(f":srv {line}")
    assert room.last(place).text == shown
    assert (room.talk().topic, list(room.talk().members)) == (topic, members)


def test_absent_is_no_nick_before_marks(russian: None) -> None:
    told = ("Here: 26 of 28.", "Absent: Яков", "Борис: operator")
    words = [class_words_of(Message("NOTE", ("CLASS", "ABSENT", one))) for one in told]
    assert words == ["Присутствуют: 26 из 28.", "Отсутствует: Яков", "Борис: оператор"]
