"""The state of one user's connection to a server: lines in, lines and events out.

Sans-I/O: no sockets, no threads, no windows. Everything here runs in the one thread that owns the session
(the Tk thread, or the demo's thread).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from client.conversation import Conversation
from client.events import SessionEvent, State, TransportEvent


@dataclass(frozen=True, slots=True)
class Profile:
    """What the user wants: how to be called, and which rooms to enter."""

    nick: str
    rooms: Sequence[str] = ("#lab",)
    password: str = ""
    realname: str = ""


class Session:
    """One user's session."""

    state: State
    nick: str
    """The nick that the server knows us by."""
    conversations: dict[str, Conversation]
    """By folded name; "" is the talk with the server itself."""
    round_trip: float | None

    def __init__(self, profile: Profile, clock: Callable[[], float] = time.time) -> None:
        raise NotImplementedError

    # For the owner of the connection.
    def handle(self, event: TransportEvent) -> None: ...
    def take_lines(self) -> list[str]:
        """Lines without line ends, to be sent now, in order."""
        raise NotImplementedError

    def take_events(self) -> list[SessionEvent]:
        """What changed since the last call, in order."""
        raise NotImplementedError

    def tick(self) -> None:
        """To be called about once a second: PING for the round trip, time limits."""

    # For the user's hands.
    def enter(self, conversation: Conversation, text: str) -> None:
        """What the user typed and sent: a message, several lines, or a command that begins with `/`."""

    def retry_with(self, nick: str = "", password: str = "") -> None: ...
    def join(self, room: str, key: str = "") -> None: ...
    def close(self, conversation: Conversation) -> None:
        """Leave the room (PART) or close the private talk."""

    def open_private(self, nick: str, focus: bool = True) -> Conversation:
        raise NotImplementedError

    def show(self, conversation: Conversation | None) -> None:
        """This conversation is before the user's eyes now: nothing in it is unread (None: the window is hidden)."""

    def fold(self, name: str) -> str:
        raise NotImplementedError
