"""Answers that bear the label of the line that asked (IRCv3 labeled-response)."""

from collections.abc import Callable

from chatroom.client import Client
from chatroom.delivery import Delivery
from protocol import ircv3
from protocol.message import Message, escape_tag


class Labels:
    """Puts the label of the line that is being handled on the answer to it."""

    def __init__(self, delivery: Delivery, server: str, new_batch: Callable[[], str]) -> None:
        self._delivery = delivery
        self._server = server
        self._new_batch = new_batch
        self._more_comes = False
        self._afterwards: list[Callable[[], None]] | None = None
        """What is to be done behind the answer; None while no line with a label is being handled."""

    def label_answer(self, client: Client, message: Message, act: Callable[[], None]) -> None:
        """Act, and put the message's label on all that this sends to its sender."""
        if ircv3.TAG_LABEL not in message.tags or ircv3.LABELED_RESPONSE not in client.capabilities:
            act()
            return
        self._more_comes = False
        afterwards = self._afterwards = []
        try:
            answer = self._delivery.capture(client, act)
        finally:
            self._afterwards = None
        if answer or not self._more_comes:
            for line in mark(answer, message.tags[ircv3.TAG_LABEL], self._server, self._new_batch):
                self._delivery.put(client, line)
        for act_afterwards in afterwards:
            act_afterwards()

    def expect_more(self) -> None:
        """Say that the line is a part of something whose answer comes with the last part."""
        self._more_comes = True

    def after_answer(self, act: Callable[[], None]) -> None:
        """Act once the answer is complete: what this sends does not bear the label."""
        if self._afterwards is None:
            act()
        else:
            self._afterwards.append(act)


def mark(answer: list[bytes], label: str, server: str, new_batch: Callable[[], str]) -> list[bytes]:
    """Return the lines of an answer with the label: no lines become ACK, several become a batch.

    Args:
        answer: whole lines with their line ends.
        new_batch: returns a fresh batch reference.
    """
    tag = f"label={escape_tag(label)}"
    if not answer:
        return [f"@{tag} :{server} ACK\r\n".encode()]
    if len(answer) == 1 or _is_one_batch(answer):
        return [_add_tag(answer[0], tag), *answer[1:]]
    batch = new_batch()
    return [
        f"@{tag} :{server} BATCH +{batch} {ircv3.LABELED_RESPONSE}\r\n".encode(),
        *(line if _is_in_batch(line) else _add_tag(line, f"batch={batch}") for line in answer),
        f":{server} BATCH -{batch}\r\n".encode(),
    ]


def _add_tag(line: bytes, tag: str) -> bytes:
    raw = tag.encode()
    return b"@" + raw + b";" + line[1:] if line.startswith(b"@") else b"@" + raw + b" " + line


def _is_in_batch(line: bytes) -> bool:
    return line.startswith(b"@") and b";batch=" in b";" + line[1:].partition(b" ")[0]


def _is_one_batch(answer: list[bytes]) -> bool:
    first = answer[0]
    words = (first.partition(b" ")[2] if first.startswith(b"@") else first).split()
    return (
        len(words) > 2 and words[1] == b"BATCH" and answer[-1].endswith(b" BATCH -" + words[2][1:] + b"\r\n")
    )
