"""Step 6: rooms, names and outboxes. The hub never waits for a client that does not read."""

import contextlib
import queue
import socket
import sys
import threading
from dataclasses import dataclass, field
from typing import NamedTuple

HOST = "127.0.0.1"
MAX_LINE = 1024
MAX_OUTBOX = 1024 * 1024  # bytes that may wait for one client; a client with more is dropped
RETRY_SECONDS = 0.05
IDLE_SECONDS = 3600.0  # a client that is silent for so long is dropped


@dataclass(eq=False)
class Client:
    """One client as the hub knows it."""

    hub_socket: socket.socket
    name: str
    room: str = "#lab"
    outbox: bytearray = field(default_factory=bytearray)  # bytes that the socket has not taken yet


class ClientConnected(NamedTuple):
    client: Client


class LineReceived(NamedTuple):
    client: Client
    line: str


class ClientDisconnected(NamedTuple):
    client: Client


Event = ClientConnected | LineReceived | ClientDisconnected
inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()


def read(sock: socket.socket, client: Client) -> None:
    """Put what happens on this connection into the inbox; runs in the client's own thread."""
    inbox.put(ClientConnected(client))
    with sock, contextlib.suppress(OSError), sock.makefile(encoding="utf-8", errors="replace") as stream:
        while line := stream.readline(MAX_LINE):  # cuts a longer line into several
            inbox.put(LineReceived(client, line.rstrip()))
    inbox.put(ClientDisconnected(client))


class Hub:
    """Owns the clients, their names, rooms and outboxes; everything here runs in one thread."""

    def __init__(self) -> None:
        self.clients: list[Client] = []

    def run(self) -> None:
        """Take an event, act on it, send. While something waits to be sent, try again soon."""
        while True:
            waiting = any(client.outbox for client in self.clients)
            with contextlib.suppress(queue.Empty):
                self.handle(inbox.get(timeout=RETRY_SECONDS if waiting else None))
            self.flush()

    def handle(self, event: Event) -> None:
        """Act on an event. This only fills outboxes; nothing is sent yet."""
        match event:
            case ClientConnected(client):
                self.clients.append(client)
                self.tell(client.room, f"* {client.name} is in {client.room}")
            case LineReceived(client, line) if client in self.clients:
                self.obey(client, line)
            case ClientDisconnected(client):
                self.remove(client)
                client.hub_socket.close()

    def obey(self, client: Client, line: str) -> None:
        """Carry out one line: a command, or something to say to the room."""
        match line.split():
            case ["/name", name]:
                if name.casefold() in [other.name.casefold() for other in self.clients]:
                    client.outbox += f"* {name} is taken\r\n".encode()
                else:
                    self.tell(client.room, f"* {client.name} is now {name}")
                    client.name = name
            case ["/join", room]:
                self.tell(client.room, f"* {client.name} goes to {room}")
                client.room = room  # a room is there as long as somebody is in it
                self.tell(client.room, f"* {client.name} is in {room}")
            case _:
                self.tell(client.room, f"{client.name}: {line}")

    def tell(self, room: str, text: str) -> None:
        """Put a line into the outbox of everybody in the room."""
        for client in self.clients:
            if client.room == room:
                client.outbox += f"{text}\r\n".encode()

    def flush(self) -> None:
        """Send what each socket takes at once; the rest stays in its outbox."""
        for client in [one for one in self.clients if one.outbox]:
            with contextlib.suppress(OSError):  # BlockingIOError: its buffer is full; others: it has gone
                sent = client.hub_socket.send(client.outbox)
                del client.outbox[:sent]
            if len(client.outbox) > MAX_OUTBOX:
                self.remove(client)
                with contextlib.suppress(OSError):
                    client.hub_socket.shutdown(socket.SHUT_RDWR)  # ends the stream, which wakes its thread

    def remove(self, client: Client) -> None:
        """Forget a client, if it is still known, and tell its room."""
        if client in self.clients:
            self.clients.remove(client)
            self.tell(client.room, f"* {client.name} has gone")


def main() -> None:
    """Start the hub, then accept clients for ever."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    threading.Thread(target=Hub().run, daemon=True).start()
    with socket.create_server((HOST, port)) as listener:
        print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
        while True:
            sock, address = listener.accept()
            # Two Python objects for one connection, each with a timeout of its own: the client's thread
            # waits in recv on one of them, and the hub sends through the other one, which never waits.
            hub_socket = sock.dup()
            hub_socket.settimeout(0)
            sock.settimeout(IDLE_SECONDS)  # None would make both of them wait
            client = Client(hub_socket, "{}:{}".format(*address))
            threading.Thread(target=read, args=(sock, client), daemon=True).start()


if __name__ == "__main__":
    main()
