"""The options of each command. Other programs rely on them: add, but take nothing away."""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from client.net.address import DEFAULT_PORT, DEFAULT_TLS_PORT, AddressError, parse_address
from commandline.lab_options import add_lab, add_report
from commandline.parser import Parser
from commandline.process import program_name
from program.version import NAME, VERSION
from protocol.names import is_channel, is_valid_channel, is_valid_nick
from protocol.text import visible
from sockets.tls import parse_fingerprint
from translations import LANGUAGES, _

MAX_DEMO_CLIENTS: Final = 9
EXPORT_FORMATS: Final = ("txt", "html", "json")
_SERVER_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?", re.ASCII)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command line; `command` in the result is the command's name, or None.

    Raises:
        Refusal: there is something wrong with it.
        SystemExit: help or the version was asked for, and printed.
    """
    parser, commands = _parsers()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        commands.get(options.command, parser).refuse_unknown(unknown[0])
    if (
        options.command == "server"
        and (options.oper_password or options.oper_password_file)
        and not options.oper
    ):
        commands["server"].error(_("A password for the operator needs a name for the operator: --oper NAME."))
    if options.command == "server" and bool(options.tls_cert) != bool(options.tls_key):
        commands["server"].error(_("TLS needs both a certificate and its key: --tls-cert and --tls-key."))
    if options.command == "server" and options.tls_port is not None and not options.tls_cert:
        commands["server"].error(_("A port for TLS needs a certificate: --tls-cert and --tls-key."))
    changed = options.command == "lab" and (options.count, options.bytes, options.delay, options.predict)
    if changed and options.experiment is None and any(value is not None for value in changed):
        commands["lab"].error(
            _("Which experiment? “{command}” lists them.").format(command=f"{program_name()} lab")
        )
    return options


def opens_windows(arguments: Sequence[str]) -> bool:
    """Tell whether the command line asks for windows rather than for something to be printed."""
    return not arguments or arguments[0] == "client" or (arguments[0] == "demo" and "--text" not in arguments)


def print_help() -> None:
    """Print the help on the whole program."""
    _parsers()[0].print_help()


def _parsers() -> tuple[Parser, dict[str, Parser]]:
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
    parser.add_argument(
        "--version", action="version", version=f"{NAME} {VERSION}", help=_("show the version and exit")
    )
    _add_language(parser)
    commands = parser.add_subparsers(
        title=_("commands"), dest="command", metavar=_("COMMAND"), prog=program, parser_class=Parser
    )
    server = commands.add_parser(
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
    client = commands.add_parser(
        "client",
        help=_("open a client window"),
        description=_("Open a window that connects to a server; what is not given here is asked for there."),
        examples=[
            (f"{program} client", _("the window asks where to connect")),
            (f"{program} client --server 192.168.0.10 --nick {_('Anna')}", _("connect at once")),
            (f"{program} client --server localhost:7000 --room '#lab'", _("another port")),
        ],
    )
    demo = commands.add_parser(
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
    check = commands.add_parser(
        "check",
        help=_("see whether this computer is ready for the class"),
        description=_(
            "Check what a class needs on this computer, and say what to do about what is missing. Nothing "
            "but this computer is contacted. The exit code is 0 if nothing stands in the way, else 1."
        ),
    )
    export = commands.add_parser(
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
    _fill_server(server)
    _fill_client(client)
    _fill_demo(demo)
    _add_port(check)
    _fill_export(export)
    lab, report = add_lab(commands, program), add_report(commands, program)
    made = {
        "server": server,
        "client": client,
        "demo": demo,
        "check": check,
        "export": export,
        "lab": lab,
        "report": report,
    }
    for each in made.values():
        _add_language(each)
    return parser, made


def _fill_server(parser: Parser) -> None:
    add = parser.add_argument
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--host", metavar=_("ADDRESS"), help=_("the address to listen on (127.0.0.1: only this computer)")
    )
    where.add_argument("--lan", action="store_true", help=_("let other computers of the network connect"))
    add(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        metavar=_("N"),
        help=_("the port to listen on ({default}; 0: the system chooses one)").format(default=DEFAULT_PORT),
    )
    add("--tls-cert", type=Path, metavar=_("FILE"), help=_("the certificate (PEM): listen with TLS too"))
    add("--tls-key", type=Path, metavar=_("FILE"), help=_("the certificate's key (PEM)"))
    add(
        "--tls-port",
        type=_port,
        metavar=_("N"),
        help=_("the port that speaks TLS ({default})").format(default=DEFAULT_TLS_PORT),
    )
    add("--name", type=_server_name, metavar=_("NAME"), help=_("the server's name in the protocol"))
    add(
        "--description", type=_line, metavar=_("TEXT"), help=_("a line about the server that clients can see")
    )
    add("--motd", type=Path, metavar=_("FILE"), help=_("a text file that everybody sees on connecting"))
    _add_password(parser, "--password", _("who connects must know this password"), "CHAT_PASSWORD")
    add("--oper", type=_word, metavar=_("NAME"), help=_("the name of the operator (the teacher)"))
    _add_password(parser, "--oper-password", _("the operator's password"), "CHAT_OPER_PASSWORD")
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument(
        "--history",
        type=Path,
        metavar=_("FILE"),
        help=_("the file that keeps the messages (one in your data folder)"),
    )
    kept.add_argument("--no-history", action="store_true", help=_("keep no messages"))
    add(
        "--history-limit",
        type=_limit,
        metavar=_("N"),
        help=_("how many messages are kept, the newest (1000000; 0: all)"),
    )
    add("--ascii-nicks", action="store_true", help=_("allow names of Latin letters only"))
    add("--no-throttle", action="store_true", help=_("do not slow down who sends too much"))
    add("--max-clients", type=_count, metavar=_("N"), help=_("how many may be connected at once (1000)"))
    add("--wire", action="store_true", help=_("print every socket call with its bytes"))
    add("--window", action="store_true", help=_("show the server's threads in a window, live"))
    add("--quiet", action="store_true", help=_("print only the address and errors"))


def _fill_client(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "--server",
        type=_server_address,
        metavar=_("ADDRESS[:PORT]"),
        help=_("the server to connect to (port {default}, with TLS {tls})").format(
            default=DEFAULT_PORT, tls=DEFAULT_TLS_PORT
        ),
    )
    add("--tls", action="store_true", help=_("connect with TLS; the server's certificate is checked"))
    add(
        "--tls-fingerprint",
        type=_fingerprint,
        metavar="SHA256",
        help=_("connect with TLS to the server whose certificate has this fingerprint, and to no other"),
    )
    add("--nick", type=_nick, metavar=_("NAME"), help=_("your name in the chat"))
    add("--room", type=_room, metavar="'#lab'", help=_("the room to enter (#lab)"))
    _add_password(parser, "--password", _("the server's password"), "CHAT_PASSWORD")


def _fill_demo(parser: Parser) -> None:
    parser.add_argument(
        "--clients",
        type=_demo_clients,
        default=3,
        metavar=_("N"),
        help=_("how many clients, 2 to {most} (3)").format(most=MAX_DEMO_CLIENTS),
    )
    parser.add_argument(
        "--text", action="store_true", help=_("print the conversation instead of opening windows")
    )


def _add_port(parser: Parser) -> None:
    parser.add_argument(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        metavar=_("N"),
        help=_("the server's port ({default})").format(default=DEFAULT_PORT),
    )


def _fill_export(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "--history",
        type=Path,
        metavar=_("FILE"),
        help=_("the history to read (the one in your data folder that belongs to the port)"),
    )
    _add_port(parser)
    add("--room", type=_room, metavar="'#lab'", help=_("only this room (all rooms)"))
    add(
        "--format",
        choices=EXPORT_FORMATS,
        default=EXPORT_FORMATS[0],
        help=_("txt is text, html a page for the browser, json for programs (txt)"),
    )
    add("--out", type=Path, metavar=_("FILE"), help=_("the file to write (it is printed)"))


def _add_password(parser: Parser, option: str, meaning: str, variable: str) -> None:
    parser.add_argument(option, metavar=_("PASSWORD"), help=meaning)
    parser.add_argument(
        f"{option}-file",
        type=Path,
        metavar=_("FILE"),
        help=_(
            "read it from a file's first line; it may also be in the environment variable {variable}"
        ).format(variable=variable),
    )


def _add_language(parser: Parser) -> None:
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=argparse.SUPPRESS,
        help=_("the language: ru is Russian, en English"),
    )


def _port(text: str) -> int:
    number = _number(text)
    if number is None or number > 65535:
        raise argparse.ArgumentTypeError(
            _("a port is a number from 0 to 65535, not “{text}”").format(text=text)
        )
    return number


def _count(text: str) -> int:
    number = _number(text)
    if not number:
        raise argparse.ArgumentTypeError(_("a number above 0 is needed, not “{text}”").format(text=text))
    return number


def _limit(text: str) -> int:
    number = _number(text)
    if number is None:
        raise argparse.ArgumentTypeError(_("a number, 0 or above, is needed, not “{text}”").format(text=text))
    return number


def _demo_clients(text: str) -> int:
    number = _number(text)
    if number is None or not 2 <= number <= MAX_DEMO_CLIENTS:
        raise argparse.ArgumentTypeError(
            _("a number from 2 to {most} is needed, not “{text}”").format(most=MAX_DEMO_CLIENTS, text=text)
        )
    return number


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _word(text: str) -> str:
    if not text or not text.isprintable() or " " in text or text.startswith(":"):
        raise argparse.ArgumentTypeError(_("a single word is needed, not “{text}”").format(text=text))
    return text


def _line(text: str) -> str:
    if not text.isprintable():
        raise argparse.ArgumentTypeError(
            _("a single line is needed, not “{text}”").format(text=visible(text))
        )
    return text


def _server_name(text: str) -> str:
    if not _SERVER_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(
            _(
                "a server's name is of Latin letters, digits, dots and hyphens, such as chat.lab, "
                "not “{text}”"
            ).format(text=text)
        )
    return text


def _server_address(text: str) -> str:
    try:
        parse_address(text)
    except AddressError:
        raise argparse.ArgumentTypeError(
            _(
                "an address is needed, such as 192.168.0.10 or 192.168.0.10:6667 (a port is at most 65535), "
                "not “{text}”"
            ).format(text=text)
        ) from None
    return text


def _fingerprint(text: str) -> str:
    try:
        return parse_fingerprint(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("a SHA-256 fingerprint is of 64 digits 0–9 and A–F; “{text}” is not").format(text=text)
        ) from None


def _nick(text: str) -> str:
    if not is_valid_nick(text):
        raise argparse.ArgumentTypeError(
            _(
                "a name is of up to 30 letters of one alphabet, digits, - and _, without spaces, and begins "
                "with a letter; “{text}” is not"
            ).format(text=text)
        )
    return text


def _room(text: str) -> str:
    bare = text.strip("'")  # which the console of Windows leaves in place
    name = bare if is_channel(bare) else f"#{bare}"
    if not is_valid_channel(name):
        raise argparse.ArgumentTypeError(
            _(
                "a room's name is # and up to 63 characters without spaces and commas, such as '#lab'; "
                "“{text}” is not"
            ).format(text=text)
        )
    return name
