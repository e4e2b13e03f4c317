"""This computer's network cards: their IPv4 addresses and networks, and which of them are of use to others.

Python's library knows the names of cards, but not their netmasks, and on Windows not even which address is
whose. So the system is asked: getifaddrs (Linux, macOS) or GetAdaptersAddresses (Windows).
"""

import ctypes
import re
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, ip_address
from typing import Any, Final

from protocol.addresses import is_loopback

Cards = Callable[[], "Sequence[Card]"]
"""Returns the cards, as they are when it is called: a cable may be pulled at any time."""
ALL_COMPUTERS: Final = "255.255.255.255"
"""Of the network that a question is sent into (RFC 919); no router passes it on."""
_UNKNOWN_PREFIX: Final = 24
"""Bits of a network's part of an address where the system does not say."""
_MADE_UP: Final = IPv4Network("169.254.0.0/16")
"""Addresses that a computer gives itself where nobody gives it one (RFC 3927)."""
_ELSEWHERE: Final = "198.51.100.1"
"""An address in the Internet that is nobody's (RFC 5737); nothing is ever sent to it."""
_MOST_CARDS: Final = 64
VIRTUAL: Final = "virtual"
"""The product where it is not known which program has made a card."""
_PRODUCTS: Final = (
    ("VirtualBox", r"virtualbox|^vboxnet"),
    ("VMware", r"vmware|^vmnet"),
    ("Docker", r"docker|^br-[0-9a-f]{12}$|podman|^cni|^veth[0-9a-f]{6,}"),
    ("WSL", r"\bwsl\b"),
    ("Hyper-V", r"hyper-v|^vethernet"),
    ("libvirt", r"^virbr|^lxcbr|^lxdbr|^incusbr"),
    (
        "VPN",
        r"\bvpn\b|^u?tun\d|^tap\d|tap-windows|^wg\d|wintun|wireguard|openvpn|^ppp|tailscale|zerotier|^zt",
    ),
    ("Bluetooth", r"bluetooth|^bnep|^pan\d"),
    (VIRTUAL, r"virtual|loopback|^bridge1\d\d$|^awdl|^llw|^dummy"),
)
"""What makes a card that is none, and how its name or description begins or what it contains."""


@dataclass(frozen=True, slots=True)
class Card:
    """One IPv4 address of a network card."""

    name: str
    """As the system calls the card."""
    address: str
    prefix: int = _UNKNOWN_PREFIX
    """How many bits of the address are the network's."""
    product: str = ""
    """The program that made the card, such as VirtualBox; "" for one that others may be behind."""

    @property
    def network(self) -> IPv4Network:
        """All addresses that are reached by this card without a router."""
        return IPv4Network((self.address, self.prefix), strict=False)

    @property
    def broadcast(self) -> str:
        """The address of all computers of its network (RFC 919); "" where there are no others."""
        return str(self.network.broadcast_address) if self.prefix <= 30 else ""

    @property
    def is_made_up(self) -> bool:
        """Whether the computer has given itself this address, because the network gave it none."""
        return IPv4Address(self.address) in _MADE_UP

    def reaches(self, address: str) -> bool:
        """Tell whether an address is one computer's of this card's network."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        network = self.network
        ends = (network.network_address, network.broadcast_address) if self.prefix <= 30 else ()
        return parsed in network and parsed not in ends


LOOPBACK: Final = Card("loopback", "127.0.0.1", 8)
"""This computer alone: for programs and tests that are to ask nobody else."""


def lan_cards() -> list[Card]:
    """Return the addresses that other computers may reach, the one that others most likely use first.

    That is the card that leads out of the network (the default route's); last are virtual cards and addresses
    that the computer has made up.
    """
    found = [card for card in _all_cards() if not is_loopback(card.address)]
    return sort_cards(found, default_address())


def sort_cards(cards: Iterable[Card], default: str) -> list[Card]:
    """Put the card of the default route first, virtual and made up ones last; name what is virtual.

    Args:
        default: the address of the default route.
    """

    def name(card: Card) -> Card:
        # With Hyper-V's external switch, the way out is by a card called vEthernet; a VPN's leads elsewhere.
        is_way_out = card.address == default and card.product != "VPN"
        return replace(card, product="") if is_way_out else card

    def rank(card: Card) -> tuple[bool, bool, bool]:
        return card.is_made_up, bool(card.product), card.address != default

    once = {card.address: card for card in cards}
    return sorted(map(name, once.values()), key=rank)[:_MOST_CARDS]


def default_address() -> str:
    """Return the address from which this computer would send into the Internet; "" if it cannot."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_ELSEWHERE, 9))  # of a datagram socket: it looks up the route and sends nothing
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def product_of(*names: str) -> str:
    """Return which program made a card of these names; "" for a card that is one."""
    for product, pattern in _PRODUCTS:
        if any(re.search(pattern, name, re.IGNORECASE) for name in names):
            return product
    return ""


def _all_cards() -> list[Card]:
    try:
        return list(_system_cards())
    except (OSError, AttributeError):  # a system without these functions
        return [Card("", address) for address in _addresses_of_name()]


def _addresses_of_name() -> list[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return []
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def _prefix_of(mask: bytes) -> int:
    return int.from_bytes(mask.ljust(4, b"\0")[:4], "big").bit_count()


if sys.platform == "win32":
    _GET_NO_MORE: Final = 0x02 | 0x04 | 0x08
    """GAA_FLAG_SKIP_ANYCAST, _MULTICAST, _DNS_SERVER (iptypes.h)."""
    _BUFFER_OVERFLOW: Final = 111
    _UP: Final = 1
    """IfOperStatusUp."""

    class _SocketAddress(ctypes.Structure):
        """SOCKET_ADDRESS."""

        _fields_ = (("pointer", ctypes.c_void_p), ("length", ctypes.c_int))

    class _UnicastAddress(ctypes.Structure):
        """The beginning of IP_ADAPTER_UNICAST_ADDRESS_LH."""

    _UnicastAddress._fields_ = [
        ("length", ctypes.c_ulong),
        ("flags", ctypes.c_ulong),
        ("next", ctypes.POINTER(_UnicastAddress)),
        ("address", _SocketAddress),
        ("prefix_origin", ctypes.c_int),
        ("suffix_origin", ctypes.c_int),
        ("duplicate_state", ctypes.c_int),
        ("valid_seconds", ctypes.c_ulong),
        ("preferred_seconds", ctypes.c_ulong),
        ("lease_seconds", ctypes.c_ulong),
        ("prefix", ctypes.c_ubyte),
    ]

    class _Adapter(ctypes.Structure):
        """The beginning of IP_ADAPTER_ADDRESSES_LH."""

    _Adapter._fields_ = [
        ("length", ctypes.c_ulong),
        ("index", ctypes.c_ulong),
        ("next", ctypes.POINTER(_Adapter)),
        ("name", ctypes.c_char_p),
        ("first_unicast", ctypes.POINTER(_UnicastAddress)),
        ("first_anycast", ctypes.c_void_p),
        ("first_multicast", ctypes.c_void_p),
        ("first_dns_server", ctypes.c_void_p),
        ("dns_suffix", ctypes.c_wchar_p),
        ("description", ctypes.c_wchar_p),
        ("friendly_name", ctypes.c_wchar_p),
        ("physical_address", ctypes.c_ubyte * 8),
        ("physical_address_length", ctypes.c_ulong),
        ("flags", ctypes.c_ulong),
        ("mtu", ctypes.c_ulong),
        ("kind", ctypes.c_ulong),
        ("status", ctypes.c_int),
    ]

    def _system_cards() -> Iterator[Card]:
        get = ctypes.windll.iphlpapi.GetAdaptersAddresses
        size = ctypes.c_ulong(16 * 1024)
        result = _BUFFER_OVERFLOW
        for _attempt in range(4):  # a card may be added between two calls
            buffer = ctypes.create_string_buffer(size.value)
            result = get(int(socket.AF_INET), _GET_NO_MORE, None, buffer, ctypes.byref(size))
            if result != _BUFFER_OVERFLOW:
                break
        if result:
            return  # ERROR_NO_DATA: there is none
        adapter = ctypes.cast(buffer, ctypes.POINTER(_Adapter))
        while adapter:
            one = adapter.contents
            entry = one.first_unicast
            while entry and one.status == _UP:
                raw = ctypes.string_at(entry.contents.address.pointer, 8)
                product = product_of(one.friendly_name or "", one.description or "")
                address = socket.inet_ntoa(raw[4:8])
                yield Card(one.friendly_name or "", address, int(entry.contents.prefix), product)
                entry = entry.contents.next
            adapter = one.next

else:
    _UP: Final = 0x1
    """IFF_UP (netdevice(7))."""

    class _Interface(ctypes.Structure):
        """The beginning of `struct ifaddrs` (getifaddrs(3))."""

    _Interface._fields_ = [
        ("next", ctypes.POINTER(_Interface)),
        ("name", ctypes.c_char_p),
        ("flags", ctypes.c_uint),
        ("address", ctypes.c_void_p),
        ("netmask", ctypes.c_void_p),
    ]

    def _system_cards() -> Iterator[Card]:
        library: Any = ctypes.CDLL(None, use_errno=True)
        first = ctypes.POINTER(_Interface)()
        if library.getifaddrs(ctypes.byref(first)):
            raise OSError(ctypes.get_errno(), "getifaddrs")
        try:
            entry = first
            while entry:
                one = entry.contents
                address = _socket_address(one.address)
                if address and one.flags & _UP:
                    name = (one.name or b"").decode("utf-8", "replace")
                    prefix = _prefix_of(_socket_address(one.netmask, of_mask=True))
                    yield Card(name, socket.inet_ntoa(address), prefix or _UNKNOWN_PREFIX, product_of(name))
                entry = one.next
        finally:
            library.freeifaddrs(first)

    def _socket_address(pointer: int | None, *, of_mask: bool = False) -> bytes:
        """Return the four bytes of a `struct sockaddr_in`; nothing if it is of another family.

        macOS begins it with its length, and leaves out a netmask's last zeros, and often its family.
        """
        if not pointer:
            return b""
        head = ctypes.string_at(pointer, 2)
        length = head[0] if sys.platform == "darwin" else 8
        family = head[1] if sys.platform == "darwin" else int.from_bytes(head, sys.byteorder)
        if family != socket.AF_INET and not (of_mask and sys.platform == "darwin"):
            return b""
        return ctypes.string_at(pointer, min(length, 8))[4:].ljust(4, b"\0")
