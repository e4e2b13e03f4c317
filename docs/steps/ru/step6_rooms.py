"""Ступень 6: комнаты, ники, исходящие буферы. Диспетчер никогда не ждёт клиента, который не читает."""

import contextlib
import queue
import socket
import sys
import threading
from dataclasses import dataclass, field
from typing import NamedTuple

HOST = "127.0.0.1"
MAX_LINE = 1024
MAX_OUTBOX = 1024 * 1024  # столько байтов могут ждать одного клиента; если больше — отключаем его
RETRY_SECONDS = 0.05
IDLE_SECONDS = 3600.0  # клиента, который молчит столько времени, отключаем


@dataclass(eq=False)
class Client:
    """Один клиент, каким его знает диспетчер."""

    hub_socket: socket.socket
    name: str
    room: str = "#lab"
    outbox: bytearray = field(default_factory=bytearray)  # байты, которых сокет ещё не принял


class ClientConnected(NamedTuple):
    client: Client


class LineReceived(NamedTuple):
    client: Client
    line: str


class ClientDisconnected(NamedTuple):
    client: Client


Event = ClientConnected | LineReceived | ClientDisconnected
inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()


def read(sock: socket.socket, client: Client) -> None:
    """Класть в очередь то, что происходит с соединением; выполняется в потоке клиента."""
    inbox.put(ClientConnected(client))
    with sock, contextlib.suppress(OSError), sock.makefile(encoding="utf-8", errors="replace") as stream:
        while line := stream.readline(MAX_LINE):  # строку длиннее делит на части
            inbox.put(LineReceived(client, line.rstrip()))
    inbox.put(ClientDisconnected(client))


class Hub:
    """Владеет клиентами, их никами, комнатами и буферами; всё здесь выполняется в одном потоке."""

    def __init__(self) -> None:
        self.clients: list[Client] = []

    def run(self) -> None:
        """Взять событие, обработать, разослать. Пока есть неотправленное, скоро попробовать ещё раз."""
        while True:
            waiting = any(client.outbox for client in self.clients)
            with contextlib.suppress(queue.Empty):
                self.handle(inbox.get(timeout=RETRY_SECONDS if waiting else None))
            self.flush()

    def handle(self, event: Event) -> None:
        """Обработать событие. Здесь только наполняются буферы, ничего ещё не отправляется."""
        match event:
            case ClientConnected(client):
                self.clients.append(client)
                self.tell(client.room, f"* {client.name} is in {client.room}")
            case LineReceived(client, line) if client in self.clients:
                self.obey(client, line)
            case ClientDisconnected(client):
                self.remove(client)
                client.hub_socket.close()

    def obey(self, client: Client, line: str) -> None:
        """Выполнить одну строку: это команда или слова для всей комнаты."""
        match line.split():
            case ["/name", name]:
                if name.casefold() in [other.name.casefold() for other in self.clients]:
                    client.outbox += f"* {name} is taken\r\n".encode()
                else:
                    self.tell(client.room, f"* {client.name} is now {name}")
                    client.name = name
            case ["/join", room]:
                self.tell(client.room, f"* {client.name} goes to {room}")
                client.room = room  # комната существует, пока в ней кто-то есть
                self.tell(client.room, f"* {client.name} is in {room}")
            case _:
                self.tell(client.room, f"{client.name}: {line}")

    def tell(self, room: str, text: str) -> None:
        """Положить строку в буфер каждого, кто в этой комнате."""
        for client in self.clients:
            if client.room == room:
                client.outbox += f"{text}\r\n".encode()

    def flush(self) -> None:
        """Отправить то, что сокет примет сразу; остаток подождёт в буфере."""
        for client in [one for one in self.clients if one.outbox]:
            with contextlib.suppress(OSError):  # BlockingIOError: буфер сокета полон; иначе клиент ушёл
                sent = client.hub_socket.send(client.outbox)
                del client.outbox[:sent]
            if len(client.outbox) > MAX_OUTBOX:
                self.remove(client)
                with contextlib.suppress(OSError):
                    client.hub_socket.shutdown(socket.SHUT_RDWR)  # конец потока байтов разбудит поток клиента

    def remove(self, client: Client) -> None:
        """Забыть клиента, если он ещё известен, и сообщить его комнате."""
        if client in self.clients:
            self.clients.remove(client)
            self.tell(client.room, f"* {client.name} has gone")


def main() -> None:
    """Запустить диспетчер и бесконечно принимать клиентов."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    threading.Thread(target=Hub().run, daemon=True).start()
    with socket.create_server((HOST, port)) as listener:
        print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
        while True:
            sock, address = listener.accept()
            # Два объекта Python для одного соединения, у каждого свой тайм-аут: поток клиента ждёт
            # в recv на одном, а диспетчер отправляет через другой, который никогда не ждёт.
            hub_socket = sock.dup()
            hub_socket.settimeout(0)
            sock.settimeout(IDLE_SECONDS)  # None заставил бы ждать оба
            client = Client(hub_socket, "{}:{}".format(*address))
            threading.Thread(target=read, args=(sock, client), daemon=True).start()


if __name__ == "__main__":
    main()
