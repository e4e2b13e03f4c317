"""Step 4: a chat. What one says, all hear: the threads put lines into a queue, and one thread sends them."""

import contextlib
import queue
import socket
import sys
import threading
from collections.abc import Iterator

HOST = "127.0.0.1"
MAX_LINE = 1024

# Whose line, what all are to be told, and whether the client is still here.
Event = tuple[socket.socket, str, bool]
inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()


def lines(client: socket.socket) -> Iterator[str]:
    """Yield each whole line that comes, without its line end."""
    buffer = b""
    while data := client.recv(4096):
        buffer += data
        while b"\n" in buffer:
            line, buffer = buffer.split(b"\n", 1)
            yield line.rstrip(b"\r").decode("utf-8", "replace")
        if len(buffer) > MAX_LINE:
            return


def read(client: socket.socket, name: str) -> None:
    """Put what this client says into the queue; runs in the client's own thread."""
    inbox.put((client, f"* {name} is here", True))
    with contextlib.suppress(OSError):  # a connection that breaks is one more way to go
        for line in lines(client):
            inbox.put((client, f"{name}: {line}", True))
    inbox.put((client, f"* {name} has gone", False))


def share() -> None:
    """Take from the queue and send to all. Only this thread knows who is here, so no lock is needed."""
    members: set[socket.socket] = set()
    while True:
        client, text, here = inbox.get()
        if here:
            members.add(client)
        else:
            members.discard(client)
            client.close()
        print(text, flush=True)
        for member in members:
            with contextlib.suppress(OSError):  # who has gone is removed when its own thread says so
                member.sendall(f"{text}\r\n".encode())


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    threading.Thread(target=share, daemon=True).start()
    with socket.create_server((HOST, port)) as listener:
        print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
        while True:
            sock, address = listener.accept()
            threading.Thread(target=read, args=(sock, "{}:{}".format(*address)), daemon=True).start()
