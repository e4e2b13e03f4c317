"""Step 4: a chat. The clients' threads put lines into a queue, and one thread sends them to everybody."""

import contextlib
import queue
import socket
import sys
import threading

HOST = "127.0.0.1"
MAX_LINE = 1024

# Which client it is about, what everybody is to be told, and whether the client is still here.
Event = tuple[socket.socket, str, bool]
inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()


def read(client: socket.socket, name: str) -> None:
    """Put what this client says into the queue; runs in the client's own thread."""
    inbox.put((client, f"* {name} is here", True))
    # makefile cuts the stream of bytes into lines, as step 3 does by hand.
    with contextlib.suppress(OSError), client.makefile(encoding="utf-8", errors="replace") as stream:
        while line := stream.readline(MAX_LINE):  # cuts a longer line into several
            inbox.put((client, f"{name}: {line.rstrip()}", True))
    # A broken connection is one more way to leave.
    inbox.put((client, f"* {name} has gone", False))


def share() -> None:
    """Take from the queue and send to all. Only this thread knows who is here, so it needs no lock."""
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
            with contextlib.suppress(OSError):  # a member who has gone is removed when its own thread says so
                member.sendall(f"{text}\r\n".encode())


def main() -> None:
    """Start the thread that owns the members, then accept clients for ever."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    threading.Thread(target=share, daemon=True).start()
    with socket.create_server((HOST, port)) as listener:
        print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
        while True:
            client, address = listener.accept()
            threading.Thread(target=read, args=(client, "{}:{}".format(*address)), daemon=True).start()


if __name__ == "__main__":
    main()
