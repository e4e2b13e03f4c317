"""`chat check --server ADDRESS`: the way from here to a server, and what to do where it ends."""

import contextlib
import secrets
import socket
import time
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import Final

from client.model.events import Problem
from client.net.address import DEFAULT_PORT, DEFAULT_TLS_PORT, format_address, parse_address, wants_tls
from client.net.discovery import Finder
from client.net.handshake import secure
from client.net.tls import Tls, TlsProblemError
from client.problems import explain_problem
from commandline.check import Finding, Verdict, print_findings
from commandline.no_discovery import is_off
from protocol.addresses import is_loopback
from protocol.framing import LineReader
from protocol.message import Message, decode
from protocol.text import visible, visible_bytes
from sockets.cards import Cards, lan_cards
from sockets.listening import describe_card
from translations import _
from translations.system_errors import explain_error

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 5.0
"""For the first line."""
LOGIN_SECONDS: Final = 35.0
"""For being let in: a password may wait for its turn."""
FIND_SECONDS: Final = 1.5
MOST_NAMED: Final = 5
"""Servers that are named where the given one cannot be reached."""
MOST_SHOWN: Final = 60
"""Bytes of what is no line of IRC."""


def run(address: str, password: str, *, tls: bool) -> int:
    """Print what was found on the way to the server; return 0 if it lets us in, else 1.

    Args:
        address: as it was typed; it is valid.
    """
    tls = tls or wants_tls(address)
    host, port = parse_address(address, DEFAULT_TLS_PORT if tls else DEFAULT_PORT)
    where = format_address(host, port)
    print(_("The way from this computer to the server {address}:").format(address=where))
    return print_findings(check_way(host, port, password, tls=tls))


def check_way(
    host: str, port: int, password: str, *, tls: bool, cards: Cards = lan_cards
) -> Iterator[Finding]:
    """Check one step after another, up to the first that fails."""
    addresses = look_up(host)
    yield explain_name(host, addresses)
    if not addresses:
        yield from others()
        return
    yield check_network(addresses, cards)
    try:
        sock = connect(addresses, port)
    except OSError as error:
        yield explain_no_connection(error, port)
        yield from others()
        return
    where = format_address(host, port)
    with contextlib.ExitStack() as at_end:
        at_end.callback(lambda: sock.close())  # noqa: PLW0108 - by then it may be the tunnel's
        yield Finding(Verdict.GOOD, "TCP", _("port {port} accepts a connection").format(port=port))
        if tls:
            try:
                sock = secure(sock, host, Tls(), lambda: connect(addresses, port), lambda: False)
            except TlsProblemError as error:
                text = explain_problem(error.problem, where, fingerprint=error.fingerprint, detail=str(error))
                yield Finding(Verdict.BAD, "TLS", text)
                return
            except OSError as error:
                yield Finding(Verdict.BAD, "TLS", explain_error(error))
                return
            yield Finding(Verdict.GOOD, "TLS", _("the certificate is trusted by this computer"))
        yield from check_login(Dialogue(sock), where, password)


# The steps.


def look_up(host: str) -> list[str]:
    """Return the addresses of a host, in the order in which they are tried; none if it is not known."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def connect(addresses: Sequence[str], port: int) -> socket.socket:
    """Connect to the first of a host's addresses that accepts it; what the last one says is raised."""
    for address in addresses[:-1]:
        with contextlib.suppress(OSError):
            return socket.create_connection((address, port), CONNECT_SECONDS)
    return socket.create_connection((addresses[-1], port), CONNECT_SECONDS)


def explain_name(host: str, addresses: Sequence[str]) -> Finding:
    """Say which addresses the name has."""
    subject = _("name")
    if not addresses:
        text = _("no computer called {name} is known here.").format(name=visible(host))
        advice = _("Look for a typing mistake, or type the address that stands on the board, in numbers.")
        return Finding(Verdict.BAD, subject, text, advice)
    with contextlib.suppress(ValueError):
        ip_address(host.partition("%")[0])
        return Finding(Verdict.GOOD, subject, _("{address} is an address, no name").format(address=host))
    text = _("{name} is {addresses}").format(name=visible(host), addresses=", ".join(addresses))
    return Finding(Verdict.GOOD, subject, text)


def check_network(addresses: Sequence[str], cards: Cards) -> Finding:
    """See whether one of this computer's cards is in the server's network."""
    subject = _("network")
    address = next((one for one in addresses if ":" not in one), None)
    if address is None:
        return Finding(Verdict.NOTE, subject, _("the address is IPv6; whether it is near is not known"))
    if is_loopback(address):
        return Finding(Verdict.GOOD, subject, _("this computer itself"))
    present = cards()
    for card in present:
        if card.address == address:
            return Finding(Verdict.GOOD, subject, _("this computer itself"))
        if card.reaches(address):
            text = _("the same as this computer’s ({own})").format(own=f"{card.address}/{card.prefix}")
            return Finding(Verdict.GOOD, subject, text)
    if not present:
        text = _("this computer is in no network.")
        return Finding(Verdict.NOTE, subject, text, _("Plug in the cable, or join the Wi-Fi."))
    own = ", ".join(
        f"{card.address}/{card.prefix}" + (f" ({but})" if (but := describe_card(card)) else "")
        for card in present
    )
    text = _("{address} is in another network than this computer ({own}).").format(address=address, own=own)
    advice = _("In a classroom, join the server’s network: its cable or its Wi-Fi, not the one for guests.")
    return Finding(Verdict.NOTE, subject, text, advice)


def explain_no_connection(error: OSError, port: int) -> Finding:
    """Say why there is no TCP connection."""
    if isinstance(error, ConnectionRefusedError):
        text = _("nothing listens at port {port} there.").format(port=port)
        advice = _(
            "Is the server started, with --lan, and is that its port? Its first lines say which it is."
        )
    elif isinstance(error, TimeoutError):
        text = _("no answer.")
        advice = _(
            "The computer is off, has another address, or its firewall keeps this program out. On a Wi-Fi "
            "for guests, computers are often kept apart: use a cable or another Wi-Fi."
        )
    else:
        text = f"{explain_error(error)}."
        advice = _("Look at the cable or the Wi-Fi of both computers, and at the address.")
    return Finding(Verdict.BAD, "TCP", text, advice)


def others() -> Iterator[Finding]:
    """Say which servers there are in this network."""
    if is_off():
        return
    found = Finder().find(FIND_SECONDS)
    if found:
        said = ", ".join(f"{one.address} ({one.offer.name})" for one in found[:MOST_NAMED])
        yield Finding(Verdict.NOTE, _("servers that were found here"), said)
    else:
        yield Finding(Verdict.NOTE, _("servers that were found here"), _("none"))


def check_login(dialogue: "Dialogue", where: str, password: str) -> Iterator[Finding]:
    """See whether it speaks IRC, which program it is, and whether it lets us in."""
    subject = _("protocol")
    try:
        dialogue.send("CAP LS 302")
        dialogue.send(*([f"PASS :{password}"] if password else []), *introduction())
        first = dialogue.read(ANSWER_SECONDS)
        if first is None:
            text = _("it says nothing that is IRC: {bytes}") if dialogue.raw else _("it says nothing.")
            text = text.format(bytes=visible_bytes(dialogue.raw[:MOST_SHOWN]))
            advice = _("That is another program, or a port that wants TLS: try it with --tls.")
            yield Finding(Verdict.BAD, subject, text, advice)
            return
        name = visible(first.source or first.command)
        yield Finding(Verdict.GOOD, subject, _("IRC; the server is called {name}").format(name=name))
        dialogue.send("CAP END")
        yield from _be_let_in(dialogue, first, password)
    except OSError as error:
        yield Finding(Verdict.BAD, subject, explain_problem(Problem.LOST), explain_error(error))
    with contextlib.suppress(OSError):
        dialogue.send("QUIT :check")


def introduction() -> list[str]:
    """Return the lines that say who we are; nobody is likely to have this nick."""
    return [f"NICK check{secrets.randbelow(10**6):06}", "USER check 0 * :chat check"]


def _be_let_in(dialogue: "Dialogue", first: Message | None, password: str) -> Iterator[Finding]:
    subject, message = _("way in"), first
    ends = time.monotonic() + LOGIN_SECONDS
    while message is not None:
        match message.command:
            case "433" | "432":
                dialogue.send(introduction()[0])
            case "PING":
                dialogue.send(f"PONG :{message.param(0)}")
            case "004":
                said = visible(message.param(2))
                yield Finding(Verdict.GOOD, _("version"), said)
                text = _("the server lets us in, with the password") if password else _("it lets us in")
                yield Finding(Verdict.GOOD, subject, text)
                return
            case "464":
                text = _("the password is wrong.") if password else _("the server needs a password.")
                advice = _("Ask for it, and try again: --password-file FILE, or the variable CHAT_PASSWORD.")
                yield Finding(Verdict.BAD, subject, text, advice)
                return
            case "465" | "ERROR":
                text = _("the server refuses: {reason}").format(reason=visible(" ".join(message.params[-1:])))
                yield Finding(Verdict.BAD, subject, text, _("Ask who runs the server."))
                return
            case _:
                pass
        message = dialogue.read(max(0.0, ends - time.monotonic()))
    yield Finding(Verdict.BAD, subject, _("it has not let us in in time."), _("Ask who runs the server."))


class Dialogue:
    """Lines there and back on a socket that waits."""

    def __init__(self, sock: socket.socket) -> None:
        self.raw = b""
        """The beginning of what has come."""
        self._socket = sock
        self._reader = LineReader()
        self._messages: list[Message] = []

    def send(self, *lines: str) -> None:
        """Send lines."""
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def read(self, seconds: float) -> Message | None:
        """Return the next message; None if none comes in time, or what comes is none."""
        end = time.monotonic() + seconds
        while not self._messages and (left := end - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                data = self._socket.recv(4096)
            except TimeoutError:
                return None
            self.raw = (self.raw + data)[:MOST_SHOWN]
            if not data:
                return None
            for line in self._reader.feed(data):
                with contextlib.suppress(ValueError):
                    message = decode(line)
                    known = message.command.isascii() and message.command.isalnum()
                    if not (known and (message.source or message.command in ("PING", "ERROR", "NOTICE"))):
                        return None
                    self._messages.append(message)
        return self._messages.pop(0) if self._messages else None
