"""Make the pictures of the documents from the running program.

`python3 docs/pictures/documents.py` makes all, on a screen of its own (Xvfb). With a name and a language,
such as `wire ru`, it makes one, on the screen of DISPLAY, which must show nothing else: the picture is its
upper left part. A new picture is a function in `PICTURES`. ImageMagick's `import` is needed.
(`every_look.py` shows the pages in every look, for those who change them.)
"""

import runpy
import signal
import socket
import subprocess
import sys
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent
STEPS: Final = FOLDER.parent / "steps"
sys.path.insert(0, str(FOLDER.parents[1]))

from chatroom.config import Config  # noqa: E402
from client.model.conversations import Delivery  # noqa: E402
from client.model.events import Phase  # noqa: E402
from client.settings import Settings  # noqa: E402
from client_gui import ChatWindow  # noqa: E402
from gui.board import Board, BoardFacts  # noqa: E402
from gui.chat.connect_page import Form  # noqa: E402
from gui.chat.found_list import ServerFinder  # noqa: E402
from gui.launcher.window import Launcher  # noqa: E402
from gui.main_window import MainWindow  # noqa: E402
from gui.toolkit.theme import Root  # noqa: E402
from lab.demo.participants import running_server  # noqa: E402
from lab.demo.windows import DemoWindows  # noqa: E402
from lab.laboratory import Laboratory  # noqa: E402
from lab.threads.activity import ActivityTracker  # noqa: E402
from lab.threads.server_window import open_window  # noqa: E402
from server import ChatServer, ServerOptions  # noqa: E402
from tests.tools.irc import Client  # noqa: E402
from tests.tools.looks.chat_looks import Found  # noqa: E402
from tests.tools.programs import CHAT, Program  # noqa: E402
from tests.tools.screen import virtual_screen  # noqa: E402
from translations import _, use_language  # noqa: E402

SCREEN: Final = (1680, 830)
WINDOW: Final = (900, 560)
WIDE: Final = (1000, 560)
CHECK_HEIGHT: Final = 740
WIRE: Final = (1200, 800)
PANE: Final = 430
MEMBERS: Final = 2
STEP: Final = (420, 170)
SAID: Final = {
    "": ("Does everybody see this?", "Yes, in this window too."),
    "_ru": ("Всем видно?", "Да, и в этом окне тоже."),
}
SLOW: Final = 1.0
"""Seconds a step, so that a message is caught on its way."""
CLIENTS: Final = 3
BEHIND: Final = "#c9d1dc"
PATIENCE: Final = 60.0
LOOK: Final = Settings(theme="light")


def wait(root: tk.Tk, until: Callable[[], object]) -> None:
    """Run the windows until the condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError("the windows did not get there")
        root.update()
        time.sleep(0.005)


def take(root: tk.Tk, name: str, size: tuple[int, int]) -> None:
    """Write the upper left part of the screen, of this size, into a PNG file."""
    done = time.monotonic() + 0.3
    wait(root, lambda: time.monotonic() > done)  # what is drawn when idle, and the scroll bars that hide
    file = FOLDER / f"{name}.png"
    area = f"{size[0]}x{size[1]}+0+0"
    subprocess.run(
        [
            "import",
            "-window",
            "root",
            "-crop",
            area,
            "+repage",
            "-strip",
            "+dither",
            "-colors",
            "255",
            f"PNG8:{file}",
        ],
        check=True,
    )
    print(file.relative_to(FOLDER.parents[1]))


def demo(tail: str) -> None:
    """The demo at its end."""
    root = Root()
    width, height = SCREEN
    behind = tk.Toplevel(root, background=BEHIND)
    behind.geometry(f"{width}x{height}+0+0")
    behind.update()
    with running_server() as address:
        shown = DemoWindows(root, address, CLIENTS, Laboratory, LOOK, pace=0.05)
        wait(root, lambda: shown.finished)
        take(root, f"demo{tail}", (width, height - 84))
        behind.destroy()
        shown.close()
        shown.join()


def connect(tail: str) -> None:
    """The page to connect, with servers that were found."""
    root, window = alone(size=WIDE, finder=Found())
    window.connect_page.fill(Form("192.168.0.10:6667", _("Anna"), "#lab"))
    wait(root, lambda: window.connect_page.found.list.rows)
    take(root, f"connect{tail}", WIDE)
    window.close()


def waiting(tail: str) -> None:
    """The server was killed: a message waits for it."""
    root, window = alone()
    with Program("server", "--port", "0", "--no-history") as server:
        host, port = server.address()
        window.connect(Form(f"{host}:{port}", _("Anna"), "#lab"))
        wait(
            root, lambda: window.page.shown and window.page.shown.name == "#lab" and window.page.shown.joined
        )
        assert window.session
        assert window.page.shown
        say(window, _("Hello! Does everybody see this line?"))
        last = window.page.shown.entries
        wait(root, lambda: last[-1].delivery is Delivery.SENT and last[-1].own)
        server.process.send_signal(signal.SIGKILL)
        wait(root, lambda: window.session and window.session.state.phase is Phase.WAITING)
        say(window, {"": "Are you there?", "_ru": "Ты здесь?"}[tail])
        take(root, f"waiting{tail}", WINDOW)
        window.close()
        for connection in window.connections:
            connection.join()


def wire(tail: str) -> None:
    """The socket calls below the chat: those of a message that was clicked."""
    lab = Laboratory()
    root, window = alone(lab, WIRE)
    text = {"": "Hello!", "_ru": "Привет!"}[tail]
    with running_server() as address:
        window.connect(Form(address, _("Anna"), "#lab"))
        wait(root, lambda: window.page.shown and window.page.shown.name == "#lab")
        wait(root, lambda: window.page.shown and window.page.shown.joined)
        host, _colon, port = address.rpartition(":")
        with member((host, int(port)), _("Boris")) as boris:
            boris.send(f"PRIVMSG #lab :{text}")
            wait(root, lambda: text in window.transcript_text())
            lab.wire.toggle()
            lab.wire.set_height(PANE)
            assert lab.wire.view
            assert window.page.shown
            view, entries = lab.wire.view, window.page.shown.entries
            wait(root, lambda: view.model.records and view.list.canvas.winfo_height() > 1)
            window.page.transcript.on_entry(next(one for one in entries if one.text == text))
            take(root, f"wire{tail}", WIRE)
            window.close()
        for connection in window.connections:
            connection.join()


def threads(tail: str) -> None:
    """The server's threads, while a message travels."""
    tracker = ActivityTracker()
    server = ChatServer(ServerOptions(port=0, history=None), None, tracker)
    server.start()
    root = Root()
    view = open_window(root, server, tracker, LOOK).threads
    root.geometry(f"{WINDOW[0]}x{WINDOW[1]}+0+0")
    root.deiconify()
    root.update()
    with member(server.address, _("Anna")) as anna, member(server.address, _("Boris")):
        wait(root, lambda: len(server.status().clients) == MEMBERS)
        quiet = time.monotonic() + 2.0  # those who have just come still travel
        wait(root, lambda: time.monotonic() > quiet and not view.travelling)
        while tracker.pace != SLOW:
            view.next_pace()
        anna.send("PRIVMSG #lab :1")
        wait(root, lambda: view.travelling)
        take(root, f"threads{tail}", WINDOW)
        tracker.set_pace(0.0)
        root.destroy()
    server.stop()


def member(address: tuple[str, int], nick: str) -> Client:
    """Somebody in the room, without a window."""
    client = Client(address, nick)
    client.register(nick)
    client.send("JOIN #lab")
    client.expect(" 366 ")
    return client


def step5(tail: str) -> None:
    """Two windows of step 5, which talk through the server of step 4."""
    make_window = runpy.run_path(str(STEPS / "step5_window.py"))["Window"]
    left, right = tk.Tk(), tk.Tk()
    width, height = STEP
    with Program("0", program=[sys.executable, str(STEPS / "step4_chat.py")]) as server:
        windows = []
        for root, x in ((left, 0), (right, width)):
            root.geometry(f"{width}x{height}+{x}+0")
            windows.append(make_window(root, socket.create_connection(server.address())))
        for window, text in zip(windows, SAID[tail], strict=True):
            wait(left, lambda: "here" in windows[0].text.get("2.0", "end"))
            window.entry.insert(0, text)
            window.send_message()
            wait(left, lambda: all(SAID[tail][0] in one.text.get("1.0", "end") for one in windows))
        wait(left, lambda: all(SAID[tail][1] in one.text.get("1.0", "end") for one in windows))
        take(left, f"step5{tail}", (2 * width, height))
        for window in windows:
            window.close()


def class_(tail: str) -> None:
    """The launcher with a class, of which the server alone runs."""
    root, page = launching(CHECK_HEIGHT)
    page.hold_class.button.invoke()
    page.class_page.fields["group"].set({"": "A1", "_ru": "ИВТ-21"}[tail])
    page.class_page.make.invoke()
    page.class_page.start.invoke()
    page._awaits_desk = False  # her window would stand above it
    wait(root, page._address)
    take(root, f"class{tail}", (WINDOW[0], CHECK_HEIGHT))
    page.end()


def board(tail: str) -> None:
    """What the projector shows."""
    root = Root()
    look = root.look
    shown = Board(root, look, lambda: BoardFacts(["192.168.0.10:6667"], ["#lab"], "473926"))
    shown.geometry(f"{WINDOW[0]}x{WINDOW[1]}+0+0")
    take(root, f"board{tail}", WINDOW)
    root.destroy()


NAMES: Final = {
    "": "Anna Brown,Ben Carter,Clara Evans,David Hill,Emma King,Frank Lewis,Grace Moore,Henry Price,Ivy Reed",
    "_ru": "Анна Иванова,Борис Петров,Вера Смирнова,Глеб Орлов,Дарья Козлова,Егор Волков,Жанна Белова,"
    "Захар Павлов,Ирина Лебедева",
}
TEACHER: Final = {"": "Teacher", "_ru": "Преподаватель"}
BREAK: Final = {"": "A break in five minutes", "_ru": "Через пять минут перерыв"}
DESK: Final = (1080, 560)


def class_of(tail: str) -> ChatServer:
    """A server with a class and its roster, of which two are absent."""
    config = Config(oper_name="t", oper_password="p", roster=tuple(NAMES[tail].split(",")))
    server = ChatServer(ServerOptions(port=0, quiet=True, config=config))
    server.start()
    return server


def desk(tail: str) -> None:
    """The teacher's desk over a quiet room, with a hand raised."""
    server = class_of(tail)
    students = [member(server.address, name.replace(" ", "_")) for name in NAMES[tail].split(",")[:-2]]
    root, window = alone(size=DESK)
    window.connect(Form("{}:{}".format(*server.address), TEACHER[tail], "#lab"))
    wait(root, lambda: window.page.shown and window.page.shown.joined)
    window.controller.say("/oper t p")
    wait(root, lambda: window.session and window.session.state.rules_class)
    for student in (students[4], students[1]):
        student.send("NOTICE @#lab :✋")
        student.send("PING hand")
        student.expect("PONG .*hand")
    window.controller.use_verb("mute", f"{students[2].name} 5")
    window.controller.use_verb("voice", students[0].name)
    window.actions.desk.perform()
    assert window.desk._top
    window.desk.toggle_quiet()
    window.desk._top.geometry(f"{DESK[0]}x{DESK[1]}+0+0")
    wait(root, lambda: window.session and len(window.session.state.desk.people) == len(students) + 2)
    wait(root, lambda: window.session and window.session.state.desk.quiet)
    take(root, f"desk{tail}", DESK)
    window.close()
    server.stop()


def quiet(tail: str) -> None:
    """A student's window in a quiet room, with an announcement."""
    server = class_of(tail)
    teacher = member(server.address, TEACHER[tail])
    root, window = alone()
    window.connect(Form("{}:{}".format(*server.address), NAMES[tail].split()[0], "#lab"))
    wait(root, lambda: window.page.shown and window.page.shown.joined)
    for line in ("OPER t p", f"CLASS announce {BREAK[tail]}", "CLASS quiet"):
        teacher.send(line)
    wait(root, lambda: window.page.banner.is_open and window.page.shown and window.page.shown.flags)
    take(root, f"quiet{tail}", WINDOW)
    window.close()
    server.stop()


def check(tail: str) -> None:
    """The launcher, and what it found out about the computer."""
    root, page = launching(CHECK_HEIGHT)
    page.check.invoke()
    wait(root, lambda: page.checking is None)
    take(root, f"check{tail}", (WINDOW[0], CHECK_HEIGHT))
    page.end()


def launching(height: int = WINDOW[1]) -> tuple[tk.Tk, Launcher]:
    """The launcher in the corner of the screen."""
    root = Root()
    window = MainWindow(root, LOOK)
    page = Launcher(window, CHAT)
    window.show_page(page)
    root.geometry(f"{WINDOW[0]}x{height}+0+0")
    root.deiconify()
    root.update()
    return root, page


def say(window: ChatWindow, text: str) -> None:
    """Type and send."""
    window.page.composer.insert(text)
    window.page.composer.submit()


def alone(
    laboratory: Laboratory | None = None,
    size: tuple[int, int] = WINDOW,
    finder: ServerFinder | None = None,
) -> tuple[tk.Tk, ChatWindow]:
    """A window in the corner of the screen."""
    root = Root()
    window = ChatWindow(root, LOOK, laboratory=laboratory, finder=finder)
    root.geometry(f"{size[0]}x{size[1]}+0+0")
    root.deiconify()
    root.focus_force()
    root.update()
    return root, window


PICTURES: Final = {
    "demo": demo,
    "connect": connect,
    "waiting": waiting,
    "wire": wire,
    "threads": threads,
    "step5": step5,
    "check": check,
    "class": class_,
    "board": board,
    "desk": desk,
    "quiet": quiet,
}


def main(arguments: list[str]) -> None:
    """Make one picture, `NAME LANGUAGE`, on the screen that there is; or all, each in a process."""
    if arguments:
        name, language = arguments
        use_language(language)
        PICTURES[name]("_ru" if language == "ru" else "")
        return
    with virtual_screen("{}x{}x24".format(*SCREEN)) as display:
        for name in PICTURES:
            for language in ("en", "ru"):
                subprocess.run(
                    [sys.executable, __file__, name, language],
                    check=True,
                    env={
                        "DISPLAY": display,
                        "PATH": "/usr/bin:/bin:/usr/local/bin",
                        "HOME": "/tmp",
                        "XDG_DATA_HOME": "/tmp",
                    },
                )


if __name__ == "__main__":
    main(sys.argv[1:])
