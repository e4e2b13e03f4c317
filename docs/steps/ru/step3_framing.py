"""Ступень 3: сообщения. Буфер собирает строки из потока байтов, как бы их ни разрезало в пути."""

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator

HOST = "127.0.0.1"
MAX_LINE = 1024  # без предела клиент, не завершающий строку, занял бы всю память


def lines(client: socket.socket) -> Iterator[str]:
    """Выдавать каждую законченную строку без знаков её конца."""
    buffer = b""
    while data := client.recv(4096):  # может вернуть и половину строки, и несколько строк
        buffer += data
        while b"\n" in buffer:
            line, buffer = buffer.split(b"\n", 1)
            # Декодируем только целые строки: один recv может закончиться посередине буквы.
            yield line.rstrip(b"\r").decode("utf-8", "replace")
        if len(buffer) > MAX_LINE:
            return


def serve(client: socket.socket, address: tuple[str, int]) -> None:
    """Отвечать на каждое сообщение его номером; выполняется в потоке клиента."""
    print("connected:", address, flush=True)
    with client, contextlib.suppress(ConnectionError):
        for number, line in enumerate(lines(client), 1):
            client.sendall(f"{number}: {line}\r\n".encode())
    print("gone:", address, flush=True)


def main() -> None:
    """Бесконечно принимать клиентов."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    with socket.create_server((HOST, port)) as listener:
        print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
        while True:
            client, address = listener.accept()
            threading.Thread(target=serve, args=(client, address), daemon=True).start()


if __name__ == "__main__":
    main()
