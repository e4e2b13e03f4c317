"""A class that is saved and closed, and `chat archive`: the real programs."""

from pathlib import Path

from tests.tools.irc import Client
from tests.tools.programs import Program, run

PASSWORD = "right"


def make_archive(folder: Path) -> Path:
    """Let a class be saved, then closed; return the archive."""
    history = folder / "h.sqlite3"
    options = ("--port", "0", "--history", history, "--oper", "t", "--group", "A1", "--lang", "en")
    with (
        Program("server", *options, environment={"CHAT_OPER_PASSWORD": PASSWORD}) as server,
        Client(server.address()) as teacher,
    ):
        teacher.register("Teacher")
        teacher.send("JOIN #lab")
        teacher.send("PRIVMSG #lab :<b>Sockets</b>")
        teacher.send(f"OPER t {PASSWORD}")
        teacher.send("CLASS save")
        server.expect("written: .*A1")
        teacher.send("PRIVMSG #lab :and threads")
        teacher.send("CLASS new A2")
        server.expect("written: .*A1-2")
    return folder / "archive"


def test_a_class_is_saved_closed_listed_and_deleted(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    saved, closed = sorted(archive.iterdir())
    assert "&lt;b&gt;Sockets" in (saved / "chat.html").read_text(encoding="utf-8")
    assert "threads" not in (saved / "chat.html").read_text(encoding="utf-8")
    assert "threads" in (closed / "chat.html").read_text(encoding="utf-8")
    assert "Teacher" in (closed / "attendance.csv").read_text(encoding="utf-8-sig")
    history = ("--history", tmp_path / "h.sqlite3", "--lang", "en")
    old = run("export", "--history", closed / "h.sqlite3")
    assert "threads" in old.stdout
    assert "Sockets" not in run("export", *history).stdout

    listed = run("archive", *history)
    assert listed.stdout.index(saved.name) < listed.stdout.rindex(closed.name)
    refused = run("archive", *history, "--delete", saved.name)
    assert (refused.returncode, saved.exists()) == (2, True)
    assert "--yes" in refused.stderr
    assert run("archive", *history, "--delete", "none", "--yes").returncode == 2
    assert run("archive", *history, "--delete", saved.name, "--yes").returncode == 0
    assert [one.name for one in archive.iterdir()] == [closed.name]
    assert run("archive", *history, "--delete", "all", "--yes").returncode == 0
    assert list(archive.iterdir()) == []
    assert "empty" in run("archive", *history).stdout
