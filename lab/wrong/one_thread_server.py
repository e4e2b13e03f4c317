"""Wrong on purpose: this server has one thread, and waits in it for one client at a time.

    python3 -m lab.wrong.one_thread_server 7002

The first client is served well. `chat.py lab one-thread` shows how the second one fares.
"""

import socket
import sys


def serve(listener: socket.socket) -> None:
    """Echo the lines of each client, until the listener is closed."""
    while True:
        try:
            client, _address = listener.accept()
        except OSError:
            return
        # The mistake: this loop ends only when the client hangs up. Until then nobody calls accept, and
        # nobody reads what others have sent. Each client needs a thread that waits for it alone.
        with client:
            while data := client.recv(4096):
                client.sendall(data)


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 7002)) as listening:
        print("Listening on {}:{}".format(*listening.getsockname()[:2]), flush=True)
        serve(listening)
