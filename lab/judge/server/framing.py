"""Level 4: the stream of bytes is cut into messages, however it was cut on its way."""

import re
from typing import Final

from lab.judge import sections
from lab.judge.bench import ServerBench
from lab.judge.check import Check, WrongError, last_bytes
from lab.judge.participants import HEAR_SECONDS, Participant
from translations import _

LONG: Final = 100_000
"""Bytes of the long message."""
_IRC_LONG: Final = 510
"""Bytes of the longest line of IRC without its end (RFC 1459 section 2.3)."""
_PASSED_ON: Final = 350
"""Bytes of it that find room behind the source that the server puts before it."""
_PAUSE: Final = 0.2
"""Seconds between two pieces: the program has taken the first by then."""


def _pieces(bench: ServerBench) -> None:
    bench.protocol.need_frames()
    speaker, other, *_rest = bench.join(3)
    text = f"{bench.word()} and {bench.word()}"
    message = bench.protocol.say(text)
    middle = message.index(b" and ") + 3
    speaker.send(message[:middle], _("the first piece of a message"))
    bench.crowd.pause(_PAUSE)
    listeners = bench.listeners(speaker)
    if speaker not in listeners:
        bench.talk(
            other,
            _(
                "While one client has sent half a message, what another says is not passed on. What waits "
                "for the rest of a message (readline) must wait in that client's own thread; with select, "
                "keep the piece in a buffer of this client's and go on."
            ),
        )
    speaker.send(message[middle:], _("the rest of it"))
    _expect_whole(
        bench,
        text,
        listeners,
        _(
            "The message was sent in two pieces, and it did not arrive as one. One recv is not one "
            "message: collect the bytes of each client in a buffer of its own until the end of the "
            "message has come, and only then pass it on."
        ),
    )


def _glued(bench: ServerBench) -> None:
    bench.protocol.need_frames()
    speaker, *_rest = bench.join(3)
    bench.talk(speaker, _("Not even a single message arrives."))
    texts = [bench.word() for _number in range(3)]
    speaker.send(b"".join(map(bench.protocol.say, texts)), _("three messages in one send"))
    for text in texts:
        _expect_whole(
            bench,
            text,
            bench.listeners(speaker),
            _(
                "Three messages were sent at once, and not all of them were passed on. Look for the end of a "
                "message in your buffer again and again (while, not if) until there is none, and only then "
                "call recv again."
            ),
        )
    for one in bench.listeners(speaker):
        heads = {_head(_frame_with(one, text), text) for text in texts}
        if len(heads) > 1:
            raise WrongError(
                _("three messages, each with the same before it"),
                _(
                    "Three messages were sent at once, and your program took them for one: what it puts "
                    "before a message stands before the first alone. Cut what has come into messages, and "
                    "pass on each of them."
                ),
                last_bytes(one.received),
            )


def _head(frame: bytes, text: str) -> bytes:
    """Return what the program put before a text; a number or a time in it may change."""
    return re.sub(rb"\d+", b"0", frame.partition(text.encode())[0])


def _bytes(bench: ServerBench) -> None:
    bench.protocol.need_frames()
    speaker, *_rest = bench.join(2)
    text = bench.word()
    for byte in bench.protocol.say(text):
        speaker.send(bytes([byte]))
        bench.crowd.pause(0.005)
    _expect_whole(
        bench,
        text,
        bench.listeners(speaker),
        _(
            "The message was sent one byte at a time, and it did not arrive as one. A recv may return a "
            "single byte: never rely on how many bytes come at once, not for a header either."
        ),
    )


def _long(bench: ServerBench) -> None:
    bench.protocol.need_frames()
    speaker, *_rest = bench.join(2)
    is_irc = bench.protocol.name == "irc"
    start = bench.word()
    size = _IRC_LONG - len(bench.protocol.say("")) + 2 if is_irc else LONG
    text = start + "x" * (size - len(start) - 3) + "end"
    speaker.say(text)
    if is_irc:
        meaning = _(
            "A line of 510 bytes is allowed, and it was not passed on. What the source before it leaves "
            "no room for may be cut off its end."
        )
        _expect_whole(bench, text[:_PASSED_ON], bench.listeners(speaker), meaning)
        return
    _expect_whole(
        bench,
        text,
        bench.listeners(speaker),
        _(
            "A message of 100,000 bytes came cut, or not at all. It takes many calls of recv, and send "
            "may take only a part of it: use sendall, or send the rest later. A bound for the length of a "
            "message is right, but it must be above this."
        ),
        HEAR_SECONDS * 2,
    )


def _expect_whole(
    bench: ServerBench,
    text: str,
    listeners: list[Participant],
    meaning: str,
    seconds: float = HEAR_SECONDS,
) -> None:
    """See that everybody here gets a text inside one message.

    Raises:
        WrongError: somebody does not.
    """
    if bench.crowd.wait(lambda: all(_frame_with(one, text) for one in listeners), seconds):
        return
    one = next(one for one in listeners if not _frame_with(one, text))
    told = one.with_end(meaning)
    if one.hears(text):
        told = _("The text came, but no end of the message behind it: end each message as the contract says.")
    expected = _("“{text}” comes to {names} as one message").format(text=text[:40], names=one.name)
    raise WrongError(expected, told, last_bytes(one.received))


def _frame_with(one: Participant, text: str) -> bytes:
    """Return the message in which a text has come; empty if none has."""
    wanted = text.encode()
    return next((frame for frame in one.frames() if wanted in frame), b"")


CHECKS: Final = (
    Check(
        "pieces",
        4,
        lambda: _("puts a message together that comes in pieces"),
        sections.STREAM,
        _pieces,
        ("several",),
        ("everybody",),
    ),
    Check("glued", 4, lambda: _("cuts messages apart that come glued"), sections.STREAM, _glued, ("pieces",)),
    Check("bytes", 4, lambda: _("takes a message byte by byte"), sections.STREAM, _bytes, ("pieces",)),
    Check(
        "long",
        4,
        lambda: _("passes a long message on whole"),
        sections.STREAM,
        _long,
        ("pieces",),
    ),
)
