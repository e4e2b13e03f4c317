"""Passwords in socket calls: each tap masks them here before it remembers or prints a call."""

import re
from dataclasses import replace
from typing import Final

from sockets.tap import Call

_SECRET: Final = re.compile(
    rb"(?im)(?P<before>(?:^|(?<=\r))(?:@[^ \r\n]*)? *(?::[^ \r\n]* +)?(?:PASS|(?:OPER|RECLAIM) +[^ \r\n]+) +)"
    rb"(?P<secret>[^\r\n]+)"
)
_WORDS: Final = (b"PASS", b"OPER", b"RECLAIM")


def mask_call(call: Call) -> Call:
    """Return the call with passwords (PASS, OPER …) as asterisks, as many as keep every length the same.

    A password may begin in one call and end in the next, so it is looked for in all the bytes that are known.
    """
    if call.name == "recv":
        known = mask_passwords(call.held_before + call.data)
        moved, left = known[len(call.held_before) :], known[len(known) - len(call.held_after) :]
        return replace(call, data=moved, held_before=known[: len(call.held_before)], held_after=left)
    known = mask_passwords(call.data + call.held_after)
    return replace(call, data=known[: len(call.data)], held_after=known[len(call.data) :])


def mask_passwords(stream: bytes) -> bytes:
    """Return whole lines, and perhaps an unfinished one, with each password as asterisks."""
    upper = stream.upper()
    if not any(word in upper for word in _WORDS):  # nearly always, and the search below is slow
        return stream
    return _SECRET.sub(lambda found: found["before"] + b"*" * len(found["secret"]), stream)
