"""What the checks of a client work with: a listening socket, the connection of the program, and its user."""

import contextlib
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from client.net.address import format_address
from lab.experiments.experiment import Notebook
from lab.judge.check import Mark, Outcome, WrongError, last_bytes
from lab.judge.client.assistants import Assistant
from lab.judge.client.welcome import Host, welcome
from lab.judge.participants import Crowd, Participant, fresh_words
from lab.judge.protocols import Protocol
from program.errors import UserFacingError
from translations import _
from translations.system_errors import explain_error

HOST: Final = "127.0.0.1"
"""The judge listens on no other address."""
_NAME: Final = "Anna"
_ASKS_FOR_NAME: Final = 2.0
"""Seconds after which a program that has connected and says nothing waits for its user's name."""
_MOST_WAITING: Final = 100
"""Connections that can wait to be accepted."""


@dataclass(slots=True)
class ClientBench:
    """The program that is judged, seen from the server's side and from its user's chair."""

    port: int
    """0 until `open` for one that the system chooses."""
    protocol: Protocol
    assistant: Assistant
    cancelled: Callable[[], bool]
    failed: set[str] = field(default_factory=set)
    introduction: bytes = b""
    """What the program sent first."""
    notebook: Notebook = field(default_factory=Notebook)
    crowd: Crowd = field(init=False)
    _listener: socket.socket | None = None
    _connection: Participant | None = None
    _is_welcome: bool = False
    _words: Iterator[str] = field(default_factory=fresh_words)

    def __post_init__(self) -> None:
        if self.protocol.name == "irc":
            self.protocol = Host()
        self.crowd = Crowd(self.protocol, self.notebook, self.cancelled)

    def open(self) -> None:
        """Listen.

        Raises:
            UserFacingError: the port is taken.
        """
        try:
            listener = socket.create_server((HOST, self.port))
        except OSError as error:
            problem = _("The judge cannot listen at port {port} ({error}); choose another one with --port.")
            raise UserFacingError(problem.format(port=self.port, error=explain_error(error))) from error
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        self._listener = listener

    def close(self) -> None:
        """Stop listening, and end the connection."""
        self.hang_up()
        if self._listener:
            self._listener.close()
            self._listener = None

    def hang_up(self, *, reset: bool = False) -> None:
        """End the connection, as a server does that is stopped, or with RST, as one that crashes."""
        one, self._connection = self._connection, None
        if one and reset:
            one.break_off()
        elif one:
            one.close()

    @contextlib.contextmanager
    def checking(self) -> Iterator[Notebook]:
        """Give the next check its own notebook; the connection stays."""
        self.notebook = Notebook()
        self.crowd.turn_page(self.notebook)
        if self._connection and self._is_welcome:
            self._connection.forget()
        yield self.notebook

    def recover(self, outcome: Outcome) -> str:
        """After a check that failed let the program begin anew; return ""."""
        if outcome.mark is Mark.FAILED:
            self.hang_up()
        return ""

    def word(self) -> str:
        """Return a text that nobody has said before and that is not a part of another."""
        return next(self._words)

    def connect(self) -> Participant:
        """Return the connection of the program; if there is none, let it connect and say who it is.

        Raises:
            WrongError: it does not.
        """
        if self._connection and not self._connection.end:
            return self._connection
        self.hang_up()
        self.assistant.stop()
        for _number in range(_MOST_WAITING):  # those of a program that connects again by itself
            if not self._accept():
                break
            self.hang_up()
        self.notebook.remark(_("The judge listens, and your program is started."))
        self.assistant.start(format_address(HOST, self.port))
        self._wait(self._accept, self.assistant.start_seconds)
        if not self._connection:
            raise self.wrong(
                _("the program connects to {address}").format(address=format_address(HOST, self.port)),
                _("It did not connect. Does it take address and port as arguments, and are they these?"),
            )
        one = self._connection
        if not self.crowd.wait(lambda: bool(one.received or one.end), _ASKS_FOR_NAME):
            self.assistant.name(_NAME)
        return self._introduced(one)

    def wait_for_return(self, seconds: float) -> None:
        """Let the program connect again by itself; whether it does is its own affair.

        Raises:
            WrongError: it does, but does not say again who it is.
        """
        self._wait(self._accept, seconds)
        if self._connection:
            self._introduced(self._connection)

    def _introduced(self, one: Participant) -> Participant:
        if not self._wait(lambda: bool(one.received), self.assistant.patience):
            raise self.wrong(
                _("a first message from the program"),
                _("It has connected, but it does not say who it is: its first message is its user's name."),
            )
        self.crowd.settle()
        self.introduction = bytes(one.received)
        return one

    def _accept(self) -> bool:
        if not self._listener:
            return False
        try:
            sock, _address = self._listener.accept()
        except OSError:  # nobody waits, or who waited has gone
            return False
        sock.setblocking(False)
        self.notebook.note_call(_("judge"), "accept")
        self._connection = self.crowd.take(_("judge"), sock)
        self._is_welcome = not isinstance(self.protocol, Host)
        return True

    def _wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Wait for something that does not come any more when the program has ended or the connection has."""

        def is_over() -> bool:
            return self.assistant.has_ended or bool(self._connection and self._connection.end)

        self.crowd.wait(lambda: until() or is_over(), seconds)
        return until()

    def join(self) -> Participant:
        """Return the connection of a program that can talk: for IRC it has registered and is in a room.

        Raises:
            WrongError: it does not do what it takes.
        """
        one = self.connect()
        if isinstance(self.protocol, Host) and not self._is_welcome:
            welcome(one, self.protocol, self._wait, self.assistant.patience)
            self._is_welcome = True
        return one

    def hears(self, line: str) -> bool:
        """Let the user type a line; tell whether it comes. Who speaks gets an answer.

        Raises:
            WrongError: the program does not even connect.
        """
        one = self.join()
        self.notebook.remark(_("“{line}” is typed into the program.").format(line=line))
        self.assistant.type(line)
        came = self._wait(lambda: one.hears(line), self.assistant.patience)
        if came:
            one.say(self.word())  # some programs read only after they have sent
            self.crowd.settle()
        return came

    def hear(self, meaning: str) -> None:
        """See that what the user types comes.

        Args:
            meaning: what it means if it does not.

        Raises:
            WrongError: it does not.
        """
        line = self.word()
        if not self.hears(line):
            raise self.wrong(_("“{text}” comes from the program").format(text=line), meaning)

    def show(self, texts: Sequence[str], meaning: str) -> None:
        """See that the program shows these texts, which have been sent.

        Args:
            meaning: what it means if it does not.

        Raises:
            WrongError: it does not.
        """
        if not self.assistant.sees(self.crowd, texts):
            many = _("the program shows {count} messages, the last of them “{text}”")
            one = _("the program shows “{text}”")
            expected = (many if len(texts) > 1 else one).format(count=len(texts), text=texts[-1])
            raise self.wrong(expected, meaning, last_bytes(self.assistant.printed))

    def last_words(self) -> str:
        """Say how the program has ended; "" if it runs, or if that is not known."""
        return self.assistant.last_words()

    def wrong(self, expected: str, meaning: str, received: bytes = b"") -> WrongError:
        """Return what it means that the program does not do something."""
        if not received and self._connection:
            received = last_bytes(self._connection.received)
        return WrongError(expected, meaning, received)
