"""Wrong on purpose: this server takes one `recv` for one message.

    python3 -m lab.wrong.naive_server 7001

It works as long as every message happens to arrive by itself. `chat.py lab naive` shows what else happens.
"""

import socket
import sys
import threading


def serve(listener: socket.socket) -> None:
    """Answer each message with its number, until the listener is closed."""
    while True:
        try:
            client, _address = listener.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(client,), name="naive client", daemon=True).start()


def answer(client: socket.socket) -> None:
    """Count the messages of one client."""
    number = 0
    with client:
        while data := client.recv(4096):
            number += 1
            # The mistake: what one recv returns is a piece of the stream, not a message. It may hold half a
            # line, or several. What is missing is a buffer that keeps an unfinished line until its end comes.
            client.sendall(f"{number}: ".encode() + data.replace(b"\r\n", b"|") + b"\r\n")


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 7001)) as listening:
        print("Listening on {}:{}".format(*listening.getsockname()[:2]), flush=True)
        serve(listening)
