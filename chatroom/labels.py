"""Answers that bear the label of the line that asked (IRCv3 labeled-response)."""

from collections.abc import Callable

from chatroom.client import Client
from chatroom.delivery import Delivery, Portions
from protocol import ircv3
from protocol.message import Message, escape_tag


class Labels:
    """Puts the label of the line that is being handled on the answer to it."""

    def __init__(self, delivery: Delivery, server: str, new_batch: Callable[[], str]) -> None:
        self._delivery = delivery
        self._server = server
        self._new_batch = new_batch
        self._more_comes = False
        self._afterwards: list[Callable[[], object]] | None = None
        """What is to be done behind the answer; None while no line with a label is being handled."""

    def label_answer(
        self, client: Client, message: Message, act: Callable[[], Portions | None]
    ) -> Portions | None:
        """Act, and put the message's label on all that this sends to its sender; return what is left."""
        if ircv3.TAG_LABEL not in message.tags or not client.takes_labels:
            return act()
        self._more_comes = False
        afterwards = self._afterwards = []
        try:
            answer, portions = self._delivery.capture(client, act)
        finally:
            self._afterwards = None
        if portions:
            return self._label_portions(client, message.tags[ircv3.TAG_LABEL], answer, portions)
        if answer or not self._more_comes:
            self._put(client, mark(answer, message.tags[ircv3.TAG_LABEL], self._server, self._new_batch))
        for act_afterwards in afterwards:
            act_afterwards()
        return None

    def _label_portions(
        self, client: Client, label: str, answer: list[bytes], portions: Portions
    ) -> Portions:
        """Put the label on a long answer as it comes; its first lines are there already.

        When it is known to have several lines, they become a batch that is closed behind the last one: the
        answer's own batch, if it begins with one.
        """
        ended = False
        while not ended and len(answer) < 2:
            lines, ended = self._delivery.capture(client, lambda: next(portions, portions) is portions)
            answer += lines
            if not ended:
                yield
        if ended:
            self._put(client, mark(answer, label, self._server, self._new_batch))
            return
        tag, batch = _label_tag(label), ""
        if _opened_batch(answer[0]):
            answer[0] = _add_tag(answer[0], tag)
        else:
            batch = self._new_batch()
            self._put(client, [_opening(tag, self._server, batch)])
        while True:
            self._put(client, _in_batch(answer, batch))
            if ended:
                break
            yield
            answer, ended = self._delivery.capture(client, lambda: next(portions, portions) is portions)
        if batch:
            self._put(client, [_closing(self._server, batch)])

    def _put(self, client: Client, lines: list[bytes]) -> None:
        for line in lines:
            self._delivery.put(client, line)

    def expect_more(self) -> None:
        """Say that the line is a part of something whose answer comes with the last part."""
        self._more_comes = True

    def after_answer(self, act: Callable[[], object]) -> None:
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
    tag = _label_tag(label)
    if not answer:
        return [f"@{tag} :{server} ACK\r\n".encode()]
    if len(answer) == 1 or _is_one_batch(answer):
        return [_add_tag(answer[0], tag), *answer[1:]]
    batch = new_batch()
    return [_opening(tag, server, batch), *_in_batch(answer, batch), _closing(server, batch)]


def _label_tag(label: str) -> str:
    return f"label={escape_tag(label)}"


def _opening(tag: str, server: str, batch: str) -> bytes:
    return f"@{tag} :{server} BATCH +{batch} {ircv3.LABELED_RESPONSE}\r\n".encode()


def _closing(server: str, batch: str) -> bytes:
    return f":{server} BATCH -{batch}\r\n".encode()


def _in_batch(lines: list[bytes], batch: str) -> list[bytes]:
    """Return the lines as parts of a batch, if it has a name; what is in another one stays there."""
    if not batch:
        return lines
    return [line if _is_in_batch(line) else _add_tag(line, f"batch={batch}") for line in lines]


def _add_tag(line: bytes, tag: str) -> bytes:
    raw = tag.encode()
    return b"@" + raw + b";" + line[1:] if line.startswith(b"@") else b"@" + raw + b" " + line


def _is_in_batch(line: bytes) -> bool:
    return line.startswith(b"@") and b";batch=" in b";" + line[1:].partition(b" ")[0]


def _is_one_batch(answer: list[bytes]) -> bool:
    batch = _opened_batch(answer[0])
    return bool(batch) and answer[-1].endswith(b" BATCH -" + batch + b"\r\n")


def _opened_batch(line: bytes) -> bytes:
    """Return the reference of the batch that a line opens; empty if it opens none."""
    words = (line.partition(b" ")[2] if line.startswith(b"@") else line).split()
    return words[2][1:] if len(words) > 2 and words[1] == b"BATCH" and words[2][:1] == b"+" else b""
