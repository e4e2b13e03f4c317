"""Level 4: the client puts messages together, however the stream of bytes is cut on its way."""

from typing import Final

from lab.judge import sections
from lab.judge.check import Check
from lab.judge.client.bench import ClientBench
from translations import _

_PAUSE: Final = 0.3
"""Seconds between two pieces: the program has taken the first by then."""
_RUSSIAN: Final = "Съешь ещё этих мягких булок"
BURST: Final = 1000


def _glued(bench: ClientBench) -> None:
    bench.protocol.need_frames()
    one = bench.join()
    texts = [bench.word() for _number in range(3)]
    one.send(b"".join(map(bench.protocol.say, texts)), _("three messages in one send"))
    bench.show(
        texts,
        _(
            "Three messages came at once, and not all were shown. Look for the end of a message in your "
            "buffer again and again (while, not if), and only then call recv again."
        ),
    )


def _halves(bench: ClientBench) -> None:
    bench.protocol.need_frames()
    text = bench.word()
    message = bench.protocol.say(text)
    _in_two(bench, message, message.index(text.encode()) + len(text) // 2)
    bench.show(
        [text],
        _(
            "The message came in two pieces, and was not shown as one. One recv is not one message: collect "
            "what comes in a buffer until the end of the message is there."
        ),
    )


def _half_letter(bench: ClientBench) -> None:
    bench.protocol.need_frames()
    text = f"{bench.word()} {_RUSSIAN}"
    message = bench.protocol.say(text)
    _in_two(bench, message, message.index(_RUSSIAN.encode()) + 1)
    bench.show(
        [text],
        _(
            "The message was cut in the middle of a letter, which has two bytes in UTF-8, and the letter was "
            "not shown. Decode whole messages, not what a recv has returned; or use a decoder that keeps "
            "half a letter (codecs, CharsetDecoder, Decoder, StringDecoder)."
        ),
    )


def _in_two(bench: ClientBench, message: bytes, cut: int) -> None:
    one = bench.join()
    one.send(message[:cut], _("the first piece of a message"))
    bench.crowd.pause(_PAUSE)
    one.send(message[cut:], _("the rest of it"))


def _burst(bench: ClientBench) -> None:
    one = bench.join()
    word = bench.word()
    texts = [f"{word} {number:04}" for number in range(BURST)]
    one.send(b"".join(map(bench.protocol.say, texts)), _("many messages in one send"))
    bench.show(
        texts,
        _(
            "A thousand messages came at once, and not all were shown within ten seconds. Do nothing slow "
            "for each message: no sleep, no redrawing of the whole window."
        ),
    )


CHECKS: Final = (
    Check("glued", 4, lambda: _("cuts messages apart that come glued"), sections.STREAM, _glued, ("shows",)),
    Check(
        "halves",
        4,
        lambda: _("puts a message together that comes in pieces"),
        sections.STREAM,
        _halves,
        ("shows",),
    ),
    Check(
        "half-letter",
        4,
        lambda: _("shows a letter whole that was cut in the middle"),
        sections.LETTERS,
        _half_letter,
        ("halves",),
    ),
    Check(
        "burst",
        4,
        lambda: _("shows a thousand messages that come at once"),
        sections.STREAM,
        _burst,
        ("glued", "halves"),
    ),
)
