"""How a client finds the servers of its local network: a question to all, each server's answer to the one.

Both are one UDP datagram of UTF-8 text, a line for each thing, so that Wireshark shows it as it is:

    LabChat? 1 5f0c7a1e22b94d06            LabChat! 1 5f0c7a1e22b94d06
    (and spaces up to 512 bytes)           id 8c1d03aa94e0f1b7
                                           port 6667
                                           tls 6697
                                           password
                                           name chat.lab
                                           description LabChat
                                           group IVT-21
                                           rooms #lab,#group2

The question's number comes back in the answer. An answer is never longer than its question, which is filled
up for that: whoever asks in the name of somebody else makes the servers send no more than he sends himself.
A line that begins with an unknown word is passed over.
"""

import re
from dataclasses import dataclass
from typing import Final

from protocol.names import is_channel
from protocol.text import cut, cut_characters, visible
from protocol.words import number

DISCOVERY_PORT: Final = 6667
"""The UDP port that servers are asked at, whichever TCP port they listen on."""
QUESTION_BYTES: Final = 512
"""So much goes through every network in one piece (RFC 791 section 3.1: 576 bytes with the headers)."""
LONGEST_ANSWER: Final = QUESTION_BYTES
MOST_ROOMS: Final = 20
_LONGEST_NAME: Final = 63
_LONGEST_DESCRIPTION: Final = 200
_LONGEST_ROOM: Final = 64
"""Bytes of UTF-8 in what is sent, characters in what is taken."""
_QUESTION: Final = re.compile(rb"LabChat\? 1 ([0-9a-f]{16})\n *")
_ID: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server says of itself. It names no person."""

    id: str
    """16 hexadecimal digits, other ones at each start: several cards do not make one server two."""
    port: int
    tls_port: int | None = None
    needs_password: bool = False
    name: str = ""
    description: str = ""
    rooms: tuple[str, ...] = ()
    """Those of the class."""
    group: str = ""
    """The group that is taught."""


def question(number: str) -> bytes:
    """Return the datagram that asks.

    Args:
        number: 16 hexadecimal digits that nobody can guess; the answers have them too.
    """
    return f"LabChat? 1 {number}\n".encode().ljust(QUESTION_BYTES)


def parse_question(data: bytes) -> str:
    """Return the question's number; "" if it is none, or too short to be answered."""
    found = _QUESTION.fullmatch(data) if len(data) >= QUESTION_BYTES else None
    return found[1].decode() if found else ""


def answer(number: str, offer: Offer) -> bytes:
    """Return the datagram that answers. What makes it longer than a question is left out: the last rooms."""
    lines = [f"LabChat! 1 {number}", f"id {offer.id}", f"port {offer.port}"]
    lines += [f"tls {offer.tls_port}"] if offer.tls_port else []
    lines += ["password"] if offer.needs_password else []
    lines += [f"name {cut(visible(offer.name), _LONGEST_NAME)}"]
    lines += [f"description {cut(visible(offer.description), _LONGEST_DESCRIPTION)}"]
    lines += [f"group {cut(visible(offer.group), _LONGEST_NAME)}"] if offer.group else []
    text = "\n".join(lines) + "\nrooms "
    rooms: list[str] = []
    for room in offer.rooms:
        if len((text + ",".join([*rooms, room])).encode()) > LONGEST_ANSWER:
            break
        rooms.append(room)
    return (text + ",".join(rooms)).encode()


def parse_answer(data: bytes, number: str) -> Offer | None:
    """Return what a server says; None if it is no answer to the question of this number.

    Anybody in the network may send anything: each value is bounded, and can be shown as it is.
    """
    if len(data) > LONGEST_ANSWER:
        return None
    head, *lines = data.decode("utf-8", "replace").split("\n")
    if head != f"LabChat! 1 {number}":
        return None
    told: dict[str, str] = {}
    for line in lines:
        key, _space, value = line.partition(" ")
        told.setdefault(key, value)
    port = _port(told.get("port", ""))
    if port is None or not _ID.fullmatch(told.get("id", "")):
        return None
    rooms = [visible(room) for room in told.get("rooms", "").split(",")[:MOST_ROOMS] if is_channel(room)]
    return Offer(
        told["id"],
        port,
        _port(told.get("tls", "")),
        "password" in told,
        cut_characters(visible(told.get("name", "")), _LONGEST_NAME),
        cut_characters(visible(told.get("description", "")), _LONGEST_DESCRIPTION),
        tuple(room for room in rooms if len(room) <= _LONGEST_ROOM),
        cut_characters(visible(told.get("group", "")), _LONGEST_NAME),
    )


def _port(text: str) -> int | None:
    """Return a TCP port; None if the text is none."""
    port = number(text)
    return port if port and port <= 65535 else None
