"""Masks of people, `nick!user@host`, as the lists of a room hold them (RFC 2811 section 4.3).

1. A mask that is taken MUST be able to match somebody: what can match nobody is refused with a reason, so
   that no operator relies on it.
2. All spellings of a mask, and all of an address, MUST match the same people.
3. Besides `*` and `?` a host may be a network, such as `10.0.0.0/8` or `2001:db8::/64`.
"""

import ipaddress
import re
import unicodedata
from functools import lru_cache
from typing import Final

from protocol.addresses import parse_address
from protocol.masks import compile_mask
from protocol.names import MAX_USER, fold, is_valid_nick

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

HIDDEN: Final = ".hidden"
"""How a host ends that stands for an address which others are not to know."""
_WILD: Final = frozenset("*?")
_USER: Final = re.compile(r"[~*?][A-Za-z0-9._*?-]*")
_BYTE: Final = r"(?:1?[0-9]?[0-9]|2[0-4][0-9]|25[0-5]|[0-9*?]*[*?][0-9*?]*)"
_GROUP: Final = r"(?:[0-9a-f]{0,4}|[0-9a-f*?]*[*?][0-9a-f*?]*)"
_HOST_PATTERN: Final = re.compile(rf"(?=.*[*?])(?:{_BYTE}(?:\.{_BYTE}){{0,3}}|{_GROUP}(?::{_GROUP}){{0,7}})")
"""Of an IPv4 or an IPv6 address; no address here is written in both ways at once (`::ffff:10.0.0.7`)."""
_HIDDEN_PATTERN: Final = re.compile(r"[0-9a-f*?]+" + re.escape(HIDDEN))
_LEADING_ZEROS: Final = re.compile(r"(?<![0-9a-f*?])0+(?=[0-9a-f])")
_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")


def complete_user_mask(text: str) -> str:
    """Return a mask in full, spelt as the server spells nicks, users and hosts: `*@10.*` → `*!*@10.*`.

    Raises:
        ValueError: nobody could ever match it; with the reason, in English.
    """
    nick, bang, rest = unicodedata.normalize("NFKC", text).partition("!")
    if not bang and "@" in nick:
        nick, rest = "", nick
    user, _at, host = rest.partition("@")
    nick, user, host = nick or "*", user or "*", host or "*"
    if not _may_match_a_nick(nick):
        raise ValueError("No nick is like that, and there is no such kind of mask")
    if user[0] not in "~*?":
        user = f"~{user}"  # as every user name here begins (RFC 1413 is not asked)
    if _WILD.isdisjoint(user):
        user = user[:MAX_USER]
    if not _USER.fullmatch(user) or len(user.replace("*", "")) > MAX_USER:
        raise ValueError("No user name is like that")
    return f"{nick}!{user}@{_complete_host(host.lower())}"


def _may_match_a_nick(mask: str) -> bool:
    shortest = mask.replace("*", "").replace("?", "_")
    return is_valid_nick(shortest) or (mask.startswith("*") and is_valid_nick("_" + shortest))


def _complete_host(host: str) -> str:
    if network := _network(host):
        return spell_host(str(network[0])) if network.num_addresses == 1 else spell_host(str(network))
    if _HIDDEN_PATTERN.fullmatch(host):
        return host
    if host == "*" or _HOST_PATTERN.fullmatch(host):
        return spell_host(_LEADING_ZEROS.sub("", host) if ":" in host else host)
    raise ValueError("A host here is an address, one with * in it, or a network such as 10.0.0.0/8")


def _network(host: str) -> Network | None:
    address, slash, bits = host.partition("/")
    parsed = parse_address(address)
    if parsed is None:
        return None
    try:
        network = ipaddress.ip_network(f"{address.partition('%')[0]}{slash}{bits}", strict=False)
    except ValueError:
        return None
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        return ipaddress.ip_network(f"{network[0].ipv4_mapped}/{network.prefixlen - _MAPPED.prefixlen}")
    return network


def spell_host(host: str) -> str:
    """Return an address as it stands in `nick!user@host`: a colon at its beginning would break the line."""
    return f"0{host}" if host.startswith(":") else host


class UserMask:
    """A mask, in full, compiled once to be tried on many people: to compile it costs most."""

    __slots__ = ("_host", "_is_everywhere", "_network", "_who")

    def __init__(self, mask: str) -> None:
        who, _at, host = mask.rpartition("@")
        self._who = compile_mask(who)
        self._is_everywhere = host == "*"
        self._network = _network(host)
        self._host = compile_mask(host)

    @property
    def is_of_network(self) -> bool:
        """Whether the host is a network of several addresses."""
        return self._network is not None and self._network.num_addresses > 1

    def matches(self, source: str) -> bool:
        """Tell whether it matches `nick!user@host`."""
        who, _at, host = source.rpartition("@")
        return self._who.fullmatch(fold(who)) is not None and (self._is_everywhere or self._is_host(host))

    def _is_host(self, host: str) -> bool:
        address, spellings = _spellings(host)
        if self._network:
            return address is not None and address in self._network
        return any(map(self._host.fullmatch, spellings))


@lru_cache(maxsize=4096)
def _spellings(host: str) -> tuple[Address | None, frozenset[str]]:
    address = parse_address(host)
    spellings = {host}
    if isinstance(address, ipaddress.IPv6Address):
        in_full = ":".join(f"{int(group, 16):x}" for group in address.exploded.split(":"))
        spellings |= {str(address), in_full}
    return address, frozenset(spellings)
