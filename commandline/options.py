"""The options of each command. Other programs rely on them: add, but take nothing away.

To add one, give it a field in the command's class and an `add` in the function below that class.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

from client.net.address import DEFAULT_PORT, DEFAULT_TLS_PORT
from commandline import argument_types as types
from commandline.parser import Parser
from commandline.passwords import OPERATOR_PASSWORD_VARIABLE, PASSWORD_VARIABLE
from commandline.process import program_name
from program.version import NAME, VERSION
from translations import LANGUAGES, _

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Parser]

EXPORT_FORMATS: Final = ("txt", "html", "json")


def parse(arguments: Sequence[str]) -> "Command":
    """Return the command that the command line asks for.

    Raises:
        UserFacingError: there is something wrong with it.
        SystemExit: help or the version was asked for, and printed.
    """
    parsed, unknown = make_parser().parse_known_args(arguments)
    parser: Parser = parsed.parser
    if unknown:
        parser.reject_unknown(unknown[0])
    command_class: type[Command] = parsed.command
    command = command_class(**{field.name: getattr(parsed, field.name) for field in fields(command_class)})
    if contradiction := _contradiction(command):
        parser.error(contradiction)
    return command


def _contradiction(command: "Command") -> str:
    """Say what is wrong with options that are right one by one; empty if nothing is."""
    match command:
        case ServerCommand():
            if (command.oper_password or command.oper_password_file) and not command.oper:
                return _("A password for the operator needs a name for the operator: --oper NAME.")
            if bool(command.tls_cert) != bool(command.tls_key):
                return _("TLS needs both a certificate and its key: --tls-cert and --tls-key.")
            if command.tls_port is not None and not command.tls_cert:
                return _("A port for TLS needs a certificate: --tls-cert and --tls-key.")
        case LabCommand(experiment=None) if command.parameters() or command.predict is not None:
            return _("Which experiment? “{command}” lists them.").format(command=f"{program_name()} lab")
    return ""


def opens_windows(arguments: Sequence[str]) -> bool:
    """Tell whether the command line asks for windows rather than for something to be printed."""
    return not arguments or arguments[0] == "client" or (arguments[0] == "demo" and "--text" not in arguments)


def language_in(arguments: Sequence[str]) -> str | None:
    """Find `--lang` before anything is parsed, so that help and error messages are in that language."""
    for index, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--lang":
            value = value if equals else "".join(arguments[index + 1 : index + 2])
            return value if value in LANGUAGES else None
    return None


def make_parser() -> Parser:
    """Return the parser of all commands; it leaves the command's class and parser in the namespace."""
    program = program_name()
    parser = Parser(
        prog=program,
        description=_(
            "A chat over TCP sockets for a laboratory course: start a server, open several clients, and see "
            "how they talk. Without a command a window opens to choose in."
        ),
        examples=[
            (f"{program} demo", _("a server and three windows that talk")),
            (f"{program} server --lan", _("a server for the whole classroom")),
            (f"{program} client --server 192.168.0.10", _("a window that connects to that server")),
        ],
    )
    parser.set_defaults(parser=parser, command=LauncherCommand)
    parser.add_argument(
        "--version", action="version", version=f"{NAME} {VERSION}", help=_("show the version and exit")
    )
    _add_language(parser)
    commands = parser.add_subparsers(
        title=_("commands"), metavar=_("COMMAND"), prog=program, parser_class=Parser
    )
    for command, add_parser in (
        (ServerCommand, _add_server),
        (ClientCommand, _add_client),
        (DemoCommand, _add_demo),
        (CheckCommand, _add_check),
        (ExportCommand, _add_export),
        (LabCommand, _add_lab),
        (ReportCommand, _add_report),
    ):
        added = add_parser(commands, program)
        added.set_defaults(parser=added, command=command)
        _add_language(added)
    return parser


@dataclass(frozen=True, slots=True)
class LauncherCommand:
    """No command: a window to choose in."""


@dataclass(frozen=True, slots=True)
class ServerCommand:
    """`server`; where something is None, the server's own default holds."""

    host: str | None
    lan: bool
    port: int
    tls_cert: Path | None
    tls_key: Path | None
    tls_port: int | None
    name: str | None
    description: str | None
    motd: Path | None
    password: str | None
    password_file: Path | None
    oper: str | None
    oper_password: str | None
    oper_password_file: Path | None
    history: Path | None
    no_history: bool
    history_limit: int | None
    ascii_nicks: bool
    no_throttle: bool
    max_clients: int | None
    wire: bool
    window: bool
    quiet: bool


def _add_server(commands: "Commands", program: str) -> Parser:
    parser = commands.add_parser(
        "server",
        help=_("start a chat server"),
        description=_("Start a chat server and print what happens until Ctrl+C stops it."),
        examples=[
            (f"{program} server", _("only programs on this computer can connect")),
            (f"{program} server --lan", _("the whole classroom can connect")),
            (f"{program} server --port 7000 --no-history", _("another port, and nothing is kept")),
            (f"{program} server --tls-cert chat.pem --tls-key chat.key", _("a second port, with TLS")),
            (f"{program} server --wire", _("show every socket call and its bytes")),
        ],
    )
    add = parser.add_argument
    where = parser.add_mutually_exclusive_group()
    host = _("the address to listen on (127.0.0.1: only this computer)")
    where.add_argument("--host", metavar=_("ADDRESS"), help=host)
    where.add_argument("--lan", action="store_true", help=_("let other computers of the network connect"))
    port = _("the port to listen on ({default}; 0: the system chooses one)").format(default=DEFAULT_PORT)
    add("--port", type=types.port, default=DEFAULT_PORT, metavar=_("N"), help=port)
    add("--tls-cert", type=Path, metavar=_("FILE"), help=_("the certificate (PEM): listen with TLS too"))
    add("--tls-key", type=Path, metavar=_("FILE"), help=_("the certificate's key (PEM)"))
    tls_port = _("the port that speaks TLS ({default})").format(default=DEFAULT_TLS_PORT)
    add("--tls-port", type=types.port, metavar=_("N"), help=tls_port)
    add("--name", type=types.server_name, metavar=_("NAME"), help=_("the server's name in the protocol"))
    description = _("a line about the server that clients can see")
    add("--description", type=types.line, metavar=_("TEXT"), help=description)
    add("--motd", type=Path, metavar=_("FILE"), help=_("a text file that everybody sees on connecting"))
    _add_password(parser, "--password", _("the password that is needed to connect"), PASSWORD_VARIABLE)
    add("--oper", type=types.word, metavar=_("NAME"), help=_("the name of the operator (the teacher)"))
    _add_password(parser, "--oper-password", _("the operator's password"), OPERATOR_PASSWORD_VARIABLE)
    kept = parser.add_mutually_exclusive_group()
    history = _("the file that keeps the messages (one in your data folder)")
    kept.add_argument("--history", type=Path, metavar=_("FILE"), help=history)
    kept.add_argument("--no-history", action="store_true", help=_("keep no messages"))
    history_limit = _("how many messages are kept, the newest (1000000; 0: all)")
    add("--history-limit", type=types.number_from_zero, metavar=_("N"), help=history_limit)
    add("--ascii-nicks", action="store_true", help=_("allow names of Latin letters only"))
    add("--no-throttle", action="store_true", help=_("do not slow down clients that send too much"))
    max_clients = _("how many clients may be connected at once (1000)")
    add("--max-clients", type=types.count, metavar=_("N"), help=max_clients)
    add("--wire", action="store_true", help=_("print every socket call with its bytes"))
    add("--window", action="store_true", help=_("show the server's threads in a window, live"))
    add("--quiet", action="store_true", help=_("print only the address and errors"))
    return parser


@dataclass(frozen=True, slots=True)
class ClientCommand:
    """`client`; the window asks for what is None."""

    server: str | None
    tls: bool
    tls_fingerprint: str | None
    nick: str | None
    room: str | None
    password: str | None
    password_file: Path | None


def _add_client(commands: "Commands", program: str) -> Parser:
    parser = commands.add_parser(
        "client",
        help=_("open a client window"),
        description=_("Open a window that connects to a server; what is not given here is asked for there."),
        examples=[
            (f"{program} client", _("the window asks where to connect")),
            (f"{program} client --server 192.168.0.10 --nick {_('Anna')}", _("connect at once")),
            (f"{program} client --server localhost:7000 --room '#lab'", _("another port")),
        ],
    )
    add = parser.add_argument
    server = _("the server to connect to (port {default}, with TLS {tls})").format(
        default=DEFAULT_PORT, tls=DEFAULT_TLS_PORT
    )
    add("--server", type=types.server_address, metavar=_("ADDRESS[:PORT]"), help=server)
    add("--tls", action="store_true", help=_("connect with TLS; the server's certificate is checked"))
    tls_fingerprint = _(
        "connect with TLS to the server whose certificate has this fingerprint, and to no other"
    )
    add("--tls-fingerprint", type=types.fingerprint, metavar="SHA256", help=tls_fingerprint)
    add("--nick", type=types.nick, metavar=_("NAME"), help=_("your name in the chat"))
    add("--room", type=types.room, metavar="'#lab'", help=_("the room to enter (#lab)"))
    _add_password(parser, "--password", _("the server's password"), PASSWORD_VARIABLE)
    return parser


@dataclass(frozen=True, slots=True)
class DemoCommand:
    """`demo`."""

    clients: int
    text: bool


def _add_demo(commands: "Commands", program: str) -> Parser:
    parser = commands.add_parser(
        "demo",
        help=_("a server and several clients that talk by themselves"),
        description=_(
            "Start a server and several client windows that hold a short conversation and then are yours. "
            "Everything ends with the last window or with Ctrl+C."
        ),
        examples=[
            (f"{program} demo --clients 4", _("four windows")),
            (f"{program} demo --text", _("without windows: print what everybody sent and received")),
        ],
    )
    clients = _("how many clients, 2 to {most} (3)").format(most=types.MAX_DEMO_CLIENTS)
    parser.add_argument("--clients", type=types.demo_clients, default=3, metavar=_("N"), help=clients)
    text = _("print the conversation instead of opening windows")
    parser.add_argument("--text", action="store_true", help=text)
    return parser


@dataclass(frozen=True, slots=True)
class CheckCommand:
    """`check`."""

    port: int


def _add_check(commands: "Commands", _program: str) -> Parser:
    parser = commands.add_parser(
        "check",
        help=_("see whether this computer is ready for the class"),
        description=_(
            "Check what a class needs on this computer, and say what to do about what is missing. Nothing "
            "but this computer is contacted. The exit code is 0 if nothing stands in the way, else 1."
        ),
    )
    _add_port(parser)
    return parser


@dataclass(frozen=True, slots=True)
class ExportCommand:
    """`export`; without a history it reads the one of the port, without a room all rooms."""

    history: Path | None
    port: int
    room: str | None
    format: str
    """One of `EXPORT_FORMATS`."""
    out: Path | None


def _add_export(commands: "Commands", program: str) -> Parser:
    parser = commands.add_parser(
        "export",
        help=_("write what was said in the rooms to a file"),
        description=_(
            "Print the history of the rooms, or write it to a file; the server may be running. Private talks "
            "are left out."
        ),
        examples=[
            (f"{program} export --format html --out class.html", _("a page for the browser")),
            (f"{program} export --room '#lab'", _("print one room")),
        ],
    )
    add = parser.add_argument
    history = _("the history to read (the one in your data folder that belongs to the port)")
    add("--history", type=Path, metavar=_("FILE"), help=history)
    _add_port(parser)
    add("--room", type=types.room, metavar="'#lab'", help=_("only this room (all rooms)"))
    form = _("txt is text, html a page for the browser, json for programs (txt)")
    add("--format", choices=EXPORT_FORMATS, default=EXPORT_FORMATS[0], help=form)
    add("--out", type=Path, metavar=_("FILE"), help=_("the file to write (it is printed)"))
    return parser


@dataclass(frozen=True, slots=True)
class LabCommand:
    """`lab`; without an experiment they are listed."""

    experiment: str | None
    count: int | None
    bytes: int | None
    delay: int | None
    predict: int | None
    no_ask: bool

    def parameters(self) -> dict[str, int]:
        """Return the parameters of the experiment that are not to be as usual."""
        named = {"count": self.count, "bytes": self.bytes, "delay": self.delay}
        return {name: value for name, value in named.items() if value is not None}


def _add_lab(commands: "Commands", program: str) -> Parser:
    """Add `lab`; which experiments and parameters there are, the laboratory itself knows."""
    parser = commands.add_parser(
        "lab",
        help=_("do an experiment with real sockets"),
        description=_(
            "Show what TCP does to messages, and what breaks a chat: a question, your prediction, and then "
            "what really happens, in bytes."
        ),
        examples=[
            (f"{program} lab", _("the experiments")),
            (f"{program} lab glue", _("several sends, one recv")),
            (f"{program} lab letter --bytes 7 --no-ask", _("a letter cut at another place; no question")),
        ],
    )
    add = parser.add_argument
    experiment = _("the experiment's name; without it, the experiments are listed")
    add("experiment", nargs="?", metavar=_("NAME"), help=experiment)
    number = types.number_from_zero
    add("--count", type=number, metavar=_("N"), help=_("how many messages (where the experiment has them)"))
    add("--bytes", type=number, metavar=_("N"), help=_("how many bytes (where the experiment asks for them)"))
    delay = _("a time in milliseconds (where the experiment has one)")
    add("--delay", type=number, metavar=_("MS"), help=delay)
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--predict", type=number, metavar=_("N"), help=_("the number of your prediction"))
    asked.add_argument("--no-ask", action="store_true", help=_("do not ask for a prediction"))
    return parser


@dataclass(frozen=True, slots=True)
class ReportCommand:
    """`report`."""

    out: Path
    experiments: str
    """Names with commas between them, or `all`."""
    no_ask: bool
    pcap: Path | None
    university: str
    course: str
    group: str
    name: str
    teacher: str


def _add_report(commands: "Commands", program: str) -> Parser:
    parser = commands.add_parser(
        "report",
        help=_("write a laboratory report with the data of a run"),
        description=_(
            "Let three clients talk through a server, do experiments, and write a report for the browser, "
            "Word or LibreOffice: what was said, every call and its bytes, a sequence diagram, the threads, "
            "the results. Answers and conclusion are left to you."
        ),
        examples=[
            (f"{program} report --experiments glue,letter", _("with two experiments")),
            (
                f"{program} report --experiments all --pcap lab.pcapng",
                _("with all, and a file for Wireshark"),
            ),
        ],
    )
    add = parser.add_argument
    out = _("the report to write (report.html)")
    add("--out", type=Path, default=Path("report.html"), metavar=_("FILE"), help=out)
    experiments = _("the experiments to do, with commas; all: every one (none)")
    add("--experiments", default="", metavar=_("NAMES"), help=experiments)
    add("--no-ask", action="store_true", help=_("do not ask for a prediction"))
    pcap = _("also write the calls to a file for Wireshark (pcapng)")
    add("--pcap", type=Path, metavar=_("FILE"), help=pcap)
    for option, meaning in (
        ("--university", _("for the title page: the university")),
        ("--course", _("for the title page: the course")),
        ("--group", _("for the title page: your group")),
        ("--name", _("for the title page: your name")),
        ("--teacher", _("for the title page: the teacher")),
    ):
        add(option, default="", metavar=_("TEXT"), help=meaning)
    return parser


Command = (
    LauncherCommand
    | ServerCommand
    | ClientCommand
    | DemoCommand
    | CheckCommand
    | ExportCommand
    | LabCommand
    | ReportCommand
)


def _add_port(parser: Parser) -> None:
    port = _("the server's port ({default})").format(default=DEFAULT_PORT)
    parser.add_argument("--port", type=types.port, default=DEFAULT_PORT, metavar=_("N"), help=port)


def _add_password(parser: Parser, option: str, meaning: str, variable: str) -> None:
    parser.add_argument(option, metavar=_("PASSWORD"), help=meaning)
    file = _("read it from a file's first line; it may also be in the environment variable {variable}")
    parser.add_argument(f"{option}-file", type=Path, metavar=_("FILE"), help=file.format(variable=variable))


def _add_language(parser: Parser) -> None:
    meaning = _("the language: ru is Russian, en English")
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=meaning)
