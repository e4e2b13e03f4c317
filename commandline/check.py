"""`chat check`: is this computer ready for a class? No other computer is contacted."""

import contextlib
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from chatroom.history.store import History
from commandline.port_owner import find_owner
from commandline.process import is_frozen, program_name
from program.files import make_folder, temporary_folder
from program.folders import data_folder
from program.variables import is_in_launcher
from program.version import NAME, VERSION
from protocol.text import visible
from sockets.cards import lan_cards
from sockets.listening import ListenError, describe_card, listen
from translations import LANGUAGES, CatalogueError, _, load_catalogue, plural, system_language
from translations.system_errors import explain_error

LOOPBACK: Final = "127.0.0.1"
CONNECT_SECONDS: Final = 3.0
"""How long a connection to this computer may take."""
LEAST_FREE: Final = 100 * 1024 * 1024
"""Bytes of disk space that a course's history and the unpacked executable may need."""
LEAST_WIDTH: Final = 800
LEAST_HEIGHT: Final = 600
"""Pixels of a screen that is not scaled."""
LINE: Final = "Привет!\r\n".encode()


class Verdict(Enum):
    """How serious a finding is."""

    GOOD = auto()
    NOTE = auto()
    """Worth knowing; the class can take place."""
    BAD = auto()
    """It stands in the way of the class."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has found, in the user's language."""

    verdict: Verdict
    subject: str
    text: str
    advice: str = ""
    """What to do about it."""


def check_all(port: int) -> Iterator[Finding]:
    """Check one thing after another; the server is to use this port."""
    yield check_program()
    yield check_translations()
    yield check_screen()
    yield check_port(port)
    yield check_loopback()
    yield from check_addresses()
    if sys.platform == "win32":
        yield explain_firewall()
    yield check_history()


def run(port: int) -> int:
    """Print the page; return 0 if nothing stands in the way, else 1."""
    print(_("{name} {version}: is this computer ready for the class?").format(name=NAME, version=VERSION))
    return print_findings(check_all(port))


def print_findings(findings: Iterable[Finding]) -> int:
    """Print each finding as soon as it is there; return 0 if nothing stands in the way, else 1."""
    print()
    words = {Verdict.GOOD: _("good"), Verdict.NOTE: _("note"), Verdict.BAD: _("BAD")}
    width = max(map(len, words.values()))
    bad = 0
    for finding in findings:
        bad += finding.verdict is Verdict.BAD
        print(f"{words[finding.verdict]:<{width}}  {finding.subject}: {finding.text}", flush=True)
        if finding.advice:
            print(f"{'':<{width}}  → {finding.advice}", flush=True)
    print()
    if bad:
        things = plural("{count} thing stands in the way.", "{count} things stand in the way.", bad)
        print(things, _("The arrows say what to do."))
        return 1
    print(_("Nothing stands in the way."))
    return 0


def check_program() -> Finding:
    """Return which program runs on which system."""
    python = "Python {}.{}.{}".format(*sys.version_info[:3])
    what = _("the executable, with {python} in it") if is_frozen() else _("{python} runs the source")
    return Finding(Verdict.GOOD, _("program"), what.format(python=python) + f"; {_system()}")


def _system() -> str:
    if sys.platform == "win32":
        version = sys.getwindowsversion()
        # Windows 11 still calls itself 10.0; its builds begin at 22000.
        name = "11" if version.build >= 22000 else version.major
        return f"Windows {name} ({version.major}.{version.minor}.{version.build})"
    about = os.uname()
    return f"{about.sysname} {about.release.partition('-')[0]}"


def check_translations() -> Finding:
    """See whether the files with the translations are there, and whole."""
    for code in set(LANGUAGES) - {"en"}:
        try:
            load_catalogue(code)
        except CatalogueError as error:
            text = _("{problem} The program will speak English.").format(problem=error)
            return Finding(Verdict.BAD, _("languages"), text, _("Copy the program again, whole."))
    system = {"ru": _("Russian"), "en": _("English")}[system_language()]
    text = _("Russian and English are here; the system’s own is {language}")
    return Finding(Verdict.GOOD, _("languages"), text.format(language=system))


def check_screen() -> Finding:
    """See whether a window can be opened, and how large it may be."""
    subject = _("screen")
    no_windows = _("The server and “demo --text” work without windows.")
    try:
        import tkinter  # noqa: PLC0415 - it may be missing

        from gui.toolkit.theme import Root  # noqa: PLC0415 - it needs tkinter
    except ImportError:
        text = _("this Python has no tkinter, so no window can open.")
        return Finding(Verdict.BAD, subject, text, no_windows)
    try:
        root = Root()
    except tkinter.TclError:
        text = _("there is none on which a window could open.")
        return Finding(Verdict.BAD, subject, text, no_windows)
    try:
        width, height = root.winfo_screenwidth(), root.winfo_screenheight()
        percent = round(float(root.tk.call("tk", "scaling")) * 72 / 96 * 100)
        version = str(root.tk.call("info", "patchlevel"))
    finally:
        root.destroy()
    text = _("{width}×{height} pixels, scaling {percent} %, Tk {version}").format(
        width=width, height=height, percent=percent, version=version
    )
    if width * 100 / percent < LEAST_WIDTH or height * 100 / percent < LEAST_HEIGHT:
        return Finding(Verdict.NOTE, subject, text, _("Small: make the text smaller with Ctrl and minus."))
    return Finding(Verdict.GOOD, subject, text)


def check_port(port: int) -> Finding:
    """See whether the server could listen on the port, and if not, which program does."""
    subject = _("port {port}").format(port=port)
    answer = ""
    # Listening alone would not show it: Windows lets one program have 127.0.0.1 and another all addresses.
    try:
        with socket.create_connection((LOOPBACK, port), CONNECT_SECONDS) as sock:
            sock.sendall(b"CAP LS 302\r\n")
            answer = sock.recv(512).decode("utf-8", "replace")
    except TimeoutError:
        pass
    except OSError:
        return _check_listening(subject, port)
    owner = find_owner(port)
    if " CAP " in answer:
        name = visible(answer.partition(" ")[0].lstrip(":"))
        text = _("a chat server runs here already: {name}").format(name=name)
        return Finding(Verdict.NOTE, subject, f"{text} ({owner})" if owner else text)
    text = _("taken by {owner}.").format(owner=owner or _("another program"))
    if is_in_launcher():
        advice = _("Stop that program, or let the launcher take the next port.")
    else:
        advice = _("Stop that program, or choose another port: {command}").format(
            command=f"{program_name()} server --port {port + 1 if port < 65535 else port - 1}"
        )
    return Finding(Verdict.BAD, subject, text, advice)


def _check_listening(subject: str, port: int) -> Finding:
    try:
        listen(LOOPBACK, port).close()
    except ListenError as error:
        return Finding(Verdict.BAD, subject, str(error))
    return Finding(Verdict.GOOD, subject, _("free"))


def check_loopback() -> Finding:
    """See whether this computer can send itself a line over TCP."""
    subject = _("connection within this computer")
    if problem := _exchange_line(LOOPBACK):
        advice = _("An antivirus program or a firewall is in the way: allow this program there.")
        return Finding(Verdict.BAD, subject, problem, advice)
    return Finding(Verdict.GOOD, subject, _("a line went there and back"))


def check_addresses() -> Iterator[Finding]:
    """See which addresses this computer has, and whether each accepts a connection."""
    cards = lan_cards()
    if not cards:
        text = _("none; other computers cannot connect.")
        yield Finding(Verdict.NOTE, _("network address"), text, _("Plug in the cable, or join the Wi-Fi."))
    for card in cards:
        address = card.address
        subject = _("network address {address}").format(address=address)
        if problem := _exchange_line(address):
            advice = _("A firewall is in the way: allow this program there for the classroom’s network.")
            yield Finding(Verdict.BAD, subject, problem, advice)
        elif card.is_made_up:
            text = _("the network has given this computer no address; it made one up.")
            yield Finding(Verdict.NOTE, subject, text, _("Look at the cable and at the router."))
        elif but := describe_card(card):
            yield Finding(Verdict.NOTE, subject, _("not for students: {reason}").format(reason=but))
        else:
            yield Finding(Verdict.GOOD, subject, _("students can type it; it answers from here"))


def _exchange_line(address: str) -> str:
    """Listen on a free port of this address, connect, send a line there and back; return what failed."""
    try:
        with listen(address, 0) as listener:
            listener.settimeout(CONNECT_SECONDS)
            with (
                socket.create_connection(listener.getsockname()[:2], CONNECT_SECONDS) as client,
                listener.accept()[0] as accepted,
            ):
                accepted.settimeout(CONNECT_SECONDS)
                client.sendall(LINE)
                accepted.sendall(accepted.makefile("rb").readline())
                if client.makefile("rb").readline() != LINE:
                    return _("what came back is not what was sent.")
    except (ListenError, OSError) as error:
        return explain_error(error)
    return ""


def explain_firewall() -> Finding:
    """Say what Windows will ask; a program without administrator rights cannot find out the answer."""
    text = _("Windows asks about it when the server first listens to the network: allow private networks.")
    rule = f'netsh advfirewall firewall add rule name={NAME} dir=in action=allow program="{sys.executable}"'
    advice = _("If it does not ask, an administrator enters once: {command}").format(command=rule)
    return Finding(Verdict.NOTE, _("firewall"), text, advice)


def check_history() -> Finding:
    """See whether a history can be written where the server keeps it, by writing a small one."""
    subject = _("history")
    folder = data_folder()
    if is_in_launcher():
        advice = _("Make room on that drive, and see that you may write to that folder.")
    else:
        advice = _("Start the server with --history FILE on another drive, or with --no-history.")
    try:
        make_folder(folder)
        with temporary_folder(folder) as trial:
            with contextlib.closing(History(trial / "history.sqlite3")) as history:
                history.add("#lab", 0, ":a!b@c PRIVMSG #lab :x")
            free = shutil.disk_usage(trial).free
    except (OSError, sqlite3.Error) as error:
        text = _("{folder} cannot be written to ({error}).").format(folder=folder, error=explain_error(error))
        return Finding(Verdict.BAD, subject, text, advice)
    text = _("{folder} can be written to; {megabytes} MB are free").format(
        folder=folder, megabytes=free // (1024 * 1024)
    )
    if free < LEAST_FREE:
        return Finding(Verdict.BAD, subject, text + ".", _("Make room on this drive.") + " " + advice)
    return Finding(Verdict.GOOD, subject, text)
