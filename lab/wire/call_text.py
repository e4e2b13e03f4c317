"""Socket calls as lines of text: what `chat server --wire` prints, and what is copied and saved."""

import time
from collections.abc import Callable
from typing import Final

from lab.wire.call_lines import cut_lines
from lab.wire.passwords import mask_call
from program.log import plain_log
from protocol.text import cut_characters, visible_bytes
from sockets.tap import Call
from translations import _, plural

_LONGEST_SHOWN: Final = 300
"""Bytes of one call that `shorten_bytes` keeps."""


def log_call(call: Call) -> None:
    """Log a call: a tap (`sockets.tap.Tap`). May be called from any thread.

    The server's log is printed by a thread of its own: a console that stands still delays nobody.
    """
    plain_log.info("%s", format_call(mask_call(call)))


def format_call(call: Call) -> str:
    """Return a call as aligned columns: time, thread, call, connection, bytes, what they were.

    Further protocol lines, and what stayed in the buffer, follow on lines of their own. Control characters
    are made visible, and bytes that are not UTF-8 stand as `\\xd0`.
    """
    clock = format_clock(call.time, 6)
    head = f"{clock}  {call.thread:<22.22}  {call.name:<7}  {call.connection:<21}"
    if call.name not in ("recv", "send"):
        return head.rstrip()
    size = plural("{count} byte", "{count} bytes", len(call.data))
    texts = [visible_bytes(line) for line in cut_lines(call.data)]
    if call.held_after:
        texts.append(left_over(call))
    head = f"{head}  {size:>11}  "
    return head + f"\n{' ' * len(head)}".join(texts or [""])


def shorten_bytes(data: bytes) -> str:
    """Return bytes as text that is safe to show; of very many only the beginning."""
    end = min(len(data), _LONGEST_SHOWN)
    while _LONGEST_SHOWN - 4 < end < len(data) and data[end] & 0xC0 == 0x80:
        end -= 1  # not inside a letter
    text = visible_bytes(data[:end])
    more = len(data) - end
    return text if more <= 0 else f"{text} … " + plural("({count} byte more)", "({count} bytes more)", more)


def without_tags(raw: bytes) -> bytes:
    """Return a line with `@…` in place of its tags, which would hide what it says."""
    if not raw.startswith(b"@") or b" " not in raw:
        return raw
    return "@… ".encode() + raw.partition(b" ")[2]


def shorten_text(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters: of a longer one the beginning, and an ellipsis."""
    return text if len(text) <= limit else cut_characters(text, limit - 1) + "…"


def left_over(call: Call, show: Callable[[bytes], str] = visible_bytes) -> str:
    """Return in words what `recv` left in the buffer, or `send` could not hand to the socket."""
    kept = _("left in the buffer: {text}") if call.name == "recv" else _("not taken by the socket: {text}")
    return kept.format(text=show(call.held_after))


def format_clock(seconds: float, digits: int = 0) -> str:
    """Return a time (seconds since the epoch) as local `HH:MM:SS`, with so many digits of a fraction."""
    clock = time.strftime("%H:%M:%S", time.localtime(seconds))
    return clock + (f".{int(seconds % 1 * 10**digits):0{digits}}" if digits else "")
