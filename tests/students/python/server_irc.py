# Chat server that any IRC client can use: NICK, USER, JOIN, PRIVMSG, PART, PING, QUIT.
import queue
import socket
import sys
import threading

MAX_WAITING = 1024 * 1024  # bytes that may wait for a client who does not read

clients = []  # all who are connected
rooms = {}  # name of a room -> its members
lock = threading.Lock()


class Client:
    def __init__(self, sock, host):
        self.sock = sock
        self.host = host
        self.nick = "*"
        self.user = ""
        self.is_in = False
        self.outbox = queue.Queue()
        self.waiting = 0

    def send(self, line):
        data = (line + "\r\n").encode()
        self.outbox.put(data)
        self.waiting += len(data)
        if self.waiting > MAX_WAITING:
            self.disconnect()

    def answer(self, number, text):
        self.send(f":server {number} {self.nick} {text}")

    def source(self):
        return f":{self.nick}!{self.user}@{self.host}"

    def disconnect(self):
        try:
            self.sock.shutdown(socket.SHUT_RDWR)  # wakes both of its threads
        except OSError:
            pass


def neighbours(client):
    found = {client}
    for members in rooms.values():
        if client in members:
            found.update(members)
    return found


def obey(client, command, words):
    if command == "NICK" and words:
        change_nick(client, words[0])
    elif command == "USER" and words:
        client.user = words[0]
        welcome(client)
    elif command == "PING":
        client.send(":server PONG server :" + " ".join(words))
    elif command == "QUIT":
        client.send("ERROR :Bye")
        client.outbox.put(None)
    elif not client.is_in:
        client.answer("451", ":You have not said who you are")
    elif command == "JOIN" and words:
        for room in words[0].split(","):
            join(client, room)
    elif command == "PART" and words:
        for room in words[0].split(","):
            part(client, room)
    elif command in ("PRIVMSG", "NOTICE") and len(words) > 1:
        say(client, command, words[0], words[1])
    elif command in ("JOIN", "PART", "PRIVMSG", "NOTICE", "NICK", "USER"):
        client.answer("461", f"{command} :Not enough parameters")
    else:
        client.answer("421", f"{command} :Unknown command")


def change_nick(client, nick):
    for other in clients:
        if other is not client and other.nick.lower() == nick.lower():
            client.answer("433", f"{nick} :This nick is taken")
            return
    if client.is_in:
        for other in neighbours(client):
            other.send(f"{client.source()} NICK :{nick}")
    client.nick = nick
    welcome(client)


def welcome(client):
    if not client.is_in and client.nick != "*" and client.user:
        client.is_in = True
        client.answer("001", f":Welcome, {client.nick}")
        client.answer("422", ":There is no message of the day")


def join(client, room):
    if not room.startswith("#"):
        client.answer("403", f"{room} :There is no such room")
        return
    members = rooms.setdefault(room, [])
    if client in members:
        return
    members.append(client)
    for member in members:
        member.send(f"{client.source()} JOIN {room}")
    client.answer("353", f"= {room} :" + " ".join(member.nick for member in members))
    client.answer("366", f"{room} :End of names")


def part(client, room):
    if client not in rooms.get(room, []):
        client.answer("442", f"{room} :You are not there")
        return
    for member in rooms[room]:
        member.send(f"{client.source()} PART {room}")
    rooms[room].remove(client)


def say(client, command, target, text):
    if target in rooms:
        receivers = [member for member in rooms[target] if member is not client]
    else:
        receivers = [other for other in clients if other.nick.lower() == target.lower()]
        if not receivers:
            client.answer("401", f"{target} :Nobody has this name")
    for receiver in receivers:
        receiver.send(f"{client.source()} {command} {target} :{text}")


def leave(client):
    for other in neighbours(client) - {client}:
        other.send(f"{client.source()} QUIT :has gone")
    for members in rooms.values():
        if client in members:
            members.remove(client)
    clients.remove(client)
    client.outbox.put(None)


def read(client):
    try:
        for line in client.sock.makefile(encoding="utf-8", errors="replace", newline="\n"):
            head, has_text, text = line.rstrip("\r\n").partition(" :")
            words = head.split()
            if has_text:
                words.append(text)
            if words:
                with lock:
                    obey(client, words[0].upper(), words[1:])
    except OSError:
        pass
    with lock:
        leave(client)


def write(client):
    try:
        while data := client.outbox.get():
            client.sock.sendall(data)
            with lock:
                client.waiting -= len(data)
    except OSError:
        pass
    client.disconnect()
    client.sock.close()


server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=100)
print("waiting for clients", flush=True)
while True:
    sock, address = server.accept()
    client = Client(sock, address[0])
    with lock:
        clients.append(client)
    threading.Thread(target=read, args=(client,), daemon=True).start()
    threading.Thread(target=write, args=(client,), daemon=True).start()
