"""What a user types as a server's address."""

import re
import unicodedata
from contextlib import suppress
from typing import Final
from urllib.parse import unquote

from protocol.addresses import is_loopback

DEFAULT_PORT: Final = 6667
DEFAULT_TLS_PORT: Final = 6697
"""RFC 7194."""
_LONGEST_HOST: Final = 253
"""Characters of a domain name (RFC 1035 section 2.3.4)."""
_TLS_SCHEMES: Final = ("ircs", "https")
_BETWEEN: Final = r"(?: *[.,юЮ] *| +)"
"""Between two numbers: also what a Russian number pad, and a Russian layout, have where a dot is wanted."""
_FOUR_NUMBERS: Final = re.compile(
    _BETWEEN.join([r"(\d{1,3})"] * 4) + r"(?:[.,]|(?: *[:;Ж] *| +)(\d+))?", re.ASCII
)


class AddressError(ValueError):
    """The text is no address."""


def parse_address(text: str, default_port: int = DEFAULT_PORT) -> tuple[str, int]:
    """Return host and port of `HOST`, `HOST:PORT`, `[IPV6]`, `[IPV6]:PORT` or a bare IPv6 address.

    It may be typed as people type it: as the address of a page, with commas (which a Russian number pad has),
    spaces or full-width digits, with a dot or a slash at its end.

    Raises:
        AddressError: there is no host, or the port is not a number from 1 to 65535.
    """
    host_port, scheme, _room = _take_apart(text)
    if scheme in _TLS_SCHEMES:
        default_port = DEFAULT_TLS_PORT
    if host_port.startswith("["):
        host, bracket, rest = host_port[1:].partition("]")
        colon, port = rest[:1], rest[1:]
        if not bracket or (rest and colon != ":"):
            raise AddressError(text)
    elif host_port.count(":") > 1:
        host, colon, port = host_port, "", ""
    else:
        host, colon, port = host_port.partition(":")
    host = host.removesuffix(".")
    if not 1 <= len(host) <= _LONGEST_HOST or not host.isprintable() or set(host) & set(" ,/@[]"):
        raise AddressError(text)
    if not colon:
        return host, default_port
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535):
        raise AddressError(text)
    return host, int(port)


def wants_tls(text: str) -> bool:
    """Tell whether an address asks for TLS by itself: `ircs://…`."""
    with suppress(AddressError):
        return _take_apart(text)[1] in _TLS_SCHEMES
    return False


def room_in(text: str) -> str:
    """Return the room that an address such as `irc://chat.example/#lab` leads to; "" if it names none."""
    with suppress(AddressError):
        return _take_apart(text)[2]
    return ""


def _take_apart(text: str) -> tuple[str, str, str]:
    """Return host and port, the scheme, and the room behind them; raise AddressError if it is a path."""
    # NFKC changes full-width digits, dots and colons, but not the full stop of Chinese and Japanese.
    text = unicodedata.normalize("NFKC", text.strip()).replace("\u3002", ".").strip()
    scheme, separator, rest = text.partition("://")
    scheme = scheme.lower() if separator and scheme.isalnum() else ""
    rest = rest if scheme else text
    end = next((at for at, char in enumerate(rest) if char in "/#?"), len(rest))
    behind = rest[end:].lstrip("/").partition("?")[0]
    if behind and not scheme and text[end] == "/" and behind[0] != "#":
        raise AddressError(text)
    room = unquote(behind) if scheme.startswith("irc") else ""
    if room and room[0] not in "#&":
        room = f"#{room}"  # as in irc://chat.example/lab
    return _join_numbers(rest[:end].strip()), scheme, room


def _join_numbers(text: str) -> str:
    """Put dots between the four numbers of an IPv4 address, and a colon before the port behind them."""
    found = _FOUR_NUMBERS.fullmatch(text)
    if not found:
        return text
    *numbers, port = found.groups()
    return ".".join(numbers) + (f":{port}" if port else "")


def format_address(host: str, port: int) -> str:
    """Return `HOST:PORT`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_this_computer(host: str) -> bool:
    """Tell whether what is sent to this host never leaves the computer (RFC 6761 section 6.3)."""
    return is_loopback(host) or host.lower() == "localhost"
