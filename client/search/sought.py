"""What is looked for, and what was found."""

from dataclasses import dataclass

from client.model.events import SessionEvent


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. Each of its parts may be empty."""

    text: str = ""
    nick: str = ""
    """Who said it."""
    place: str = ""
    """The conversation's name; "": in all of them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A message that fits."""

    place: str
    """The conversation's name."""
    nick: str
    time: float
    """Seconds since the epoch."""
    text: str
    """As it is shown, with line feeds."""
    msgid: str = ""
    stamp: str = ""
    """The server's time, by which it can be asked for what stands around."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The message to which a search came."""

    msgid: str
    time: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class SearchAnswered(SessionEvent):
    """The server has answered a question of `client.search.server_search`."""

    number: int
    """The question's."""
    found: tuple[Found, ...]
    """The oldest first."""
    reached: Reached | None
    """Until where was searched, if there may be more beyond."""
    problem: str
    """In the user's language: why there is no answer, or no more of it; else ""."""
