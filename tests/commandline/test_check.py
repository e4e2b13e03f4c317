"""`chat check` says what stands in the way of a class, in both languages, and contacts nobody else."""

import os
import shutil
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import translations
from commandline import check
from commandline.check import Verdict
from commandline.port_owner import find_owner
from sockets.cards import Card
from tests.tools.programs import Program, free_port, run
from tests.tools.sources import ROOT
from translations import language, use_language

SENTENCES = {"en": "Nothing stands in the way.", "ru": "Проблем не найдено."}


@pytest.mark.parametrize("language", SENTENCES)
def test_all_is_well_where_nothing_is_missing(screen: str, language: str) -> None:
    result = run("check", "--port", str(free_port()), "--lang", language)
    assert result.returncode == 0, result
    assert result.stdout.rstrip().endswith(SENTENCES[language])
    assert result.stderr == ""


def test_a_port_that_another_program_has_stands_in_the_way(screen: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        result = run("check", "--port", str(port))
    assert result.returncode == 1, result
    assert f"port {port}: taken by" in result.stdout
    assert f"--port {port + 1 if port < 65535 else port - 1}" in result.stdout
    if sys.platform == "linux":
        assert f"PID {os.getpid()}." in result.stdout
    assert "1 thing stands in the way." in result.stdout


def test_a_chat_server_that_runs_already_is_recognised() -> None:
    with Program("server", "--port", "0", "--no-history", "--name", "chat.class") as server:
        port = server.address()[1]
        found = check.check_port(port)
    assert found.verdict is Verdict.NOTE
    assert "chat.class" in found.text


def test_what_another_program_answers_does_no_harm_to_the_console() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            sock, _address = listener.accept()
            with sock:
                sock.sendall(b":\x1b[2J CAP * LS :\r\n")
                sock.recv(512)

        thread = threading.Thread(target=answer)
        thread.start()
        found = check.check_port(listener.getsockname()[1])
        thread.join()
    assert "\x1b" not in found.text
    assert "␛[2J" in found.text


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux keeps in /proc")
@pytest.mark.parametrize(("name", "shown"), [("чатсервер".encode()[:15], "чатсерв"), (b"\x1b[2Jx", "␛[2Jx")])
def test_a_program_may_have_any_name(name: bytes, shown: str) -> None:
    own = Path("/proc/self/comm")
    before = own.read_bytes()
    own.write_bytes(name)
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            assert find_owner(listener.getsockname()[1]).startswith(shown)
    finally:
        own.write_bytes(before)


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux keeps in /proc")
def test_a_program_is_found_where_there_is_no_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    read_text = Path.read_text

    def without_ipv6(path: Path, encoding: str | None = None, errors: str | None = None) -> str:
        if path.name == "tcp6":
            raise FileNotFoundError
        return read_text(path, encoding, errors)

    monkeypatch.setattr(Path, "read_text", without_ipv6)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert f"PID {os.getpid()}" in find_owner(listener.getsockname()[1])


def test_a_history_that_cannot_be_written_stands_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check.check_history().verdict is Verdict.GOOD
    file = tmp_path / "file"
    file.touch()
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(file))
    found = check.check_history()
    assert found.verdict is Verdict.BAD
    assert "--no-history" in found.advice


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_a_missing_screen_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert check.check_screen().verdict is Verdict.BAD


def test_missing_translations_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check.check_translations().verdict is Verdict.GOOD
    monkeypatch.setattr(check, "LANGUAGES", ("ru", "en", "de"))
    found = check.check_translations()
    assert found.verdict is Verdict.BAD
    assert "de.json" in found.text


def test_without_translations_the_program_speaks_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(translations, "catalogue_file", lambda code: tmp_path / f"{code}.json")
    use_language("ru")
    assert language() == "en"
    assert check.check_port(free_port()).text == "free"


DAMAGED = {
    "cut": lambda raw: raw[: len(raw) // 2],
    "empty": lambda _raw: b"",
    "a flipped bit": lambda raw: raw[:5000] + bytes([raw[5000] ^ 0x80]) + raw[5001:],
    "zeros": lambda raw: bytes(len(raw)),
    "a list": lambda _raw: b"[]",
    "a number for a text": lambda _raw: b'{"good": 1}',
    "no forms": lambda _raw: b'{"{count} room": []}',
    "a wrong field": lambda raw: b"{aldress}".join(raw.rsplit(b"{address}", 1)),
    "a lost brace": lambda raw: raw.replace(b'{address}",', b'{address",'),
    "deep": lambda _raw: b"[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_damaged_translations_are_told_and_the_program_speaks_english(
    damage: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    raw = translations.catalogue_file("ru").read_bytes()
    (tmp_path / "ru.json").write_bytes(damage(raw))
    monkeypatch.setattr(translations, "catalogue_file", lambda code: tmp_path / f"{code}.json")
    said = use_language("ru")
    assert language() == "en"
    assert "ru.json is damaged" in said
    assert said.endswith("The program speaks English. Copy it again, whole.")
    assert translations.plural("{count} room", "{count} rooms", 2) == "2 rooms"
    found = check.check_translations()
    assert found.verdict is Verdict.BAD
    assert "ru.json is damaged" in found.text


def test_damaged_translations_are_told_on_the_console(tmp_path: Path) -> None:
    """The program as a whole, a copy of it that is damaged."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "tests", "docs", "build", "__pycache__"))
    (copy / "translations" / "ru.json").write_text("{", encoding="utf-8")
    result = run("lab", "--lang", "ru", program=(sys.executable, str(copy / "chat.py")))
    assert (result.returncode, len(result.stderr.splitlines())) == (0, 1)
    assert "ru.json is damaged" in result.stderr
    assert "Half a letter" in result.stdout


def test_an_address_that_this_computer_does_not_have_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(check, "lan_cards", lambda: [Card("eth0", "203.0.113.1")])  # RFC 5737: nobody's
    assert [found.verdict for found in check.check_addresses()] == [Verdict.BAD]
    monkeypatch.setattr(check, "lan_cards", list)
    assert [found.verdict for found in check.check_addresses()] == [Verdict.NOTE]


def test_the_page_is_one_screen_wide_and_russian(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    use_language("ru")
    check.run(free_port())
    lines = capsys.readouterr().out.splitlines()
    assert 8 <= len(lines) <= 24
    assert "готов ли этот компьютер" in lines[0]
