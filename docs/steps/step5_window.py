"""Step 5: a window. One thread waits in recv and fills a queue; the window looks into it on a timer."""

import contextlib
import queue
import socket
import sys
import threading
import tkinter as tk

POLL_MS = 50
MAX_LINE = 1024
MAX_AT_ONCE = 100  # lines that one poll shows at most, so that a flood does not freeze the window


def receive(sock: socket.socket, lines: "queue.Queue[str | None]") -> None:
    """Put each line into the queue, and None at the end; runs in a thread and touches no widget."""
    buffer = b""
    with contextlib.suppress(OSError):  # the window was closed, or the server has gone
        while data := sock.recv(4096):
            *complete, buffer = (buffer + data).split(b"\n")
            for line in complete:
                lines.put(line.rstrip(b"\r").decode("utf-8", "replace"))
            if len(buffer) > MAX_LINE:  # the server sends a line that never ends
                break
    lines.put(None)


class Window:
    """The window of the chat; everything here runs in the main thread, which is Tk's."""

    def __init__(self, root: tk.Tk, sock: socket.socket) -> None:
        self.root, self.sock = root, sock
        self.lines: queue.Queue[str | None] = queue.Queue(1000)  # when it is full, TCP slows the server down
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
        """Send what was typed. A short line fits into the system's buffer, so this does not wait."""
        with contextlib.suppress(OSError):
            self.sock.sendall(f"{self.entry.get()}\r\n".encode())
        self.entry.delete(0, "end")

    def poll(self) -> None:
        """Show what has come, without waiting for more."""
        self.timer = self.root.after(POLL_MS, self.poll)
        for _ in range(min(MAX_AT_ONCE, self.lines.qsize())):
            line = self.lines.get_nowait()
            self.text.configure(state="normal")
            self.text.insert("end", f"{'* the server has gone' if line is None else line}\n")
            self.text.configure(state="disabled")
            self.text.see("end")

    def close(self) -> None:
        """End the connection, which wakes the thread that waits in recv, and then the window."""
        self.root.after_cancel(self.timer)
        with contextlib.suppress(OSError):  # the server may have gone already
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self.root.destroy()


if __name__ == "__main__":
    host, port = sys.argv[1:] if len(sys.argv) == 3 else ("127.0.0.1", "7000")
    try:
        connected = socket.create_connection((host, int(port)), timeout=10)
    except OSError as error:
        sys.exit(f"Cannot connect to {host}:{port}: {error}")
    connected.settimeout(None)  # the ten seconds were for connecting
    window = Window(tk.Tk(), connected)
    window.root.mainloop()
