"""Ступень 5: окно. Один поток ждёт в recv и наполняет очередь, окно заглядывает в неё по таймеру."""

import contextlib
import queue
import socket
import sys
import threading
import tkinter as tk

POLL_MS = 50
MAX_LINE = 1024
MAX_AT_ONCE = 100  # не больше строк за один опрос, чтобы окно не зависло от их потока


def receive(sock: socket.socket, lines: "queue.Queue[str | None]") -> None:
    """Класть в очередь строки, в конце — None; выполняется в потоке и не трогает виджетов."""
    buffer = b""
    with contextlib.suppress(OSError):  # окно закрыто или сервер отключился
        while data := sock.recv(4096):
            *complete, buffer = (buffer + data).split(b"\n")
            for line in complete:
                lines.put(line.rstrip(b"\r").decode("utf-8", "replace"))
            if len(buffer) > MAX_LINE:  # сервер шлёт строку, которая не кончается
                break
    lines.put(None)


class Window:
    """Окно чата; всё здесь выполняется в главном потоке, потоке Tk."""

    def __init__(self, root: tk.Tk, sock: socket.socket) -> None:
        self.root, self.sock = root, sock
        self.lines: queue.Queue[str | None] = queue.Queue(1000)  # когда она полна, TCP притормозит сервер
        self.text = tk.Text(root, state="disabled", wrap="word")
        self.entry = tk.Entry(root)
        self.entry.pack(side="bottom", fill="x")
        self.text.pack(fill="both", expand=True)
        self.entry.bind("<Return>", lambda _event: self.send_message())
        self.entry.focus_set()
        root.title("{}:{}".format(*sock.getpeername()))
        root.protocol("WM_DELETE_WINDOW", self.close)
        threading.Thread(target=receive, args=(sock, self.lines), daemon=True).start()
        self.timer = root.after(POLL_MS, self.poll)

    def send_message(self) -> None:
        """Отправить набранное. Короткая строка помещается в буфер системы, поэтому ждать не придётся."""
        with contextlib.suppress(OSError):
            self.sock.sendall(f"{self.entry.get()}\r\n".encode())
        self.entry.delete(0, "end")

    def poll(self) -> None:
        """Показать то, что пришло, и не ждать остального."""
        self.timer = self.root.after(POLL_MS, self.poll)
        for _ in range(min(MAX_AT_ONCE, self.lines.qsize())):
            line = self.lines.get_nowait()
            self.text.configure(state="normal")
            self.text.insert("end", f"{'* the server has gone' if line is None else line}\n")
            self.text.configure(state="disabled")
            self.text.see("end")

    def close(self) -> None:
        """Закрыть соединение (это разбудит поток, ждущий в recv), а затем окно."""
        self.root.after_cancel(self.timer)
        with contextlib.suppress(OSError):  # сервер мог уже отключиться
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self.root.destroy()


if __name__ == "__main__":
    host, port = sys.argv[1:] if len(sys.argv) == 3 else ("127.0.0.1", "7000")
    try:
        connected = socket.create_connection((host, int(port)), timeout=10)
    except OSError as error:
        sys.exit(f"Cannot connect to {host}:{port}: {error}")
    connected.settimeout(None)  # десять секунд отводились на подключение
    window = Window(tk.Tk(), connected)
    window.root.mainloop()
