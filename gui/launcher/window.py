"""The window of `chat.py` without a command: start a server, open client windows, see the demo."""

import re
import sys
import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_urlsafe
from tkinter import filedialog, ttk
from types import MappingProxyType
from typing import Final

from client import settings as settings_file
from client.net.address import DEFAULT_PORT
from gui.actions import WindowActions
from gui.board import Board, BoardFacts, show_board
from gui.keeper import Keeper
from gui.launcher.choice import Choice
from gui.launcher.class_page import ClassPage
from gui.launcher.class_plan import ClassPlan, free_port, is_for_windows, recall, starter
from gui.launcher.processes import Child, end_all
from gui.launcher.visitors import LOGGED, Visitors
from gui.main_window import MainWindow
from gui.question_page import Question
from gui.switches import Switches
from gui.toolkit import mainloop
from gui.toolkit.editing.edit_menu import EditMenu
from gui.toolkit.text import add_scrollbar, writable
from gui.toolkit.theme import Root
from program.files import replacing
from program.variables import OPERATOR_TOKEN_VARIABLE, PASSWORD_VARIABLE
from program.version import NAME
from sockets.listening import announced_addresses
from translations import _, language, plural
from translations.system_errors import explain_error

POLL_MS: Final = 100
MAX_LOG_LINES: Final = 500
MAX_PLAIN_LINES: Final = 100
"""Of the server's first lines, which say where it listens."""
SIDE_BY_SIDE: Final = 55.0
"""Width in ems from which the cards stand beside each other."""
LEAST: Final = (34.0, 46.0)
"""The least width and height in ems: all cards are seen."""
ROOM_FOR_TITLE: Final = 54.0
"""Height in ems from which the title stands above the cards and what a program prints."""


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
        self.plan: ClassPlan | None = None
        """Of the class that the server is for."""
        self._token = ""
        """What makes the teacher's window the operator of this server."""
        self._awaits_desk = False
        """The teacher's window is to be opened when the server listens."""
        self._windows: list[Child] = []
        self._window = window
        self._look = look = window.look
        self._command = list(command)
        self._plain_lines: list[str] = []
        """What the server says about itself."""
        self._addresses: list[str] = []
        """Which others can type, as the server has said in the language that it was started in."""
        self._visitors = Visitors()
        self._is_wide: bool | None = None
        self._title = ttk.Label(self, style="SideBig.TLabel", text=NAME)
        self._subtitle = ttk.Label(self, style="SideMuted.TLabel")
        self._choices = ttk.Frame(self, style="Side.TFrame")
        self.hold_class = Choice(self._choices, look, "people", self._class_words, self._open_class)
        self.start_server = Choice(self._choices, look, "server", self._server_words, self._server_pressed)
        self.lan = ttk.Checkbutton(self.start_server)
        self.start_server.extra = self.lan
        self.lan.state(["!alternate"])
        self.open_client = Choice(self._choices, look, "bubble", self._client_words, self._open_client)
        self.see_demo = Choice(self._choices, look, "play", self._demo_words, lambda: self._start("demo"))
        self.judge = Choice(
            self._choices, look, "tick", self._judge_words, lambda: self._start("judge", "window")
        )
        buttons: tuple[tuple[Callable[[], str], Callable[[], object]], ...] = (
            (lambda: _("On the board"), self.show_board),
            (lambda: _("Open my window"), self._open_desk),
            (lambda: _("A file for students …"), self._save_starter),
            (lambda: _("Save"), lambda: self._order("save")),
            (lambda: _("Stop the class"), self._server_pressed),
        )
        self.class_page = ClassPage(
            self, look, self._start_class, self._leave_class, self._new_class, buttons
        )
        self._log_card = ttk.Frame(self, style="Card.TFrame")
        self._log_head = ttk.Frame(self._log_card)
        self._state = ttk.Label(self._log_head, style="Bold.TLabel")
        self._copy = ttk.Button(self._log_head, command=self._copy_address)
        self.log = tk.Text(self._log_card, state="disabled", wrap="word", height=8, width=40)
        self.log.bind("<Configure>", lambda _: self.log.see("end"))
        EditMenu(self.log, look)
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
            title, answer = (
                (_("Stop the class?"), _("Stop the class"))
                if self.plan
                else (_("Stop the server?"), _("Stop the server"))
            )
            self._window.ask(lambda: Question(title, self._cut_off(), answer), end)
        else:
            self.plan = None
            self._start_server(DEFAULT_PORT, *(("--lan",) if self.lan.instate(["selected"]) else ()))

    def _start_server(
        self, wanted: int, *options: str, secrets: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Start a server on this port, or if it is taken, on the next one that is free."""
        self._plain_lines, self._addresses = [], []
        self._visitors = Visitors()
        self._clear_log()
        self._log_card.grid()
        self._make_room()
        port = free_port(wanted)
        if port != wanted:
            text = _("Port {port} is taken by another program; this server uses {other}.")
            self._show_output([text.format(port=wanted, other=port)])
        self._start("server", "--port", str(port), *options, secrets=secrets)
        self._show()

    def _check_pressed(self) -> None:
        if self.checking is None:
            if self.server is None:
                self._clear_log()
            self._log_card.grid()
            self._make_room()
            self._start("check")
            self._show()

    def _open_client(self) -> None:
        address = self._address()
        self._start("client", *(("--server", address) if address else ()))

    def _start(
        self, command: str, *arguments: str, secrets: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        try:
            child = Child([*self._command, command, *arguments, "--lang", language()], secrets)
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
        elif command == "client":
            self._windows.append(child)
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
                self._windows = [one for one in self._windows if one is not child]
            if child in (self.server, self.checking):
                self._show_output(lines)
            if child is self.server:
                self.server = None if ended else child
                if lines or ended:
                    plain = [line for line in lines if not re.match(LOGGED, line)]
                    self._plain_lines = (self._plain_lines + plain)[:MAX_PLAIN_LINES]
                    self._addresses = announced_addresses(self._plain_lines) or self._addresses
                    self._visitors.read(lines)
                    self._follow_class()
                    self._show()
            elif child is self.checking and ended:
                self.checking = None
        return bool(self.children_started)

    def end(self) -> None:
        """End all that was started, and wait for it."""
        end_all(self.children_started)
        self.children_started.clear()

    # The class.

    def _open_class(self) -> None:
        settings = self._window.settings
        self.class_page.fill(recall(settings.classroom, settings.nick))
        self._show_class(is_open=True)
        self.class_page.start.focus_set()

    def _leave_class(self) -> None:
        self._show_class(is_open=False)
        self.hold_class.button.focus_set()

    def _show_class(self, *, is_open: bool) -> None:
        if is_open:
            self._choices.grid_remove()
            self.class_page.grid()
        else:
            self.class_page.grid_remove()
            self._choices.grid()

    def _start_class(self, plan: ClassPlan) -> None:
        """Start a server for the class; the teacher's window follows when the server listens."""
        self._window.choose(lambda kept: replace(kept, classroom=plan.remembered()))
        self.plan, self._token, self._awaits_desk = plan, token_urlsafe(), True
        self._start_server(int(plan.port), *plan.server_arguments(), secrets=self._secrets(plan))

    def _secrets(self, plan: ClassPlan) -> dict[str, str]:
        return {PASSWORD_VARIABLE: plan.password, OPERATOR_TOKEN_VARIABLE: self._token}

    def _follow_class(self) -> None:
        """Open the teacher's window when the server of the class listens; it ends with the server."""
        if self.server is None:
            self.plan = None
            for board in (one for one in self.winfo_children() if isinstance(one, Board)):
                board.destroy()
        elif self._awaits_desk and self._address():
            self._awaits_desk = False
            self._open_desk()

    def _open_desk(self) -> None:
        """Open a window that is the operator of the class's server."""
        plan = self.plan
        if plan is None:
            return
        port = self._address().rpartition(":")[2]
        place = ("--server", f"127.0.0.1:{port}", "--nick", plan.name, "--room", plan.room_names[0])
        self._start("client", *place, secrets=self._secrets(plan))

    def _order(self, line: str) -> None:
        """Let the server carry out a verb of the class; its answer stands among its output."""
        if self.server:
            self.server.say(line)

    def _new_class(self, group: str) -> None:
        """Close the class into the archive and begin the next, if the user wants that."""

        def question() -> Question:
            closed = _("What was said and who was here goes into the archive; the rooms are empty then.")
            return Question(_("Begin a new class?"), [closed], _("Begin"))

        self._window.ask(question, lambda: self._begin_anew(group))

    def _begin_anew(self, group: str) -> None:
        if self.plan:
            self.plan = replace(self.plan, group=group)
            remembered = self.plan.remembered()
            self._window.choose(lambda kept: replace(kept, classroom=remembered))
            self._order(f"new {group}")
            self.class_page.fill(self.plan)
            self.class_page.next_group.set("")
            self._show()

    def show_board(self) -> None:
        """Show on a page of its own, for the projector, how students join."""
        if self.plan is not None:
            show_board(self, self._look, self._facts)

    def _facts(self) -> BoardFacts:
        plan = self.plan or ClassPlan()
        return BoardFacts(self._addresses, plan.room_names, plan.password)

    def _save_starter(self) -> None:
        """Save a file that opens a client for this class; students start it in place of the program."""
        windows, shell = (_("Windows"), "*.bat"), (_("Linux and macOS"), "*.sh")
        is_windows = sys.platform == "win32"
        chosen = filedialog.asksaveasfilename(
            parent=self,
            title=_("A file for students"),
            filetypes=[windows, shell] if is_windows else [shell, windows],
            initialfile=_("class") + (".bat" if is_windows else ".sh"),
        )
        if chosen:
            self.write_starter(Path(chosen))

    def write_starter(self, file: Path) -> None:
        """Write such a file, and say so."""
        if self.plan is None:
            return
        address, room = self._address(), self.plan.room_names[0]
        own = self._command[0] if len(self._command) == 1 else ""
        try:
            with replacing(file) as whole:
                whole.write(starter(file, Path(own).name, address, room).encode())
            if not is_for_windows(file):
                file.chmod(0o755)
        except OSError as error:
            text = _("The file could not be saved: {error}").format(error=explain_error(error))
        else:
            text = _("Saved: {path}. Put it beside the program on the students’ computers.")
        self._show_output([text.format(path=file)])

    # Asking before something is lost.

    def ask_to_close(self, close: Callable[[], object]) -> None:
        """Close the window as the user wants it, after a question if that closes more than it."""
        self._window.ask(lambda: Question(_("Close the launcher?"), self._losses(), _("Close all")), close)

    def _cut_off(self) -> list[str]:
        count = self._people()
        told = plural("{count} person is connected.", "{count} people are connected.", count)
        return [told] if count else []

    def _people(self) -> int:
        """Return how many are connected besides the windows that were opened here."""
        return max(0, len(self._visitors.addresses) - len(self._windows)) if self.server else 0

    def _losses(self) -> list[str]:
        count = sum(child not in (self.server, self.checking) for child in self.children_started)
        told = plural(
            "{count} window of this program closes.",
            "{count} windows of this program close.",
            count,
        )
        return self._cut_off() + ([told] if count else [])

    # Showing.

    def _address(self) -> str:
        """Return what students type; "" as long as the server has not said it."""
        return next(iter(self._addresses), "") if self.server else ""

    def _copy_address(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._address())

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
        log.see("end")

    def _show(self) -> None:
        runs = self.server is not None
        address = self._address()
        if address.startswith("127."):
            words = _("The server is running, for this computer only: {address}").format(address=address)
        elif address:
            words = _("The server is running. Students type this address: {address}").format(address=address)
        else:
            words = _("The server is starting …") if runs else _("The server is not running.")
        self._state.configure(text=words)
        self.class_page.show(self.plan if runs else None, address, self._people())
        if self.plan and runs:
            self._show_class(is_open=True)
        self._copy.configure(text=_("Copy the address"))
        self._copy.state(["!disabled" if address else "disabled"])
        self.start_server.button.configure(text=self._server_words()[2])
        self.lan.state(["disabled" if runs else "!disabled"])

    def _server_words(self) -> tuple[str, str, str]:
        button = _("Start the server") if self.server is None else _("Stop the server")
        return _("Server"), _("Accepts connections and passes messages on to everybody in a room."), button

    def _class_words(self) -> tuple[str, str, str]:
        text = _("For the teacher: a server for the classroom, and a window that is its operator.")
        return _("Class"), text, _("Hold a class")

    def _client_words(self) -> tuple[str, str, str]:
        text = _("A chat window. Open several and see how they talk through the server.")
        return _("Client"), text, _("Open a window")

    def _demo_words(self) -> tuple[str, str, str]:
        text = _("A server and three windows that talk by themselves, and then are yours.")
        return _("Demo"), text, _("See the demo")

    def _judge_words(self) -> tuple[str, str, str]:
        text = _("What your own chat program does right, in any language.")
        return _("Your own program"), text, _("Have it judged")

    def _restyle(self) -> None:
        look = self._look
        em = look.em
        self.configure(padding=(em(2), em(1.5), em(2), em(0.8)))
        self._subtitle.configure(text=_("A client-server chat on sockets"))
        self._subtitle.grid(row=1, column=0, sticky="w", pady=(em(0.1), em(1.2)))
        self._is_wide = None
        self._place_cards()
        self.lan.configure(text="\u2002" + _("for the whole classroom"))
        is_shown = self.class_page.winfo_manager()
        self.class_page.grid(row=2, column=0, sticky="ew")
        if not is_shown:
            self.class_page.grid_remove()
        self._log_card.configure(padding=em(1.1))
        look.text(self.log, look.palette.window)
        self.log.configure(font=look.fonts["mono"], padx=0, pady=em(0.6), foreground=look.palette.muted)
        self.log.see("end")
        is_shown = self._log_card.winfo_manager()
        self._log_card.grid(row=3, column=0, sticky="nsew", pady=(em(1), 0))
        if not is_shown:
            self._log_card.grid_remove()
        self.check.configure(text=_("Check this computer"))
        self._foot.grid(row=4, column=0, pady=(em(0.8), 0))
        self._show()

    def _make_room(self) -> None:
        """Leave the title out where there is no room for it and for what the server says."""
        is_low = 1 < self.winfo_height() < self._look.em(ROOM_FOR_TITLE)
        for label in (self._title, self._subtitle):
            if is_low and self._log_card.winfo_manager():
                label.grid_remove()
            else:
                label.grid()

    def _place_cards(self) -> None:
        """Put the cards beside each other, or where there is no room for that, one below the other."""
        em = self._look.em
        self._make_room()
        wide = self.winfo_width() <= 1 or self.winfo_width() >= em(SIDE_BY_SIDE)
        if wide == self._is_wide:
            return
        self._is_wide = wide
        gap = em(0.5)
        self.hold_class.grid(row=0, column=0, columnspan=3 if wide else 1, sticky="ew", pady=(0, gap))
        self.hold_class.lie(flat=True)
        for number, choice in enumerate((self.start_server, self.open_client, self.see_demo)):
            gaps = (gap if number else 0, gap if number < 2 else 0)
            row, column = (1, number) if wide else (number + 1, 0)
            choice.grid(row=row, column=column, sticky="nsew")
            choice.grid_configure(padx=gaps if wide else 0, pady=0 if wide else (0, gap))
            choice.lie(flat=not wide)
        self.judge.grid(row=2 if wide else 4, column=0, columnspan=3 if wide else 1, sticky="ew")
        self.judge.grid_configure(pady=(gap if wide else 0, 0))
        self.judge.lie(flat=True)
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
