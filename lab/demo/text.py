"""The demo as text: a real server and clients in one process hold the scripted conversation."""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from client.model.conversations import Conversation, Delivery, Entry, Kind
from client.net.address import format_address, parse_address
from client.net.connection import Connection, new_event_queue
from client.runner import Runner, run_together
from client.session import Profile, Session
from lab.demo.script import Step, participants, script
from server import ChatServer, ServerOptions
from sockets.tap import Tap
from translations import _

ROOM: Final = "#lab"
PATIENCE: Final = 10.0
"""Seconds that a step may take."""


def run_text(clients: int) -> int:
    """Hold the conversation, and print what each participant sent and received.

    Returns:
        The exit code: 0, or 1 if a message did not arrive in time.
    """
    with running_server() as address, together(address, participants(clients)) as everybody:
        try:
            talk(address, everybody, script(clients))
        except TimeoutError:
            print(_("A message did not arrive in time; the demo ends here."), flush=True)
            return 1
    print(flush=True)
    print(_("Everybody has left, and the server has stopped."), flush=True)
    return 0


@contextlib.contextmanager
def running_server(tap: Tap | None = None, port: int = 0) -> Iterator[str]:
    """Run a server on a free port, or on this, with its history in a temporary file; yield `HOST:PORT`."""
    with tempfile.TemporaryDirectory(prefix="labchat-demo-", ignore_cleanup_errors=True) as folder:
        server = ChatServer(ServerOptions(port=port, history=Path(folder) / "history.sqlite3"), tap)
        server.start()
        try:
            yield format_address(*server.address)
        finally:
            server.stop()


class Participant:
    """A client without a window, whose runner the caller runs."""

    def __init__(self, address: str, nick: str, tap: Tap | None = None) -> None:
        """Begin to connect to `HOST:PORT` and to enter the room."""
        events = new_event_queue()
        self.nick = nick
        self.session = Session(Profile(nick, rooms=(ROOM,), server=address))
        self.connection = Connection(*parse_address(address), events, tap=tap)
        self.runner = Runner(self.session, self.connection, events)
        self.connection.start()

    @property
    def room(self) -> Conversation | None:
        """What is known about the room."""
        return self.session.conversations.get(ROOM)

    def is_in(self, count: int) -> bool:
        """Tell whether this one is in the room and sees so many members."""
        room = self.room
        return bool(room and not self.session.catchup.is_busy(room) and len(room.members) == count)

    def heard(self, text: str) -> Entry | None:
        """Return the message if it is here: from others received, of one's own confirmed by its echo."""
        entries = self.room.entries if self.room else ()
        for entry in reversed(entries):
            if entry.kind is Kind.MESSAGE and entry.text == text and entry.delivery is Delivery.SENT:
                return entry
        return None


@contextlib.contextmanager
def together(address: str, nicks: Sequence[str], tap: Tap | None = None) -> Iterator[list[Participant]]:
    """Let several participants connect; in the end they say good-bye and their threads end."""
    everybody: list[Participant] = []
    try:
        for nick in nicks:
            everybody.append(Participant(address, nick, tap))
        yield everybody
    finally:
        for one in everybody:
            one.runner.close()
        for one in everybody:
            one.connection.join(PATIENCE)


def talk(address: str, everybody: Sequence[Participant], steps: Sequence[Step]) -> None:
    """Hold the conversation and print it.

    Raises:
        TimeoutError: a message did not arrive in time.
    """
    runners = [one.runner for one in everybody]
    run_together(runners, lambda: all(one.is_in(len(everybody)) for one in everybody), PATIENCE)
    names = ", ".join(one.nick for one in everybody)
    text = _("The server listens on {address}; in the room {room}: {names}")
    print(text.format(address=address, room=ROOM, names=names))
    for step in steps:
        print(flush=True)
        _say(everybody, runners, step)


def _say(everybody: Sequence[Participant], runners: Sequence[Runner], step: Step) -> None:
    speaker = everybody[step.speaker]
    room = speaker.room
    if room is None:
        raise TimeoutError
    _show(everybody, speaker, _("sends"), step.text)
    speaker.session.enter(room, step.text)
    run_together(runners, lambda: all(one.heard(step.text) for one in everybody), PATIENCE)
    for one in everybody:
        if one is not speaker and (entry := one.heard(step.text)):
            _show(everybody, one, _("receives"), f"{entry.nick}: {entry.text}")
    _show(everybody, speaker, _("confirmed"), _("the server has sent it to all"))


def _show(everybody: Sequence[Participant], one: Participant, what: str, text: str) -> None:
    """Print a row of three aligned columns: who, what, and the text."""
    who = max(len(other.nick) for other in everybody)
    verb = max(len(word) for word in (_("sends"), _("receives"), _("confirmed")))
    print(f"{one.nick:<{who}}  {what:<{verb}}  {text}", flush=True)
