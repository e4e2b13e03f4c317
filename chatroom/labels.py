"""Answers marked with the label of the line that asked (IRCv3 labeled-response)."""

from collections.abc import Callable

from protocol.message import escape_tag


def mark(answer: list[bytes], label: str, server: str, new_batch: Callable[[], str]) -> list[bytes]:
    """Return the lines of an answer, marked: nothing becomes ACK, several lines become a batch.

    Args:
        answer: whole lines with their line ends.
        new_batch: returns a fresh batch reference.
    """
    tag = f"label={escape_tag(label)}"
    if not answer:
        return [f"@{tag} :{server} ACK\r\n".encode()]
    is_message_to_oneself = len(answer) == 2 and answer[0] == answer[1]  # only the echo is the answer
    if len(answer) == 1 or is_message_to_oneself or _is_one_batch(answer):
        return [_add_tag(answer[0], tag), *answer[1:]]
    batch = new_batch()
    return [
        f"@{tag} :{server} BATCH +{batch} labeled-response\r\n".encode(),
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
