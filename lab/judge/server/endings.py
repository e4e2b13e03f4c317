"""Level 6: clients leave in every way that there is, and the others go on."""

import time
from typing import Final

from lab.judge import sections
from lab.judge.bench import ServerBench
from lab.judge.check import Check, NotJudgedError, WrongError, last_bytes
from lab.judge.participants import HEAR_SECONDS, Participant, names
from translations import _

_NOTICED: Final = 0.3
"""Seconds after which the program has noticed that a client has gone."""
_WORDS_AFTER: Final = 3
_VANISHING: Final = 5
"""How often clients vanish while they are being sent to."""
_LEAVERS: Final = 3
"""How many, one after the other: whether sending to him fails is a matter of luck for each."""
_LINES: Final = 1000
"""How many messages are on their way then: even a program in C is busy with them for a while."""
_FILLER: Final = " " + "x" * 100
"""Makes them so long that no recv brings them all."""
_IRC_LINES: Final = 100
"""Fewer where servers slow down whoever says much."""
_LONGEST: Final = 30.0
"""Seconds that they may take."""


def _go_on(bench: ServerBench, meaning: str) -> None:
    """See that those who have stayed, and one who comes now, talk as before."""
    bench.crowd.pause(_NOTICED)
    for _number in range(_WORDS_AFTER):
        for one in [*bench.crowd.participants]:
            bench.talk(one, meaning)
    (new,) = bench.join(1)
    bench.talk(new, meaning)


def _close(bench: ServerBench) -> None:
    for place in range(3):
        joined = bench.join(4)
        bench.talk(joined[0], _("Not even a single message arrives."))
        bench.crowd.settle()
        joined[place].close()
        _go_on(
            bench,
            _(
                "A client has closed its connection (recv returned 0 bytes), and then others missed what "
                "was said. Take him out of the list of clients and close his socket; and never change a "
                "list while you iterate over it: the next one is passed over. Iterate over a copy."
            ),
        )
        bench.crowd.dismiss()


def _half_close(bench: ServerBench) -> None:
    leaver, *_others = bench.join(3)
    bench.talk(leaver, _("Not even a single message arrives."))
    bench.crowd.settle()
    listeners = bench.hearers(leaver)
    text = bench.word()
    leaver.say(text)
    leaver.stop_sending()
    bench.expect(
        text,
        listeners,
        _(
            "A client has said something and then ended its stream (shutdown). Everything that came "
            "before the 0 bytes of recv still counts: pass it on, and send what is still to be sent, "
            "before you close."
        ),
    )
    if not bench.crowd.wait(lambda: bool(leaver.end)):
        raise WrongError(
            _("the program closes the connection of {name}, too").format(name=leaver.name),
            _(
                "recv has returned 0 bytes, and your program has not closed its socket: the connection stays "
                "half-closed (ss shows CLOSE-WAIT), and one day no more can be opened. Call close for it."
            ),
        )
    leaver.close()
    _go_on(
        bench, _("A client has ended its stream (shutdown), and since then the others are not attended to.")
    )


def _reset(bench: ServerBench) -> None:
    joined = bench.join(4)
    bench.talk(joined[0], _("Not even a single message arrives."))
    bench.crowd.settle()
    joined[1].break_off()
    _go_on(
        bench,
        _(
            "A connection was broken off (RST), as by a program that crashes, and since then the others "
            "are not attended to. recv then does not return 0 but raises an exception "
            "(ConnectionResetError; in C it returns -1). Catch it where you call recv, and take this "
            "client out as if he had closed."
        ),
    )


def _vanish(bench: ServerBench) -> None:
    speaker, *_others = bench.join(2)
    if not bench.arrives(_say_many(bench, speaker), bench.listeners(speaker), _LONGEST):
        raise NotJudgedError(
            _(
                "Of many messages some are lost even while nobody leaves, or who says them is disconnected. "
                "Does the program punish who says much? Start it without that (our own server: "
                "--no-throttle)."
            )
        )
    for number in range(_VANISHING):
        leavers = bench.join(_LEAVERS)
        began = time.monotonic()
        for leaver in leavers:
            last = _say_many(bench, speaker)
            if number % 2:  # in the midst of it: of an end that comes at once, a busy program may hear first
                bench.crowd.wait(lambda leaver=leaver: bool(leaver.received))  # type: ignore[misc]
            if leaver is not leavers[0]:
                leaver.stop_sending()  # after FIN the first send, and not only the second, fails with EPIPE
            leaver.break_off()
        listeners = bench.listeners(speaker)
        if not bench.arrives(last, listeners, _LONGEST):
            raise WrongError(
                _("“{text}” comes to {names}").format(text=last, names=names(listeners)),
                _(
                    "A client vanished while your program was sending to him, and since then the others are "
                    "not attended to. send fails then, too (BrokenPipeError, ConnectionResetError); in C it "
                    "raises the signal SIGPIPE, which ends the program: send with MSG_NOSIGNAL, or ignore "
                    "SIGPIPE. Catch the error for this one client, and go on with the next."
                ),
                last_bytes(listeners[0].received),
            )
        if time.monotonic() - began > HEAR_SECONDS:
            break  # it holds back who says much; once is enough then
    _go_on(
        bench, _("Clients vanished while they were sent to, and since then the others are not attended to.")
    )


def _say_many(bench: ServerBench, speaker: Participant) -> str:
    """Let one say many messages at once; return the last of them, without what fills it."""
    for one in bench.crowd.participants:
        one.forget()
    text = bench.word()
    count = _IRC_LINES if bench.protocol.name == "irc" else _LINES
    lines = [bench.protocol.say(f"{text} {number}{_FILLER}") for number in range(count)]
    speaker.send(b"".join(lines), _("many messages in one send"))
    return f"{text} {count - 1}"


def _restart(bench: ServerBench) -> None:
    expected = _("the program listens at the same port again, at once")
    meaning = _(
        "After a stop with clients connected the program does not come back at the same port (“Address "
        "already in use”): the closed connections stay in TIME_WAIT for a minute. Set SO_REUSEADDR before "
        "bind; then wait for that minute, because the old connections hold the port once more."
    )
    joined = bench.join(2)
    bench.talk(joined[0], _("Not even a single message arrives."))
    program = bench.program
    if program:
        program.stop()
        bench.notebook.remark(_("The program is stopped while two clients are connected, and started again."))
        bench.crowd.wait(lambda: all(one.end for one in joined))
        for one in joined:
            bench.crowd.release(one)
        program.start()
    elif bench.ask:
        question = _(
            "Stop your program now (Ctrl+C), start it again at once with the same port, and press Enter."
        )
        if not bench.ask(question):
            raise NotJudgedError(_("The program was not restarted."))
    else:
        raise NotJudgedError(
            _("Only who may start the program can judge that: say how it is started with --run COMMAND.")
        )
    try:
        bench.connect()
    except (WrongError, NotJudgedError) as error:
        printed = last_bytes(program.printed) if program else b""
        raise WrongError(expected, meaning, printed) from error


CHECKS: Final = (
    Check(
        "close",
        6,
        lambda: _("goes on when a client leaves"),
        sections.ENDINGS,
        _close,
        ("several",),
        ("everybody",),
    ),
    Check(
        "half-close",
        6,
        lambda: _("passes the last words on and then closes, too"),
        sections.ENDINGS,
        _half_close,
        ("close",),
    ),
    Check(
        "reset",
        6,
        lambda: _("goes on when a connection is broken off (RST)"),
        sections.ENDINGS,
        _reset,
        ("close",),
    ),
    Check(
        "vanish",
        6,
        lambda: _("goes on when a client vanishes while it is sent to"),
        sections.ENDINGS,
        _vanish,
        ("reset", "glued"),
    ),
)
RESTART: Final = Check(
    "restart",
    6,
    lambda: _("can be started again at once at the same port"),
    sections.ENDINGS,
    _restart,
    ("answer",),
)
"""The last of all: a program that fails it is not there for a minute."""
