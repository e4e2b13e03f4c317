"""What the server is told when it starts."""

from dataclasses import dataclass, field
from typing import Final

NETWORK: Final = "LabChat"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of everything that a client could make grow."""

    channels_per_client: int = 50
    """Of each kind (`#`, `&`)."""
    targets_per_message: int = 4
    list_conditions: int = 10
    """Of one LIST; each is tried on every room."""
    ban_list: int = 100
    """Entries in each of a channel's lists (modes b, e and I)."""
    masks_per_address: int = 5000
    """Entries in the lists of all rooms that were set from one address."""
    mask_bytes: int = 150
    """Of such an entry: a MODE line with the longest names holds it."""
    invitations: int = 50
    """Rooms that a client may be invited to at a time; the oldest invitations are forgotten."""
    monitor: int = 100
    """Nicks that a client may watch (MONITOR)."""
    multiline_bytes: int = 8192
    multiline_lines: int = 100
    whowas: int = 500
    """Nicks that WHOWAS remembers."""
    modes_per_command: int = 12
    topic_length: int = 390
    """Characters; of Cyrillic letters as many as fit into a line of 512 bytes."""
    kick_length: int = 200
    away_length: int = 200
    key_length: int = 32
    realname_length: int = 150
    chathistory_page: int = 100
    registration_seconds: float = 30.0
    lines_at_once: int = 40
    """Lines that a client may send at once; it is slowed down to `lines_per_second` after that."""
    lines_per_second: float = 12.0
    records_at_once: int = 500
    """Of TLS: each costs work, were it of one byte."""
    records_per_second: float = 100.0
    nick_changes_per_minute: int = 20
    joins_per_minute: int = 60
    lists_per_minute: int = 10
    searches_per_minute: int = 30
    search_effort: int = 30_000_000
    """Characters that one SEARCH looks at: of some hundred thousand messages (`chatroom.history.search`)."""
    clients_per_address: int = 4
    """This computer may have any number (`sockets.admission`)."""
    wrong_passwords: int = 5
    """Wrong passwords from one address that are looked at at once."""
    passwords_per_second: float = 1.0
    """How often one is looked at after that."""
    waiting_passwords: int = 25
    """From one address; the last of them is looked at before the time to register is over."""


@dataclass(frozen=True, slots=True)
class Config:
    """One server's identity, secrets and limits."""

    name: str = "chat.lab"
    """The server's name as a source (RFC 2812 section 2.3.1 `servername`)."""
    description: str = "LabChat"
    motd: tuple[str, ...] = ()
    password: str = ""
    oper_name: str = ""
    oper_password: str = ""
    oper_token: str = ""
    """Makes an operator like the password, but only of a client on this computer: the launcher's window."""
    oper_from_network: bool = False
    """Operators may come over a wire on which others can read their password."""
    rooms: tuple[str, ...] = ("#lab",)
    """The rooms of the class, if the server has an operator."""
    group: str = ""
    """The group that is taught, as the archive calls it."""
    roster: tuple[str, ...] = ()
    """The names of those who are expected."""
    roster_only: bool = False
    """Nobody else may come, but from this computer."""
    reserved: tuple[str, ...] = ()
    """Nicks that only operators may have."""
    ascii_nicks: bool = False
    throttle: bool = True
    """Slow down clients that send too much, and limit how often they change nicks, join and list."""
    limits: Limits = field(default_factory=Limits)
