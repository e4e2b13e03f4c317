"""Step 1: an echo server. One client at a time gets back every byte that it sends."""

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
        with client:
            # recv waits for bytes. No bytes at all mean that the other side has ended the stream.
            while data := client.recv(4096):
                client.sendall(data)
        print("gone:", address, flush=True)
