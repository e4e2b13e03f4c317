"""The roster that a server is given, and `chat export --attendance`: the real programs."""

import csv
import io
import json
import signal
from pathlib import Path

import pytest

from commandline.text_files import read_roster
from program.errors import UserFacingError
from tests.tools.irc import Client
from tests.tools.programs import Program, run

NAMES = "Иванов Иван\nСемёнова Алёна\n=Ким+Анна\n"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    file = tmp_path / "группа.txt"
    file.write_text(NAMES, encoding="utf-8")
    return file


def attendance(folder: Path, *arguments: str) -> list[dict[str, str]]:
    out = folder / "class.csv"
    result = run(
        "export", "--attendance", "--history", folder / "h.sqlite3", "--out", out, "--lang", "ru", *arguments
    )
    assert result.returncode == 0, result
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("end", ["running", "stopped", "killed"])
def test_a_spreadsheet_has_everybody(tmp_path: Path, roster: Path, end: str) -> None:
    options = ("--port", "0", "--history", tmp_path / "h.sqlite3", "--oper", "t", "--roster", roster)
    environment = {"CHAT_OPER_PASSWORD": "right"}
    with Program("server", *options, environment=environment) as server:
        with Client(server.address()) as ivan, Client(server.address()) as silent:
            ivan.register("иван_иванов")
            silent.register("СеменоваАлена")
            ivan.send("JOIN #lab")
            ivan.send("PRIVMSG #lab :Привет")
            ivan.send("PRIVMSG #lab :ещё раз")
            ivan.send("PING done")
            ivan.expect("PONG .*done")
            stranger = Client(server.address())
            stranger.register("xyz")
        server.expect("(закрыто|closed): .*иван_иванов")
        stranger.send("PING after")
        stranger.expect("PONG .*after")  # a later batch: who has gone is on disk
        if end != "running":
            server.stop(signal.SIGTERM if end == "stopped" else signal.SIGKILL)
        rows = attendance(tmp_path)
        stranger.close()
    seen = [(row["Имя"], row["Ник"], row["Сообщений"], row["Адрес"]) for row in rows]
    assert seen == [
        ("'=Ким+Анна", "", "0", ""),
        ("Иванов Иван", "иван_иванов", "2", "127.0.0.1"),
        ("Семёнова Алёна", "СеменоваАлена", "0", "127.0.0.1"),
        ("", "xyz", "0", "127.0.0.1"),
    ]
    assert [bool(row["Появление"]) for row in rows] == [False, True, True, True]


def test_programs_get_json(tmp_path: Path) -> None:
    options = ("--port", "0", "--history", tmp_path / "h.sqlite3", "--oper", "t")
    with Program("server", *options, environment={"CHAT_OPER_PASSWORD": "right"}) as server:
        with Client(server.address()) as anna:
            anna.register("Анна")
        result = run("export", "--attendance", "--history", tmp_path / "h.sqlite3", "--format", "json")
    (row,) = json.loads(result.stdout)
    assert row["nicks"] == ["Анна"]
    assert row["first"] <= row["last"]


def test_only_those_on_the_roster_may_come_but_from_this_computer_all(tmp_path: Path, roster: Path) -> None:
    """From another address: tests/chatroom/classroom/test_roster.py."""
    options = ("--port", "0", "--no-history", "--oper", "t", "--roster", roster, "--roster-only")
    with (
        Program("server", *options, environment={"CHAT_OPER_PASSWORD": "right"}) as server,
        Client(server.address()) as anna,
    ):
        anna.register("xyz")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_roster_is_read_as_editors_and_spreadsheets_save_it(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "roster.csv"
    file.write_text("Фамилия;Имя\r\nСемёнова;Алёна\r\n", encoding=encoding)
    assert read_roster(file) == ("Семёнова Алёна",)


@pytest.mark.parametrize("raw", [b"", b"1;2\n", b"\x00\x01\x02abc", b"\xff\xfe\x00"])
def test_a_roster_without_names_is_refused(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "roster"
    file.write_bytes(raw)
    with pytest.raises(UserFacingError, match="roster"):
        read_roster(file)


@pytest.mark.parametrize(
    ("arguments", "about"),
    [
        (("server", "--roster-only"), "--roster FILE"),
        (("export", "--attendance", "--room", "#lab"), "--room"),
        (("export", "--attendance", "--format", "html"), "csv"),
        (("export", "--format", "csv"), "--attendance"),
        (("export", "--attendance", "--history", "none.sqlite3"), "--oper"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], about: str
) -> None:
    result = run(*arguments, "--lang", "en")
    assert (result.returncode, result.stdout, len(result.stderr.strip().splitlines())) == (2, "", 1)
    assert about in result.stderr


@pytest.mark.parametrize("what", [(), ("--attendance",)])
@pytest.mark.parametrize("name", ["h.sqlite3", "class-h.sqlite3"])
def test_the_servers_own_files_are_not_written_over(tmp_path: Path, name: str, what: tuple[str, ...]) -> None:
    history = tmp_path / "h.sqlite3"
    options = ("--port", "0", "--history", history, "--oper", "t")
    with Program("server", *options, environment={"CHAT_OPER_PASSWORD": "right"}) as server:
        server.address()
    before = (tmp_path / name).read_bytes()
    result = run("export", *what, "--history", history, "--out", tmp_path / name, "--lang", "en")
    assert (result.returncode, "--out" in result.stderr) == (2, True), result
    assert (tmp_path / name).read_bytes() == before
