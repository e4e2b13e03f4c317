# Chat server without threads: select says whose socket has something to read or room to write.
import select
import socket
import sys

MAX_LINE = 1024 * 1024
MAX_WAITING = 1024 * 1024

inboxes = {}  # what has come from each client without a line end
outboxes = {}  # what each client has yet to be sent


def accept(server):
    sock, address = server.accept()
    sock.setblocking(False)
    inboxes[sock] = b""
    outboxes[sock] = b"Welcome!\n"
    print("connected:", address, flush=True)


def receive(sock):
    try:
        data = sock.recv(65536)
    except OSError:
        data = b""
    if not data:
        remove(sock)
        return
    *lines, inboxes[sock] = (inboxes[sock] + data).split(b"\n")
    for line in lines:
        say(line.rstrip(b"\r").decode("utf-8", "replace"))
    if len(inboxes.get(sock, b"")) > MAX_LINE:
        remove(sock)


def say(text):
    data = (text + "\n").encode()
    for sock in list(outboxes):
        outboxes[sock] += data
        if len(outboxes[sock]) > MAX_WAITING:
            outboxes[sock] = b""
            remove(sock)


def send(sock):
    try:
        sent = sock.send(outboxes[sock])
        outboxes[sock] = outboxes[sock][sent:]
    except OSError:
        outboxes[sock] = b""
        remove(sock)


def remove(sock):
    if sock in inboxes:
        del inboxes[sock]
        send(sock)  # the last words
    if sock in outboxes:
        del outboxes[sock]
        sock.close()


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=100)
while True:
    to_write = [sock for sock in outboxes if outboxes[sock]]
    readable, writable, _ = select.select([server, *inboxes], to_write, [])
    for sock in readable:
        if sock is server:
            accept(server)
        elif sock in inboxes:
            receive(sock)
    for sock in writable:
        if sock in outboxes:
            send(sock)
