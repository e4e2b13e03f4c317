"""What a user types as a server's address."""

from typing import Final

from protocol.addresses import is_loopback

DEFAULT_PORT: Final = 6667
DEFAULT_TLS_PORT: Final = 6697
"""RFC 7194."""
_LONGEST_HOST: Final = 253
"""Characters of a domain name (RFC 1035 section 2.3.4)."""


class AddressError(ValueError):
    """The text is no address."""


def parse_address(text: str, default_port: int = DEFAULT_PORT) -> tuple[str, int]:
    """Return host and port of `HOST`, `HOST:PORT`, `[IPV6]`, `[IPV6]:PORT` or a bare IPv6 address.

    Raises:
        AddressError: there is no host, or the port is not a number from 1 to 65535.
    """
    text = text.strip()
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        colon, port = rest[:1], rest[1:]
        if not bracket or (rest and colon != ":"):
            raise AddressError(text)
    elif text.count(":") > 1:
        host, colon, port = text, "", ""
    else:
        host, colon, port = text.partition(":")
    if not 1 <= len(host) <= _LONGEST_HOST or not host.isprintable() or set(host) & set(" /@[]"):
        raise AddressError(text)
    if not colon:
        return host, default_port
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535):
        raise AddressError(text)
    return host, int(port)


def format_address(host: str, port: int) -> str:
    """Return `HOST:PORT`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_this_computer(host: str) -> bool:
    """Tell whether what is sent to this host never leaves the computer (RFC 6761 section 6.3)."""
    return is_loopback(host) or host.lower() == "localhost"
