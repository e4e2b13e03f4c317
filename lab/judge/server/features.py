"""What the variants add to a server: names, private messages, history, rooms, and three bounds."""

import time
from pathlib import Path
from typing import Final

from lab.judge import sections
from lab.judge.bench import ServerBench
from lab.judge.check import Check, NotJudgedError, WrongError, last_bytes
from lab.judge.participants import Participant
from lab.judge.server.load import flood, read_at_last
from translations import _

_OLD: Final = 15
"""Messages that were said before the newcomer came; the last ten are his history."""
_TOO_OLD: Final = 5
_SILENCE: Final = 10.0
"""Seconds, by the contract."""
_TOLERANCE: Final = 3.0
_BUFFER_BYTES: Final = 16 * 1024 * 1024
"""More than the systems' buffers and 1 MiB."""
_MOST_OF_A_LOG: Final = 1024 * 1024


def _names(bench: ServerBench) -> None:
    bench.protocol.need_frames()
    one, other = bench.join(2)
    name = f"Name{bench.word()[5:]}".replace("-", "")
    one.say(f"/name {name}")
    bench.crowd.settle()
    bench.expect_not(
        f"/name {name}", [other], _("A command is for the server: it is not passed on to the others.")
    )
    meaning = _("After /name the new nick stands before what a client says, in the same message.")
    _see_head(bench, one, other, name, meaning, wanted=True)
    other.say(f"/name {name}")
    bench.crowd.settle()
    meaning = _("A nick that is taken is not given to a second client, and its owner keeps it.")
    _see_head(bench, other, one, name, meaning, wanted=False)
    _see_head(bench, one, other, name, meaning, wanted=True)


def _see_head(
    bench: ServerBench, speaker: Participant, listener: Participant, name: str, meaning: str, *, wanted: bool
) -> None:
    """See whether a nick stands before what somebody says."""
    text = bench.word()
    speaker.say(text)
    bench.expect(text, [listener], meaning)
    bench.crowd.wait(lambda: any(text.encode() in frame for frame in listener.frames()))
    frame = next((frame for frame in listener.frames() if text.encode() in frame), b"")
    if (name.encode() in frame.partition(text.encode())[0]) is not wanted:
        expected = (
            _("{nick} stands before “{text}”") if wanted else _("{nick} does not stand before “{text}”")
        ).format(nick=name, text=text)
        raise WrongError(expected, meaning, last_bytes(frame))


def _private(bench: ServerBench) -> None:
    one, other, third = bench.join(3)
    text = bench.word()
    one.say(f"/msg {other.name} {text}")
    meaning = _(
        "/msg NICK TEXT brings the text to the client of this nick (his first message), to him alone."
    )
    bench.expect(text, [other], meaning)
    bench.expect_not(text, [third], meaning)
    one.say(f"/msg nobody4711 {bench.word()}")
    bench.talk(third, _("Since a message to a nick that nobody has, the others are not attended to."))


def _history(bench: ServerBench) -> None:
    speaker, *_rest = bench.join(2)
    meaning = _("A newcomer gets the last 10 messages, the oldest first.")
    texts = [bench.talk(speaker, _("Not even a single message arrives.")) for _number in range(_OLD)]
    newcomer = bench.join(1)[0]
    late = texts[_TOO_OLD + 1 :]  # one of the ten may be an announcement of the program's
    for text in late:
        bench.expect(text, [newcomer], meaning)
    places = [bench.protocol.find(bytes(newcomer.received), text) for text in late]
    if places != sorted(places):
        raise WrongError(_("the oldest message first"), meaning, last_bytes(newcomer.received))
    for text in texts[:_TOO_OLD]:
        bench.expect_not(text, [newcomer], meaning)


def _rooms(bench: ServerBench) -> None:
    first, second, third = bench.join(3)
    room = f"room{bench.word()[5:]}".replace("-", "")
    third.say(f"/join {room}")
    bench.crowd.settle()
    meaning = _(
        "At first all are in one room; /join ROOM moves a client to another, and he hears only that one."
    )
    for speaker, hearing, deaf in ((first, [second], [third]), (third, [], [first, second])):
        text = bench.word()
        speaker.say(text)
        bench.expect(text, hearing, meaning)
        bench.expect_not(text, deaf, meaning)
    second.say(f"/join {room}")
    bench.crowd.settle()
    for speaker, hearing, deaf in ((third, [second], [first]), (first, [], [second, third])):
        text = bench.word()
        speaker.say(text)
        bench.expect(text, hearing, meaning)
        bench.expect_not(text, deaf, meaning)


def _timeout(bench: ServerBench) -> None:
    silent, speaker, other = bench.join(3)
    began = time.monotonic()
    while not silent.end and time.monotonic() - began < _SILENCE + _TOLERANCE:
        for one, listener in ((speaker, other), (other, speaker)):
            text = bench.word()
            one.say(text)
            bench.expect(
                text, [listener], _("Who speaks every two seconds is not disconnected, and is heard.")
            )
        bench.crowd.wait(lambda: bool(silent.end), 2.0)
    waited = time.monotonic() - began
    meaning = _(
        "Who is silent for 10 seconds is disconnected, neither earlier nor much later: give recv a time "
        "limit (or note for each client when it spoke last), and begin anew with each message."
    )
    expected = _("{name} is disconnected after 10 seconds").format(name=silent.name)
    if not silent.end:
        raise WrongError(expected, meaning, last_bytes(silent.received))
    if waited < _SILENCE - _TOLERANCE:
        meaning = _("It was after {seconds} seconds.").format(seconds=round(waited)) + " " + meaning
        raise WrongError(expected, meaning, last_bytes(silent.received))
    silent.close()
    bench.talk(speaker, _("After that the others were not attended to any more."))


def _buffer(bench: ServerBench) -> None:
    deaf, _said = flood(bench, _BUFFER_BYTES)
    read_at_last(bench, deaf)
    if not deaf.end:
        raise WrongError(
            _("{name} is disconnected").format(name=deaf.name),
            _(
                "A client did not read while much was said, and is connected still. Count the bytes that "
                "wait for each client, and disconnect him for whom more than 1 MiB waits."
            ),
        )


def _log(bench: ServerBench) -> None:
    if bench.log is None:
        raise NotJudgedError(_("Say which file your program writes, with --log FILE."))
    file = bench.log
    speaker, *_rest = bench.join(2)
    text = bench.talk(speaker, _("Not even a single message arrives."))
    meaning = _("Each message is a line in the file: time, nick, text; write it at once (flush).")
    expected = _("{file} has a line with {name} and “{text}”").format(file=file, name=speaker.name, text=text)
    if not bench.crowd.wait(lambda: _has_line(file, speaker.name, text)):
        raise WrongError(expected, meaning, last_bytes(_tail(file)))
    if bench.program:
        bench.program.stop()
        bench.program.start()
        bench.connect()
        if not bench.crowd.wait(lambda: _has_line(file, speaker.name, text)):
            meaning = _("After a restart the file is continued, not begun anew: open it to append (“a”).")
            raise WrongError(expected, meaning, last_bytes(_tail(file)))


def _has_line(file: Path, name: str, text: str) -> bool:
    return any(name.encode() in line and text.encode() in line for line in _tail(file).splitlines())


def _tail(file: Path) -> bytes:
    """Return the end of a file; nothing if it cannot be read."""
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _MOST_OF_A_LOG))
            return opened.read(_MOST_OF_A_LOG)
    except OSError:
        return b""


CHECKS: Final = {
    check.name: check
    for check in (
        Check(
            "names",
            8,
            lambda: _("lets clients choose their names (/name)"),
            sections.FEATURES,
            _names,
            ("everybody",),
        ),
        Check(
            "private",
            8,
            lambda: _("brings a private message to one alone (/msg)"),
            sections.FEATURES,
            _private,
            ("everybody",),
        ),
        Check(
            "history",
            8,
            lambda: _("tells newcomers the last ten messages"),
            sections.FEATURES,
            _history,
            ("everybody",),
        ),
        Check("rooms", 8, lambda: _("has rooms (/join)"), sections.FEATURES, _rooms, ("everybody",)),
        Check(
            "timeout",
            8,
            lambda: _("disconnects who is silent for ten seconds"),
            sections.FEATURES,
            _timeout,
            ("everybody",),
        ),
        Check(
            "buffer",
            8,
            lambda: _("disconnects for whom more than 1 MiB waits"),
            sections.FEATURES,
            _buffer,
            ("slow",),
        ),
        Check("log", 8, lambda: _("writes what is said to a file"), sections.FEATURES, _log, ("everybody",)),
    )
}
"""By the names that the variants have for them (`lab.judge.variants.FEATURES`)."""
