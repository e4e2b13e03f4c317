"""The judge as an IRC server: as much of one as a client needs to be in a room."""

from collections.abc import Callable
from typing import Final

from lab.judge.check import WrongError, last_bytes
from lab.judge.participants import Participant
from lab.judge.protocols import ROOM, Irc, irc_messages
from protocol.message import Message
from translations import _

_NAME: Final = "judge"
_SPEAKER: Final = ":Boris!boris@judge"
Wait = Callable[[Callable[[], bool], float], bool]
"""Waits until something holds, for so many seconds at most; returns whether it does."""


class Host(Irc):
    """What a server says to a client; the contract is section 4.3 of the laboratory report."""

    def __init__(self) -> None:
        self.room = ROOM

    def say(self, text: str) -> bytes:
        return f"{_SPEAKER} PRIVMSG {self.room} :{text}\r\n".encode()


def find(one: Participant, command: str) -> Message | None:
    """Return the last message with a command; None if none has come."""
    found = [message for message in irc_messages(one.frames()) if message.command == command]
    return found[-1] if found else None


def welcome(one: Participant, host: Host, wait: Wait, seconds: float) -> None:
    """Let a client register, and let it into the room that it wants.

    Raises:
        WrongError: it does not say what it takes.
    """
    for command, meaning in (
        ("NICK", _("A client begins with two lines, NICK and USER; NICK did not come.")),
        ("USER", _("A client begins with two lines, NICK and USER; without USER no server lets it in.")),
    ):
        _need(one, command, meaning, wait, seconds)
    nick = _need(one, "NICK", "", wait, seconds).param(0)
    one.send(f":{_NAME} 001 {nick} :Welcome\r\n:{_NAME} 422 {nick} :No message of the day\r\n".encode())
    meaning = _("The welcome (001) was sent, and the client did not enter a room: send JOIN #lab now.")
    host.room = _need(one, "JOIN", meaning, wait, seconds).param(0)
    lines = (
        f":{nick}!{nick}@judge JOIN {host.room}",
        f":{_NAME} 353 {nick} = {host.room} :{nick} Boris",
        f":{_NAME} 366 {nick} {host.room} :End of names",
    )
    one.send("".join(f"{line}\r\n" for line in lines).encode())


def _need(one: Participant, command: str, meaning: str, wait: Wait, seconds: float) -> Message:
    """Wait for a command.

    Raises:
        WrongError: it does not come.
    """
    wait(lambda: find(one, command) is not None, seconds)
    found = find(one, command)
    if found is None:
        expected = _("a line with {command}").format(command=command)
        raise WrongError(expected, meaning, last_bytes(one.received))
    return found
