# Console client for an IRC server: says what is typed in the room #lab.
import socket
import sys
import threading


def send(line):
    sock.sendall((line + "\r\n").encode())


def receive():
    try:
        for line in sock.makefile(encoding="utf-8", errors="replace", newline="\n"):
            show(line.rstrip("\r\n"))
        print("The server has closed the connection.")
    except OSError as error:
        print("The connection is broken:", error)


def show(line):
    source = ""
    if line.startswith(":"):
        source, _, line = line[1:].partition(" ")
    head, has_text, text = line.partition(" :")
    command, *parameters = head.split()
    if has_text:
        parameters.append(text)
    who = source.split("!")[0]
    if command == "PING":
        send("PONG :" + parameters[0])
    elif command == "001":
        send("JOIN #lab")
    elif command == "PRIVMSG":
        print(f"<{who}> {parameters[1]}")
    elif command in ("JOIN", "PART", "QUIT", "NICK"):
        print("*", who, command.lower(), *parameters)
    else:
        print("-", *parameters)


host, port, name = sys.argv[1:]
sock = socket.create_connection((host, int(port)))
send("NICK " + name)
send("USER student 0 * :" + name)
threading.Thread(target=receive, daemon=True).start()
try:
    while True:
        send("PRIVMSG #lab :" + input())
except EOFError:
    send("QUIT")
except OSError:
    print("Nothing more can be sent.")
