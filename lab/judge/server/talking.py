"""Levels 1 to 3: a server that accepts, attends to several at once, and tells everybody what one says."""

from functools import partial
from typing import Final

from lab.judge import sections
from lab.judge.bench import ServerBench
from lab.judge.check import Check, WrongError, last_bytes
from lab.judge.participants import Participant, names
from translations import _, plural

_ROUNDS: Final = 8
"""How often three people speak at the same moment."""
_BURST: Final = 50
"""How many messages each of them sends at once."""


def _accept(bench: ServerBench) -> None:
    one = bench.connect()
    bench.crowd.settle()
    if one.end:
        raise WrongError(
            _("the connection stays open"),
            _(
                "The program closed the connection at once. Only the thread that serves a client may close "
                "its socket, at its end: “using” (C#), “with” (Python), “try (…)” (Java) or close beside "
                "accept ends the connection when the thread has only been started."
            ),
        )


def _answer(bench: ServerBench) -> None:
    speaker, other = bench.join(2)
    speaker.forget()
    text, next_text = bench.word(), bench.word()
    # However slow the program is: when the next message of the same client has come to anybody, the first one
    # has gone to all to whom it goes.
    for said in (text, next_text):
        speaker.say(said)
        if not bench.crowd.wait(lambda said=said: other.hears(said) or speaker.hears(said)):  # type: ignore[misc]
            break
    bench.crowd.settle()
    bench.relays, bench.echoes = other.hears(text), speaker.hears(text)
    answers = bool(speaker.received) and bench.protocol.name != "irc"  # which refuses what it cannot do
    if not bench.relays and not bench.echoes and not answers:
        raise WrongError(
            _("what {speaker} says comes to {other}, or some answer comes to {speaker}").format(
                speaker=speaker.name, other=other.name
            ),
            _(
                "Nothing came back. Either your program does not read what comes (recv), or it only "
                "prints it and does not send it on, or it waits for something else: for a line end of "
                "another kind, for text in UTF-16, for more bytes. Look at --protocol, too."
            ),
            last_bytes(other.received),
        )


def _several(bench: ServerBench) -> None:
    joined = bench.join(3)
    for one in joined:
        _see_attended(
            bench,
            one,
            _(
                "{name} is connected, but nobody attends to him while the others are connected too. One "
                "thread cannot wait in recv for one client and at the same time in accept for the next: "
                "give each client a thread of its own, or wait for all of them with select."
            ).format(name=one.name),
        )


def _silent(bench: ServerBench) -> None:
    silent = bench.connect()
    for one in bench.join(2):
        _see_attended(
            bench,
            one,
            _(
                "{silent} has connected and says nothing, and your program waits for a first line of "
                "that client before it attends to others. What waits for a client must be in that "
                "client's own thread, reading the name too; the thread that accepts only accepts."
            ).format(silent=silent.name),
        )


def _see_attended(bench: ServerBench, speaker: Participant, meaning: str) -> None:
    """See that what one says comes to somebody, be it himself."""
    text = bench.word()
    speaker.say(text)
    if not bench.crowd.wait(lambda: any(one.hears(text) for one in bench.crowd.participants)):
        expected = _("“{text}”, which {name} says, comes to somebody").format(text=text, name=speaker.name)
        raise WrongError(expected, meaning, last_bytes(speaker.received))


def _everybody(bench: ServerBench) -> None:
    joined = bench.join(4)
    for speaker in joined:
        text = bench.word()
        speaker.say(text)
        others = [one for one in joined if one is not speaker]
        bench.expect(
            text,
            others,
            _(
                "What one client says has to reach all others. Keep all connected sockets in a list, and "
                "send to each of them, not only to the one who has spoken."
            ),
        )


def _once(bench: ServerBench) -> None:
    joined = bench.join(3)
    for speaker in joined:
        text = bench.word()
        speaker.say(text)
        bench.crowd.wait(lambda text=text: any(one.hears(text) for one in joined))  # type: ignore[misc]
        bench.crowd.settle()
        for one in joined:
            count = one.count(text)
            if count > 1:
                raise WrongError(
                    _("“{text}” comes to {name} once").format(text=text, name=one.name),
                    _("{speaker} has said it once, and it came to {name} {times}.").format(
                        speaker=speaker.name,
                        name=one.name,
                        times=plural("{count} time", "{count} times", count),
                    )
                    + " "
                    + (
                        _(
                            "A sender may get his own message back, but once: do not answer him and then "
                            "send to all, him among them."
                        )
                        if one is speaker
                        else _("Is a client twice in your list, or do two places of your program send?")
                    ),
                    last_bytes(one.received),
                )


def _order(bench: ServerBench) -> None:
    joined = bench.join(6)
    speakers, listeners = joined[:3], joined[3:]
    said: list[str] = []
    for _round in range(_ROUNDS):
        texts = [bench.word() for _speaker in speakers]
        said += texts
        for speaker, text in zip(speakers, texts, strict=True):
            speaker.say(text)
        for text in texts:
            bench.expect(
                text, listeners, _("A message was lost when several people spoke at the same moment.")
            )
    said += _burst(bench, speakers, listeners)
    orders = [sorted(said, key=partial(bench.protocol.find, bytes(one.received))) for one in listeners]
    for one, order in zip(listeners, orders, strict=True):
        for heard, other in zip(orders[0], order, strict=True):
            if heard != other:
                raise WrongError(
                    _("{names} hear everything in the same order").format(names=names(listeners)),
                    _(
                        "{one} heard “{heard}” where {other_one} heard “{other}”. Where several threads "
                        "send at the same moment, it depends on chance who is first for whom. Let one "
                        "thread send (the others put their messages into a queue), or lock while a "
                        "message is put into everybody's queue."
                    ).format(one=listeners[0].name, heard=heard, other_one=one.name, other=other),
                    last_bytes(one.received),
                )


def _burst(bench: ServerBench, speakers: list[Participant], listeners: list[Participant]) -> list[str]:
    """Let several say much at once; return what all have heard of it: glued messages are another check's.

    Raises:
        WrongError: somebody hears one speaker's messages in another order.
    """
    bursts = [[bench.word() for _number in range(_BURST)] for _speaker in speakers]
    for speaker, burst in zip(speakers, bursts, strict=True):
        speaker.send(b"".join(map(bench.protocol.say, burst)), _("many messages in one send"))
    bench.crowd.settle()
    said: list[str] = []
    for speaker, burst in zip(speakers, bursts, strict=True):
        heard = [text for text in burst if all(one.hears(text) for one in listeners)]
        for one in listeners:
            places = [bench.protocol.find(bytes(one.received), text) for text in heard]
            if places != sorted(places):
                raise WrongError(
                    _("what {speaker} says comes to {name} in its order").format(
                        speaker=speaker.name, name=one.name
                    ),
                    _("The messages of one client came in another order than he sent them."),
                    last_bytes(one.received),
                )
        said += heard
    return said


CHECKS: Final = (
    Check("accept", 1, lambda: _("accepts a connection"), sections.CONNECTION, _accept),
    Check(
        "answer",
        1,
        lambda: _("answers, or passes on what is said"),
        sections.CONTRACT,
        _answer,
        ("accept", "join"),
    ),
    Check(
        "several",
        2,
        lambda: _("attends to several clients at once"),
        sections.THREADS,
        _several,
        ("answer",),
    ),
    Check(
        "silent",
        2,
        lambda: _("a client that says nothing blocks nobody"),
        sections.BLOCKING,
        _silent,
        ("several",),
    ),
    Check(
        "everybody",
        3,
        lambda: _("what one says reaches all others"),
        sections.THREADS,
        _everybody,
        ("several",),
    ),
    Check(
        "once", 3, lambda: _("each message comes once"), sections.THREADS, _once, ("answer",), ("several",)
    ),
    Check(
        "order",
        3,
        lambda: _("everybody hears all in one order"),
        sections.QUEUE,
        _order,
        ("everybody",),
    ),
)
