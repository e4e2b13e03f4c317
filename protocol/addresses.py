"""Addresses of the other side: which are the same, and whose they are."""

import ipaddress
from functools import lru_cache
from typing import Final

_NETWORK_BITS: Final = 64
"""Of an IPv6 address name a network; whoever has one there has all 2^64 of it (RFC 4291 section 2.5.4)."""


def parse_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return an address whatever its spelling, without a scope; None if it is none.

    An IPv4 address that came through an IPv6 socket (`::ffff:10.0.0.7`) is an IPv4 address.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(host: str) -> bool:
    """Tell whether an address is this computer's own, which no other computer can have."""
    address = parse_address(host)
    return address is not None and address.is_loopback


@lru_cache(maxsize=4096)
def account_of(host: str) -> str:
    """Return on whose account goes what comes from an address: an IPv4 address, or an IPv6 network (/64).

    All that is bounded by address is counted by this: connections, wrong passwords, the hub's time.
    """
    address = parse_address(host)
    if not isinstance(address, ipaddress.IPv6Address) or address.is_loopback:
        return str(address or host)
    return str(ipaddress.IPv6Network((int(address), _NETWORK_BITS), strict=False))
