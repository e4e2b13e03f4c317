"""The client's settings survive restarts and damage, and never stand in the way."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from client.settings import DAMAGED, FILE_NAME, LOCK_NAME, Settings, Visit, load, save
from program.folders import config_folder, data_folder
from tests.tools.sources import ROOT


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    settings = Settings(
        nick="Анна",
        server="[::1]:7000",
        language="ru",
        theme="dark",
        font_size=14,
        rooms=("#lab", "#физика"),
        report={"group": "ИВТ-21"},
        desk={"column": "NAME", "size": "777x444"},
        geometry="800x600+1+2",
        tls=True,
        fingerprints={"[::1]:7000": "ab"},
        user="anna/lab",
        typing=False,
        recent_emoji=("😀", "✓"),
        muted=("#шум",),
        attention=("private", "room"),
        sound=True,
        quiet_until=1_800_000_000.0,
        come_back=False,
        visits={"[::1]:7000 анна": Visit(("#lab",), ("Борис",), "Борис", {"#lab": 1.5})},
    )
    assert save(lambda _kept: settings, tmp_path / "new" / "folder")
    assert load(tmp_path / "new" / "folder") == settings


def test_without_a_file_all_is_as_at_first() -> None:
    assert load() == Settings()


def test_settings_go_to_the_users_folder(user_folders: Path) -> None:
    assert save(lambda _kept: Settings("Анна"))
    assert config_folder().is_relative_to(user_folders)
    assert load().nick == "Анна"


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b'{"nick": 5, "rooms": "x"}']
)
def test_a_damaged_file_is_as_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(damage)
    assert load(tmp_path) == Settings()
    assert save(lambda _kept: Settings("Анна"), tmp_path)
    assert load(tmp_path).nick == "Анна"


def test_each_damaged_file_is_kept(tmp_path: Path) -> None:
    for damage in ("{первый", "{второй", "{третий"):
        (tmp_path / FILE_NAME).write_text(damage, encoding="utf-8")
        assert save(lambda _kept: Settings("Анна"), tmp_path)
    kept = {file.read_text(encoding="utf-8") for file in tmp_path.glob(f"*{DAMAGED}")}
    assert kept == {"{первый", "{второй", "{третий"}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
@pytest.mark.parametrize("name", [FILE_NAME, LOCK_NAME])
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert save(lambda _kept: Settings("Анна"), tmp_path) == (name == LOCK_NAME)
    assert load(tmp_path) == Settings("Анна" if name == LOCK_NAME else "")


def test_what_makes_sense_in_a_damaged_file_is_kept(tmp_path: Path) -> None:
    found = {
        "nick": "Анна",
        "theme": "pink",
        "font_size": 900,
        "rooms": ["#lab", 5, ""],
        "server": "a\nb",
        "new": 1,
        "attention": ["noise", "private", 5],
        "quiet_until": -1,
        "sound": "yes",
        "visits": {
            "a": 5,
            "b": {"rooms": ["#b", 1], "talks": "x", "shown": None, "read": {"#b": "y", "\n": 1}},
        },
    }
    (tmp_path / FILE_NAME).write_text(json.dumps(found), encoding="utf-8")
    assert load(tmp_path) == Settings(
        nick="Анна", font_size=40, rooms=("#lab",), attention=("private",), visits={"b": Visit(("#b",))}
    )


def test_where_nothing_can_be_written_nothing_happens(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert not save(lambda _kept: Settings("Анна"), in_the_way)
    assert load(in_the_way) == Settings()


def test_a_failed_save_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    save(lambda _kept: Settings("Анна"), tmp_path)
    assert not save(lambda _kept: Settings("\ud800"), tmp_path)
    assert load(tmp_path).nick == "Анна"
    assert [path.name for path in tmp_path.glob("*.tmp")] == []


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG folders are Linux's")
def test_the_folders_follow_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert config_folder() == tmp_path / "c" / "labchat"
    assert data_folder() == Path(os.environ["HOME"]) / ".local" / "share" / "labchat"


def test_windows_that_write_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from dataclasses import replace\n"
        "from pathlib import Path\n"
        "from client.settings import load, save\n"
        "folder, who = Path(sys.argv[1]), sys.argv[2]\n"
        "sys.stdin.readline()\n"
        "for number in range(20):\n"
        "    def add(kept):\n"
        "        return replace(kept, fingerprints={**kept.fingerprints, f'{who}:{number}': who})\n"
        "    assert save(add, folder)\n"
        "    load(folder)\n"
        "assert save(lambda kept: replace(kept, **{who: 'dark' if who == 'theme' else who}), folder)\n"
    )
    fields = ("nick", "server", "language", "theme")
    folder = tmp_path / "settings"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder), who], cwd=ROOT, stdin=subprocess.PIPE, text=True
        )
        for who in fields
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("now\n")
        process.stdin.flush()
    assert [process.wait(60) for process in processes] == [0] * len(fields)
    for process in processes:
        assert process.stdin
        process.stdin.close()
    kept = load(folder)
    assert (kept.nick, kept.server, kept.language, kept.theme) == ("nick", "server", "language", "dark")
    assert len(kept.fingerprints) == 20 * len(fields)
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_a_change_touches_nothing_else_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    found = {"nick": "Анна", "font_size": 900, "of a newer version": [1], "odd": "\ud800"}
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(found).encode())  # with a BOM, as Notepad writes it
    assert load(tmp_path).nick == "Анна"
    assert save(lambda kept: replace(kept, theme="dark"), tmp_path)
    assert json.loads(file.read_bytes()) == {**found, "theme": "dark"}


def test_a_damaged_file_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    written_by_hand = '{"nick": "Анна",, }'
    (tmp_path / FILE_NAME).write_text(written_by_hand, encoding="utf-8")
    assert save(lambda kept: replace(kept, theme="dark"), tmp_path)
    assert (tmp_path / FILE_NAME).with_suffix(DAMAGED).read_text(encoding="utf-8") == written_by_hand


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are POSIX's")
def test_what_is_no_file_is_neither_waited_for_nor_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE_NAME)
    assert load(tmp_path) == Settings()
    assert not save(lambda kept: replace(kept, theme="dark"), tmp_path)
    assert (tmp_path / FILE_NAME).is_fifo()


@pytest.mark.parametrize("text", ["И.\xa0И. Иванов", "نی\u200cنا", "у" * 1000])
def test_names_and_titles_come_back_as_they_were_written(tmp_path: Path, text: str) -> None:
    assert save(lambda kept: replace(kept, report={"name": text}), tmp_path)
    assert load(tmp_path).report == {"name": text}
