"""How full the server's queues are at one moment, for whoever watches."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClientStatus:
    """One connected client."""

    name: str
    """Its address, `host:port`."""
    thread: str
    """The name of the thread that reads it."""
    nick: str
    """`*` until it has one."""
    waiting: int
    """Bytes in its outbox that the socket has not taken."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """All queues at one moment."""

    inbox: int
    """Chunks that wait for the hub."""
    clients: tuple[ClientStatus, ...]
    """In the order in which they came."""
