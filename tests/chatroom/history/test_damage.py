"""A history that a disk or another program has changed: the rest is served, or a sentence says what is wrong.

`DAMAGES=500 SEED=7 python3 -m tests tests/chatroom/history/test_damage.py -n0 -s --timeout 0` tries more.
"""

import io
import os
import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Final

import pytest

from chatroom.client import Client
from chatroom.config import Config
from chatroom.dispatch import handle_line
from chatroom.history.file import HistoryError
from chatroom.history.rows import is_time
from chatroom.history.store import open_history
from chatroom.state import ServerState
from commandline import export
from program.errors import UserFacingError
from protocol.framing import MAX_LINE, MAX_TAGS
from protocol.message import parse
from tests.tools.programs import Program, run

DAMAGES: Final = int(os.environ.get("DAMAGES", "8"))
SEED: Final = int(os.environ.get("SEED", "4"))
COLUMNS: Final = (
    "id",
    "target",
    "time",
    "event",
    "line",
    "sender",
    "account",
    "receiver",
    "sender_nick",
    "talk",
)
VALUES: Final[list[object]] = [
    None,
    "",
    " ",
    "x",
    "#lab",
    -1,
    0,
    1,
    2**31,
    2**62,
    2**63 - 1,
    -(2**63),
    1.5,
    1e300,
    b"",
    b"\xff\xfe",
    b"#lab",
    ":a!b@c PRIVMSG",
    ":a!b@c",
    "PRIVMSG #lab :x",
    "@x",
    "@ :a!b@c PRIVMSG #lab :x",
    ":a!b@c PRIVMSG #lab :x\r\nQUIT",
    ":a!b@c PRIVMSG #lab :\n" + "\n" * 70_000,
    ":a!b@c PRIVMSG #lab :x\0y",
    "ы" * 100_000,
]
CAPABILITIES: Final = (
    "message-tags server-time batch draft/chathistory draft/event-playback draft/multiline echo-message"
    " draft/message-redaction"
)


def speak(state: ServerState, client: Client, *lines: str) -> list[str]:
    """Say lines; return those that the client is sent."""
    for line in lines:
        for _portion in handle_line(state, client, parse(line)) or ():
            pass
    state.commit()
    sent = b"".join(data for other, data in state.delivery.take() if other is client)
    return sent.decode().split("\r\n")[:-1]


def enter(state: ServerState, nick: str) -> Client:
    client = state.connect("127.0.0.1", 1)
    speak(state, client, f"CAP REQ :{CAPABILITIES}", f"NICK {nick}", f"USER {nick} 0 * :x", "CAP END")
    speak(state, client, "JOIN #lab")
    return client


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history in which everything is that people do."""
    path = tmp_path_factory.mktemp("sound") / "history.sqlite3"
    with closing(open_history(path)) as history:
        state = ServerState(Config(throttle=False), history)
        anna, boris = enter(state, "anna"), enter(state, "boris")
        for number in range(120):
            speak(state, anna, f"@+chat.lab/nonce=n{number} PRIVMSG #lab :Привет {number} {'x' * 40}")
            speak(state, boris, f"PRIVMSG anna :тайна {number}", f"TOPIC #lab :{number}")
            speak(state, anna, f"NOTICE #lab :{number}", "@+x=1 TAGMSG #lab", f"PRIVMSG boris :нет {number}")
            speak(state, anna, "BATCH +1 draft/multiline #lab", "@batch=1 PRIVMSG #lab :раз")
            speak(state, anna, "@batch=1;draft/multiline-concat PRIVMSG #lab :два", "BATCH -1")
    return path


def damage_values(path: Path, chance: random.Random) -> None:
    """Put values of any kind where others belong."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '')")
        database.execute("PRAGMA writable_schema = RESET")
        for _ in range(chance.choice((1, 5, 60))):
            number = database.execute("SELECT id FROM message ORDER BY random() LIMIT 1").fetchone()[0]
            column = chance.choice(COLUMNS)
            value = chance.choice(VALUES)
            if isinstance(value, str) and chance.random() < 0.3:
                change = f"UPDATE OR IGNORE message SET {column} = CAST(X'FF41D0' AS TEXT) WHERE id = ?"
                values: tuple[object, ...] = (number,)
            else:
                change = f"UPDATE OR IGNORE message SET {column} = ? WHERE id = ?"
                values = (value, number)
            if column != "id" or isinstance(value, int):
                database.execute(change, values)


def damage_tables(path: Path, chance: random.Random) -> None:
    """Take away, rename or fill up a part of the tables."""
    changes = [
        "DELETE FROM run",
        "UPDATE run SET mark = NULL",
        "UPDATE run SET first = 'x'",
        "UPDATE run SET first = 9223372036854775807",
        "INSERT INTO run VALUES (1, 'zz'), (1, 'zz'), (-5, ''), (NULL, X'FF')",
        "DROP TABLE run",
        "DROP TABLE talk",
        "DROP TABLE message",
        "DELETE FROM message",
        "UPDATE talk SET time = 'x'",
        "UPDATE OR IGNORE talk SET nick = CAST(X'FF' AS TEXT)",
        "ALTER TABLE message DROP COLUMN account",
        "ALTER TABLE message RENAME COLUMN line TO text",
        "ALTER TABLE message ADD COLUMN more TEXT NOT NULL DEFAULT ''",
        "CREATE TRIGGER stop BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'no'); END",
        "DROP INDEX message_in_room",
        "DROP INDEX message_at",
        "ALTER TABLE run DROP COLUMN mark",
        "DELETE FROM talk",
        "PRAGMA user_version = 1",
        "PRAGMA user_version = -1",
        "ALTER TABLE message RENAME TO letter",
        "CREATE VIEW more AS SELECT 1",
    ]
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '')")
        database.execute("PRAGMA writable_schema = RESET")
        for change in chance.sample(changes, chance.choice((1, 1, 2))):
            with suppress(sqlite3.Error):  # it may not go with the one before
                database.execute(change)


def damage_bytes(path: Path, chance: random.Random) -> None:
    """Flip bits anywhere in the file."""
    raw = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 1, 3, 20))):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    path.write_bytes(raw)


def damage_letters(path: Path, chance: random.Random) -> None:
    """Flip bits in what was said, where no check of sqlite's finds them."""
    raw = bytearray(path.read_bytes())
    lines = [match.span() for match in re.finditer(rb":\w+!~?\w+@[0-9.]+ [A-Z]+ [^\0]{5,60}", raw)]
    for _ in range(chance.choice((1, 10))):
        first, last = chance.choice(lines)
        raw[chance.randrange(first, last)] ^= 1 << chance.randrange(8)
    path.write_bytes(raw)


@pytest.mark.parametrize("damage", [damage_values, damage_tables, damage_bytes, damage_letters])
def test_a_damaged_history_is_served_or_refused_in_a_sentence(
    damage: Callable[[Path, random.Random], None],
    sound: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    served = 0
    for seed in range(SEED, SEED + DAMAGES):
        path = tmp_path / f"history-{seed}.sqlite3"
        shutil.copy(sound, path)
        damage(path, random.Random(seed))
        print(f"SEED={seed}")
        check_export(path)
        refusal = ""
        try:
            with closing(open_history(path)) as history:
                check_service(ServerState(Config(throttle=False), history))
            served += 1
        except HistoryError as error:
            refusal = str(error)
        assert not refusal or (str(path) in refusal and "--history FILE" in refusal)
        check_export(path)
        assert "Traceback" not in caplog.text
        path.unlink()
    assert served, "some damage leaves something to serve"


def check_export(path: Path) -> None:
    for format_name in export.FORMATS:
        refusal = ""
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            try:
                export.run(path, "", format_name, None)
            except UserFacingError as error:
                refusal = str(error)
        assert not refusal or str(path) in refusal


def check_service(state: ServerState) -> None:
    """People talk, page through everything, and take back what they said."""
    anna, boris = enter(state, "anna"), enter(state, "boris")
    for client, target in ((anna, "#lab"), (boris, "anna"), (anna, "boris")):
        sent = speak(state, client, "CHATHISTORY TARGETS timestamp=2000-01-01 timestamp=2100-01-01 50")
        check_batches(sent)
        place = "*"
        for _page in range(40):
            subcommand = "LATEST" if place == "*" else "BEFORE"
            sent = speak(state, client, f"CHATHISTORY {subcommand} {target} {place} 100")
            check_batches(sent)
            ids = [found[1] for line in sent if (found := re.search(r"msgid=([^; ]+)", line))]
            if not ids:
                break
            assert f"msgid={ids[0]}" != place
            place = f"msgid={ids[0]}"
            speak(state, client, f"REDACT {target} {ids[-1]}")
        for reference in ("timestamp=2000-01-01T00:00:00.000Z", "msgid=x-1", place):
            for subcommand in ("AFTER", "AROUND"):
                check_batches(speak(state, client, f"CHATHISTORY {subcommand} {target} {reference} 100"))
    speak(state, anna, "PRIVMSG #lab :still")
    sent = speak(state, boris, "CHATHISTORY LATEST #lab * 1")
    assert any(line.endswith(" PRIVMSG #lab :still") for line in sent), sent


def check_batches(sent: list[str]) -> None:
    """Every line is a legal one, and what was opened is closed."""
    opened: set[str] = set()
    for line in sent:
        assert len(line.encode()) <= MAX_LINE + MAX_TAGS
        assert "\n" not in line
        assert "\r" not in line
        message = parse(line)
        if message.command == "BATCH":
            reference = message.params[0]
            opened.add(reference[1:]) if reference[0] == "+" else opened.remove(reference[1:])
        assert message.command != "400", line
    assert not opened


def test_one_damaged_letter_costs_one_message_and_is_said_once(sound: Path, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    raw = bytearray(sound.read_bytes())
    raw[raw.index("Привет 119".encode())] = 0xFF
    path.write_bytes(raw)
    with Program("server", "--port", "0", "--history", path) as program:
        program.address()
        assert program.stop() == 0
    said = [line for line in program.lines if "damaged" in line]
    assert len(said) == 1
    assert "damaged messages are passed over, at least 1;" in said[0]
    exported = run("export", "--history", path)
    assert exported.returncode == 0
    assert "Привет 118" in exported.stdout
    assert "Привет 119" not in exported.stdout
    assert "damaged messages are passed over, at least 1;" in exported.stderr


def test_what_lies_before_and_behind_a_damaged_page_is_exported(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with closing(open_history(path)) as history:
        for number in range(2000):
            history.add("#lab", number, f":a!b@c PRIVMSG #lab :m{number}. {'x' * 100}")
    raw = bytearray(path.read_bytes())
    page = raw.index(b"m1000.") // 4096 * 4096
    raw[page : page + 4096] = bytes(4096)
    path.write_bytes(raw)
    exported = run("export", "--history", path)
    assert exported.returncode == 0, exported
    assert " m0. " in exported.stdout
    assert " m1000. " not in exported.stdout
    assert " m1999. " in exported.stdout
    assert exported.stdout.count(" m") > 1900
    assert "damaged" in exported.stderr


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE message",
        "ALTER TABLE message RENAME COLUMN line TO text",
        "ALTER TABLE run DROP COLUMN mark",
    ],
)
def test_a_history_that_cannot_be_used_is_refused_in_a_sentence(
    change: str, sound: Path, tmp_path: Path
) -> None:
    path = tmp_path / "history.sqlite3"
    shutil.copy(sound, path)
    with closing(sqlite3.connect(path)) as database:
        database.execute(change)
    result = run("server", "--port", "0", "--history", path)
    assert result.returncode == 2, result
    assert str(path) in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("value", [2**63 - 1, -1, 0])
def test_a_number_that_no_message_has_stops_nobody(value: int, sound: Path, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    shutil.copy(sound, path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE message SET id = ? WHERE id = (SELECT max(id) FROM message)", (value,))
        database.commit()
    for _ in range(2):
        with closing(open_history(path)) as history:
            check_service(ServerState(Config(throttle=False), history))


@pytest.mark.parametrize("letter", ["\r", "\n", "\x1b", " ", "\x7f"])
def test_a_damaged_name_breaks_no_line_and_reaches_no_terminal(
    letter: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "history.sqlite3"
    with closing(open_history(path)) as history:
        state = ServerState(Config(throttle=False), history)
        enter(state, "anna")
        speak(state, enter(state, "b-x"), "PRIVMSG anna :secret", "PRIVMSG #lab :said")
        speak(state, enter(state, "clara"), "PRIVMSG #lab :sound")
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE talk SET nick = replace(nick, '-', ?)", (letter,))
        database.execute("UPDATE message SET line = replace(line, ':b-x!', ?)", (f":b{letter}x!",))
        database.execute("UPDATE message SET line = replace(line, '#lab :so', ?)", (f"#l{letter}b :so",))
        database.commit()
    with closing(open_history(path)) as history:
        state = ServerState(Config(throttle=False), history)
        anna = enter(state, "anna")
        sent = speak(
            state,
            anna,
            "CHATHISTORY TARGETS timestamp=2000-01-01 timestamp=2100-01-01 50",
            "CHATHISTORY LATEST #lab * 100",
        )
    assert all(line.isprintable() for line in sent if "PRIVMSG" not in line), sent
    assert not any("TARGETS b" in line or " PRIVMSG #lab :said" in line for line in sent), sent
    export.run(path, "", "txt", None)
    assert capsys.readouterr().out.replace("\n", "").isprintable()


@pytest.mark.parametrize("time", [None, "x", 1.5, -1, 2**46, 2**62])
def test_a_time_that_some_system_cannot_show_is_none(time: object) -> None:
    assert not is_time(time)
