"""A session without a socket: lines go in as if from the server, and lines come out."""

import re

from client.model.conversations import Conversation, Entry
from client.model.events import (
    Problem,
    SessionEvent,
    TransportClosed,
    TransportConnecting,
    TransportOpened,
    TransportReceived,
)
from client.model.state import Profile
from client.session import Session
from protocol.message import parse

CAPABILITIES = (
    "message-tags server-time echo-message batch labeled-response multi-prefix draft/chathistory "
    "standard-replies away-notify"
)
ISUPPORT = "CASEMAPPING=rfc7613 PREFIX=(ov)@+ CHANTYPES=# CHANMODES=beI,k,l,imnst NICKLEN=30 CHATHISTORY=100"
NONCE = re.compile(r"\+chat\.lab/nonce=([0-9a-f]+)")


class Dialogue:
    """A session, and the test in the part of the server."""

    def __init__(
        self, nick: str = "Анна", *, rooms: tuple[str, ...] = ("#lab",), password: str = "", server: str = ""
    ) -> None:
        self.now = 1_000_000.0
        self.session = Session(
            Profile(nick, rooms=rooms, password=password, server=server), clock=lambda: self.now
        )
        self.state = self.session.state
        self.events: list[SessionEvent] = []
        """All that the session has told the window."""

    def connect(self) -> list[str]:
        """The connection is made; return what the client says first."""
        self.session.handle(TransportConnecting())
        self.session.handle(TransportOpened())
        return self.sent()

    def hear(self, *lines: str) -> list[str]:
        """The server says these lines; return what the client answers."""
        self.session.handle(TransportReceived([parse(line) for line in lines]))
        return self.sent()

    def lose(self, problem: Problem = Problem.LOST, retry_in: float | None = 1.0) -> None:
        """The connection is lost."""
        self.session.handle(TransportClosed(problem, "", retry_in))
        self.collect()

    def sent(self) -> list[str]:
        """Return what the client has to send."""
        self.collect()
        return self.state.take_lines()

    def collect(self) -> list[SessionEvent]:
        """Take the events; return the new ones."""
        new = self.state.take_events()
        self.events += new
        return new

    def welcome(self, capabilities: str = CAPABILITIES, isupport: str = ISUPPORT) -> list[str]:
        """The server lets the client in; return what the client says to the end of the greeting."""
        nick = self.state.asked_nick
        if capabilities:
            without_values = re.sub(r"=\S+", "", capabilities)
            self.hear(f":srv CAP * LS :{capabilities}", f":srv CAP {nick} ACK :{without_values}")
        return self.hear(
            f":srv 001 {nick} :Welcome",
            f":srv 005 {nick} {isupport} :are supported",
            f":srv 422 {nick} :No MOTD",
        )

    def enter_room(self, room: str = "#lab", members: str = "@Анна Борис") -> list[str]:
        """The server lets the client into a room; return what the client asks then, but for WHO."""
        nick = self.state.nick
        lines = self.hear(
            f"@time=2026-01-01T00:00:00.000Z :{nick}!~a@h JOIN {room}",
            f":srv 353 {nick} = {room} :{members}",
            f":srv 366 {nick} {room} :End",
        )
        return [line for line in lines if not line.startswith("WHO ")]

    def history(self, target: str, *lines: str) -> list[str]:
        """The server answers CHATHISTORY with a page; return what the client says then."""
        inside = [f"@batch=h1;{line[1:]}" if line.startswith("@") else f"@batch=h1 {line}" for line in lines]
        return self.hear(f":srv BATCH +h1 chathistory {target}", *inside, ":srv BATCH -h1")

    def online(self, capabilities: str = CAPABILITIES) -> "Dialogue":
        """Connect, be welcomed, enter the room, with an empty history."""
        self.connect()
        self.welcome(capabilities)
        if self.enter_room():
            self.history("#lab")
        return self

    def talk(self, name: str = "#lab") -> Conversation:
        """Return a conversation."""
        return self.state.conversations[self.state.fold(name)]

    def say(self, text: str, name: str = "#lab") -> list[str]:
        """The user types and sends; return what goes to the server."""
        self.session.submit(self.talk(name), text)
        return self.sent()

    def texts(self, name: str = "#lab") -> list[str]:
        """Return the transcript's texts."""
        return [entry.text for entry in self.talk(name).entries]

    def last(self, name: str = "#lab") -> Entry:
        """Return the newest transcript entry."""
        return self.talk(name).entries[-1]


def nonce_of(line: str) -> str:
    """Return the nonce in a line that the client sent."""
    match = NONCE.search(line)
    assert match, line
    return match[1]
