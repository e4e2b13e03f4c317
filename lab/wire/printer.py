"""Socket calls as lines on a console: what `chat.py server --wire` prints."""

import re
import time
from dataclasses import replace
from typing import Final

from program.log import plain_log
from protocol.text import visible
from sockets.tap import Call
from translations import _, plural

_SECRET: Final = re.compile(
    rb"(?im)(?P<before>(?:^|(?<=\r))(?:@[^ \r\n]*)? *(?::[^ \r\n]* +)?(?:PASS|(?:OPER|RECLAIM) +[^ \r\n]+) +)"
    rb"(?P<secret>[^\r\n]+)"
)
_WORDS: Final = (b"PASS", b"OPER", b"RECLAIM")
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


log = plain_log("wire")


def log_call(call: Call) -> None:
    """Log a call: a tap (`sockets.tap.Tap`). May be called from any thread.

    The server's log is printed by a thread of its own: a console that stands still holds up nobody.
    """
    log.info("%s", format_call(call))


def format_call(call: Call) -> str:
    """Return a call as aligned columns: time, thread, call, connection, bytes, what they were.

    Further protocol lines, and what stayed in the buffer, follow on lines of their own. Control characters
    are made visible, bytes that are no UTF-8 stand as `\\xd0`, and passwords as asterisks.
    """
    clock = time.strftime("%H:%M:%S", time.localtime(call.time)) + f".{int(call.time % 1 * 1e6):06}"
    head = f"{clock}  {call.thread:<22.22}  {call.name:<7}  {call.connection:<21}"
    if call.name not in ("recv", "send"):
        return head.rstrip()
    size = plural("{count} byte", "{count} bytes", len(call.data))
    call = masked(call)
    texts = [_shown(line) for line in _LINE.findall(call.data)]
    if call.held_after:
        kept = (
            _("left in the buffer: {text}") if call.name == "recv" else _("not taken by the socket: {text}")
        )
        texts.append(kept.format(text=_shown(call.held_after)))
    head = f"{head}  {size:>11}  "
    return head + f"\n{' ' * len(head)}".join(texts or [""])


def masked(call: Call) -> Call:
    """Return the call with passwords (PASS, OPER …) as asterisks: so many, that every length stays the same.

    A password may begin in one call and end in the next, so it is looked for in the whole of what is known.
    """
    if call.name == "recv":
        known = mask_passwords(call.held_before + call.data)
        moved, left = known[len(call.held_before) :], known[len(known) - len(call.held_after) :]
        return replace(call, data=moved, held_before=known[: len(call.held_before)], held_after=left)
    known = mask_passwords(call.data + call.held_after)
    return replace(call, data=known[: len(call.data)], held_after=known[len(call.data) :])


def mask_passwords(stream: bytes) -> bytes:
    """Return the bytes of whole lines, and perhaps an unfinished one, with each password as asterisks."""
    upper = stream.upper()
    if not any(word in upper for word in _WORDS):  # as nearly always: the search below takes its time
        return stream
    return _SECRET.sub(lambda found: found["before"] + b"*" * len(found["secret"]), stream)


def _shown(raw: bytes) -> str:
    return visible(raw.decode("utf-8", "backslashreplace"))
