"""A class as the teacher wants it, and the arguments and files that come of it. No widgets here."""

import secrets
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from client.net.address import DEFAULT_PORT
from program.errors import UserFacingError
from protocol.names import is_channel, is_valid_channel, is_valid_nick
from sockets.listening import ANY_ADDRESS, listen
from translations import _

PASSWORD_SIGNS: Final = "23456789"
"""Digits, which have their keys in every layout, without those that look like letters."""
PASSWORD_LENGTH: Final = 6
MOST_PORTS: Final = 20
"""Ports that are tried, from the one that was chosen."""
LONGEST_GROUP: Final = 60
HIGHEST_PORT: Final = 65535
_USED: Final = "yes"

PlanField = Literal["group", "name", "rooms", "password", "port", "roster"]
"""What is written in a field."""


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """What the fields say, as it was typed."""

    group: str = ""
    name: str = ""
    """The teacher's nick."""
    rooms: str = "#lab"
    password: str = ""
    port: str = str(DEFAULT_PORT)
    roster: str = ""
    """A file; "" for none."""
    roster_only: bool = False

    @property
    def room_names(self) -> list[str]:
        """The names of the rooms, with `#`."""
        names = self.rooms.replace(",", " ").split()
        return list(dict.fromkeys(name if is_channel(name) else f"#{name}" for name in names))

    def problems(self) -> dict[PlanField, str]:
        """Return a sentence for each field that cannot be used so."""
        found: dict[PlanField, str] = {}
        if not self.group.isprintable() or len(self.group) > LONGEST_GROUP:
            found["group"] = _("Up to {most} characters on one line.").format(most=LONGEST_GROUP)
        if not is_valid_nick(self.name):
            found["name"] = _("Letters of one alphabet, digits, - and _; no spaces; a letter first.")
        if not self.room_names or not all(map(is_valid_channel, self.room_names)):
            found["rooms"] = _("Letters of one alphabet, digits, - and _; a comma between two rooms.")
        if not self.password.isprintable() or " " in self.password:
            found["password"] = _("Without spaces.")
        if not self.port.isascii() or not self.port.isdecimal() or not 0 < int(self.port[:6]) <= HIGHEST_PORT:
            found["port"] = _("A number from 1 to {most}.").format(most=HIGHEST_PORT)
        if self.roster and not Path(self.roster).is_file():
            found["roster"] = _("There is no such file.")
        elif self.roster_only and not self.roster:
            found["roster"] = _("Choose the list of those who may come in.")
        return found

    def server_arguments(self) -> list[str]:
        """Return the server's options but for the port; others could read the password there."""
        options = ["--lan", "--rooms", ",".join(self.room_names), "--reserve", self.name]
        if self.group:
            options += ["--group", self.group]
        if self.roster:
            options += ["--roster", self.roster]
            options += ["--roster-only"] if self.roster_only else []
        return options

    def remembered(self) -> dict[str, str]:
        """Return what is worth remembering; of the password, only that there was one."""
        flags = {name: _USED if getattr(self, name) else "" for name in ("password", "roster_only")}
        return {name: str(value) for name, value in asdict(self).items()} | flags


def recall(kept: Mapping[str, str], nick: str) -> ClassPlan:
    """Return the class of last time, with another password where it had one.

    Args:
        nick: of the user, in other talks.
    """
    default = ClassPlan()
    return ClassPlan(
        group=kept.get("group", ""),
        name=kept.get("name") or nick or _("Teacher"),
        rooms=kept.get("rooms") or default.rooms,
        password=make_password() if kept.get("password") else "",
        port=kept.get("port") or default.port,
        roster=kept.get("roster", ""),
        roster_only=bool(kept.get("roster_only")),
    )


def make_password() -> str:
    """Return a short password that can be read on a board and said aloud."""
    return "".join(secrets.choice(PASSWORD_SIGNS) for _ in range(PASSWORD_LENGTH))


def free_port(first: int) -> int:
    """Return the first port from this one on that nobody listens on; this one if there is none near."""
    for port in range(first, min(first + MOST_PORTS, HIGHEST_PORT + 1)):
        try:
            # On Windows a program that listens on one address does not keep another one off the rest.
            for host in ("127.0.0.1", ANY_ADDRESS):
                listen(host, port).close()
        except UserFacingError:
            continue
        return port
    return first


def is_for_windows(file: Path) -> bool:
    """Tell whether a file of this name is a script for Windows; any other is one for a shell."""
    return file.suffix.lower() in (".bat", ".cmd")


def starter(file: Path, own: str, address: str, room: str) -> str:
    """Return the text of a file that starts a client for this class; it is to lie in the program's folder.

    It names no folder, so that it does not matter what the folders are called.

    Args:
        own: what the executable is called here; "" where Python runs the program.
    """
    if own.lower().endswith(".exe") is not is_for_windows(file):
        own = ""  # that is another system's
    program = own or ("chat.exe" if is_for_windows(file) else "chat")
    if is_for_windows(file):
        quoted = (program, address, room.replace('"', '""'))
        name, server, entered = (f'"{one}"'.replace("%", "%%") for one in quoted)
        options = f"client --server {server} --room {entered}"
        lines = [
            "@echo off",
            "chcp 65001 >nul",  # what follows is UTF-8
            'cd /d "%~dp0"',
            f"if exist {name} goto program",
            f'start "" pyw chat.py {options}',
            "exit /b",
            ":program",
            f'start "" {name} {options}',
        ]
        return "".join(f"{line}\r\n" for line in lines)
    name, server, entered = map(shlex.quote, (f"./{program}", address, room))
    options = f"client --server {server} --room {entered}"
    lines = [
        "#!/bin/sh",
        'cd -- "$(dirname -- "$0")" || exit',
        f"if [ -x {name} ]; then exec {name} {options}; fi",
        f"exec python3 chat.py {options}",
    ]
    return "".join(f"{line}\n" for line in lines)
