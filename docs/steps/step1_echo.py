"""Step 1: an echo server. It serves one client at a time and sends every byte back."""

import contextlib
import socket
import sys

HOST = "127.0.0.1"  # this computer only
port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000

# socket, bind and listen in one call. The listening socket carries no data: it only accepts connections.
with socket.create_server((HOST, port)) as listener:
    print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
    while True:
        client, address = listener.accept()  # waits for the next client; returns a new socket for it
        print("connected:", address, flush=True)
        # ConnectionError: the client has broken off the connection. That must not end the server.
        with client, contextlib.suppress(ConnectionError):
            # recv waits for bytes. No bytes at all mean that the client has ended the stream.
            while data := client.recv(4096):
                client.sendall(data)
        print("gone:", address, flush=True)
