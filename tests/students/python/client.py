# Console client: the main thread waits for the keyboard, another one waits for the server.
import socket
import sys
import threading


def receive(sock):
    buffer = b""
    try:
        while True:
            data = sock.recv(4096)
            if not data:
                break
            buffer += data
            while b"\n" in buffer:
                line, buffer = buffer.split(b"\n", 1)
                print(line.decode("utf-8", "replace").rstrip("\r"))
        print("The server has closed the connection.")
    except OSError as error:
        print("The connection is broken:", error)


host, port, name = sys.argv[1:]
sock = socket.create_connection((host, int(port)))
sock.sendall((name + "\n").encode())
threading.Thread(target=receive, args=(sock,), daemon=True).start()
try:
    while True:
        sock.sendall((input() + "\n").encode())
except EOFError:
    pass
except OSError:
    print("Nothing more can be sent.")
