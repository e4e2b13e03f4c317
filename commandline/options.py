"""The options of each command. Other programs rely on them: add, but take nothing away.

To add one, give the command's class a field: its name, its type, and the `option` that reads it.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import ClassVar, Final

from chatroom.config import Config
from client.net.address import DEFAULT_PORT, DEFAULT_TLS_PORT
from commandline import argument_types as types
from commandline.parser import Examples, Parser, option
from commandline.process import program_name
from program.variables import OPERATOR_PASSWORD_VARIABLE, PASSWORD_VARIABLE
from program.version import NAME, VERSION
from translations import LANGUAGES, _, later, translate

_SERVER: Final = Config()
_NUMBER: Final = later("N")
_FILE: Final = later("FILE")
_NAME: Final = later("NAME")
_TEXT: Final = later("TEXT")
_PASSWORD: Final = later("PASSWORD")
_ROOM: Final = "'#lab'"
_PORT: Final = later("the server's port ({default})")
_PASSWORD_FILE: Final = later(
    "read it from a file's first line; it may also be in the environment variable {variable}"
)
_NO_ASK: Final = later("do not ask for a prediction")


def parse(arguments: Sequence[str]) -> "Command | None":
    """Return the command that the command line asks for; None if it names none.

    Raises:
        UserFacingError: there is something wrong with it.
        SystemExit: help or the version was asked for, and printed.
    """
    parsed, unknown = make_parser().parse_known_args(arguments)
    parser: Parser = parsed.parser
    if parsed.command is JudgeCommand:  # argparse takes its words only where they stand together
        parsed.what = [*parsed.what, *(word for word in unknown if not word.startswith("-"))]
        unknown = [word for word in unknown if word.startswith("-")]
    if unknown:
        parser.reject_unknown(unknown[0])
    command_class: type[Command] | None = parsed.command
    if command_class is None:
        return None
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
            if command.roster_only and not command.roster:
                return _("Who is on the roster? Name its file: --roster FILE.")
            if command.history_limit is not None and command.no_history:
                return _("Where no messages are kept there is nothing to limit: leave --history-limit out.")
            if bool(command.tls_cert) != bool(command.tls_key):
                return _("TLS needs both a certificate and its key: --tls-cert and --tls-key.")
            if command.tls_port is not None and not command.tls_cert:
                return _("A port for TLS needs a certificate: --tls-cert and --tls-key.")
        case ExportCommand(attendance=True) if command.room or command.format not in (None, "csv", "json"):
            return _(
                "Attendance is of the whole class, as csv or json: leave --room out, or choose one of these."
            )
        case ExportCommand(attendance=False, format="csv"):
            return _("A table (csv) is made of attendance: add --attendance, or choose txt, html or json.")
        case JudgeCommand(what=what):
            match what:
                case [] | ["client"] | ["window"] | ["server", _] | ["table", _, *_]:
                    return ""
            return _(
                "What is to be judged? Write “server ADDRESS:PORT”, “client”, “window” or “table FILES”."
            )
        case LabCommand(experiment=None) if (
            command.parameters() or command.predict is not None or command.no_ask
        ):
            return _("Which experiment? “{command}” lists them.").format(command=f"{program_name()} lab")
    return ""


def opens_windows(arguments: Sequence[str]) -> bool:
    """Tell whether the command line asks for windows rather than for something to be printed."""
    match arguments:
        case [] | ["client", *_] | ["judge", "window", *_]:
            return True
    return arguments[0] == "demo" and "--text" not in arguments


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
        examples=(
            ("demo", later("a server and three windows that talk")),
            ("server --lan", later("a server for the whole classroom")),
            ("client --server 192.168.0.10", later("a window that connects to that server")),
        ),
    )
    parser.set_defaults(parser=parser, command=None)
    parser.add_argument(
        "--version", action="version", version=f"{NAME} {VERSION}", help=_("show the version and exit")
    )
    _add_language(parser)
    commands = parser.add_subparsers(
        title=_("commands"), metavar=_("COMMAND"), prog=program, parser_class=Parser
    )
    for name, command in _COMMANDS.items():
        added: Parser = commands.add_parser(
            name,
            help=translate(command.SUMMARY),
            description=translate(command.DESCRIPTION),
            examples=command.EXAMPLES,
        )
        added.add_options(fields(command))
        added.set_defaults(parser=added, command=command)
        _add_language(added)
    return parser


def _add_language(parser: Parser) -> None:
    meaning = _("the language: ru is Russian, en English")
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=meaning)


@dataclass(frozen=True, slots=True)
class ServerCommand:
    """`server`."""

    SUMMARY: ClassVar = later("start a chat server")
    DESCRIPTION: ClassVar = later("Start a chat server and print what happens until Ctrl+C stops it.")
    EXAMPLES: ClassVar[Examples] = (
        ("", later("only programs on this computer can connect")),
        ("--lan", later("the whole classroom can connect")),
        ("--port 7000 --no-history", later("another port, and nothing is kept")),
        ("--tls-cert chat.pem --tls-key chat.key", later("a second port, with TLS")),
        ("--wire", later("show every socket call and its bytes")),
    )
    host: str = option(
        later("the address to listen on (127.0.0.1: only this computer)"),
        later("ADDRESS"),
        default="127.0.0.1",
        group="where",
    )
    lan: bool = option(later("let other computers of the network connect"), group="where")
    no_discovery: bool = option(later("with --lan: do not answer who looks for servers in the network"))
    port: int = option(
        later("the port to listen on ({default}; 0: the system chooses one)"),
        _NUMBER,
        types.port,
        DEFAULT_PORT,
    )
    tls_cert: Path | None = option(later("the certificate (PEM): listen with TLS too"), _FILE, types.file)
    tls_key: Path | None = option(later("the certificate's key (PEM)"), _FILE, types.file)
    tls_port: int | None = option(
        later("the port that speaks TLS ({usual})"), _NUMBER, types.port, usual=DEFAULT_TLS_PORT
    )
    name: str = option(later("the server's name in the protocol"), _NAME, types.server_name, _SERVER.name)
    description: str = option(
        later("a line about the server that clients can see"), _TEXT, types.line, _SERVER.description
    )
    motd: Path | None = option(later("a text file that everybody sees on connecting"), _FILE, types.file)
    password: str | None = option(
        later("the password that is needed to connect"), _PASSWORD, group="password"
    )
    password_file: Path | None = option(
        _PASSWORD_FILE, _FILE, types.file, group="password", variable=PASSWORD_VARIABLE
    )
    oper: str | None = option(later("the name of the operator (the teacher)"), _NAME, types.word)
    oper_password: str | None = option(later("the operator's password"), _PASSWORD, group="oper password")
    oper_password_file: Path | None = option(
        _PASSWORD_FILE, _FILE, types.file, group="oper password", variable=OPERATOR_PASSWORD_VARIABLE
    )
    roster: Path | None = option(
        later("who is expected in the class: a text file with a name a line, or a table (CSV)"),
        _FILE,
        types.file,
    )
    group: str = option(
        later("the group that is taught: the archive calls the class by it"), _NAME, types.line, default=""
    )
    roster_only: bool = option(later("let nobody in who is not on the roster, but from this computer"))
    oper_from_network: bool = option(
        later("let the operator's password come over the network without TLS, where others can read it")
    )
    rooms: tuple[str, ...] | None = option(
        later("the rooms of the class, in which the operator alone has power ({usual})"),
        later("ROOMS"),
        types.rooms,
        usual=",".join(_SERVER.rooms),
    )
    reserve: tuple[str, ...] | None = option(
        later("nicks that the operator alone may have, with commas"), later("NICKS"), types.nicks
    )
    per_address: int = option(
        later("how many connections one address may have ({default}); this computer may have any number"),
        _NUMBER,
        types.count,
        _SERVER.limits.clients_per_address,
    )
    history: Path | None = option(
        later("the file that keeps the messages (one in your data folder)"), _FILE, types.file, group="kept"
    )
    no_history: bool = option(later("keep no messages"), group="kept")
    history_limit: int | None = option(
        later("how many messages are kept ({usual}; 0: all)"),
        _NUMBER,
        types.number,
        usual=1_000_000,
    )
    ascii_nicks: bool = option(later("allow names of Latin letters only"))
    no_throttle: bool = option(later("do not slow down clients that send too much"))
    max_clients: int = option(
        later("how many clients may be connected at once ({default})"), _NUMBER, types.count, 1000
    )
    wire: bool = option(later("print every socket call with its bytes"))
    window: bool = option(later("show the server's threads in a window, live"))
    quiet: bool = option(later("print only the address and errors"))


@dataclass(frozen=True, slots=True)
class ClientCommand:
    """`client`; the window asks for what is None."""

    SUMMARY: ClassVar = later("open a client window")
    DESCRIPTION: ClassVar = later(
        "Open a window that connects to a server; what is not given here is asked for there."
    )
    EXAMPLES: ClassVar[Examples] = (
        ("", later("the window asks where to connect")),
        (later("--server 192.168.0.10 --nick Anna"), later("connect at once")),
        ("--server localhost:7000 --room '#lab'", later("another port")),
    )
    server: str | None = option(
        later("the server to connect to (port {usual}, with TLS {tls})"),
        later("ADDRESS[:PORT]"),
        types.server_address,
        usual=DEFAULT_PORT,
        tls=DEFAULT_TLS_PORT,
    )
    tls: bool = option(later("connect with TLS; the server's certificate is checked"))
    tls_fingerprint: str | None = option(
        later("connect with TLS to the server whose certificate has this fingerprint, and to no other"),
        "SHA256",
        types.fingerprint,
    )
    no_discovery: bool = option(later("do not look for servers in the network"))
    nick: str | None = option(later("your name in the chat"), later("NICK"), types.nick)
    user: str | None = option(
        later("your user name on the server, such as anna/network for a bouncer (like the name in the chat)"),
        _NAME,
        types.user,
    )
    room: str | None = option(later("the room to enter (that of last time, or #lab)"), _ROOM, types.room)
    password: str | None = option(later("the server's password"), _PASSWORD, group="password")
    password_file: Path | None = option(
        _PASSWORD_FILE, _FILE, types.file, group="password", variable=PASSWORD_VARIABLE
    )


@dataclass(frozen=True, slots=True)
class DemoCommand:
    """`demo`."""

    SUMMARY: ClassVar = later("a server and several clients that talk by themselves")
    DESCRIPTION: ClassVar = later(
        "Start a server and several client windows that hold a short conversation and then are yours. "
        "Everything ends with the last window or with Ctrl+C."
    )
    EXAMPLES: ClassVar[Examples] = (
        ("--clients 4", later("four windows")),
        ("--text", later("without windows: print what everybody sent and received")),
    )
    clients: int = option(
        later("how many clients, 2 to {most} ({default})"),
        _NUMBER,
        types.demo_clients,
        3,
        most=types.MAX_DEMO_CLIENTS,
    )
    text: bool = option(later("print the conversation instead of opening windows"))


@dataclass(frozen=True, slots=True)
class CheckCommand:
    """`check`."""

    SUMMARY: ClassVar = later("see whether this computer is ready for the class")
    DESCRIPTION: ClassVar = later(
        "Check what a class needs on this computer, and say what to do about what is missing. Nothing "
        "but this computer is contacted, unless a server is named: then the way to it is checked. The exit "
        "code is 0 if nothing stands in the way, else 1."
    )
    EXAMPLES: ClassVar[Examples] = (
        ("", later("this computer, before the class")),
        ("--server 192.168.0.10", later("why can I not connect to that server?")),
    )
    port: int = option(_PORT, _NUMBER, types.port, DEFAULT_PORT, group="what")
    server: str | None = option(
        later("check the way from here to this server instead: name, network, TCP, protocol, password"),
        later("ADDRESS[:PORT]"),
        types.server_address,
        group="what",
    )
    tls: bool = option(later("that server is to be reached with TLS"))
    password: str | None = option(later("that server's password"), _PASSWORD, group="password")
    password_file: Path | None = option(
        _PASSWORD_FILE, _FILE, types.file, group="password", variable=PASSWORD_VARIABLE
    )


@dataclass(frozen=True, slots=True)
class ExportCommand:
    """`export`; without a history it reads the one of the port, without a room all rooms."""

    SUMMARY: ClassVar = later("write what was said in the rooms to a file")
    DESCRIPTION: ClassVar = later(
        "Print the history of the rooms, or write it to a file; the server may be running. Private talks "
        "are left out."
    )
    EXAMPLES: ClassVar[Examples] = (
        ("--format html --out class.html", later("a page for the browser")),
        ("--room '#lab'", later("print one room")),
        ("--attendance --out class.csv", later("who was in the class, for a spreadsheet")),
    )
    history: Path | None = option(
        later("the history to read (the one in your data folder that belongs to the port)"),
        _FILE,
        types.file,
        group="which",
    )
    port: int = option(_PORT, _NUMBER, types.port, DEFAULT_PORT, group="which")
    room: str | None = option(later("only this room (all rooms)"), _ROOM, types.room)
    attendance: bool = option(later("who was in the class, from when to when, instead of what was said"))
    format: str | None = option(
        later("txt is text, html a page for the browser, json for programs; csv a table of attendance"),
        choices=("txt", "html", "json", "csv"),
    )
    out: Path | None = option(later("the file to write (it is printed)"), _FILE, Path)


@dataclass(frozen=True, slots=True)
class ArchiveCommand:
    """`archive`; without `delete` it lists the classes."""

    SUMMARY: ClassVar = later("list or delete the classes in the archive")
    DESCRIPTION: ClassVar = later(
        "List the classes that were closed or saved, each in a folder with a page of what was said and a "
        "table of who attended; or delete them."
    )
    EXAMPLES: ClassVar[Examples] = (
        ("", later("the classes in the archive")),
        ("--delete 2026-09-01-A1", later("delete one; it asks first")),
    )
    history: Path | None = option(
        later("the server's history, beside which the archive is (the one of the port)"),
        _FILE,
        types.file,
        group="which",
    )
    port: int = option(_PORT, _NUMBER, types.port, DEFAULT_PORT, group="which")
    delete: str | None = option(later("delete this class; all: every one"), _NAME)
    yes: bool = option(later("do not ask before something is deleted"))


@dataclass(frozen=True, slots=True)
class LabCommand:
    """`lab`; which experiments and parameters there are, the laboratory itself knows."""

    SUMMARY: ClassVar = later("do an experiment with real sockets")
    DESCRIPTION: ClassVar = later(
        "Show what TCP does to messages, and what breaks a chat: a question, your prediction, and then "
        "what really happens, in bytes."
    )
    EXAMPLES: ClassVar[Examples] = (
        ("", later("the experiments")),
        ("glue", later("several sends, one recv")),
        ("letter --bytes 7 --no-ask", later("a letter cut at another place; no question")),
    )
    experiment: str | None = option(
        later("the experiment's name; without it, the experiments are listed"), _NAME, positional="?"
    )
    count: int | None = option(
        later("how many messages (where the experiment has them)"), _NUMBER, types.number
    )
    bytes: int | None = option(
        later("how many bytes (where the experiment asks for them)"), _NUMBER, types.number
    )
    delay: int | None = option(
        later("a time in milliseconds (where the experiment has one)"), later("MS"), types.number
    )
    predict: int | None = option(later("the number of your prediction"), _NUMBER, types.number, group="asked")
    no_ask: bool = option(_NO_ASK, group="asked")

    def parameters(self) -> dict[str, int]:
        """Return the parameters of the experiment that are not to be as usual."""
        named = {"count": self.count, "bytes": self.bytes, "delay": self.delay}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ReportCommand:
    """`report`."""

    SUMMARY: ClassVar = later("write a laboratory report with the data of a run")
    DESCRIPTION: ClassVar = later(
        "Let three clients talk through a server, do experiments, and write a report for Word and "
        "LibreOffice or for the browser: what was said, calls and their bytes, a sequence diagram, the "
        "threads, the results. What the title page says is remembered from the window's report. Answers "
        "and conclusion are left to you."
    )
    EXAMPLES: ClassVar[Examples] = (
        ("--experiments glue,letter --out report.html", later("two experiments, for the browser")),
        ("--experiments all --pcap lab.pcapng", later("with all, and a file for Wireshark")),
    )
    out: Path = option(
        later("the report to write, a .docx or a .html ({default})"), _FILE, Path, Path("report.docx")
    )
    experiments: str = option(
        later("the experiments to do, with commas; none: do none ({default}: every one)"),
        later("NAMES"),
        default="all",
    )
    no_ask: bool = option(_NO_ASK)
    pcap: Path | None = option(later("also write the calls to a file for Wireshark (pcapng)"), _FILE, Path)
    judgement: Path | None = option(
        later("what the judge has said of your program: the file of “judge … --json FILE”"), _FILE, types.file
    )
    listing: tuple[Path, ...] = option(
        later("the files of your own program, with commas: their text is appended"),
        later("FILES"),
        types.files,
        (),
    )
    ministry: str = option(later("for the title page: the ministry"), _TEXT, types.line, default="")
    university: str = option(later("for the title page: the university"), _TEXT, types.line, default="")
    department: str = option(later("for the title page: the department"), _TEXT, types.line, default="")
    course: str = option(later("for the title page: the course"), _TEXT, types.line, default="")
    work: str = option(later("for the title page: the number of the work"), _TEXT, types.line, default="")
    topic: str = option(later("for the title page: the topic of the work"), _TEXT, types.line, default="")
    variant: str = option(later("for the title page: your variant"), _TEXT, types.line, default="")
    group: str = option(later("for the title page: your group"), _TEXT, types.line, default="")
    name: str = option(later("for the title page: your name"), _TEXT, types.line, default="")
    teacher: str = option(later("for the title page: the teacher"), _TEXT, types.line, default="")
    city: str = option(later("for the title page: the city"), _TEXT, types.line, default="")


@dataclass(frozen=True, slots=True)
class JudgeCommand:
    """`judge`; which protocols, checks and variants there are, the laboratory itself knows."""

    SUMMARY: ClassVar = later("judge a program of your own, in any language")
    DESCRIPTION: ClassVar = later(
        "Check a server or a client that you have written, level by level: what was sent, what was expected, "
        "what came back, what it means, and where the laboratory report explains it. To a client the judge "
        "is the server, and it says what you have to type. Or make one table of the JSON files of many "
        "programs. The exit code is 0 if all was passed, 1 if something failed, 2 if the judge could not "
        "start."
    )
    EXAMPLES: ClassVar[Examples] = (
        ("", later("the checks")),
        ("server 127.0.0.1:7000", later("a server that is running")),
        (
            later('server 127.0.0.1:7000 --run "python3 my_server.py 7000"'),
            later("the judge starts and stops it"),
        ),
        ("client", later("a client that you start yourself and type into, as the judge says")),
        (
            later('client --run "python3 my_client.py 127.0.0.1 7000 Anna"'),
            later("the judge types into it and reads what it prints"),
        ),
        ("server 127.0.0.1:7000 --level 4 --json me.json", later("the first four levels, for the teacher")),
        ("table anna.json boris.json --out group.csv", later("a table of the whole group")),
    )
    what: Sequence[str] = option(
        later(
            "server ADDRESS:PORT: judge a server; client: judge a client; window: open the judge's window; "
            "table FILES: make a table of JSON files; without it, the checks are listed"
        ),
        later("WHAT"),
        default=(),
        positional="*",
    )
    protocol: str | None = option(
        later(
            "lines: UTF-8 in lines; raw: text without line ends; irc: section 4 of the laboratory report; "
            "length, delimiter: as the variants say (lines, or the variant's)"
        ),
        choices=("lines", "raw", "irc", "length", "delimiter"),
    )
    level: int | None = option(later("judge up to this level (all)"), _NUMBER, types.count)
    variant: int | None = option(
        later("the number of your variant: its protocol, its feature, its levels"), _NUMBER, types.count
    )
    only: str | None = option(later("make this check alone, and what it needs"), _NAME)
    port: int = option(
        later("client: where the judge listens, on this computer alone ({default})"),
        _NUMBER,
        types.port,
        7000,
    )
    run: str | None = option(
        later("the command that starts your program: the judge starts, restarts and stops it"),
        later("COMMAND"),
    )
    log: Path | None = option(later("the file in which your program writes what is said"), _FILE, types.file)
    json: Path | None = option(later("also write the result for programs (JSON)"), _FILE, Path)
    report: Path | None = option(later("also write the result as a page for the browser"), _FILE, Path)
    out: Path | None = option(later("table: the file to write (it is printed)"), _FILE, Path)
    yes: bool = option(later("do not ask before another computer is contacted"))


Command = (
    ServerCommand
    | ClientCommand
    | DemoCommand
    | CheckCommand
    | ExportCommand
    | ArchiveCommand
    | LabCommand
    | JudgeCommand
    | ReportCommand
)
_COMMANDS: Final[dict[str, type[Command]]] = {
    "server": ServerCommand,
    "client": ClientCommand,
    "demo": DemoCommand,
    "check": CheckCommand,
    "export": ExportCommand,
    "archive": ArchiveCommand,
    "lab": LabCommand,
    "judge": JudgeCommand,
    "report": ReportCommand,
}
