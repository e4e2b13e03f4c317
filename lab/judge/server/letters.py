"""Level 5: UTF-8, and nothing else, whatever the letters are and wherever they are cut."""

from typing import Final

from lab.judge import sections
from lab.judge.bench import ServerBench
from lab.judge.check import Check, WrongError, last_bytes
from translations import _

_TEXT: Final = "Привет, мир! Ёжик 🦔 и café"
_MARKS: Final = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
"""Byte order marks, and what they announce."""
_NOT_UTF_8: Final = b"\xff\xfe\xd0 \xc3\x28"


def _encoding(bench: ServerBench) -> None:
    joined = bench.join(2)
    bench.talk(joined[0], _("Not even a single message arrives."))
    expected = _("UTF-8 without a byte order mark")
    binary = bench.protocol.name in ("length", "delimiter")
    for one in joined:
        came = b"\n".join(one.frames()) if binary else bytes(one.received)
        mark = next((mark for mark in _MARKS if mark in came), b"")
        if mark == b"\xef\xbb\xbf":
            meaning = _(
                "The bytes EF BB BF came: a byte order mark. Whoever compares the text finds an invisible "
                "letter before it. In C#, give StreamWriter new UTF8Encoding(false) instead of Encoding.UTF8."
            )
            raise WrongError(expected, meaning, last_bytes(came))
        if mark or b"\0" in came:
            meaning = _(
                "Zero bytes, or a mark that announces UTF-16, came: your program sends UTF-16, two bytes "
                "for each letter. Say UTF-8 wherever text becomes bytes (C#: Encoding.UTF8, not "
                "Encoding.Unicode; Java: StandardCharsets.UTF_8)."
            )
            raise WrongError(expected, meaning, last_bytes(came))
        try:
            came.decode()
        except UnicodeDecodeError:
            meaning = _(
                "What your program sends of its own is not UTF-8: perhaps its greeting is in cp1251 or "
                "cp866. Save the source file in UTF-8, and say UTF-8 wherever text becomes bytes."
            )
            raise WrongError(expected, meaning, last_bytes(came)) from None


def _letters(bench: ServerBench) -> None:
    speaker, *_rest = bench.join(2)
    bench.talk(
        speaker,
        _(
            "Russian letters or an emoji did not arrive as they were sent. Say UTF-8 where bytes become "
            "text and where text becomes bytes, and count bytes, not letters: a Russian letter has two, "
            "an emoji four."
        ),
        f"{bench.word()} {_TEXT}",
    )


def _cut_letter(bench: ServerBench) -> None:
    bench.protocol.need_frames()
    speaker, *_rest = bench.join(2)
    text = f"{bench.word()} {_TEXT}"
    message = bench.protocol.say(text)
    cuts = [message.index("П".encode()) + 1, message.index("🦔".encode()) + 2]
    for piece in (message[: cuts[0]], message[cuts[0] : cuts[1]]):
        speaker.send(piece, _("it ends in the middle of a letter"))
        bench.crowd.pause(0.2)
    speaker.send(message[cuts[1] :])
    bench.expect(
        text,
        bench.listeners(speaker),
        _(
            "A letter was cut in two between two recv, and it was lost. Half a letter cannot be decoded: "
            "collect bytes, find the end of the message, and only then decode all of it."
        ),
    )


def _invalid(bench: ServerBench) -> None:
    rude, *others = bench.join(3)
    message = bench.protocol.say(bench.word())
    word = message.index(b"hello")
    rude.send(message[:word] + _NOT_UTF_8 + message[word + len(_NOT_UTF_8) :], _("bytes that are no UTF-8"))
    bench.crowd.settle()
    others += bench.join(1)
    for one in others:
        bench.talk(
            one,
            _(
                "One client has sent bytes that are not UTF-8, and since then others are not attended to. "
                "Catch the error of decoding (or decode with replacement) in the thread of that client, "
                "so that it ends at most his own connection."
            ),
        )


CHECKS: Final = (
    Check(
        "encoding",
        5,
        lambda: _("sends UTF-8 without a byte order mark"),
        sections.TRAPS,
        _encoding,
        ("several",),
        ("everybody",),
    ),
    Check(
        "letters",
        5,
        lambda: _("passes Russian letters and emoji on"),
        sections.LETTERS,
        _letters,
        ("encoding",),
    ),
    Check(
        "cut-letter",
        5,
        lambda: _("puts a letter together that comes in two pieces"),
        sections.LETTERS,
        _cut_letter,
        ("letters", "pieces"),
    ),
    Check(
        "invalid",
        5,
        lambda: _("survives bytes that are not UTF-8"),
        sections.LETTERS,
        _invalid,
        ("several",),
        ("everybody",),
    ),
)
