"""Socket calls as a capture file that Wireshark opens (pcapng, IETF draft-ietf-opsawg-pcapng).

A program sees calls and bytes, not packets. So the bytes and times are real, and all around them is made up:
Ethernet, IP and TCP headers, handshakes and acknowledgements. The file says so in its own comment and in
that of every packet.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from client.net.address import DEFAULT_PORT
from program.version import NAME, VERSION
from sockets.tap import Call
from translations import _

_SEGMENT: Final = 1440
"""Bytes of data in one made-up packet."""
_FIN, _SYN, _PSH, _ACK = 0x01, 0x02, 0x08, 0x10
_WINDOW: Final = 65535
_COMMENT, _APPLICATION, _INTERFACE_NAME = 1, 4, 2
_LINK_ETHERNET: Final = 1

Address = tuple[str, int]


@dataclass(slots=True)
class _Side:
    """One end of a made-up TCP connection."""

    address: Address
    sequence: int
    ended: bool = False


@dataclass(slots=True)
class _Stream:
    """One connection: its two ends, seen from the program whose calls these are."""

    local: _Side
    peer: _Side
    greeted: bool = False


def pcapng(calls: Sequence[Call]) -> bytes:
    """Return the calls as a pcapng file.

    Where both ends of a connection were watched, the calls of the end that was seen first are used.
    """
    warning = _(
        "Made by {program} from the socket calls of a program. Bytes, addresses, ports and times are real; "
        "Ethernet, IP and TCP headers, handshakes and acknowledgements are synthetic: a program sees calls, "
        "not packets. Passwords are masked. If the port is not {port}, choose Decode As… IRC."
    ).format(program=f"{NAME} {VERSION}", port=DEFAULT_PORT)
    section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    blocks = [
        _block(0x0A0D0D0A, section + _options((_COMMENT, warning), (_APPLICATION, f"{NAME} {VERSION}"))),
        _block(1, struct.pack("<HHI", _LINK_ETHERNET, 0, 0) + _options((_INTERFACE_NAME, "synthetic"))),
    ]
    for time, comment, packet in _packets(calls):
        stamp = round(time * 1e6)
        head = struct.pack("<IIIII", 0, stamp >> 32, stamp & 0xFFFFFFFF, len(packet), len(packet))
        blocks.append(_block(6, head + _padded(packet) + _options((_COMMENT, comment))))
    return b"".join(blocks)


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def _options(*options: tuple[int, str]) -> bytes:
    made = b""
    for code, text in options:
        raw = text.encode("utf-8")
        made += struct.pack("<HH", code, len(raw)) + _padded(raw)
    return made + struct.pack("<HH", 0, 0)


def _packets(calls: Sequence[Call]) -> Iterator[tuple[float, str, bytes]]:
    """Return time, comment and bytes of each made-up packet."""
    listening: Address = ("127.0.0.1", DEFAULT_PORT)
    streams: dict[frozenset[Address], _Stream] = {}
    for call in sorted(calls, key=lambda call: call.time):
        try:
            peer = _address(call.connection)
            local = _address(call.local) if call.local else listening
        except ValueError:
            continue  # not an IP address: not from a socket
        if call.name == "listen":
            listening = peer
            continue
        pair = frozenset((local, peer))
        stream = streams.get(pair)
        if stream is None or (call.name in ("accept", "connect") and stream.local.ended):
            stream = streams[pair] = _Stream(_Side(local, 1000), _Side(peer, 5000))
        if stream.local.address != local:
            continue  # the other end of a connection that is shown already
        comment = _("{call} in the thread “{thread}”, {size} bytes; the headers are synthetic").format(
            call=call.name, thread=call.thread, size=len(call.data)
        )
        for packet in _packets_of(call, stream):
            yield call.time, comment, packet


def _address(text: str) -> Address:
    """Parse `HOST:PORT`; an IPv6 address may lack its brackets.

    Raises:
        ValueError: it is not an address.
    """
    host, _colon, port = text.rpartition(":")
    return str(ip_address(host.strip("[]"))), int(port)


def _packets_of(call: Call, stream: _Stream) -> Iterator[bytes]:
    ours, theirs = stream.local, stream.peer
    if not stream.greeted:
        stream.greeted = True
        opener, other = (ours, theirs) if call.name == "connect" or call.local else (theirs, ours)
        yield _packet(opener, other, _SYN)
        yield _packet(other, opener, _SYN | _ACK)
        yield _packet(opener, other, _ACK)
    sender, receiver = (theirs, ours) if call.name == "recv" else (ours, theirs)
    if sender.ended:
        return
    for piece in _segments(call.data):
        yield _packet(sender, receiver, _PSH | _ACK, piece)
    if call.data:
        yield _packet(receiver, sender, _ACK)
    elif call.name in ("recv", "close"):
        sender.ended = True
        yield _packet(sender, receiver, _FIN | _ACK)
        yield _packet(receiver, sender, _ACK)


def _segments(data: bytes) -> Iterator[bytes]:
    """Cut behind line ends where possible: Wireshark's IRC dissector does not reassemble lines."""
    while data:
        end = len(data) if len(data) <= _SEGMENT else data.rfind(b"\n", 0, _SEGMENT) + 1 or _SEGMENT
        yield data[:end]
        data = data[end:]


def _packet(source: _Side, target: _Side, flags: int, data: bytes = b"") -> bytes:
    """Return an Ethernet frame, and advance the sender's sequence number."""
    from_ip, to_ip = ip_address(source.address[0]), ip_address(target.address[0])
    ports = source.address[1], target.address[1]
    acknowledged = target.sequence if flags & _ACK else 0
    head = struct.pack("!HHIIBBHHH", *ports, source.sequence, acknowledged, 5 << 4, flags, _WINDOW, 0, 0)
    source.sequence += len(data) + bool(flags & (_SYN | _FIN))
    size = len(head) + len(data)
    pseudo = from_ip.packed + to_ip.packed
    pseudo += struct.pack("!BBH", 0, 6, size) if from_ip.version == 4 else struct.pack("!IHBB", size, 0, 0, 6)
    checksum = _checksum(pseudo + head + data)
    segment = head[:16] + struct.pack("!H", checksum) + head[18:] + data
    if from_ip.version == 4:
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + size, 0, 0x4000, 64, 6, 0) + from_ip.packed + to_ip.packed
        ip = ip[:10] + struct.pack("!H", _checksum(ip)) + ip[12:]
        kind = 0x0800
    else:
        ip = struct.pack("!IHBB", 6 << 28, size, 6, 64) + from_ip.packed + to_ip.packed
        kind = 0x86DD
    # Locally administered addresses (02:…): no real network card has them.
    ethernet = b"\x02\0\0\0\0\x02" + b"\x02\0\0\0\0\x01" + struct.pack("!H", kind)
    return ethernet + ip + segment


def _checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
