"""Who somebody is, as far as the server has told (WHOIS: RFC 2812 section 3.6.2)."""

from dataclasses import dataclass, field
from typing import Final

MAX_OTHERS: Final = 20
"""Lines that are kept of what a server says besides."""
MAX_ROOMS: Final = 200
"""Rooms of one person that are kept."""


@dataclass(slots=True)
class Card:
    """What one answer to WHOIS says."""

    nick: str
    realname: str = ""
    address: str = ""
    """`user@host`."""
    host: str = ""
    """The real address, which the server tells operators."""
    server: str = ""
    account: str = ""
    since: float | None = None
    """When the person connected: seconds since the epoch."""
    spoke: float | None = None
    """When the person last said something."""
    rooms: list[str] = field(default_factory=list)
    """With the marks of the person's rank before the names, such as `@#lab`."""
    away: str = ""
    is_bot: bool = False
    is_operator: bool = False
    """Of the server."""
    is_encrypted: bool = False
    others: list[str] = field(default_factory=list)
    """What the server says besides, in its words."""


class LookedUp:
    """The person whose card is open. The server is asked again and again; the last whole answer stays."""

    def __init__(self, nick: str) -> None:
        self.card = Card(nick)
        """The last whole answer; of somebody who has gone, the one before."""
        self.coming = Card(nick)
        """The answer that is being given."""
        self.is_known = False
        """The server has answered."""
        self.is_gone = False
        """The server knows nobody of this name now."""
        self.problem = ""
        """Why the server does not tell, as a sentence."""

    @property
    def nick(self) -> str:
        """Who it is."""
        return self.card.nick

    def begin(self) -> None:
        """An answer begins."""
        self.coming = Card(self.nick)

    def end(self, *, is_gone: bool = False, problem: str = "") -> None:
        """The server has said all."""
        if not is_gone and not problem:
            self.card = self.coming
        self.is_known, self.is_gone, self.problem = True, is_gone, problem

    def rename(self, nick: str) -> None:
        """The person has another nick."""
        self.card.nick = self.coming.nick = nick
