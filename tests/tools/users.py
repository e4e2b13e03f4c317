"""Users of our client, without its window, who talk on real servers."""

from collections.abc import Callable, Sequence

from client.model.conversations import Conversation, Kind
from client.model.events import QuitAsked, SessionEvent
from client.model.state import Profile
from client.net.connection import Connection, new_event_queue
from client.net.tls import Tls
from client.runner import Runner, run_together
from client.session import Session

DEADLINE = 20.0
"""Seconds that anything may take."""


class Windowless:
    """Our client without its window: a session, its connection, and the runner between them."""

    def __init__(self, address: tuple[str, int], profile: Profile, tls: Tls | None = None) -> None:
        """Begin to connect."""
        events = new_event_queue()
        self.session = Session(profile)
        self.connection = Connection(*address, events, tls=tls)
        self.runner = Runner(self.session, self.connection, events)
        self.connection.start()

    def close(self) -> None:
        """Say good-bye, and wait until the threads have ended."""
        self.runner.close()
        assert self.connection.join(DEADLINE)


class User(Windowless):
    """Somebody with a client. While one of them waits, the clients of all go on."""

    def __init__(
        self, address: tuple[str, int], nick: str, password: str, everybody: "Sequence[User]"
    ) -> None:
        super().__init__(address, Profile(nick, rooms=("#lab",), password=password, realname="A test"))
        self.everybody = everybody
        self.events: list[SessionEvent] = []
        """All that the session has told, in order."""

    def wait(self, until: Callable[[], object]) -> None:
        """Wait until the condition holds.

        Raises:
            TimeoutError: it does not.
        """
        self.events += run_together([user.runner for user in self.everybody], lambda: bool(until()), DEADLINE)

    @property
    def is_in(self) -> bool:
        """In the room, its history read."""
        lab = self.session.state.conversations.get("#lab")
        return bool(lab and lab.joined and lab.members and not lab.is_catching_up)

    def room(self, name: str) -> Conversation | None:
        """Return the open room of this name, in any spelling."""
        return self.session.state.conversations.get(self.session.state.fold(name))

    @property
    def lab(self) -> Conversation:
        """The room `#lab`."""
        return self.session.state.conversations["#lab"]

    @property
    def neighbours(self) -> list[str]:
        """Who is in the room, with their marks, such as `@Анна`."""
        members = self.session.state.sorted_members(self.lab)
        return [f"{member.prefixes[:1]}{member.nick}" for member in members]

    def say(self, text: str, where: str = "#lab") -> None:
        """Type a text or a command, and press Enter."""
        self.session.submit(self.session.state.conversations[self.session.state.fold(where)], text)
        new = self.runner.handle_waiting()
        self.events += new
        for event in new:
            if isinstance(event, QuitAsked):  # a window first asks, if something would be lost by it
                self.runner.close(event.reason)

    def said(self, where: str = "#lab") -> list[str]:
        """Return what was said in a conversation, as `nick: text`."""
        conversation = self.session.state.conversations.get(self.session.state.fold(where))
        entries = conversation.entries if conversation else ()
        return [f"{one.nick}: {one.text}" for one in entries if one.kind in (Kind.MESSAGE, Kind.ACTION)]

    def told(self, kind: Kind) -> list[str]:
        """Return the room's sentences of a kind."""
        return [one.text for one in self.lab.entries if one.kind is kind]


class Users:
    """The users in a test: `meet(address, "Анна")` brings one in."""

    def __init__(self) -> None:
        self.users: list[User] = []

    def __call__(
        self, address: tuple[str, int], nick: str, *, password: str = "", enters: bool = True
    ) -> User:
        """Connect somebody.

        Args:
            enters: wait until they are in the room `#lab`.
        """
        user = User(address, nick, password, self.users)
        self.users.append(user)
        if enters:
            user.wait(lambda: user.is_in)
        return user

    def leave(self) -> None:
        """Everybody says good-bye; their threads have ended afterwards."""
        for user in self.users:
            user.runner.close("bye")
        for user in self.users:
            assert user.connection.join(DEADLINE)
