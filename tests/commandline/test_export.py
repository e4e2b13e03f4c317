"""`chat export` writes what was said in the rooms, and nothing else, while the server runs and after it."""

import html
import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatroom.history.file import read_rooms
from tests.tools.irc import Client
from tests.tools.programs import Program, run

SPELLINGS = "for x:\treturn 👨\u200d👩\u200d👧 🐈\u200d⬛ می\u200cخواهم क्\u200dष a\u200db"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "история.sqlite3"


@pytest.fixture
def server(history: Path) -> Iterator[Program]:
    """A server in which Anna has said something in two rooms, and something to Boris alone."""
    with Program("server", "--port", "0", "--history", history) as program:
        with Client(program.address()) as anna, Client(program.address()) as boris:
            boris.register("Boris")
            anna.register("Anna")
            anna.send("CAP REQ :draft/multiline batch message-tags")
            anna.send("JOIN #lab,#Other")
            anna.send("PRIVMSG #lab :Привет, <всем>!")
            anna.send("PRIVMSG #lab :\x01ACTION waves\x01")
            anna.send("PRIVMSG #Other :\x1b[31mred")
            anna.send(f"PRIVMSG #Other :{SPELLINGS}")
            anna.send("PRIVMSG Boris :a secret")
            for line in (
                "BATCH +1 draft/multiline #lab",
                "@batch=1 PRIVMSG #lab :def f():",
                "@batch=1 PRIVMSG #lab :    return",
                "@batch=1;draft/multiline-concat PRIVMSG #lab : 1",
                "BATCH -1",
                "PING done",
            ):
                anna.send(line)
            anna.expect("PONG .*done")
        yield program


def exported(history: Path, *arguments: str) -> str:
    result = run("export", "--history", history, *arguments)
    assert result.returncode == 0, result
    return result.stdout


@pytest.mark.parametrize("end", ["running", "stopped", "killed"])
def test_what_was_said_is_printed(server: Program, history: Path, end: str) -> None:
    if end != "running":
        server.stop(signal.SIGTERM if end == "stopped" else signal.SIGKILL)
    said = exported(history)
    assert re.findall(r"^#\w+", said, re.MULTILINE) == ["#lab", "#Other"]
    assert re.search(r"^\d\d:\d\d:\d\d  Anna: Привет, <всем>!$", said, re.MULTILINE)
    assert re.search(r"^\d\d:\d\d:\d\d  \* Anna waves$", said, re.MULTILINE)
    assert re.search(r"Anna: def f\(\):\n {14}return 1$", said, re.MULTILINE)
    assert "\x1b" not in said
    assert "secret" not in said


def test_one_room_can_be_chosen_and_its_name_typed_in_any_case(server: Program, history: Path) -> None:
    said = exported(history, "--room", "other")
    assert "red" in said
    assert "#lab" not in said


def test_programs_can_read_it(server: Program, history: Path) -> None:
    said = json.loads(exported(history, "--format", "json"))
    assert [one["kind"] for one in said] == ["message", "action", "message", "message", "message"]
    assert said[2]["text"] == "def f():\n    return 1"
    assert set(said[0]) == {"time", "room", "nick", "kind", "text"}


def test_a_browser_can_show_it(server: Program, history: Path, tmp_path: Path) -> None:
    page = tmp_path / "страница.html"
    assert str(page) in exported(history, "--format", "html", "--out", str(page))
    text = page.read_text(encoding="utf-8")
    assert "Привет, &lt;всем&gt;!" in text
    assert "<всем>" not in text
    assert "secret" not in text


@pytest.mark.parametrize("what", ["nothing", "text", "folder", "unwritable", "unreadable", "no name"])
def test_what_cannot_be_done_is_said_in_a_sentence(server: Program, history: Path, what: str) -> None:
    other = history.with_name("other")
    arguments: list[str | Path] = ["export", "--history", other]
    if what == "text":
        other.write_text("not a database, but long enough to look at " * 10, encoding="utf-8")
    elif what == "folder":
        other.mkdir()
    elif what == "unwritable":
        arguments = ["export", "--history", history, "--out", history.parent]
    elif what == "unreadable":
        arguments = ["export", "--history", "x" * 300]
    elif what == "no name":
        arguments = ["export", "--history", history, "--out", "x" * 300]
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert other.exists() == (what in ("text", "folder"))


def test_operators_words_stay_among_operators(server: Program, history: Path) -> None:
    with Client(server.address()) as vera:
        vera.register("vera", capabilities=["echo-message"])
        vera.send("JOIN #ops")
        vera.send("PRIVMSG @#ops :только операторам")
        vera.expect("операторам")
    assert "операторам" not in run("export", "--history", str(history)).stdout


def test_a_room_that_is_not_there_is_told_with_those_that_are(server: Program, history: Path) -> None:
    result = run("export", "--history", str(history), "--room", "#nosuch")
    assert (result.returncode, result.stdout) == (0, "")
    assert "#nosuch" in result.stderr
    assert "#lab" in result.stderr


@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_a_file_that_may_only_be_read_is_read(
    server: Program, history: Path, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = list(read_rooms(history))
    server.process.send_signal(signal.SIGTERM if end == "stopped" else signal.SIGKILL)
    server.wait()
    # The system's answer to who is not root; root may write anywhere.
    monkeypatch.setattr("os.access", lambda *_: False)
    assert list(read_rooms(history)) == expected


@pytest.mark.parametrize("form", ["txt", "html", "json"])
def test_tabs_and_spellings_stay_whole(server: Program, history: Path, form: str) -> None:
    server.stop(signal.SIGTERM)
    said = exported(history, "--format", form, "--room", "#Other")
    shown = SPELLINGS.replace("a\u200db", "a<U+200D>b")
    written = {"txt": shown, "html": html.escape(shown), "json": json.dumps(shown, ensure_ascii=False)}
    assert written[form] in said
