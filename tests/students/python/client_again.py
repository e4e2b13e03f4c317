# Console client that connects again when the connection has gone.
import socket
import sys
import threading
import time

host, port, name = sys.argv[1:]
sock = None


def connect():
    global sock
    sock = socket.create_connection((host, int(port)))
    send(name)
    for line in sock.makefile(encoding="utf-8", errors="replace", newline="\n"):
        print(line.rstrip("\r\n"))
    print("The server has closed the connection.")


def stay_connected():
    while True:
        try:
            connect()
        except OSError as error:
            print("No connection:", error)
        time.sleep(1)


def send(line):
    sock.sendall((line + "\n").encode())


threading.Thread(target=stay_connected, daemon=True).start()
try:
    while True:
        line = input()
        try:
            send(line)
        except (AttributeError, OSError):
            print("Nothing was sent: there is no connection.")
except EOFError:
    pass
