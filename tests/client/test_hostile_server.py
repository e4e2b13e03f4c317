"""Our client with a server that lies, floods and sends what no server should: no bytes break it."""

import contextlib
import random
import socket
import threading
import time
import tkinter as tk
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from client.handlers.table import HANDLERS
from client.history import MAX_BATCH, MAX_BATCHES
from client.model.conversations import MAX_ENTRIES, MAX_HELD
from client.model.events import (
    Phase,
    Problem,
    TransportClosed,
    TransportConnecting,
    TransportOpened,
    TransportReceived,
)
from client.model.sanitize import MAX_NAME
from client.model.state import MAX_CONVERSATIONS, MAX_MEMBERS, Profile
from client.net.connection import MAX_MESSAGES, MAX_UNSENT, decode_tolerantly
from client.session import Session
from gui.chat.connect_page import Form
from protocol.framing import MAX_LINE, MAX_TAGS, LineReader
from tests.tools.users import Windowless
from tests.tools.windows import chat_window, until

DEADLINE: Final = 30.0
_CAPABILITIES: Final = (
    "message-tags server-time echo-message batch labeled-response multi-prefix draft/chathistory away-notify "
    "draft/message-redaction standard-replies draft/multiline"
)
GREETING: Final = (
    f":srv CAP * LS :{_CAPABILITIES}=max-bytes=9,max-lines=0\r\n:srv CAP Анна ACK :{_CAPABILITIES}\r\n"
    ":srv 001 Анна :Welcome\r\n:srv 005 Анна CASEMAPPING=rfc7613 :are supported\r\n:srv 422 Анна :No MOTD\r\n"
    ":Анна!~a@h JOIN #lab\r\n:srv 353 Анна = #lab :@Анна Борис\r\n:srv 366 Анна #lab :End\r\n"
)
_NICKS: Final = [
    "Анна",
    "Борис",
    "анна",
    "",
    ":",
    "::x",
    "a,b",
    "\u202eabc",
    "\u200b",
    "x" * 10_000,
    "#lab",
    "*",
    "srv",
]
_ROOMS: Final = ["#lab", "#ЛАБ", "#new", "&a", "#", "#\x07", "#\u202e", "#" + "ы" * 9000, "", "Анна", "@#lab"]
_WORDS: Final = [
    *_NICKS,
    *_ROOMS,
    *(
        "+o",
        "+b-o+v",
        "+" + "o" * 400,
        "=",
        "@Анна +Борис",
        "*",
        "LS",
        "ACK",
        "NAK",
        "NEW",
        "DEL",
        "-",
        "+h1",
        "-h1",
    ),
    *(
        "chathistory",
        "draft/multiline",
        "draft/chathistory",
        "echo-message",
        "-echo-message",
        "9" * 5000,
        "-1",
        "²",
    ),
    *(
        "CASEMAPPING=ascii",
        "CASEMAPPING=rfc7613",
        "PREFIX=(ov)@+",
        "PREFIX=(oooo)@@@@",
        "PREFIX=",
        "CHANTYPES=",
        "LINELEN=x",
    ),
    *(
        "NICKLEN=-9",
        "CHATHISTORY=99999999",
        "STATUSMSG=#@+",
        "CHANMODES=,,,",
        "LINELEN=1",
        r"A=\x00\x0a",
        "-CHANTYPES",
    ),
    *(
        "\x01VERSION\x01",
        "\x01PING \x1b[31m\x01",
        "\x01ACTION \x01",
        "\x1b]0;x\x07",
        "\x03",
        "\u0301" * 200,
        "{0}{x}%s",
        "\t",
    ),
]
_TAGS: Final = [
    *(
        "time=0001-01-01T00:00:00Z",
        "time=9999-12-31T23:59:59.999Z",
        r"time=a\sb",
        "time=",
        r"time=2026-01-01T00:00:00Z\n",
    ),
    *(
        "msgid=a",
        r"msgid=a\r\nQUIT",
        r"msgid=\s:",
        "msgid=" + "m" * 4000,
        "batch=h1",
        "batch=x",
        "label=a",
        "bot",
    ),
    *("+chat.lab/nonce=a", "draft/multiline-concat", "+draft/reply=x"),
]


OF_THE_SESSION = ["CAP", "PONG", "BATCH", "001", "376", "422", "431", "432", "433", "436", "464", "465"]
"""What the session itself acts on: no handler of the table does."""


class Liar:
    """Makes lines that a server might send who means no good."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._commands = [
            *2 * [*HANDLERS, *OF_THE_SESSION],
            *("999", "000", "TAGMSG", "x", "CAP", "BATCH", "BATCH", "PRIVMSG", "353"),
        ]

    def line(self) -> bytes:
        """Return one line, with its end."""
        chance = self._chance
        tags = ";".join(chance.choices(_TAGS, k=chance.choice([0, 0, 1, 3])))
        source = chance.choice(["srv", "", *(f"{nick}!~u@h" for nick in _NICKS)])
        words = chance.choices(_WORDS, k=chance.choice([0, 1, 2, 3, 4, 15]))
        last = " ".join(chance.choices(_WORDS, k=chance.choice([0, 1, 1, 5])))
        if chance.random() < 0.7 and words:
            words[0] = chance.choice(_ROOMS[:3] + _NICKS[:2])
        parts = [
            "@" + tags if tags else "",
            ":" + source if source else "",
            chance.choice(self._commands),
            *words,
        ]
        line = (" ".join(filter(None, parts)) + f" :{last}").encode()
        if chance.random() < 0.1:
            at = chance.randint(0, len(line))
            line = (
                line[:at] + chance.choice([b"\xff", b"\0", b"\r", b"\xd0", chance.randbytes(9)]) + line[at:]
            )
        return line + b"\r\n"


def raw(text: str) -> list[str]:
    """Return the characters of a shown text that a screen would obey."""
    if text.isprintable():
        return []
    allowed = {"\n", "\u200d"}  # the joiner holds a picture such as 👩‍💻 together
    return [
        char for char in set(text) - allowed if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs")
    ]


def check(session: Session) -> None:
    """Everything is bounded, and nothing raw is shown."""
    assert len(session.state.conversations) <= MAX_CONVERSATIONS
    assert len(session.state.unopened) <= MAX_CONVERSATIONS
    assert len(session.state.wanted_rooms) <= MAX_CONVERSATIONS
    assert len(session.state.nick) <= MAX_NAME
    assert not raw(session.state.nick)
    for conversation in session.state.conversations.values():
        assert len(conversation.name) <= MAX_NAME
        assert not raw(conversation.name), ascii(conversation.name)
        assert not raw(conversation.topic)
        assert len(conversation.members) <= MAX_MEMBERS
        assert len(conversation.entries) <= MAX_ENTRIES
        for key, member in conversation.members.items():
            assert len(key) <= 18 * MAX_NAME
            assert len(member.nick) <= MAX_NAME
            assert not raw(member.nick)
            assert not raw(member.prefixes)
        for entry in conversation.entries:
            assert not raw(entry.text), ascii(entry.text)
            assert not raw(entry.nick)
            assert len(entry.msgid) <= MAX_NAME
            time.localtime(entry.time)
            assert 0 <= entry.time < 2**33
    batches = session._history._batches
    assert len(batches) <= MAX_BATCHES
    assert all(len(batch.messages) <= MAX_BATCH for batch in batches.values())
    for record in (*session.state.conversations.values(), *session.state.unopened.values()):
        assert len(record.asked.names_coming) <= MAX_MEMBERS
        assert record.asked.gap is None or record.asked.gap.held_cost <= MAX_HELD
    assert len(session._registration._requested) <= 50


class Client:
    """A session whose server is the test; nothing between them."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.session = Session(Profile("Анна"), clock=lambda: self.now)
        self.session.handle(TransportConnecting())
        self.session.handle(TransportOpened())
        self.hear(GREETING.encode())

    def hear(self, data: bytes) -> list[str]:
        """The server says this; return the client's lines."""
        messages = [message for line in LineReader().feed(data) if (message := decode_tolerantly(line))]
        self.session.handle(TransportReceived(messages))
        self.session.state.take_events()
        return self.session.state.take_lines()


@pytest.mark.parametrize("seed", range(12))
def test_no_lie_of_a_server_breaks_the_session(seed: int) -> None:
    client, liar, chance = Client(), Liar(seed), random.Random(seed)
    session = client.session
    for round_ in range(30):
        for line in client.hear(b"".join(liar.line() for _ in range(50))):
            assert len(line.encode()) <= MAX_TAGS + MAX_LINE
        client.now += chance.choice([0, 1, 30])
        conversation = chance.choice(list(session.state.conversations.values()))
        session.submit(
            conversation,
            chance.choice(["привет", "/me тут", "a\nb\nc", "/names", "/whois Борис", "/away", "/redact"]),
        )
        session.show(chance.choice([conversation, None]))
        if chance.random() < 0.2:
            session.close(conversation)
        session.tick()
        check(session)
        if round_ % 10 == 9:
            session.handle(TransportClosed(Problem.LOST, "", 1.0))
            session.handle(TransportConnecting())
            session.handle(TransportOpened())
            client.hear(GREETING.encode())
        session.state.take_events()


def test_a_page_of_history_that_nobody_asked_for_is_not_kept() -> None:
    client = Client()
    page = "".join(f"@batch=h;msgid={n} :b!~b@h PRIVMSG #other :x\r\n" for n in range(10))
    client.hear(f"BATCH +h chathistory #other\r\n{page}".encode())
    assert client.session._history._batches["h"].messages == []
    before = len(client.session.state.server_talk.entries)
    client.hear(b"BATCH -h\r\n")
    assert len(client.session.state.server_talk.entries) == before


def test_an_id_or_a_time_that_would_break_a_line_is_not_sent_back() -> None:
    client = Client()
    client.hear(b"BATCH +h chathistory #lab\r\nBATCH -h\r\n")
    client.hear(b"@msgid=a\\nQUIT;time=a\\sb :b!~b@h PRIVMSG #lab :x\r\n")
    client.session.handle(TransportClosed(Problem.LOST, "", 1.0))
    client.session.handle(TransportConnecting())
    client.session.handle(TransportOpened())
    sent = client.hear(GREETING.encode())
    assert any(line.startswith("CHATHISTORY") for line in sent)
    assert not any("QUIT" in line or "a b" in line for line in sent)


def test_a_name_that_cannot_be_written_to_opens_no_talk() -> None:
    client = Client()
    for source in ("::x!~u@h", "a,b!~u@h", "!~u@h", "\u202ex!~u@h", "y" * 300 + "!~u@h"):
        client.hear(f":{source} PRIVMSG Анна :привет\r\n".encode())
    names = set(client.session.state.conversations)
    assert names <= {"", "#lab", "<u+202e>x", "y" * 200}


class Server:
    """Listens, takes one client after another, says what it is told, and reads what comes."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(DEADLINE)
        self.port: int = self._listener.getsockname()[1]
        self.heard = ""
        self._threads: list[threading.Thread] = []
        self._socket: socket.socket | None = None

    def accept(self, *, reads: bool = True) -> None:
        """Take a connection."""
        self._socket = self._listener.accept()[0]
        if reads:
            self._start(self._read)

    def say(self, data: bytes) -> None:
        """Send all this, in a thread."""
        self._start(lambda: self._send(data))

    def close(self) -> None:
        """End the connection and the threads."""
        self._listener.close()
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(DEADLINE)
        if self._socket:
            self._socket.close()

    def _start(self, act: Callable[[], None]) -> None:
        thread = threading.Thread(target=act)
        self._threads.append(thread)
        thread.start()

    def _send(self, data: bytes) -> None:
        assert self._socket
        with contextlib.suppress(OSError):
            self._socket.sendall(data)

    def _read(self) -> None:
        assert self._socket
        with contextlib.suppress(OSError):
            while data := self._socket.recv(65536):
                self.heard = self.heard[-1000:] + data.decode("utf-8", "replace")


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


class Guest(Windowless):
    """Our client, connected."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Profile("Анна"))

    def run(self, until_: Callable[[], object]) -> None:
        """Handle what comes until the condition holds."""
        deadline = time.monotonic() + DEADLINE
        while not until_():
            assert time.monotonic() < deadline, "the client did not get there"
            self.runner.handle_waiting()
            self.runner.handle_next(0.01)

    def close(self) -> None:
        """Wait for the end of the threads."""
        assert self.connection.join(DEADLINE)


@pytest.fixture
def guest(server: Server) -> Iterator[Guest]:
    made = Guest(server.port)
    yield made
    made.runner.close()
    server.close()  # or the client would wait a while for the answer to its QUIT
    made.close()


def lines(*made: str) -> bytes:
    return "".join(f"{line}\r\n" for line in made).encode()


def numbered(line: str, count: int) -> bytes:
    """Return a line so many times, `{n}` in it counted up."""
    return b"".join(line.replace("{n}", str(number)).encode() + b"\r\n" for number in range(count))


_NAMES: Final = b"".join(
    f":srv 353 Анна = #lab :{' '.join(f'@м{n}!~u@h' for n in range(start, start + 100))}\r\n".encode()
    for start in range(0, 100_000, 100)
)
FLOODS: Final = {
    "a hundred thousand members": _NAMES + lines(":srv 366 Анна #lab :End"),
    "lists of members without end": numbered(":srv 353 Анна = #r{n} :@a b c", 20_000),
    "members with endless names": numbered(f":srv 353 Анна = #lab :{'x' * 8000}{{n}}", 1000)
    + lines(f":srv 353 Анна = #lab :{'y' * 8000}", ":srv 366 Анна #lab :End"),
    "an endless line": b"PRIVMSG #lab :" + b"x" * 5_000_000 + b"\r\n",
    "a nick of ten thousand letters": numbered(f":{'ы' * 4000}{{n}}!~u@h PRIVMSG Анна :привет", 1000),
    "a thousand strangers": numbered(":n{n}!~u@h PRIVMSG Анна :привет", 1000),
    "rooms that nobody asked for": numbered(":Анна!~a@h JOIN #r{n}", 1000),
    "splits without end": numbered("BATCH +s{n} netjoin a.b c.d", 10_000)
    + numbered("@batch=s1 :n{n}!u@h JOIN #lab", 30_000)
    + numbered(":n{n}!u@h QUIT :a{n}.b c.d", 10_000),
    "words that are almost ours": b"ERROR :Closing link: "
    + b"( (" * 2500
    + b"\r\n"
    + numbered("NOTICE * :Closing link: " + " (" * 200, 3000),
    "labels without end": numbered("@label=l{n} BATCH +l{n} labeled-response", 10_000),
    "batches that never end": numbered("BATCH +{n} chathistory #lab", 10_000)
    + numbered("@batch={n} :b!~b@h PRIVMSG #lab :x", 10_000),
    "batches inside batches": numbered("@batch={n} BATCH +{n} draft/multiline #lab", 10_000)
    + numbered("@batch=1 :b!~b@h PRIVMSG #lab :x", 10_000),
    "a history without end": lines("BATCH +h chathistory #lab")
    + numbered("@batch=h;msgid={n};time=2026-01-01T00:00:00.000Z :b!~b@h PRIVMSG #lab :x", 30_000)
    + lines("BATCH -h"),
    "pages of history for ever": numbered(
        "BATCH +h{n} chathistory #lab\r\n@batch=h{n};msgid={n} :b!~b@h PRIVMSG #lab :x\r\nBATCH -h{n}", 5000
    ),
    "capabilities without end": numbered(":srv CAP * LS * :c{n} echo-message", 10_000)
    + numbered(":srv CAP * LS :invite-notify", 5000)
    + numbered(":srv CAP * NEW :x{n} chghost setname", 5000)
    + numbered(":srv CAP * NAK :x{n}", 5000),
    "nicks that come and go": numbered(
        ":n{n}!~u@h JOIN #lab\r\n:n{n}!~u@h NICK m{n}\r\n:m{n}!~u@h QUIT :x", 5000
    ),
    "modes without sense": numbered(f":b!~b@h MODE #lab {'+o-v' * 500} Борис Анна", 300),
    "features without sense": numbered(":srv 005 Анна CASEMAPPING=ascii K{n}=v :x", 3000)
    + numbered(f":srv 005 Анна PREFIX=({'a' * 3000}){'@' * 3000} CASEMAPPING=rfc7613 :x", 1000)
    + _NAMES[: len(_NAMES) // 10],
    "errors at odd moments": numbered("ERROR :\x1b[31m\u202e{n}", 1000) + numbered(":srv 433 * x :y", 1000),
    "welcomes without end": numbered(":srv 001 Анна{n} :hi\r\n:srv 376 x :end\r\n:Анна{n} NICK Анна", 1000),
    "requests without end": numbered(":x!~u@h PRIVMSG Анна :\x01PING {n}\x01", 10_000),
    "failures without end": numbered(":srv FAIL CHATHISTORY X #lab :no", 5000)
    + numbered(":srv 404 Анна #lab :no", 5000),
    "pings without end": numbered("PING :" + "x" * 400 + "{n}", 10_000),
    "talks that went on": numbered(":srv CHATHISTORY TARGETS n{n} 2026-01-01T00:00:00.000Z", 3000),
}


def memory() -> int:
    """Return the MiB in RAM that this process has; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    return int(status.read_text("ascii").partition("VmRSS:")[2].split()[0]) // 1024


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_flood_is_survived_in_bounded_memory(server: Server, guest: Guest, flood: bytes) -> None:
    server.accept()
    server.say(GREETING.encode())
    guest.run(lambda: "#lab" in guest.session.state.conversations)
    before = memory()
    server.say(flood + b"\r\nPING the-end\r\n")
    guest.run(lambda: "PONG the-end" in server.heard)
    check(guest.session)
    assert guest.session.state.phase is Phase.ONLINE
    assert memory() - before < 200


def test_a_server_that_asks_and_never_reads_the_answers_is_left(
    server: Server, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.net.connection.STALLED_AFTER", 0.5)
    server.accept(reads=False)
    server.say(GREETING.encode() + numbered("PING :" + "x" * 400 + "{n}", 60_000))
    most = 0

    def is_left() -> bool:
        nonlocal most
        most = max(most, guest.connection.unsent)
        return guest.session.state.phase is Phase.WAITING

    guest.run(is_left)
    assert most * 400 <= MAX_UNSENT + MAX_MESSAGES * 500


def test_the_window_survives_a_lying_server(root: tk.Tk, server: Server) -> None:
    liar = Liar(99)
    with chat_window(root) as window:
        window.connect(Form(f"127.0.0.1:{server.port}", "Анна", "#lab"))
        server.accept()
        strangers = FLOODS["a nick of ten thousand letters"][:200_000]
        lies = b"".join(liar.line() for _ in range(1500))
        server.say(GREETING.encode() + lies + strangers + b"\r\nPING the-end\r\n")
        until(root, lambda: window.session)
        session = window.session
        assert session
        until(root, lambda: "PONG the-end" in server.heard, DEADLINE * 2)
        for conversation in list(session.state.conversations.values())[:20]:
            window.controller.show(conversation)
            root.update()
            assert not raw(window.transcript_text().replace("\t", ""))
        assert not raw(root.title())
        check(session)
        server.close()
