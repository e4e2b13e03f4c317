"""`chat server --window`: the server's threads as a live diagram, beside the console's log."""

import threading
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from tkinter import ttk
from typing import Final

import server
from client import settings as settings_file
from client.settings import Change, Settings
from gui.actions import WindowActions
from gui.keeper import Keeper
from gui.main_window import MainWindow
from gui.question_page import Question
from gui.toolkit import mainloop
from gui.toolkit.mainloop import repeat
from gui.toolkit.theme import Look, Root
from lab.threads.activity import ActivityTracker
from lab.threads.scene import ServerScene
from lab.threads.view import ThreadView
from program.version import NAME
from sockets.listening import announcement
from sockets.tap import Tap
from translations import _, plural

_LOOK_MS: Final = 200


def run(options: server.ServerOptions, tap: Tap | None = None) -> int:
    """Serve until the window is closed, Ctrl+C, SIGTERM, or a fault of the hub; return the exit code.

    Raises:
        UserFacingError: the server cannot start.
        tk.TclError: there is no display.
    """
    root = Root(NAME)
    tracker = ActivityTracker()
    keeper = Keeper()

    def wait(running_server: server.ChatServer, stop: threading.Event) -> None:
        settings = replace(settings_file.load(), geometry="")  # that is a chat window's
        open_window(root, running_server, tracker, settings, keeper.remember)

        def look() -> bool:
            ended = stop.is_set() or not running_server.is_running
            if ended:
                root.destroy()
            return not ended

        # Not at once: the event may be set before the main loop runs.
        root.after(_LOOK_MS, repeat, root, _LOOK_MS, look)
        mainloop.run(root, root.destroy)
        tracker.set_pace(0.0)
        keeper.finish()

    return server.run(options, tap, activity_tap=tracker, wait=wait)


class ServerPage(ttk.Frame):
    """Where the server listens, and its threads."""

    def __init__(
        self, master: tk.Misc, look: Look, chat_server: server.ChatServer, tracker: ActivityTracker
    ) -> None:
        super().__init__(master)
        self._look = look
        self._server = chat_server
        self._head = ttk.Frame(self, style="Side.TFrame")
        self._words = ttk.Label(self._head, style="SideTitle.TLabel", justify="left")
        self.menu_button = ttk.Button(self._head, style="SideIcon.TButton")
        self._line = ttk.Frame(self, style="Line.TFrame")
        self.threads = ThreadView(self, look, ServerScene(tracker, chat_server.status))
        self.menu_button.pack(side="right", anchor="n")
        self._words.pack(side="left")
        self._head.pack(fill="x")
        self._line.pack(fill="x")
        self.threads.pack(fill="both", expand=True)
        self._head.bind(
            "<Configure>", lambda event: self._words.configure(wraplength=event.width - look.em(5))
        )
        look.follow(self, self._restyle)

    def _restyle(self) -> None:
        look = self._look
        self._head.configure(padding=(look.em(1), look.em(0.5)))
        self._line.configure(height=look.px(1))
        self.menu_button.configure(image=look.icon("menu", look.palette.muted))
        lines = announcement(*self._server.address, self._server.tls_port)
        self._words.configure(text="\n".join(lines[:-1]))


def open_window(
    root: tk.Tk,
    chat_server: server.ChatServer,
    tracker: ActivityTracker,
    settings: Settings,
    remember: Callable[[Change], object] = lambda change: None,
) -> ServerPage:
    """Fill the root with the server's page; closing it stops the server. For the Tk thread only."""
    main_window = MainWindow(root, settings, remember)
    page = ServerPage(root, main_window.look, chat_server, tracker)
    main_window.menu_button = page.menu_button
    main_window.show_page(page)
    page.menu_button.configure(command=WindowActions(main_window).menu.perform)
    root.title(_("Server {address}").format(address="{}:{}".format(*chat_server.address)) + f" — {NAME}")

    def question() -> Question:
        count = len(chat_server.status().clients)
        told = plural("{count} person is connected.", "{count} people are connected.", count)
        return Question(_("Stop the server?"), [told] if count else (), _("Stop the server"))

    root.protocol("WM_DELETE_WINDOW", lambda: main_window.ask(question, root.destroy))
    return page
