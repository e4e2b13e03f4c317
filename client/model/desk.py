"""What an operator's desk knows of a class: plain data, as the server tells it (docs/protocol.md)."""

from dataclasses import dataclass, field
from typing import Final

from protocol.class_words import HERE

MAX_PEOPLE: Final = 5000
"""Who is remembered; what the server tells of more is left out."""


@dataclass(frozen=True, slots=True)
class DeskPerson:
    """One line of the desk's table."""

    id: str
    """The server's number for the person, whatever the nick."""
    nick: str
    rooms: tuple[str, ...] = ()
    state: str = HERE
    """Of `protocol.class_words`: HERE, GONE, ABSENT or STRANGER."""
    hand: int = 0
    """The place among the raised hands; 0: it is down."""
    muted_until: float = 0.0
    """By the client's `timer`; infinity for ever, 0 not at all."""
    barred_until: float = 0.0
    """As `muted_until`: the person is kept off the server, or out of the rooms of the class."""
    paused_until: float = 0.0
    """By the client's `timer`; 0 not at all."""
    address: str = ""
    heard: int = 0
    """When something came last, in seconds since the epoch."""
    lines: int = 0
    """In the last minute."""
    roster: str = ""
    """The name on the list of those who are expected."""
    has_word: bool = False
    """They have voice in a room of the class."""


@dataclass(slots=True)
class Desk:
    """The class as its operators see it. `ClientState.desk` is the only one."""

    is_watched: bool = False
    """Somebody looks at it: the server is asked to tell what changes, after a lost connection again."""
    people: dict[str, DeskPerson] = field(default_factory=dict)
    """By id."""
    quiet: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    """Names of rooms: in which only voices speak, which nobody new enters, and all of the class."""
    private: str = ""
    """To whom students may write privately: `all`, `teacher`, `none`."""
    here: int = 0
    expected: int = 0
    is_recorded: bool = False

    def clear(self) -> None:
        """The connection is lost: nothing is known."""
        self.people.clear()
        self.quiet = self.locked = self.rooms = ()
        self.private, self.here, self.expected, self.is_recorded = "", 0, 0, False
