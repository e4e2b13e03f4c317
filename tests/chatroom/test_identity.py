"""Who one is: the proof, whatever address and nick one comes back with; without a proof, nick!user@host."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from chatroom.client import Client
from chatroom.config import Config
from chatroom.dispatch import handle_line
from chatroom.history import schema
from chatroom.history.file import APPLICATION_ID
from chatroom.history.rows import PageQuery, Talk
from chatroom.history.store import History
from chatroom.state import ServerState
from protocol.message import parse

HOME: Final = "10.0.0.1"
ANNAS: Final = "0123456789abcdef"
BORISES: Final = "fedcba9876543210"
ALWAYS: Final = "timestamp=2000-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z 9"
CAPABILITIES: Final = (
    "CAP REQ :message-tags echo-message batch draft/chathistory draft/message-redaction draft/multiline"
)


class Room:
    """A server whose clients come from any address, without sockets."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.begin()

    def begin(self) -> None:
        self.history = History(self.path)
        self.state = ServerState(Config(throttle=False), self.history)
        self.heard: dict[Client, list[str]] = {}

    def restart(self) -> None:
        self.history.close()
        self.begin()

    def come(self, nick: str, host: str = HOME, *proofs: str, user: str = "u") -> Client:
        """Connect and register; with proofs, name them (RECLAIM)."""
        client = self.state.connect(host, 1)
        reclaim = [f"RECLAIM {nick} {' '.join(proofs)}"] if proofs else []
        self.say(client, CAPABILITIES, f"NICK {nick}", *reclaim, f"USER {user} 0 * :x", "CAP END")
        assert client.registered, self.heard[client]
        return client

    def say(self, client: Client, *lines: str) -> str:
        """Say lines; return what the client is sent. What others hear is added to `heard`."""
        for line in lines:
            for _portion in handle_line(self.state, client, parse(line)) or ():
                pass
        self.state.commit()
        answer = ""
        for other, data in self.state.delivery.take():
            self.heard.setdefault(other, []).extend(data.decode().split("\r\n"))
            answer += data.decode() if other is client else ""
        return answer

    def read(self, client: Client, request: str) -> list[str]:
        """Return the texts of a page."""
        return re.findall(r"batch=\S+ \S+ PRIVMSG \S+ :(\S+)", self.say(client, f"CHATHISTORY {request}"))

    def texts(self, client: Client) -> list[str]:
        """Return what a client has heard live."""
        lines = self.heard.get(client, [])
        found = [re.search(r" PRIVMSG \S+ :(\S+)$", line) for line in lines if "batch=" not in line]
        return [one[1] for one in found if one]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "history.sqlite3")
    yield made
    made.history.close()


def msgid_in(answer: str) -> str:
    found = re.search(r"msgid=([^;\s]+)", answer)
    assert found, answer
    return found[1]


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("nick", ["anna", "anya"])
@pytest.mark.parametrize("host", [HOME, "10.0.0.99", "2001:db8::7"])
def test_who_comes_back_is_the_same_by_the_proof(room: Room, host: str, nick: str, restarted: bool) -> None:
    anna, boris = room.come("anna", HOME, ANNAS), room.come("boris", "10.0.0.2", BORISES)
    first = msgid_in(room.say(anna, "@+chat.lab/nonce=n1 PRIVMSG boris :one"))
    room.say(boris, "PRIVMSG anna :two", "PRIVMSG anna :three")  # which a dead connection never brings
    if restarted:
        room.restart()
        boris = room.come("boris", "10.0.0.2", BORISES)
    anna = room.come(nick, host, ANNAS)
    assert room.read(anna, f"AFTER boris msgid={first} 9") == ["two", "three"]
    assert room.read(anna, "LATEST boris * 9") == ["one", "two", "three"]
    assert "CHATHISTORY TARGETS boris " in room.say(anna, f"CHATHISTORY TARGETS {ALWAYS}")
    heard = room.texts(boris)
    again = room.say(anna, "@+chat.lab/nonce=n1 PRIVMSG boris :one")
    assert msgid_in(again) == first
    assert room.texts(boris) == heard
    assert f" REDACT boris {first}\r\n" in room.say(anna, f"REDACT boris {first}")
    assert any(f" REDACT boris {first}" in line for line in room.heard[boris])
    assert room.read(boris, f"LATEST {nick} * 9") == ["two", "three"]


def test_a_line_in_a_room_is_the_same_line_from_another_address(room: Room) -> None:
    anna, boris = room.come("anna", HOME, ANNAS), room.come("boris")
    for client in (anna, boris):
        room.say(client, "JOIN #lab")
    said = "@+chat.lab/nonce=n1 PRIVMSG #lab :one"
    pasted = ("@+chat.lab/nonce=n2 BATCH +1 draft/multiline #lab", "@batch=1 PRIVMSG #lab :two", "BATCH -1")
    first = msgid_in(room.say(anna, said))
    room.say(anna, *pasted)
    anna = room.come("anya", "10.0.0.99", ANNAS)
    room.say(anna, "JOIN #lab")
    assert msgid_in(room.say(anna, said)) == first
    room.say(anna, *pasted)
    assert room.texts(boris) == ["one"]
    assert sum(line.endswith(" PRIVMSG #lab :two") for line in room.heard[boris]) == 1
    assert " REDACT #lab " in room.say(anna, f"REDACT #lab {first}")


def test_a_talk_goes_on_when_the_other_has_another_nick(room: Room) -> None:
    anna, boris = room.come("anna", HOME, ANNAS), room.come("boris", HOME, BORISES)
    first = msgid_in(room.say(anna, "@+chat.lab/nonce=n1 PRIVMSG boris :one"))
    room.say(boris, "PRIVMSG anna :two", "NICK borya", "PRIVMSG anna :three")
    assert room.read(anna, f"AFTER borya msgid={first} 9") == ["two", "three"]
    assert room.read(anna, f"BEFORE borya msgid={msgid_in(room.say(anna, 'PRIVMSG borya :four'))} 9") == [
        "one",
        "two",
        "three",
    ]
    heard = room.texts(boris)
    room.say(anna, "@+chat.lab/nonce=n1 PRIVMSG borya :one")
    assert room.texts(boris) == heard
    assert " REDACT borya " in room.say(anna, f"REDACT borya {first}")


def test_one_takes_a_letter_back_though_its_reader_has_gone(room: Room) -> None:
    anna, boris = room.come("anna", HOME, ANNAS), room.come("boris", HOME, BORISES)
    msgid = msgid_in(room.say(anna, "PRIVMSG boris :oops"))
    room.say(boris, "QUIT")
    stranger = room.come("boris", "10.0.0.66")
    assert " REDACT boris " in room.say(anna, f"REDACT boris {msgid}")
    assert not any("REDACT" in line for line in room.heard[stranger]), "who had nothing to do with it"
    assert room.read(anna, "LATEST boris * 9") == []


@pytest.mark.parametrize("proofs", [(), ("another-secret-000",), (BORISES,), (ANNAS[:-1] + "e",)])
def test_nobody_else_is_taken_for_who_has_a_proof(room: Room, proofs: tuple[str, ...]) -> None:
    """Not from the same address either, under the same nick and user name."""
    anna, boris = room.come("anna", HOME, ANNAS), room.come("boris", "10.0.0.2", BORISES)
    msgid = msgid_in(room.say(anna, "@+chat.lab/nonce=n1 PRIVMSG boris :secret"))
    room.say(anna, "JOIN #lab", "QUIT")
    room.say(boris, "QUIT")
    mallory = room.come("anna", HOME, *proofs)
    room.come("boris", "10.0.0.2", *proofs)
    assert room.read(mallory, "LATEST boris * 9") == []
    assert "TARGETS boris" not in room.say(mallory, f"CHATHISTORY TARGETS {ALWAYS}")
    assert "UNKNOWN_MSGID" in room.say(mallory, f"REDACT boris {msgid}")
    said = room.say(mallory, "@+chat.lab/nonce=n1 PRIVMSG boris :secret")
    assert msgid_in(said) != msgid, "her message is not confirmed to somebody else"


@pytest.mark.parametrize(
    ("host", "user", "found"), [(HOME, "u", True), ("10.0.0.9", "u", False), (HOME, "v", False)]
)
def test_who_has_no_proof_is_known_by_nick_user_and_address(
    room: Room, host: str, user: str, found: bool
) -> None:
    anna, boris = room.come("anna"), room.come("boris", "10.0.0.2")
    msgid = msgid_in(room.say(anna, "PRIVMSG boris :one"))
    room.say(anna, "QUIT")
    anna = room.come("anna", host, user=user)
    assert room.read(anna, "LATEST boris * 9") == (["one"] if found else [])
    assert (" REDACT boris " in room.say(anna, f"REDACT boris {msgid}")) is found
    assert room.read(boris, "LATEST anna * 9") == ([] if found else ["one"])


def test_one_who_has_a_proof_now_reads_what_was_kept_without(room: Room) -> None:
    anna, _boris = room.come("anna"), room.come("boris")
    msgid = msgid_in(room.say(anna, "PRIVMSG boris :one"))
    room.say(anna, "QUIT")
    anna = room.come("anna", HOME, ANNAS)
    room.say(anna, "PRIVMSG boris :two")
    assert room.read(anna, "LATEST boris * 9") == ["one", "two"]
    assert " REDACT boris " in room.say(anna, f"REDACT boris {msgid}")
    stranger = room.come("anna2", "10.0.0.9", BORISES)
    assert room.read(stranger, "LATEST boris * 9") == []


def test_the_key_outlives_the_session_and_a_second_window_takes_nobodys_nick(room: Room) -> None:
    key = "k" * 32
    anna = room.come("anna", HOME, "1" * 16, key)
    room.come("boris")
    room.say(anna, "PRIVMSG boris :one")
    second = room.state.connect(HOME, 2)
    answer = room.say(
        second, "CAP LS 302", "NICK anna", f"RECLAIM anna {'2' * 16} {key}", "USER u 0 * :x", "CAP END"
    )
    assert " 433 " in answer
    assert not second.registered
    assert not anna.closed
    room.say(second, "NICK anna2")
    assert room.read(second, "LATEST boris * 9") == []  # without the capability batch nothing is marked
    room.say(second, "CAP REQ :message-tags batch")
    assert room.read(second, "LATEST boris * 9") == ["one"]
    room.restart()
    room.come("boris")
    assert room.read(room.come("anna", "10.0.0.99", "3" * 16, key), "LATEST boris * 9") == ["one"]


@pytest.mark.parametrize("proofs", [("short",), ("x" * 65,), (ANNAS, "short"), (ANNAS, "x" * 65)])
def test_a_proof_of_a_wrong_length_is_refused(room: Room, proofs: tuple[str, ...]) -> None:
    client = room.state.connect(HOME, 1)
    assert "FAIL RECLAIM INVALID_SECRET" in room.say(client, f"RECLAIM anna {' '.join(proofs)}")
    assert not client.proof


def test_only_a_hash_of_the_proof_is_stored(room: Room, tmp_path: Path) -> None:
    anna, boris = room.come("anna", HOME, ANNAS), room.come("boris", HOME, "s" * 16, BORISES)
    room.say(anna, "PRIVMSG boris :one", "JOIN #lab", "PRIVMSG #lab :two")
    room.say(boris, "PRIVMSG anna :three")
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("history*"))
    for secret in (ANNAS, BORISES, "s" * 16):
        assert secret.encode() not in stored


VERSION_1: Final = f"""
    CREATE TABLE meta (mark TEXT NOT NULL, reserved INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE message (
        id INTEGER PRIMARY KEY, target TEXT NOT NULL, time INTEGER NOT NULL, event INTEGER NOT NULL,
        line TEXT NOT NULL, parties TEXT NOT NULL
    );
    CREATE INDEX message_by_target ON message (target, time);
    INSERT INTO meta VALUES ('3f9a2c', 0);
    PRAGMA application_id = {APPLICATION_ID};
    PRAGMA user_version = 1;
"""


def test_a_history_of_version_0_1_keeps_its_private_talks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "history.sqlite3"
    parties = (f"\nanna!~u@{HOME}\nboris!~u@10.0.0.2\n", f"\nboris!~u@10.0.0.2\nanna!~u@{HOME}\n")
    rows = [
        (1, "#lab", 1000, 0, f":Anna!~u@{HOME} PRIVMSG #lab :room", ""),
        (2, " anna boris", 1001, 0, f":Anna!~u@{HOME} PRIVMSG Boris :one", parties[0]),
        (3, " anna boris", 1002, 0, ":Boris!~u@10.0.0.2 PRIVMSG Anna :two", parties[1]),
        (4, " anna boris", 1003, 1, "@+react=x :Boris!~u@10.0.0.2 TAGMSG Anna", parties[1]),
        (5, "#lab", 1004, 1, f":Anna!~u@{HOME} JOIN #lab", ""),
    ]
    with closing(sqlite3.connect(path)) as database:
        database.executescript(VERSION_1)
        database.executemany("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)", rows)
        database.commit()
    caplog.set_level("INFO", "chat.server")
    room = Room(path)
    for _run in range(2):
        anna, boris = room.come("Anna", HOME, ANNAS), room.come("Boris", "10.0.0.2")
        assert room.read(anna, "LATEST Boris * 9") == ["one", "two"]
        assert room.read(boris, "LATEST Anna * 9") == ["one", "two"]
        past = "timestamp=1970-01-01T00:00:00.000Z timestamp=1970-01-01T00:01:00.000Z 9"
        assert "TARGETS boris 1970-01-01T00:00:01.002Z" in room.say(anna, f"CHATHISTORY TARGETS {past}")
        room.say(boris, "JOIN #lab")
        assert room.read(boris, "LATEST #lab * 9") == ["room"]
        assert room.read(room.come("Vera", HOME), "LATEST Boris * 9") == []
        room.restart()
    assert caplog.text.count("the file is of version 0.1") == 1
    lines = [row.line for row in room.history.newest(99)][::-1]
    assert [row[4] for row in rows] == lines[:5]
    assert len(room.history.page(PageQuery(Talk("#lab"), 9, events=True))) >= 2
    anna = room.come("Anna", HOME, ANNAS)
    room.say(anna, "JOIN #lab")
    room.come("Boris", "10.0.0.2")
    ids = [room.history.msgid(number) for number in (1, 2, 3)]
    for place, msgid, answer in (
        ("#lab", ids[0], " REDACT "),
        ("Boris", ids[1], " REDACT "),
        ("Boris", ids[2], "FORBIDDEN"),
    ):
        assert answer in room.say(anna, f"REDACT {place} {msgid}")
    room.history.close()


VERSION_2: Final = f"""
    CREATE TABLE message (
        id INTEGER PRIMARY KEY, target TEXT NOT NULL, time INTEGER NOT NULL, event INTEGER NOT NULL,
        line TEXT NOT NULL, sender TEXT NOT NULL, account TEXT NOT NULL DEFAULT '',
        receiver TEXT NOT NULL DEFAULT '', sender_nick TEXT NOT NULL DEFAULT ''
    );
    CREATE TABLE run (first INTEGER NOT NULL, mark TEXT NOT NULL);
    CREATE TABLE talk (
        reader TEXT NOT NULL, nick TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (reader, nick)
    ) WITHOUT ROWID;
    CREATE INDEX talk_by_time ON talk (reader, time);
    CREATE INDEX message_in_room ON message (target, event) WHERE receiver = '';
    CREATE INDEX message_said ON message (sender, target, event) WHERE receiver > '';
    CREATE INDEX message_heard ON message (receiver, sender_nick, event) WHERE receiver > '';
    CREATE INDEX message_between ON message (sender, receiver, event) WHERE receiver > '';
    CREATE INDEX message_by_time ON message (time);
    INSERT INTO run VALUES (1, '3f9a2c1b');
    PRAGMA application_id = {APPLICATION_ID};
    PRAGMA user_version = 2;
"""


def test_a_history_of_version_2_keeps_its_private_talks(room: Room, tmp_path: Path) -> None:
    """Those of people who had other nicks, and of those without a proof, too."""
    columns = "id, target, time, event, line, sender, account, receiver, sender_nick"
    anna, boris = room.come("anna", HOME, ANNAS), room.come("boris", HOME, "s" * 16, BORISES)
    clara = room.come("clara", "10.0.0.3")
    room.say(anna, "JOIN #lab", "PRIVMSG #lab :room", "PRIVMSG boris :one", "PRIVMSG clara :aside")
    room.say(boris, "PRIVMSG anna :two", "NICK bob", "PRIVMSG anna :three", "@+react=x TAGMSG anna")
    room.say(clara, "PRIVMSG anna :heard")
    questions = [(anna, "bob"), (anna, "boris"), (anna, "clara"), (boris, "anna"), (clara, "anna")]
    times = "timestamp=2000-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z 9"

    def answers() -> list[object]:
        found: list[object] = [room.read(client, f"LATEST {nick} * 9") for client, nick in questions]
        return found + [
            re.findall("TARGETS .*", room.say(client, f"CHATHISTORY TARGETS {times}"))
            for client in (anna, boris, clara)
        ]

    before = answers()
    assert ["one", "two", "three"] in before
    room.history.close()
    path = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(f"SELECT {columns} FROM message").fetchall()
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.executescript(VERSION_2)
        database.executemany(f"INSERT INTO message ({columns}) VALUES ({', '.join('?' * 9)})", rows)
        database.commit()
    for _run in range(2):
        room.history = room.state.history = History(path)
        assert answers() == before
        room.history.close()
    room.begin()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute(f"SELECT {columns} FROM message").fetchall() == rows


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(VERSION_1)
        database.execute("INSERT INTO message VALUES (1, '#lab', 1, 0, ':a!b@c PRIVMSG #lab :x', '')")
        database.execute("CREATE TABLE talk (in_the_way)")
        database.commit()
        before = list(database.iterdump())
    with pytest.raises(sqlite3.OperationalError):
        History(path)
    with closing(sqlite3.connect(path)) as database:
        assert list(database.iterdump()) == before


def test_an_older_file_whose_mark_is_damaged_keeps_its_messages(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            VERSION_1.replace("mark TEXT NOT NULL", "mark TEXT").replace("'3f9a2c'", "NULL")
        )
        database.execute("INSERT INTO message VALUES (1, '#lab', 1, 0, ':a!b@c PRIVMSG #lab :x', '')")
        database.commit()
    with closing(History(path)) as history:
        assert [row.line for row in history.newest(9)] == [":a!b@c PRIVMSG #lab :x"]
        assert history.find(history.msgid(1))


@pytest.mark.parametrize("version", [VERSION_1, VERSION_2])
def test_the_tables_of_an_older_file_become_those_of_a_new_one(version: str, tmp_path: Path) -> None:
    shapes = []
    for name in ("old", "new"):
        path = tmp_path / name
        with closing(sqlite3.connect(path)) as database:
            if name == "old":
                database.executescript(version)
        with closing(History(path)):
            pass
        with closing(sqlite3.connect(path)) as database:
            columns = {
                (table, column[1], column[2])
                for (table,) in database.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                ).fetchall()
                for column in database.execute(f"PRAGMA table_info({table})")
            }
            indexes = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY 1")
            shapes.append((columns, indexes.fetchall(), database.execute("PRAGMA user_version").fetchone()))
    assert shapes[0] == shapes[1]
    assert shapes[0][2] == (schema.VERSION,)
