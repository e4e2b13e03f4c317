"""The lines of the protocol in the bytes of socket calls; the laboratory cuts them here and nowhere else."""

from typing import Final, NamedTuple

from protocol.message import MalformedLineError, Message, parse
from sockets.tap import Call

_MAX_BEGUN: Final = 8192
"""Bytes that are remembered of a line of which only a part was sent."""


class Line(NamedTuple):
    """One line of the protocol, completed by a call."""

    raw: bytes
    """With its line end."""
    message: Message | None
    """None: the bytes are not a message."""


class LineCutter:
    """Cuts the calls of one program, given in their order, into the lines that each of them completes."""

    def __init__(self) -> None:
        self._begun: dict[str, bytes] = {}
        """By connection: the bytes of a line of which `send` has sent only a part."""

    def completed_lines(self, call: Call) -> tuple[Line, ...]:
        """Return the lines whose last byte this call moved; empty lines are left out, as the reader does."""
        if call.name == "recv":
            stream = call.held_before + call.data
            # Of an endless line only the beginning is held: then the call ended in the middle of that line.
            ends_with_held = stream.endswith(call.held_after)
            whole = len(stream) - len(call.held_after) if ends_with_held else stream.rfind(b"\n") + 1
        elif call.name == "send":
            stream = self._begun.pop(call.connection, b"") + call.data
            whole = stream.rfind(b"\n") + 1
            if rest := stream[whole:]:
                self._begun[call.connection] = rest[-_MAX_BEGUN:]
        else:  # the connection begins or ends
            self._begun.pop(call.connection, None)
            return ()
        lines = ((raw, raw.rstrip(b"\r\n")) for raw in cut_lines(stream[:whole]))
        return tuple(Line(raw, _parse(text)) for raw, text in lines if text)


def cut_lines(stream: bytes) -> list[bytes]:
    """Cut behind each line end (CR, LF or CR LF); the last piece may have none."""
    return stream.splitlines(keepends=True)


def _parse(raw: bytes) -> Message | None:
    try:
        return parse(raw.decode("utf-8", "replace"))
    except MalformedLineError:
        return None
