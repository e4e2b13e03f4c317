"""Replays the transcripts of a document: the program that it runs, and the people who talk through it."""

import re
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from client.model.conversations import Conversation, Kind
from client.model.events import Phase
from client.model.state import Profile
from client.runner import run_together
from tests.tools.documents import ELLIPSIS, Action, Block, pattern
from tests.tools.irc import Client, Irc
from tests.tools.programs import Program, run
from tests.tools.sources import ROOT
from tests.tools.users import Windowless

DEADLINE: Final = 20.0
ROOM: Final = "#lab"
CONSOLE_CLIENT: Final = ROOT / "docs" / "steps" / "console_client.py"
LOOPBACK: Final = "127.0.0.1"


class Participant(Windowless):
    """A client as a window has it, without the window."""

    def __init__(self, nick: str, host: str, port: int) -> None:
        super().__init__((host, port), Profile(nick, (ROOM,), server=f"{host}:{port}"))

    @property
    def room(self) -> Conversation | None:
        return self.session.state.conversations.get(ROOM)

    def is_in(self) -> bool:
        room = self.room
        return bool(room and room.joined and not room.is_catching_up)

    def shown(self) -> list[str]:
        """What stands in the room's transcript, a line each."""
        entries = self.room.entries if self.room else ()
        return [f"{one.nick}: {one.text}" if one.kind is Kind.MESSAGE else one.text for one in entries]


class Replay:
    """The programs and people of one document."""

    def __init__(self, folder: Path) -> None:
        """Args: folder: where the server keeps its history."""
        self._folder = folder
        self._server: Program | None = None
        self._port = 0
        self._people: dict[str, Participant] = {}
        self._consoles: dict[str, Program] = {}
        self._window = ""
        self._expects_refusal = False
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self._people):
            self._leave(name)
        self._stack.close()

    def follow(self, part: Block | Action) -> None:
        """Do what stands next in the document, or compare it with what happens.

        Raises:
            AssertionError: it is not as the document says.
        """
        if isinstance(part, Action):
            self._act(part)
        elif part.kind == "python" and self._server:
            self._run_python(part)
        elif part.kind == "talk":
            self._replay_talk(part)
        elif part.kind == "text" and self._window:
            self._compare_window(part.lines)
        elif part.kind == "console":
            self._replay_console(part)

    def _act(self, action: Action) -> None:
        match action.what:
            case "enter":
                one = self._people[action.who] = Participant(action.who, LOOPBACK, self._port)
                self._wait(one.is_in)
            case "say":
                self._say(self._people[action.who], action.text)
            case "leave":
                self._leave(action.who)
            case "kill":
                assert self._server
                self._server.process.kill()
                self._server.process.wait()
                self._server = None
            case "offline":
                one = self._people[action.who]
                self._wait(lambda: one.session.state.phase is Phase.WAITING)
            case "online":
                one = self._people[action.who]
                self._wait(lambda: one.is_in() and not one.session.unconfirmed)
            case "window":
                self._window = action.who
            case "refused":
                self._expects_refusal = True
            case "define":
                pass  # for the transcripts of the protocol
            case _:
                raise AssertionError(f"no such action: {action}")

    def _wait(self, until: Callable[[], bool]) -> None:
        run_together([one.runner for one in self._people.values()], until, DEADLINE)

    def _say(self, one: Participant, text: str) -> None:
        assert one.room
        one.session.submit(one.room, text)
        one.runner.handle_waiting()
        if one.session.state.phase is Phase.ONLINE:
            line = f"{one.session.state.nick}: {text}"
            everybody = [each for each in self._people.values() if not text.startswith("/")]
            self._wait(
                lambda: not one.session.unconfirmed and all(line in each.shown() for each in everybody)
            )

    def _leave(self, name: str) -> None:
        self._people.pop(name).close()

    def _replay_console(self, block: Block) -> None:
        arguments = block.command
        if all(line.startswith("$ ") for line in block.lines):
            return  # nothing is said about what it prints
        if step := re.match(r"\$ python3 (docs/steps/\S+)", block.lines[0]):
            self._start_step(step[1], block.lines[1:])
        elif arguments is None:
            assert self._server
            compare_output(self._server, block.lines)
        elif self._expects_refusal:
            self._expects_refusal = False
            result = run(*arguments, "--port", str(self._port))
            assert result.returncode == 2
            compare_lines(block.lines[1:], result.stderr.splitlines())
        elif arguments[:1] == ["server"]:
            self._start(arguments, block.lines[1:])
        else:
            result = run(*arguments)
            assert result.returncode == 0, result
            compare_lines(block.lines[1:], result.stdout.splitlines())

    def _start_step(self, path: str, lines: list[str]) -> None:
        """Start a server of the steps on a free port, without clients."""
        self._server = Program("0", program=[sys.executable, str(ROOT / path)])
        self._stack.enter_context(self._server)
        self._server.address()
        compare_lines(lines, self._server.lines)
        self._consoles = {}

    def _replay_talk(self, block: Block) -> None:
        """Replay `Anna → what she types` and `Anna ← what her console client prints`."""
        assert self._server
        for line in block.lines:
            name, arrow, text = split_spoken(line)
            if name not in self._consoles:
                self._consoles[name] = self._stack.enter_context(console_client(self._server.address()))
            if arrow == "→":
                self._consoles[name].type_line(text)
            else:
                compare_output(self._consoles[name], [text])

    def _start(self, arguments: list[str], lines: list[str]) -> None:
        """Start a server on a free port, or on the port of the one that was killed."""
        if "--port" in arguments:
            at = arguments.index("--port")
            arguments = arguments[:at] + arguments[at + 2 :]
        is_another = self._server is not None
        port = "0" if is_another else str(self._port)
        # As the program itself has it: a history for each port, which a server finds again.
        history = self._folder / f"history-{port}.sqlite3" if is_another else self._folder / "history.sqlite3"
        server = Program(*arguments, "--port", port, "--history", history)
        self._stack.enter_context(server)
        compare_output(server, lines)
        if not is_another:
            self._server = server
            found = [re.search(r" 127\.0\.0\.1:(\d+)$", line) for line in server.lines]
            self._port = next(int(one[1]) for one in found if one)

    def _run_python(self, block: Block) -> None:
        code = "\n".join(block.lines).replace("6667", str(self._port))
        client = Program(program=[sys.executable, "-c", code], environment={"PYTHONIOENCODING": "utf-8"})
        self._stack.enter_context(client)
        client.expect(" 366 ")

    def _compare_window(self, lines: list[str]) -> None:
        one = self._people[self._window]
        self._window = ""
        try:
            self._wait(lambda: _fits(_without_chance(lines), _without_chance(one.shown())))
        except TimeoutError:
            raise AssertionError("the window shows:\n" + "\n".join(one.shown())) from None


_CHANCE: Final = re.compile(
    "Client quit|клиент вышел|server closed the connection|connection was lost"
    "|Сервер закрыл соединение|Связь прервалась"
)


def _without_chance(lines: list[str]) -> list[str]:
    """Leave out what is chance when a server is killed: how connections end, and a QUIT just before."""
    return [line for line in lines if not _CHANCE.search(line)]


def console_client(address: tuple[str, int]) -> Program:
    """Start the console client of the steps, with a keyboard."""
    command = [sys.executable, str(CONSOLE_CLIENT), *map(str, address)]
    return Program(program=command, environment={"PYTHONUTF8": "1"}, has_keyboard=True)


def split_spoken(line: str) -> tuple[str, str, str]:
    """Split a line of a conversation, `Anna → text` or `Anna ← text`."""
    found = re.fullmatch(r"(\w+) ([→←]) (.+)", line)
    assert found, line
    return found[1], found[2], found[3]


def replay_irc(irc: Irc, block: Block) -> None:
    """Replay `Anna → a line that she sends` and `Anna ← a line that she gets`."""
    clients: dict[str, Client] = {}
    skipping: set[str] = set()
    skip = False
    for line in block.lines:
        if line == ELLIPSIS:
            skip = True
            continue
        name, arrow, text = split_spoken(line)
        if name not in clients:
            clients[name] = irc.raw()
        if skip:
            skipping.add(name)
            skip = False
        if arrow == "→":
            clients[name].send(text)
        elif name in skipping:
            skipping.remove(name)
            clients[name].expect(pattern(text))
        else:
            got = clients[name].expect(".*")[0]
            assert re.search(pattern(text), got), f"{name} got {got!r}, the document says {text!r}"


def compare_output(program: Program, lines: list[str]) -> None:
    """Wait for these lines, in this order, and no others between them (unless `…` is among them)."""
    gaps = ELLIPSIS in lines
    for line in lines:
        if line != ELLIPSIS:
            before = len(program.lines)
            program.expect(pattern(line))
            others = program.lines[before:-1]
            assert gaps or not others, f"not in the document: {others}"


def compare_lines(lines: list[str], printed: list[str]) -> None:
    """Compare what a program printed with a transcript."""
    assert _fits(lines, printed), "printed:\n" + "\n".join(printed)


def _fits(lines: list[str], printed: list[str]) -> bool:
    wanted = "".join(r"(?:.*\n)*" if one == ELLIPSIS else pattern(one)[1:-1] + r"\n" for one in lines)
    return bool(re.fullmatch(wanted, "".join(f"{one}\n" for one in printed)))
