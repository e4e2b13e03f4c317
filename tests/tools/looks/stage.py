"""What a look is made with, and the table of all looks."""

import gc
import tkinter as tk
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from chatroom.config import Config
from client.settings import Settings
from client_gui import ChatWindow
from gui.chat.connect_page import Form
from gui.chat.found_list import ServerFinder
from gui.main_window import MainWindow
from gui.toolkit.theme import Root
from lab.laboratory import Laboratory
from program.files import temporary_folder
from program.folders import temporary_files
from server import ChatServer, ServerOptions
from tests.tools.irc import Client
from tests.tools.windows import end_window, shows, until
from translations import language

Window = tk.Tk | tk.Toplevel
SIZES: Final = {1: "1024x768", 2: "1920x1080"}
"""Pixels of a look at 100 % and at 200 %: a projector's, a laptop's."""


class Stage:
    """A look's windows, the people in them, and their server; `end` closes all."""

    def __init__(self, root: Root, theme: str, size: str) -> None:
        self.root = root
        self.size = size
        """Of its windows, as Tk writes it."""
        self.settings = Settings(theme=theme, language=language())
        self.server: ChatServer | None = None
        self.people: dict[str, Client] = {}
        self._stack = ExitStack()

    def say_in(self, english: str, russian: str) -> str:
        """Return a text of the people in the language in use."""
        return russian if language() == "ru" else english

    def until(self, condition: Callable[[], object]) -> None:
        """Run the windows until the condition holds."""
        until(self.root, condition)

    def serve(self, **config: Any) -> str:
        """Start the server, if it does not run; return its `HOST:PORT`.

        Args:
            config: of `chatroom.config.Config`.
        """
        if self.server is None:
            folder = self._stack.enter_context(temporary_folder(temporary_files()))
            options = ServerOptions(port=0, history=folder / "h.sqlite3", quiet=True, config=Config(**config))
            self.server = ChatServer(options)
            self.server.start()
            self._stack.callback(self.server.stop)
        return "{}:{}".format(*self.server.address)

    def window(
        self, finder: ServerFinder | None = None, laboratory: Laboratory | None = None, **settings: Any
    ) -> ChatWindow:
        """A chat window that shows the connect page.

        Args:
            settings: of `client.settings.Settings`.
        """
        window = ChatWindow(
            self.root, replace(self.settings, **settings), laboratory=laboratory, finder=finder
        )
        self._stack.callback(end_window, window)
        self.place(self.root)
        return window

    def chat(self, nick: str = "", laboratory: Laboratory | None = None, **settings: Any) -> ChatWindow:
        """A chat window in #lab; Anna's by default."""
        window = self.window(laboratory=laboratory, **settings)
        window.connect(Form(self.serve(), nick or self.say_in("Anna", "Анна"), "#lab"))
        self.until(lambda: shows(window, "#lab") and window.page.shown and window.page.shown.joined)
        return window

    def person(self, english: str, russian: str, capabilities: Iterable[str] = ()) -> Client:
        """Somebody in #lab, without a window."""
        name = self.say_in(english, russian)
        if name not in self.people:
            self.serve()
            assert self.server
            client = Client(self.server.address, name)
            self._stack.callback(client.close)
            client.register(name, capabilities=capabilities)
            client.enter()
            self.people[name] = client
        return self.people[name]

    def hear(self, window: ChatWindow, client: Client, text: str) -> None:
        """Let somebody say something in the room; wait until it is seen."""
        client.send(f"PRIVMSG #lab :{text}")
        self.until(lambda: text[:40] in window.transcript_text())

    def main_window(self) -> MainWindow:
        """A window without a page."""
        window = MainWindow(self.root, self.settings)
        self.place(self.root)
        return window

    def place(self, window: Window) -> None:
        """Put a window into the screen's corner, in front, as large as the look is to be."""
        window.geometry(f"{self.size}+0+0")
        window.deiconify()
        window.lift()
        self.until(window.winfo_ismapped)

    def after(self, function: Callable[[], object]) -> None:
        """Do something at the end."""
        self._stack.callback(function)

    def end(self) -> None:
        """Close everything."""
        self._stack.close()


@dataclass(frozen=True, slots=True)
class LookOf:
    """One entry of the table."""

    open: Callable[[Stage], Window]
    """Brings the windows into this state, and returns the one that shows it."""
    part: float
    """Of the width that there is."""


LOOKS: Final[dict[str, LookOf]] = {}
"""By name; the modules beside this one enter theirs."""


def look(part: float = 1.0) -> Callable[[Callable[[Stage], Window]], Callable[[Stage], Window]]:
    """Enter a function into the table under its name."""

    def enter(function: Callable[[Stage], Window]) -> Callable[[Stage], Window]:
        LOOKS[function.__name__.rstrip("_")] = LookOf(function, part)
        return function

    return enter


@contextmanager
def shown(root: Root, name: str, theme: str, size: str) -> Iterator[Window]:
    """Bring the windows into a state of the table, and yield the one that shows it, at the screen's corner.

    Args:
        root: new; the windows are closed at the end.
        size: pixels for the window, `WIDTHxHEIGHT`.
    """
    width, _by, height = size.partition("x")
    stage = Stage(root, theme, f"{round(int(width) * LOOKS[name].part)}x{height}")
    try:
        window = LOOKS[name].open(stage)
        stage.place(window)
        window.focus_force()
        for _ in range(3):
            window.update()
        yield window
    finally:
        stage.end()
        # Tk's variables must end in the thread that made them, not in whichever collects garbage next.
        gc.collect()
