"""Make the pictures of the windows from the running program: `python3 docs/pictures/every_look.py FOLDER`.

Needs Xvfb where there is no screen, and ImageMagick's `import`. A real server on a free port, real windows,
real messages; each picture in both languages, both themes, at 100 % and at 200 %.
"""

import argparse
import os
import re
import subprocess
import sys
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from client.model.conversations import Delivery  # noqa: E402
from client.model.events import Problem  # noqa: E402
from client.problems import explain_problem  # noqa: E402
from client.settings import Settings  # noqa: E402
from client_gui import ChatWindow  # noqa: E402
from gui.chat.connect_page import Form  # noqa: E402
from gui.launcher.window import Launcher  # noqa: E402
from gui.main_window import MainWindow  # noqa: E402
from gui.toolkit.theme import Root  # noqa: E402
from tests.tools.screen import virtual_screen  # noqa: E402
from translations import use_language  # noqa: E402

SIZES: Final = {
    "connect": (1000, 720),
    "chat": (1080, 720),
    "narrow": (560, 720),
    "small": (420, 720),
    "launcher": (940, 720),
}
"""Pixels at 100 %."""
SCREEN: Final = "2400x1600x24"
PATIENCE: Final = 10.0
"""Seconds to wait for anything."""
TALK: Final = {
    "ru": (
        (0, "/topic Лабораторная работа: клиент-серверный чат на сокетах"),
        (1, "Всем привет! Кто запустил сервер?"),
        (2, "Я. Он слушает порт 6667 и видит нас троих."),
        (2, "Здесь описано, как он принимает соединения: https://docs.python.org/3/library/socket.html"),
        (0, "Спасибо! А что будет, если выдернуть кабель?"),
        (1, "Вера, попробуй: клиент сам переподключится и догонит историю."),
        (0, "/me выдёргивает кабель"),
        (2, "Вот цикл сервера:"),
        (2, "while True:\n    connection, address = listener.accept()\n    start_thread(connection)"),
        (2, "/msg Вера Можно вопрос лично?"),
        (0, "Вернулась — и ничего не потерялось!"),
    ),
    "en": (
        (0, "/topic Laboratory work: a client-server chat on sockets"),
        (1, "Hello everybody! Who started the server?"),
        (2, "I did. It listens on port 6667 and sees the three of us."),
        (2, "This is how it accepts connections: https://docs.python.org/3/library/socket.html"),
        (0, "Thank you! What happens if I pull out the cable?"),
        (1, "Vera, try it: the client reconnects by itself and catches up from the history."),
        (0, "/me pulls out the cable"),
        (2, "Here is the server's loop:"),
        (2, "while True:\n    connection, address = listener.accept()\n    start_thread(connection)"),
        (2, "/msg Vera May I ask you something in private?"),
        (0, "I am back, and nothing was lost!"),
    ),
}
NAMES: Final = {"ru": ("Вера", "Анна", "Борис"), "en": ("Vera", "Anna", "Boris")}


@contextmanager
def running_server() -> Iterator[str]:
    """Start the server on a free port; yield its `HOST:PORT`."""
    command = [
        sys.executable,
        str(ROOT / "chat.py"),
        "server",
        "--port",
        "0",
        "--no-history",
        "--no-throttle",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")
    assert process.stdout is not None
    try:
        found = re.search(r"[\d.]+:\d+", process.stdout.readline())
        if not found:
            raise RuntimeError("the server did not start")
        yield found.group()
    finally:
        process.terminate()
        process.communicate(timeout=10)


def wait(root: tk.Tk, until: Callable[[], object]) -> None:
    """Run the windows until the condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError("the windows did not get there")
        root.update()
        time.sleep(0.005)
    root.update()


def take(window: tk.Tk | tk.Toplevel, file: Path) -> None:
    """Write what the window shows into a PNG file."""
    for _ in range(3):
        window.update()
    area = f"{window.winfo_width()}x{window.winfo_height()}+{window.winfo_rootx()}+{window.winfo_rooty()}"
    subprocess.run(
        ["import", "-window", "root", "-crop", area, "+repage", "-quality", "95", file], check=True
    )
    print(file)


def make(folder: Path, language: str, theme: str, scale: int) -> None:
    """Make all pictures in one language, one theme and one scaling."""
    use_language(language)
    root = Root()
    root.tk.call("tk", "scaling", 96 / 72 * scale)
    settings = Settings(theme=theme, nick=NAMES[language][0])
    tail = f"{language}-{theme}" + ("-200" if scale == 2 else "")

    def place(window: tk.Tk | tk.Toplevel, name: str) -> None:
        width, height = SIZES[name]
        window.geometry(f"{width * scale}x{height * scale}+0+0")
        window.deiconify()
        window.update()

    with running_server() as address:
        windows = [ChatWindow(root, settings)]
        form = Form(address, NAMES[language][0], "#lab")
        page = windows[0].connect_page
        page.fill(replace(form, server="192.168.0.5"))
        page.show_error("server", explain_problem(Problem.REFUSED, "192.168.0.5:6667"))
        place(root, "connect")
        take(root, folder / f"connect-{tail}.png")
        for name in NAMES[language]:
            if windows[0].session:
                top = tk.Toplevel(root)
                top.withdraw()
                windows.append(ChatWindow(top, settings))
            window = windows[-1]
            window.connect(replace(form, nick=name))
            wait(root, partial(is_in, window, "#lab"))
        for who, text in TALK[language]:
            windows[who].page.composer.insert(text)
            windows[who].page.composer.submit()
            last = text.split("\n")[-1].split(" ", 2)[-1]
            wait(root, partial(heard, windows[0], last))
        windows[0].page.status.show_round_trip(0.002)
        for name in ("chat", "narrow"):
            place(root, name)
            root.focus_force()
            take(root, folder / f"{name}-{tail}.png")
        place(root, "small")
        for name in finding_looks(windows[0], partial(wait, root)):
            take(root, folder / f"{name}-{tail}.png")
        for window in reversed(windows):
            window.close()
        for window in windows:
            for connection in window.connections:
                connection.join(5)
    launcher_picture(folder / f"launcher-{tail}.png", settings, scale)


def finding_looks(window: ChatWindow, wait_until: Callable[[Callable[[], object]], object]) -> Iterator[str]:
    """Bring the window into the states in which somebody looks for rooms and people; yield their names."""
    page = window.page
    wait_until(page.topic.list_button.winfo_ismapped)
    page.drop_down()
    yield "dropped-down"
    page.close_drop_down()


def is_in(window: ChatWindow, room: str) -> bool:
    """Tell whether the window shows this room."""
    return window.page.shown is not None and window.page.shown.name == room


def heard(window: ChatWindow, text: str) -> bool:
    """Tell whether a text has come back from the server."""
    session = window.session
    talks = list(session.state.conversations.values()) if session else []
    entries = [entry for talk in talks for entry in talk.entries]
    return any(text in entry.text and entry.delivery is Delivery.SENT for entry in entries)


def launcher_picture(file: Path, settings: Settings, scale: int) -> None:
    """Make the launcher's picture, with a server running."""
    root = Root()
    root.tk.call("tk", "scaling", 96 / 72 * scale)
    window = MainWindow(root, settings)
    launcher = Launcher(window, [sys.executable, str(ROOT / "chat.py")])
    window.show_page(launcher)
    width, height = SIZES["launcher"]
    root.geometry(f"{width * scale}x{height * scale}+0+0")
    root.deiconify()
    root.update()
    launcher.start_server.button.invoke()
    wait(root, lambda: len(launcher.log.get("1.0", "end").strip()) > 20)
    take(root, file)
    launcher.end()
    root.destroy()


def main() -> int:
    """Make the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", choices=("ru", "en"))
    parser.add_argument("--theme", choices=("light", "dark"))
    parser.add_argument("--scale", type=int, choices=(1, 2))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.language and options.theme and options.scale and os.environ.get("DISPLAY"):
        make(options.folder, options.language, options.theme, options.scale)
        return 0
    with (
        nullcontext(os.environ.get("DISPLAY"))
        if os.environ.get("DISPLAY")
        else virtual_screen(SCREEN) as display
    ):
        for language in (options.language,) if options.language else ("ru", "en"):
            for theme in (options.theme,) if options.theme else ("light", "dark"):
                for scale in (options.scale,) if options.scale else (1, 2):
                    # A process for each: Tk reads the scaling only once.
                    command = [sys.executable, __file__, str(options.folder), "--language", language]
                    command += ["--theme", theme, "--scale", str(scale)]
                    subprocess.run(command, check=True, env={**os.environ, "DISPLAY": display or ""})
    return 0


if __name__ == "__main__":
    sys.exit(main())
