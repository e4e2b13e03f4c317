"""Ступень 2: поток для каждого клиента. Молчащий клиент больше не задерживает остальных."""

import contextlib
import socket
import sys
import threading

HOST = "127.0.0.1"


def serve(client: socket.socket, address: tuple[str, int]) -> None:
    """Возвращать этому клиенту то, что он прислал, пока он не уйдёт; выполняется в его потоке."""
    print("connected:", address, flush=True)
    with client, contextlib.suppress(ConnectionError):
        while data := client.recv(4096):  # здесь ждёт только этот поток
            client.sendall(data)
    print("gone:", address, flush=True)


def main() -> None:
    """Бесконечно принимать клиентов; ничем другим главный поток не занят."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    with socket.create_server((HOST, port)) as listener:
        print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
        while True:
            client, address = listener.accept()
            # daemon: Ctrl+C завершит программу, даже если клиенты ещё подключены.
            threading.Thread(target=serve, args=(client, address), daemon=True).start()


if __name__ == "__main__":
    main()
