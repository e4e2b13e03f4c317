"""A server and clients without windows in this process, for the demo, the experiments and the report."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from client.model.conversations import Conversation, Delivery, Entry, Kind
from client.model.state import Profile
from client.net.address import format_address, parse_address
from client.net.connection import Connection, new_event_queue
from client.runner import Runner
from client.session import Session
from program.errors import UserFacingError
from program.files import temporary_folder
from program.folders import temporary_files
from server import ChatServer, ServerOptions
from sockets.tap import Tap
from translations import _
from translations.system_errors import explain_error

ROOM: Final = "#lab"
PATIENCE: Final = 10.0
"""Seconds that a step may take."""


@contextlib.contextmanager
def running_server(tap: Tap | None = None, port: int = 0) -> Iterator[str]:
    """Run a server on this port (0: a free one) with its history in a temporary file; yield `HOST:PORT`.

    Raises:
        UserFacingError: there is no place for that file, or the server cannot start.
    """
    with contextlib.ExitStack() as stack:
        parent = temporary_files()
        try:
            folder = stack.enter_context(temporary_folder(parent))
        except OSError as error:
            text = _("{folder} cannot be written to ({error}).").format(
                folder=parent, error=explain_error(error)
            )
            advice = _("Name another folder in the environment variable {variable}.")
            variable = "TEMP" if sys.platform == "win32" else "TMPDIR"
            raise UserFacingError(f"{text} {advice.format(variable=variable)}") from None
        server = ChatServer(ServerOptions(port=port, history=folder / "history.sqlite3"), tap)
        server.start()
        try:
            yield format_address(*server.address)
        finally:
            server.stop()


class Participant:
    """A client without a window, whose runner the caller runs; at the end of a `with` it says good-bye."""

    def __init__(self, address: str, nick: str, tap: Tap | None = None) -> None:
        """Begin to connect to `HOST:PORT` and to enter the room."""
        events = new_event_queue()
        self.nick = nick
        self.session = Session(Profile(nick, rooms=(ROOM,), server=address))
        self._connection = Connection(*parse_address(address), events, tap=tap)
        self.runner = Runner(self.session, self._connection, events)
        self._connection.start()

    def __enter__(self) -> "Participant":
        return self

    def __exit__(self, *_error: object) -> None:
        self.runner.close()
        self._connection.join(PATIENCE)

    @property
    def room(self) -> Conversation | None:
        """What is known about the room."""
        return self.session.state.conversations.get(ROOM)

    def say(self, text: str) -> None:
        """Say something in the room, which must have been entered."""
        assert self.room
        self.session.submit(self.room, text)

    def sees_members(self, count: int) -> bool:
        """Tell whether this one is in the room and sees this many members."""
        room = self.room
        return bool(room and not room.is_catching_up and len(room.members) == count)

    def messages(self, text: str) -> list[Entry]:
        """Return the messages with this text that have arrived; of one's own: whose echo has."""
        entries = self.room.entries if self.room else ()
        sent = (one for one in entries if one.kind is Kind.MESSAGE and one.delivery is Delivery.SENT)
        return [entry for entry in sent if entry.text == text]


@contextlib.contextmanager
def participants(address: str, nicks: Sequence[str]) -> Iterator[list[Participant]]:
    """Let several participants connect; at the end they say good-bye and their threads end."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Participant(address, nick)) for nick in nicks]
