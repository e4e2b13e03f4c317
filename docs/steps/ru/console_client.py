"""Консольный клиент. Один поток ждёт клавиатуру, другой ждёт сервер."""

import contextlib
import socket
import sys
import threading

MAX_LINE = 1024  # более длинная строка выводится по частям


def send_message(sock: socket.socket, text: str) -> None:
    """Отправить одну строку; sendall работает, пока не передаст системе все байты."""
    sock.sendall(f"{text}\r\n".encode())


def receive(sock: socket.socket) -> None:
    """Выводить каждую строку от сервера; выполняется в отдельном потоке."""
    # makefile сам делит поток байтов на строки; на ступени 3 то же сделано вручную.
    with contextlib.suppress(OSError), sock.makefile(encoding="utf-8", errors="replace") as stream:
        while line := stream.readline(MAX_LINE):  # ждёт; пустая строка — конец потока байтов
            print(line.rstrip("\n"), flush=True)
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)  # теперь отправка не удастся, и цикл другого потока закончится
    print("* The connection is closed; Enter ends the program.", flush=True)


def main() -> None:
    """Подключиться и отправлять набранное, пока не закончится ввод или соединение."""
    host, port = sys.argv[1:] if len(sys.argv) == 3 else ("127.0.0.1", "7000")
    try:
        sock = socket.create_connection((host, int(port)))
    except OSError as error:
        sys.exit(f"Cannot connect to {host}:{port}: {error}")
    with sock:
        # daemon: программа может завершиться, даже если этот поток ещё ждёт.
        receiver = threading.Thread(target=receive, args=(sock,), daemon=True)
        receiver.start()
        # EOFError: ввод закончился (Ctrl+D, в Windows — Ctrl+Z и Enter). OSError: соединения больше нет.
        with contextlib.suppress(EOFError, KeyboardInterrupt, OSError):
            while True:
                send_message(sock, input())  # input ждёт клавиатуру, ждать ещё и сервер он не может
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_WR)  # больше ничего не отправим, но ещё принимаем
        receiver.join()


if __name__ == "__main__":
    main()
