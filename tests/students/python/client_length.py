# Console client of my variant: four bytes say how long the message is, and then it follows.
import socket
import struct
import sys
import threading


def send(text):
    data = text.encode()
    sock.sendall(struct.pack("!I", len(data)) + data)


def receive_exactly(count):
    data = b""
    while len(data) < count:
        part = sock.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def receive():
    try:
        while True:
            (length,) = struct.unpack("!I", receive_exactly(4))
            print(receive_exactly(length).decode("utf-8", "replace"))
    except EOFError:
        print("The server has closed the connection.")
    except OSError as error:
        print("The connection is broken:", error)


host, port, name = sys.argv[1:]
sock = socket.create_connection((host, int(port)))
send(name)
threading.Thread(target=receive, daemon=True).start()
try:
    while True:
        send(input())
except EOFError:
    pass
except OSError:
    print("Nothing more can be sent.")
