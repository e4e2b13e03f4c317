"""Clients that others use come to the student's IRC server: our own, and irssi."""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from client.net.address import format_address
from client.runner import run_together
from lab.demo.participants import Participant as OurClient
from lab.judge import sections
from lab.judge.bench import ServerBench
from lab.judge.check import Check, NotJudgedError, WrongError, last_bytes
from program.files import temporary_folder
from program.folders import temporary_files
from translations import _

_PATIENCE: Final = 15.0
"""Seconds that a client may take to enter."""
_CONFIG: Final = """
servers = ({{ address = "{host}"; port = "{port}"; chatnet = "lab"; autoconnect = "yes"; }});
chatnets = {{ lab = {{ type = "IRC"; }}; }};
channels = ({{ name = "#lab"; chatnet = "lab"; autojoin = "yes"; }});
settings = {{
  core = {{ nick = "{nick}"; real_name = "{nick}"; user_name = "lab"; }};
  "fe-common/core" = {{ autocreate_windows = "no"; }};
  "fe-text" = {{ paste_detect_time = "0"; }};
}};
"""


def _labchat(bench: ServerBench) -> None:
    other = bench.join(1)[0]
    with OurClient(format_address(*bench.address), "LabChat") as ours:

        def wait(until: Callable[[], bool]) -> bool:
            end = time.monotonic() + _PATIENCE
            while not until():
                if time.monotonic() > end:
                    return False
                with contextlib.suppress(TimeoutError):
                    run_together([ours.runner], until, 0.05)
                bench.crowd.pause(0.02)
            return True

        meaning = _(
            "The client of this program does not get along with your server. It sends CAP first, PING "
            "after 001, WHO after the JOIN, and a text of one word without a colon: see the list in the "
            "section."
        )
        expected = _("the client “LabChat” enters the room")
        if not wait(lambda: bool(ours.room and ours.room.joined and ours.room.members)):
            raise WrongError(expected, meaning)
        text = bench.word()
        other.say(text)
        if not wait(lambda: bool(ours.messages(text))):
            raise WrongError(_("the client “LabChat” shows “{text}”").format(text=text), meaning)
        text = bench.word()
        ours.say(text)
        if not wait(lambda: other.hears(text)):
            expected = _("“{text}” comes to {names}").format(text=text, names=other.name)
            raise WrongError(expected, meaning, last_bytes(other.received))


def _irssi(bench: ServerBench) -> None:
    program = shutil.which("irssi")
    if sys.platform == "win32" or program is None:
        raise NotJudgedError(_("irssi is not installed on this computer."))
    other = bench.join(1)[0]
    meaning = _("irssi, a client that many people use, does not get along with your server.")
    with _running(program, bench.address, "Irssi") as (screen, keyboard):
        if not bench.crowd.wait(lambda: b"Irssi" in other.received, _PATIENCE):
            raise WrongError(_("the client “irssi” enters the room"), meaning, last_bytes(other.received))
        bench.crowd.settle()
        text = bench.word()
        other.say(text)
        if not bench.crowd.wait(lambda: text.encode() in screen, _PATIENCE):
            raise WrongError(_("the client “irssi” shows “{text}”").format(text=text), meaning)
        text = bench.word()
        os.write(keyboard, f"{text}\r".encode())
        bench.expect(text, [other], meaning, _PATIENCE)


@contextlib.contextmanager
def _running(program: str, address: tuple[str, int], nick: str) -> Iterator[tuple[bytearray, int]]:
    """Run irssi at a terminal of its own; yield what it has shown so far, and where to type."""
    import pty  # noqa: PLC0415 - not on Windows

    with temporary_folder(temporary_files()) as home:
        config = _CONFIG.format(host=address[0], port=address[1], nick=nick)
        Path(home, "config").write_text(config, encoding="utf-8")
        ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", "LANG": "C.UTF-8", "LINES": "30", "COLUMNS": "120"}
        process = subprocess.Popen(
            [program, "--home", str(home)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
        )
        os.close(theirs)
        screen = bytearray()

        def read() -> None:
            with contextlib.suppress(OSError):  # the terminal ends with the program
                while data := os.read(ours, 65536):
                    screen.extend(data)

        reader = threading.Thread(target=read, name="irssi screen", daemon=True)
        reader.start()
        try:
            yield screen, ours
        finally:
            process.kill()
            process.wait()
            reader.join(_PATIENCE)
            os.close(ours)


CHECKS: Final = (
    Check(
        "labchat",
        8,
        lambda: _("the client of this program can talk there"),
        sections.IRC,
        _labchat,
        ("everybody", "ping", "unknown"),
    ),
    Check(
        "irssi",
        8,
        lambda: _("the client irssi can talk there"),
        sections.IRC,
        _irssi,
        ("everybody", "ping", "unknown"),
    ),
)
