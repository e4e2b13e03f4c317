"""The demo in windows: a real server and clients in one process, which talk and then are the user's."""

import math
import time
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from operator import ge
from typing import Final

from client.settings import Settings, load
from client_gui import GOODBYE_PATIENCE, ChatWindow
from gui.chat.connect_page import Form
from gui.lab_hook import LabHook
from gui.main_window import LEAST
from gui.toolkit import mainloop
from gui.toolkit.theme import Root, look_of
from lab.demo.participants import ROOM, running_server
from lab.demo.script import Step, script, speakers
from program.version import NAME

KEY_SECONDS: Final = 0.045
"""Between two letters: a quick human typist."""
THINK_SECONDS: Final = 0.4
"""Between the last letter and Enter."""
READ_SECONDS: Final = 0.9
"""Between the moment when everybody has seen a line and the first letter of the next."""
PATIENCE_SECONDS: Final = 10.0
"""How long the script waits for somebody who does not see a line, because he looks at something else."""
_LOOK_MS: Final = 30


def run_windows(clients: int, make_laboratory: Callable[[], LabHook]) -> int:
    """Run the demo until its last window is closed, or Ctrl+C; return 0.

    Args:
        clients: how many windows.
        make_laboratory: gives each window what watches it.

    Raises:
        tk.TclError: there is no display.
    """
    root = Root(NAME)
    with running_server() as address:
        demo = DemoWindows(root, address, clients, make_laboratory, load())
        mainloop.run(root, demo.close, hidden=True)
        demo.join()
    return 0


class DemoWindows:
    """Client windows that hold a conversation, and then belong to the user. For the Tk thread only.

    Args:
        root: the hidden root; it is destroyed with the last window.
        address: where the server listens, `HOST:PORT`.
        clients, make_laboratory: see `run_windows`.
        settings: language, theme and text size of the windows.
        pace: 1 is a human's; smaller is faster.
    """

    def __init__(
        self,
        root: tk.Tk,
        address: str,
        clients: int,
        make_laboratory: Callable[[], LabHook],
        settings: Settings,
        *,
        pace: float = 1.0,
    ) -> None:
        self.windows: list[ChatWindow] = []
        """The windows that are open."""
        self.finished = False
        """The script is over, and the windows are the user's."""
        self._root = root
        self._pace = pace
        self._steps = script(clients)
        self._all: list[ChatWindow] = []
        em = look_of(root).em
        least = em(LEAST[0]), em(LEAST[1])
        places = tiles(clients, root.winfo_screenwidth(), root.winfo_screenheight(), least)
        for nick, place in zip(speakers(clients), places, strict=True):
            top = tk.Toplevel(root)
            chosen = replace(settings, nick=nick, server=address, rooms=(ROOM,))
            window = ChatWindow(top, chosen, laboratory=make_laboratory())
            size = map(int, place.partition("+")[0].split("x"))
            top.minsize(*map(min, least, size))
            top.geometry(place)
            window.on_closed = partial(self._on_closed, window)
            window.is_watched = lambda: True  # the user looks at all of them at once
            window.connect(Form(address, nick, ROOM))
            self._all.append(window)
        self.windows = list(self._all)
        self._when(self._everybody_is_in, self._next_step)

    def close(self) -> None:
        """Close every window."""
        for window in list(self.windows):
            window.close()

    def join(self) -> None:
        """Wait for the threads of the closed windows."""
        for window in self._all:
            for connection in window.connections:
                connection.join(GOODBYE_PATIENCE)

    def _on_closed(self, window: ChatWindow) -> None:
        self.windows.remove(window)
        if not self.windows:
            self._root.destroy()

    def _everybody_is_in(self) -> bool:
        rooms = [window.session and window.session.state.conversations.get(ROOM) for window in self.windows]
        return all(room and room.joined for room in rooms)

    def _next_step(self) -> None:
        if not self._steps:
            self.finished = True
            return
        step = self._steps.pop(0)
        self._type_rest(step, step.text)

    def _type_rest(self, step: Step, rest: str) -> None:
        """Type letter by letter; somebody who has gone says nothing more."""
        window = self._all[step.speaker]
        if window not in self.windows:
            self._next_step()
        elif rest:
            window.page.composer.insert(rest[0])
            self._after(KEY_SECONDS, lambda: self._type_rest(step, rest[1:]))
        else:
            self._after(THINK_SECONDS, lambda: self._send_step(window, step))

    def _send_step(self, window: ChatWindow, step: Step) -> None:
        if window in self.windows:
            window.page.composer.submit()
        self._when(
            lambda: all(step.text in each.transcript_text() for each in self.windows),
            lambda: self._after(READ_SECONDS, self._next_step),
        )

    def _when(self, condition: Callable[[], bool], then: Callable[[], None]) -> None:
        """Do it as soon as the condition holds, or when patience is at its end."""
        deadline = time.monotonic() + PATIENCE_SECONDS

        def look() -> None:
            if condition() or time.monotonic() > deadline:
                then()
            else:
                self._root.after(_LOOK_MS, look)

        look()

    def _after(self, seconds: float, then: Callable[[], None]) -> None:
        self._root.after(round(seconds * self._pace * 1000), then)


def tiles(count: int, width: int, height: int, least: tuple[int, int] = (1, 1)) -> list[str]:
    """Return Tk geometries of `count` windows that cover a screen, from the left and from the top.

    Args:
        least: width and height that a window needs, as far as the screen has them.
    """
    usual = count if count <= 3 and width > height else math.ceil(math.sqrt(count))
    title, panel = 30, 50  # what a desktop takes for a window's title and for its own panel
    gap = 8

    def size(columns: int) -> tuple[int, int]:
        rows = math.ceil(count / columns)
        return width // columns - gap, (height - panel) // rows - title - gap

    nearest = sorted(range(1, count + 1), key=lambda columns: abs(columns - usual))
    columns = next((one for one in nearest if all(map(ge, size(one), least))), usual)
    tile_width, tile_height = size(columns)
    return [
        f"{tile_width}x{tile_height}"
        f"+{index % columns * (tile_width + gap) + gap // 2}"
        f"+{index // columns * (tile_height + title + gap) + gap // 2}"
        for index in range(count)
    ]
