"""A server with an operator whose clients come from any address, without sockets; it can be killed."""

from pathlib import Path
from typing import Any

from chatroom.classroom.file import ClassFile
from chatroom.client import Client
from chatroom.config import Config
from chatroom.dispatch import handle_line
from chatroom.history.store import History
from chatroom.state import ServerState
from program.folders import class_file
from protocol.message import parse

NAME, PASSWORD = "teacher", "chalk"
HERE = "127.0.0.1"


class Class:
    """The server, and what each client has heard of it."""

    def __init__(self, folder: Path, **options: Any) -> None:
        """Begin; the options are those of `Config`."""
        self.path = folder / "history-1.sqlite3"
        usual: dict[str, Any] = {"oper_name": NAME, "oper_password": PASSWORD, "rooms": ("#lab", "#two")}
        self.config = Config(throttle=False, **usual | options)
        self.begin()

    def begin(self) -> None:
        self.history = History(self.path)
        file = ClassFile(class_file(self.path))
        self.state = ServerState(self.config, self.history, class_file=file)
        self.heard: dict[Client, list[str]] = {}

    def close(self) -> None:
        self.state.close_files()

    def restart(self, *, killed: bool = False) -> None:
        """End the server and start it again; killed, it does nothing more than what commits have done."""
        old = self.state
        if killed:
            self.history.commit = lambda: ""  # type: ignore[method-assign]
            assert old.classroom
            old.classroom.file.commit = lambda: None  # type: ignore[method-assign]
        self.close()
        self.begin()

    def come(
        self,
        nick: str,
        address: str = HERE,
        *,
        secret: str = "",
        secure: bool = False,
        before: tuple[str, ...] = (),
        capabilities: str = "message-tags batch draft/chathistory",
    ) -> Client:
        """Connect and ask to be registered; with a secret, name it (RECLAIM)."""
        client = self.state.connect(address, 1, secure=secure)
        reclaim = [f"RECLAIM {nick} {secret}"] if secret else []
        self.say(
            client,
            *(f"CAP REQ :{capabilities}", f"NICK {nick}", "USER u 0 * :x", *before, *reclaim, "CAP END"),
        )
        return client

    def teacher(self, nick: str = "Учитель", address: str = HERE, **options: Any) -> Client:
        """Connect, register and become the operator."""
        client = self.come(nick, address, **options)
        assert " 381 " in self.say(client, f"OPER {NAME} {PASSWORD}")
        return client

    def say(self, client: Client, *lines: str) -> str:
        """Say lines; return what the client is sent. What everybody hears is added to `heard`."""
        for line in lines:
            for _portion in handle_line(self.state, client, parse(line)) or ():
                pass
        self.state.commit()
        before = len(self.heard.setdefault(client, []))
        for other, data in self.state.delivery.take():
            self.heard.setdefault(other, []).extend(bytes(data).decode().removesuffix("\r\n").split("\r\n"))
        for closed in self.state.take_closed():
            data = self.state.delivery.take_from(closed)
            self.heard.setdefault(closed, []).extend(bytes(data).decode().removesuffix("\r\n").split("\r\n"))
        return "\n".join(self.heard[client][before:])

    def cut(self, client: Client) -> None:
        """End a connection."""
        self.state.disconnect(client, "Connection reset")

    def marks(self, room: str, nick: str) -> str:
        """Return the modes of a member."""
        channel = self.state.channels[room]
        return next((modes for member, modes in channel.members.items() if member.nick == nick), "absent")
