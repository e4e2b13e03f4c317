"""A listening socket, or a sentence that says why there is none; and the addresses that others can type."""

import errno
import socket
import struct
import sys
from ipaddress import ip_address
from typing import Any, Final

from program.errors import UserFacingError
from translations import _
from translations.system_errors import explain_error

BACKLOG: Final = 1024
ANY_ADDRESS: Final = "0.0.0.0"
_SIOCGIFADDR: Final = 0x8915  # linux/sockios.h


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
        return _(
            "Port {port} is taken: another program, perhaps another chat server, listens there. "
            "Stop it, or choose another port: {option} {other}"
        ).format(port=port, option=option, other=port + 1 if port < 65535 else port - 1)
    if error.errno in (errno.EACCES, errno.EPERM):
        return _(
            "The system does not allow port {port}. Choose one above 1023, such as {option} 6667"
        ).format(port=port, option=option)
    return _("The server cannot listen on {host}:{port}: {error}").format(
        host=host, port=port, error=explain_error(error)
    )


def lan_addresses() -> list[str]:
    """Return this computer's IPv4 addresses that other computers can reach, loopback left out."""
    if sys.platform == "linux":
        found = _interface_addresses()
    else:
        try:
            found = [
                str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
            ]
        except OSError:
            found = []
    return [address for address in dict.fromkeys(found) if not address.startswith("127.")]


def _interface_addresses() -> list[str]:
    """Ask each network interface for its address (netdevice(7)); a host name often knows only loopback."""
    import fcntl  # noqa: PLC0415 - not on Windows

    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _index, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(probe, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # an interface without an IPv4 address
            found.append(socket.inet_ntoa(answer[20:24]))
    return found


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
        addresses = lan_addresses()
        lines += [_("Students type: {address}").format(address=f"{address}:{port}") for address in addresses]
        if not addresses:
            lines.append(_("This computer has no network address; only programs on it can connect."))
    elif host in ("127.0.0.1", "::1"):
        lines.append(_("Only programs on this computer can connect; to let the network in, add --lan."))
    lines.append(_("Stop with Ctrl+C."))
    return lines
