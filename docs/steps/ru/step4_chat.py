"""Ступень 4: чат. Потоки клиентов кладут строки в очередь, а один поток рассылает их всем."""

import contextlib
import queue
import socket
import sys
import threading

HOST = "127.0.0.1"
MAX_LINE = 1024

# О каком клиенте речь, что сообщить всем и здесь ли ещё этот клиент.
Event = tuple[socket.socket, str, bool]
inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()


def read(client: socket.socket, name: str) -> None:
    """Класть слова клиента в очередь; выполняется в потоке этого клиента."""
    inbox.put((client, f"* {name} is here", True))
    # makefile делит поток байтов на строки, как на ступени 3 это сделано вручную.
    with contextlib.suppress(OSError), client.makefile(encoding="utf-8", errors="replace") as stream:
        while line := stream.readline(MAX_LINE):  # строку длиннее делит на части
            inbox.put((client, f"{name}: {line.rstrip()}", True))
    # Обрыв соединения — ещё один способ уйти.
    inbox.put((client, f"* {name} has gone", False))


def share() -> None:
    """Брать из очереди и рассылать всем. Кто здесь, знает только этот поток, и мьютекс не нужен."""
    members: set[socket.socket] = set()
    while True:
        client, text, here = inbox.get()
        if here:
            members.add(client)
        else:
            members.discard(client)
            client.close()
        print(text, flush=True)
        for member in members:
            with contextlib.suppress(OSError):  # ушедшего уберём, когда об этом скажет его поток
                member.sendall(f"{text}\r\n".encode())


def main() -> None:
    """Запустить поток, который владеет списком участников, и бесконечно принимать клиентов."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    threading.Thread(target=share, daemon=True).start()
    with socket.create_server((HOST, port)) as listener:
        print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
        while True:
            client, address = listener.accept()
            threading.Thread(target=read, args=(client, "{}:{}".format(*address)), daemon=True).start()


if __name__ == "__main__":
    main()
