"""A listening socket, or a sentence that says why there is none; and the addresses that others can type."""

import errno
import itertools
import re
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Final

from program.errors import UserFacingError
from program.variables import is_in_launcher
from protocol.text import visible
from sockets.cards import VIRTUAL, Card, lan_cards
from translations import _
from translations.system_errors import explain_error

BACKLOG: Final = 1024
ANY_ADDRESS: Final = "0.0.0.0"


class ListenError(UserFacingError):
    """There is no listening socket."""


def listen(host: str, port: int, option: str = "--port") -> socket.socket:
    """Return a listening socket; raise ListenError with what to do about it if there is none.

    Args:
        option: of the command line, which chooses the port.
    """
    try:
        family, _type, _protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        if _is_for_many(family, address):
            text = _("“{host}” is an address for many computers at once; nobody can connect to it.")
            raise ListenError(text.format(host=host))
        listener = socket.create_server(address, family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        raise ListenError(_why_not_listening(error, host, port, option)) from None
    listener.settimeout(1.0)  # where neither shutdown nor close wakes an accept (macOS), the loop still ends
    return listener


def address_of(listener: socket.socket) -> tuple[str, int]:
    """Return host and port on which it listens, with the interface where the host has one (RFC 4007)."""
    host, port, *rest = listener.getsockname()
    return (f"{host}%{socket.if_indextoname(rest[1])}" if any(rest[1:]) else host), port


def _is_for_many(family: int, address: tuple[Any, ...]) -> bool:
    """Tell whether it is the address of a group, or of all computers of a network (broadcast)."""
    parsed = ip_address(str(address[0]).partition("%")[0])
    if parsed.is_multicast:
        return True
    if parsed.version == 6 or parsed.is_unspecified:
        return False
    with socket.socket(family, socket.SOCK_DGRAM) as probe:  # nothing is sent
        try:
            probe.connect((address[0], 9))
        except PermissionError:  # as it stands in ip(7) of broadcast addresses
            return True
        except OSError:
            return False
    return False


def _why_not_listening(error: OSError | UnicodeError, host: str, port: int, option: str) -> str:
    if (
        isinstance(error, socket.gaierror | UnicodeError)  # no name has an empty or such a long part
        or error.errno in (errno.EADDRNOTAVAIL, getattr(errno, "WSAEADDRNOTAVAIL", errno.EADDRNOTAVAIL))
    ):
        return _("This computer has no address “{host}”. Leave --host out, or use --lan.").format(host=host)
    if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE)):
        other = f"{option} {port + 1 if port < 65535 else port - 1}"
        text = _(
            "Port {port} is taken: another program, perhaps another chat server, listens there. "
            "Stop it, or choose another port: {other}"
        )
        return text.format(port=port, other=_("on the card “Class”") if is_in_launcher() else other)
    if error.errno in (errno.EACCES, errno.EPERM):
        text = _("The system does not allow port {port}. Choose one above 1023, such as {other}")
        return text.format(port=port, other="6667" if is_in_launcher() else f"{option} 6667")
    return _("The server cannot listen on {host}:{port}: {error}").format(
        host=host, port=port, error=explain_error(error)
    )


def describe_card(card: Card) -> str:
    """Say why students should rather not type a card's address; "" if nothing speaks against it."""
    if card.is_made_up:
        return _("the network has given this computer no address")
    if card.product == VIRTUAL:
        return _("a virtual card: {name}").format(name=visible(card.name))
    if card.product:
        return _("a card of {product}").format(product=card.product)
    return ""


def announcement(
    host: str, port: int, tls_port: int | None = None, fingerprint: str = "", *, quiet: bool = False
) -> list[str]:
    """Return lines that say where the server listens and who can come in.

    Args:
        fingerprint: of the certificate, which users compare with what their window shows.
    """
    name = f"[{host}]" if ":" in host else host  # as users type IPv6 addresses
    lines = [_("Listening on {address}").format(address=f"{name}:{port}")]
    if tls_port:
        lines.append(_("Listening with TLS on {address}").format(address=f"{name}:{tls_port}"))
    if fingerprint:
        lines.append(
            _("The certificate's SHA-256 fingerprint: {fingerprint}").format(fingerprint=fingerprint)
        )
    if quiet:
        return lines
    if host == ANY_ADDRESS:  # on "::" nobody who types an IPv4 address gets in
        cards = lan_cards()
        for card in cards:
            address, but = f"{card.address}:{port}", describe_card(card)
            text = _("Rather not: {address} ({reason})") if but else _("Students type: {address}")
            lines.append(text.format(address=address, reason=but))
        if not cards:
            lines.append(_("This computer has no network address; only programs on it can connect."))
    elif host in ("127.0.0.1", "::1"):
        if is_in_launcher():
            text = _("Only programs on this computer can connect; for others, stop it and tick “{choice}”.")
        else:
            text = _("Only programs on this computer can connect; to let the network in, add --lan.")
        lines.append(text.format(choice=_("for the whole classroom")))
    lines.append(_("It runs until you stop it here.") if is_in_launcher() else _("Stop with Ctrl+C."))
    return lines


def announced_addresses(lines: Sequence[str]) -> list[str]:
    """Return the addresses that others can type, the best first, as a server of ours announces them.

    They are those that students are to type; else one that they rather should not, or a loopback one; none
    before the announcement is there. What follows the announcement does not count, whatever it says.

    Args:
        lines: which that server has printed, from the first, in the language in use.
    """
    ends = (_("Stop with Ctrl+C."), _("It runs until you stop it here."))
    announced = list(itertools.takewhile(lambda line: line not in ends, lines))
    found: list[list[str]] = []
    for template in (
        _("Students type: {address}"),
        _("Rather not: {address} ({reason})"),
        _("Listening on {address}"),
    ):
        before = template.partition("{")[0]
        said = [line.removeprefix(before).partition(" ")[0] for line in announced if line.startswith(before)]
        found.append(said if not found else said[:1])
    # The wildcard address of a server that listens everywhere cannot be typed.
    best = next(filter(None, found), [])
    return [re.sub(r"^(0\.0\.0\.0|\[::\])(?=:)", "127.0.0.1", address) for address in best]


def announced_address(lines: Sequence[str]) -> str:
    """Return the best of the addresses that a server announces; "" before it has."""
    return next(iter(announced_addresses(lines)), "")
