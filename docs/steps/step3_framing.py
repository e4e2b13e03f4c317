"""Step 3: messages. A buffer turns the stream of bytes into lines, however they were cut on the way."""

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator

HOST = "127.0.0.1"
MAX_LINE = 1024  # without a bound, a client that never ends its line would fill our memory


def lines(client: socket.socket) -> Iterator[str]:
    """Yield each complete line without its line end."""
    buffer = b""
    while data := client.recv(4096):  # may return half a line, or several
        buffer += data
        while b"\n" in buffer:
            line, buffer = buffer.split(b"\n", 1)
            # Decode complete lines only: the bytes of one recv may end in the middle of a letter.
            yield line.rstrip(b"\r").decode("utf-8", "replace")
        if len(buffer) > MAX_LINE:
            return


def serve(client: socket.socket, address: tuple[str, int]) -> None:
    """Answer each message with its number; runs in the client's own thread."""
    print("connected:", address, flush=True)
    with client, contextlib.suppress(ConnectionError):
        for number, line in enumerate(lines(client), 1):
            client.sendall(f"{number}: {line}\r\n".encode())
    print("gone:", address, flush=True)


def main() -> None:
    """Accept clients for ever."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    with socket.create_server((HOST, port)) as listener:
        print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
        while True:
            client, address = listener.accept()
            threading.Thread(target=serve, args=(client, address), daemon=True).start()


if __name__ == "__main__":
    main()
