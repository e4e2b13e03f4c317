"""Step 2: a thread for each client. A silent client no longer holds up the others."""

import contextlib
import socket
import sys
import threading

HOST = "127.0.0.1"


def serve(client: socket.socket, address: tuple[str, int]) -> None:
    """Echo what this one client sends until it goes; runs in the client's own thread."""
    print("connected:", address, flush=True)
    with client, contextlib.suppress(ConnectionError):
        while data := client.recv(4096):  # only this thread waits here
            client.sendall(data)
    print("gone:", address, flush=True)


def main() -> None:
    """Accept clients for ever; the main thread does nothing else."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    with socket.create_server((HOST, port)) as listener:
        print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
        while True:
            client, address = listener.accept()
            # daemon: Ctrl+C ends the program even if clients are still connected.
            threading.Thread(target=serve, args=(client, address), daemon=True).start()


if __name__ == "__main__":
    main()
