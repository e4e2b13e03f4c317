"""Levels 7 and 8: who does not read is his own problem; many clients, many messages."""

import time
from typing import Final

from lab.judge import sections
from lab.judge.bench import ServerBench
from lab.judge.check import Check, NotJudgedError, WrongError, last_bytes
from lab.judge.participants import Participant
from translations import _, plural

_NOTICED: Final = 10.0
"""Seconds of delay that are not a busy computer's; a send that waits for who does not read waits for ever."""
_MESSAGE: Final = 400
"""Bytes of a message that is only there to fill buffers; IRC allows no more."""
_AT_ONCE: Final = 128 * 1024
"""Bytes that are said before the listener has to have heard them."""
_SLOW_BYTES: Final = 12 * 1024 * 1024
"""More than the buffers of systems hold for one connection: some 6 MiB at both ends."""
_BOUND_BYTES: Final = 32 * 1024 * 1024
"""More than those, and any sensible outbox."""
_LONGEST: Final = 20.0
"""Seconds that a flood may take."""
_KEPT_ALIVE: Final = 2.0
"""Seconds after which the listener says something, or a program with a time limit would drop him."""
_SMALL: Final = 4096
"""Bytes that the system keeps for who does not read."""
_FIFTY: Final = 50
_THOUSAND: Final = 1000


def flood(bench: ServerBench, total: int) -> tuple[Participant, int]:
    """Let one say so many bytes, as fast as another hears them, while a third does not read.

    Returns:
        Who does not read, and how many bytes were said.

    Raises:
        WrongError: the one who reads waits longer than before.
        NotJudgedError: he waits long anyhow.
    """
    speaker, listener = bench.join(2)
    began = time.monotonic()
    mark = _say_much(bench, speaker)
    bench.arrives(mark, bench.listeners(speaker), _LONGEST)
    pace = time.monotonic() - began
    deaf = bench.connect(buffer=_SMALL)
    bench.introduce([deaf])
    deaf.forget()
    deaf.is_deaf = True
    bench.crowd.watch(deaf)
    bench.notebook.remark(_("does not call recv any more"), deaf.name)
    said = 0
    listeners = bench.hearers(speaker)
    began = spoke = time.monotonic()
    while said < total and _may_end(said, total, time.monotonic() - began):
        mark = _say_much(bench, speaker)
        said += _AT_ONCE
        if time.monotonic() - spoke > _KEPT_ALIVE:
            listener.say(bench.word())
            spoke = time.monotonic()
        bench.expect(
            mark,
            listeners,
            _(
                "{bytes} were said while one client did not read, and then the others waited. send waits "
                "when the buffer of a client is full; whoever calls it in a loop over all clients, or "
                "holds a lock meanwhile, stops for everybody. Give each client a queue and a thread that "
                "sends, or send without waiting and keep the rest."
            ).format(bytes=plural("{count} byte", "{count} bytes", said)),
            _NOTICED + 4 * pace,
        )
    for one in (speaker, listener):
        bench.talk(one, _("After that the others were not attended to any more."))
    return deaf, said


def _may_end(said: int, total: int, seconds: float) -> bool:
    """Tell whether it is too early to say that so many bytes will not get through in a bearable time."""
    return seconds < _LONGEST or said / seconds * _LONGEST * 3 >= total


def _say_much(bench: ServerBench, speaker: Participant) -> str:
    """Let one say _AT_ONCE bytes; return the last word of them."""
    for one in bench.crowd.participants:
        if not one.is_deaf:
            one.forget()
    filler = bench.protocol.say("x" * _MESSAGE)
    mark = bench.word()
    speaker.send(filler * (_AT_ONCE // len(filler)) + bench.protocol.say(mark))
    return mark


def read_at_last(bench: ServerBench, deaf: Participant) -> bytes:
    """Let one who did not read take what has waited for him; return the end of it."""
    deaf.is_deaf = False
    bench.crowd.watch(deaf)
    bench.notebook.remark(_("reads at last"), deaf.name)
    end = time.monotonic() + _LONGEST
    tail = b""
    while (
        not deaf.end
        and time.monotonic() < end
        and bench.crowd.wait(lambda: bool(deaf.end or deaf.received), 1)
    ):
        tail = (tail + bytes(deaf.received))[-1000:]
        deaf.forget()
    return tail


def _slow(bench: ServerBench) -> None:
    flood(bench, _SLOW_BYTES)


def _bounded(bench: ServerBench) -> None:
    began = time.monotonic()
    deaf, said = flood(bench, _BOUND_BYTES)
    bytes_said = plural("{count} byte", "{count} bytes", said)
    if said < _BOUND_BYTES:
        text = _("In {seconds} seconds only {bytes} got through: too little to fill a bounded buffer.")
        raise NotJudgedError(text.format(seconds=round(time.monotonic() - began), bytes=bytes_said))
    speaker = next(one for one in bench.crowd.participants if one is not deaf)
    last = bench.talk(speaker, _("After that the others were not attended to any more."))
    tail = read_at_last(bench, deaf)
    if bench.protocol.count(tail, last):
        raise WrongError(
            _("a client for whom too much waits is disconnected, or misses messages"),
            _(
                "{name} did not read, and your program kept all of it for him: {bytes}. A few such "
                "clients fill the memory. Bound what waits for one client (1 MiB, say), and disconnect "
                "him when it is more."
            ).format(name=deaf.name, bytes=bytes_said),
            last_bytes(tail),
        )


def _fifty(bench: ServerBench) -> None:
    joined = bench.join(_FIFTY)
    meaning = _(
        "With fifty clients not everybody is attended to. Does your program accept for ever, or only so "
        "many? Is an array too small, or are all threads of the pool taken by clients who stay?"
    )
    for one in (joined[0], joined[-1]):
        bench.talk(one, meaning)


def _thousand(bench: ServerBench) -> None:
    speaker, *_rest = bench.join(3)
    texts = [bench.word() for _number in range(_THOUSAND)]
    speaker.send(b"".join(map(bench.protocol.say, texts)), _("a thousand messages"))
    bench.arrives(texts[-1], bench.listeners(speaker), _LONGEST)
    bench.crowd.settle()  # a program that changes the order has not lost what comes after the last one
    for one in bench.listeners(speaker):
        came = bytes(one.received)
        places = [bench.protocol.find(came, text) for text in texts]
        lost = sum(place < 0 for place in places)
        if lost or (places != sorted(places) and "order" not in bench.failed):
            raise WrongError(
                _("a thousand messages come to {name} in their order").format(name=one.name),
                plural(
                    "{count} message of a thousand was lost.",
                    "{count} messages of a thousand were lost.",
                    lost,
                )
                if lost
                else _("The messages of one client came in another order than he sent them."),
                last_bytes(came),
            )


CHECKS: Final = (
    Check(
        "slow",
        7,
        lambda: _("a client that does not read delays nobody"),
        sections.FLOW_CONTROL,
        _slow,
        ("everybody", "glued"),
    ),
    Check(
        "bounded",
        7,
        lambda: _("bounds what waits for a client"),
        sections.FLOW_CONTROL,
        _bounded,
        ("slow",),
    ),
    Check("fifty", 8, lambda: _("attends to fifty clients"), sections.MANY_CLIENTS, _fifty, ("everybody",)),
    Check(
        "thousand",
        8,
        lambda: _("passes a thousand messages on, in their order"),
        sections.MANY_CLIENTS,
        _thousand,
        ("glued",),
    ),
)
