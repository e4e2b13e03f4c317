# Chat server: each client has a thread that reads and a thread that writes.
import queue
import socket
import sys
import threading

MAX_WAITING = 1024 * 1024  # bytes that may wait for a client who does not read

clients = []
lock = threading.Lock()


class Client:
    def __init__(self, sock):
        self.sock = sock
        self.name = "?"
        self.outbox = queue.Queue()
        self.waiting = 0


def say(text, author):
    data = (text + "\n").encode()
    with lock:
        for client in clients:
            if client is not author:
                client.outbox.put(data)
                client.waiting += len(data)
                if client.waiting > MAX_WAITING:
                    disconnect(client)


def disconnect(client):
    try:
        client.sock.shutdown(socket.SHUT_RDWR)  # wakes both of its threads
    except OSError:
        pass


def read(client):
    try:
        stream = client.sock.makefile(encoding="utf-8", errors="replace", newline="\n")
        client.name = stream.readline().strip()
        with lock:
            clients.append(client)
        for line in stream:
            say(client.name + ": " + line.rstrip("\r\n"), client)
    except OSError:
        pass
    with lock:
        if client in clients:
            clients.remove(client)
    client.outbox.put(None)


def write(client):
    try:
        while data := client.outbox.get():
            client.sock.sendall(data)
            with lock:
                client.waiting -= len(data)
    except OSError:
        pass
    disconnect(client)
    client.sock.close()


server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(100)
print("waiting for clients", flush=True)
while True:
    sock, address = server.accept()
    print("connected:", address, flush=True)
    client = Client(sock)
    threading.Thread(target=read, args=(client,), daemon=True).start()
    threading.Thread(target=write, args=(client,), daemon=True).start()
