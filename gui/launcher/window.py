"""The window of `chat.py` without a command: start a server, open client windows, see the demo."""

import re
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import replace
from tkinter import ttk
from typing import Final

from client import settings as settings_file
from gui.actions import WindowActions
from gui.keeper import Keeper
from gui.launcher.processes import Child, end_all
from gui.main_window import MainWindow
from gui.question_page import Question
from gui.switches import Switches
from gui.toolkit import mainloop
from gui.toolkit.text import add_scrollbar, writable
from gui.toolkit.theme import Look, Root
from program.version import NAME
from sockets.listening import announced_address
from translations import _, language, plural
from translations.system_errors import explain_error

POLL_MS: Final = 100
MAX_LOG_LINES: Final = 500
MAX_PLAIN_LINES: Final = 100
"""Of the server's first lines, which say where it listens."""
SIDE_BY_SIDE: Final = 46.0
"""Width in ems from which the cards stand beside each other."""
LEAST: Final = (34.0, 34.0)
"""The least width and height in ems: all cards are seen."""
_LOGGED: Final = r"\d\d:\d\d:\d\d  "
"""How a line begins that the server prints when something happens; others are about itself."""


def _pattern(text: str) -> re.Pattern[str]:
    """Return what finds a line of the server's log, by the text that it is made of, and its address."""
    found = {"{address}": r"(?P<address>\S+)"}
    parts = re.split(r"(\{\w+\})", text)
    made = (found.get(part, ".*") if part.startswith("{") else re.escape(part) for part in parts)
    return re.compile(_LOGGED + "".join(made))


class Visitors:
    """Who is connected to the server, as it prints that in the language in use."""

    def __init__(self) -> None:
        self.addresses: set[str] = set()
        self._came = _pattern(_("connected: {address} (client {number})"))
        self._went = _pattern(_("closed: {address} {nick}: {reason}"))

    def read(self, lines: Sequence[str]) -> None:
        """Take note of what the server has printed."""
        for line in lines:
            if came := self._came.match(line):
                self.addresses.add(came["address"])
            elif went := self._went.match(line):
                self.addresses.discard(went["address"])


class Choice(ttk.Frame):
    """A card: a picture, what it does, and a button; `extra`, made by the owner, stands above the button."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        picture: str,
        words: Callable[[], tuple[str, str, str]],
        run: Callable[[], object],
    ) -> None:
        super().__init__(master, style="Card.TFrame")
        self._look, self._picture, self._words = look, picture, words
        self._is_flat = False
        self._icon = ttk.Label(self)
        self._title = ttk.Label(self, style="Title.TLabel")
        self._text = ttk.Label(self, style="Muted.TLabel", justify="left")
        self.extra: tk.Widget | None = None
        self.button = ttk.Button(self, style="Accent.TButton", command=run)
        self.rowconfigure(2, weight=1)
        self._text.configure(wraplength=look.em(15.5))
        self._text.bind("<Configure>", lambda event: self._text.configure(wraplength=event.width))
        look.follow(self, self._restyle)

    def lie(self, *, flat: bool) -> None:
        """Take little height, or little width."""
        self._is_flat = flat
        self._lay_out()

    def _lay_out(self) -> None:
        em, flat = self._look.em, self._is_flat
        middle = int(flat)
        self.configure(padding=em(0.9 if flat else 1.3))
        self.columnconfigure(middle, weight=1)
        self.columnconfigure(1 - middle, weight=0)
        across = 2 if flat else 1
        self._text.grid(row=2, column=middle, columnspan=across, sticky="new")
        if self.extra:
            self.extra.grid(row=3, column=middle, columnspan=across, sticky="w", pady=(em(0.6), 0))
        if flat:
            self._icon.grid(row=0, column=0, rowspan=4, sticky="nw", padx=(0, em(1)))
            self._title.grid(row=0, column=1, sticky="w", pady=(0, em(0.3)))
            self.button.grid(row=0, column=2, sticky="e", padx=(em(0.5), 0), pady=(0, em(0.3)))
        else:
            self._icon.grid(row=0, column=0, rowspan=1, sticky="w", padx=0)
            self._title.grid(row=1, column=0, sticky="w", pady=(em(0.7), em(0.3)))
            self.button.grid(row=4, column=0, sticky="ew", padx=0, pady=(em(1), 0))

    def _restyle(self) -> None:
        look = self._look
        self._icon.configure(image=look.icon(self._picture, look.palette.accent, look.em(2.2)))
        title, text, button = self._words()
        self._title.configure(text=title)
        self._text.configure(text=text)
        self.button.configure(text=button)
        self._lay_out()


class Launcher(ttk.Frame):
    """The launcher's page. For the Tk thread only.

    Args:
        command: how this program is started, without a subcommand.
    """

    def __init__(self, window: MainWindow, command: Sequence[str]) -> None:
        super().__init__(window.master, style="Side.TFrame")
        self.children_started: list[Child] = []
        self.server: Child | None = None
        self.checking: Child | None = None
        self._window = window
        self._look = look = window.look
        self._command = list(command)
        self._plain_lines: list[str] = []
        """What the server says about itself."""
        self._visitors = Visitors()
        self._is_wide: bool | None = None
        self._title = ttk.Label(self, style="SideBig.TLabel", text=NAME)
        self._subtitle = ttk.Label(self, style="SideMuted.TLabel")
        self._choices = ttk.Frame(self, style="Side.TFrame")
        self.start_server = Choice(self._choices, look, "server", self._server_words, self._server_pressed)
        self.lan = ttk.Checkbutton(self.start_server)
        self.start_server.extra = self.lan
        self.lan.state(["!alternate"])
        self.open_client = Choice(self._choices, look, "bubble", self._client_words, self._open_client)
        self.see_demo = Choice(self._choices, look, "play", self._demo_words, lambda: self._start("demo"))
        self._log_card = ttk.Frame(self, style="Card.TFrame")
        self._log_head = ttk.Frame(self._log_card)
        self._state = ttk.Label(self._log_head, style="Bold.TLabel")
        self._copy = ttk.Button(self._log_head, command=self._copy_address)
        self.log = tk.Text(self._log_card, state="disabled", wrap="word", height=8, width=40)
        self.log.bind("<Configure>", lambda _: self.log.yview_moveto(1.0))
        add_scrollbar(self.log, row=1)
        self._foot = ttk.Frame(self, style="Side.TFrame")
        self.check = ttk.Button(self._foot, style="SideIcon.TButton", command=self._check_pressed)
        self._switches = Switches(self._foot, window)
        self._lay_out()
        self.bind("<Configure>", lambda _: self._place_cards())
        look.follow(self, self._restyle)

    def _lay_out(self) -> None:
        self.columnconfigure(0, weight=1)
        self.rowconfigure(3, weight=1)
        self._title.grid(row=0, column=0, sticky="w")
        self._choices.grid(row=2, column=0, sticky="ew")
        card = self._log_card
        card.columnconfigure(0, weight=1)
        card.rowconfigure(1, weight=1)
        self._log_head.grid(row=0, column=0, columnspan=2, sticky="ew")
        self._state.pack(side="left")
        self._copy.pack(side="right")
        self.log.grid(row=1, column=0, sticky="nsew")
        self.check.grid(row=0, column=0)
        self._switches.grid(row=0, column=1)

    # Starting and ending.

    def _server_pressed(self) -> None:
        if self.server is not None:
            end = self.server.ask_to_end
            self._window.ask(
                lambda: Question(_("Stop the server?"), self._cut_off(), _("Stop the server")), end
            )
            return
        self._plain_lines = []
        self._visitors = Visitors()
        self._clear_log()
        self._log_card.grid()
        self._start("server", *(("--lan",) if self.lan.instate(["selected"]) else ()))
        self._show()

    def _check_pressed(self) -> None:
        if self.checking is None:
            if self.server is None:
                self._clear_log()
            self._log_card.grid()
            self._start("check")
            self._show()

    def _open_client(self) -> None:
        address = announced_address(self._plain_lines) if self.server else ""
        self._start("client", *(("--server", address) if address else ()))

    def _start(self, command: str, *arguments: str) -> None:
        try:
            child = Child([*self._command, command, *arguments, "--lang", language()])
        except OSError as error:
            self._log_card.grid()
            self._show_output(
                [_("The program could not be started: {error}").format(error=explain_error(error))]
            )
            return
        self.children_started.append(child)
        if command == "server":
            self.server = child
        elif command == "check":
            self.checking = child
        if len(self.children_started) == 1:
            mainloop.repeat(self, POLL_MS, self._poll)

    def _poll(self) -> bool:
        """Show what the server and the check print, and forget what has ended; tell if anything runs."""
        for child in list(self.children_started):
            lines = child.take_lines()
            ended = child.has_ended
            if ended:
                child.wait(0)
                self.children_started.remove(child)
            if child in (self.server, self.checking):
                self._show_output(lines)
            if child is self.server:
                plain = [line for line in lines if not re.match(_LOGGED, line)]
                self._plain_lines = (self._plain_lines + plain)[:MAX_PLAIN_LINES]
                self._visitors.read(lines)
                self.server = None if ended else child
                if lines or ended:
                    self._show()
            elif child is self.checking and ended:
                self.checking = None
        return bool(self.children_started)

    def end(self) -> None:
        """End all that was started, and wait for it."""
        end_all(self.children_started)
        self.children_started.clear()

    # Asking before something is lost.

    def ask_to_close(self, close: Callable[[], object]) -> None:
        """Close the window as the user wants it, after a question if that closes more than it."""
        self._window.ask(lambda: Question(_("Close the launcher?"), self._losses(), _("Close all")), close)

    def _cut_off(self) -> list[str]:
        count = len(self._visitors.addresses) if self.server else 0
        told = plural("{count} connection ends.", "{count} connections end.", count)
        return [told] if count else []

    def _losses(self) -> list[str]:
        count = sum(child not in (self.server, self.checking) for child in self.children_started)
        told = plural(
            "{count} window of this program closes.",
            "{count} windows of this program close.",
            count,
        )
        return self._cut_off() + ([told] if count else [])

    # Showing.

    def _copy_address(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(announced_address(self._plain_lines))

    def _clear_log(self) -> None:
        with writable(self.log):
            self.log.delete("1.0", "end")

    def _show_output(self, lines: Sequence[str]) -> None:
        log = self.log
        if not lines:
            return
        with writable(log):
            between = "" if log.index("end-1c") == "1.0" else "\n"
            log.insert("end", between + "\n".join(lines[-MAX_LOG_LINES:]))
            log.delete("1.0", f"end-{MAX_LOG_LINES + 1}l")
        log.yview_moveto(1.0)

    def _show(self) -> None:
        runs = self.server is not None
        address = announced_address(self._plain_lines) if runs else ""
        if address.startswith("127."):
            words = _("The server is running, for this computer only: {address}").format(address=address)
        elif address:
            words = _("The server is running. Students type this address: {address}").format(address=address)
        else:
            words = _("The server is starting …") if runs else _("The server is not running.")
        self._state.configure(text=words)
        self._copy.configure(text=_("Copy the address"))
        self._copy.state(["!disabled" if address else "disabled"])
        self.start_server.button.configure(text=self._server_words()[2])
        self.lan.state(["disabled" if runs else "!disabled"])

    def _server_words(self) -> tuple[str, str, str]:
        button = _("Start the server") if self.server is None else _("Stop the server")
        return _("Server"), _("Accepts connections and passes messages on to everybody in a room."), button

    def _client_words(self) -> tuple[str, str, str]:
        text = _("A chat window. Open several and see how they talk through the server.")
        return _("Client"), text, _("Open a window")

    def _demo_words(self) -> tuple[str, str, str]:
        text = _("A server and three windows that talk by themselves, and then are yours.")
        return _("Demo"), text, _("See the demo")

    def _restyle(self) -> None:
        look = self._look
        em = look.em
        self.configure(padding=(em(2), em(1.5), em(2), em(0.8)))
        self._subtitle.configure(text=_("A client-server chat on sockets"))
        self._subtitle.grid(row=1, column=0, sticky="w", pady=(em(0.1), em(1.2)))
        self._is_wide = None
        self._place_cards()
        self.lan.configure(text="\u2002" + _("for the whole classroom"))
        self._log_card.configure(padding=em(1.1))
        look.text(self.log, look.palette.window)
        self.log.configure(font=look.fonts["mono"], padx=0, pady=em(0.6), foreground=look.palette.muted)
        is_shown = self._log_card.winfo_manager()
        self._log_card.grid(row=3, column=0, sticky="nsew", pady=(em(1), 0))
        if not is_shown:
            self._log_card.grid_remove()
        self.check.configure(text=_("Check this computer"))
        self._foot.grid(row=4, column=0, pady=(em(0.8), 0))
        self._show()

    def _place_cards(self) -> None:
        """Put the cards beside each other, or where there is no room for that, one below the other."""
        em = self._look.em
        wide = self.winfo_width() <= 1 or self.winfo_width() >= em(SIDE_BY_SIDE)
        if wide == self._is_wide:
            return
        self._is_wide = wide
        gap = em(0.5)
        for number, choice in enumerate((self.start_server, self.open_client, self.see_demo)):
            gaps = (gap if number else 0, gap if number < 2 else 0)
            row, column = (0, number) if wide else (number, 0)
            choice.grid(row=row, column=column, sticky="nsew")
            choice.grid_configure(padx=gaps if wide else 0, pady=0 if wide else gaps)
            choice.lie(flat=not wide)
        self._choices.columnconfigure(0, weight=1, uniform="choices" if wide else "")
        self._choices.columnconfigure((1, 2), weight=int(wide), uniform="choices" if wide else "")


def main(command: Sequence[str]) -> int:
    """Show the launcher until its window is closed; everything that it started ends with it. Return 0.

    Args:
        command: how this program is started, without a subcommand.

    Raises:
        tk.TclError: there is no display.
    """
    root = Root(NAME)
    keeper = Keeper()
    settings = replace(settings_file.load(), geometry="")  # that is a chat window's
    window = MainWindow(root, settings, keeper.remember)
    WindowActions(window)
    launcher = Launcher(window, command)
    window.show_page(launcher)

    def close() -> None:
        root.withdraw()
        launcher.end()
        root.destroy()

    root.minsize(*(window.look.em(side) for side in LEAST))
    root.protocol("WM_DELETE_WINDOW", lambda: launcher.ask_to_close(close))
    try:
        mainloop.run(root, close)
    finally:
        launcher.end()
        keeper.finish()
    return 0
