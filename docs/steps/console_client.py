"""The console client. One thread waits for the keyboard, and another one waits for the server."""

import contextlib
import socket
import sys
import threading

MAX_LINE = 1024  # a longer line is shown in pieces


def send_message(sock: socket.socket, text: str) -> None:
    """Send one line; sendall goes on until every byte has been handed to the system."""
    sock.sendall(f"{text}\r\n".encode())


def receive(sock: socket.socket) -> None:
    """Show each line that the server sends; runs in a thread of its own."""
    # makefile cuts the stream of bytes into lines for us; step 3 does the same by hand.
    with contextlib.suppress(OSError), sock.makefile(encoding="utf-8", errors="replace") as stream:
        while line := stream.readline(MAX_LINE):  # waits; an empty string means that the stream has ended
            print(line.rstrip("\n"), flush=True)
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)  # from now on sending fails, which ends the other thread's loop
    print("* The connection is closed; Enter ends the program.", flush=True)


def main() -> None:
    """Connect, then send what is typed until the input or the connection ends."""
    host, port = sys.argv[1:] if len(sys.argv) == 3 else ("127.0.0.1", "7000")
    try:
        sock = socket.create_connection((host, int(port)))
    except OSError as error:
        sys.exit(f"Cannot connect to {host}:{port}: {error}")
    with sock:
        # daemon: the program may end while this thread still waits.
        receiver = threading.Thread(target=receive, args=(sock,), daemon=True)
        receiver.start()
        # EOFError: no more input (Ctrl+D, on Windows Ctrl+Z and Enter). OSError: no more connection.
        with contextlib.suppress(EOFError, KeyboardInterrupt, OSError):
            while True:
                send_message(sock, input())  # input waits for the keyboard, so it cannot wait for the server
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_WR)  # we shall send nothing more, but still receive
        receiver.join()


if __name__ == "__main__":
    main()
