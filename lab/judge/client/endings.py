"""Level 5: the server closes the connection, breaks it off, and comes back."""

from typing import Final

from lab.judge import sections
from lab.judge.check import Check, last_bytes
from lab.judge.client.bench import ClientBench
from translations import _

_AWAY: Final = 0.5
"""Seconds that the server is not there."""
_BY_ITSELF: Final = 3.0
"""Seconds after which a program that has not connected again is started again."""


def _closed(bench: ClientBench) -> None:
    _see_end(
        bench,
        reset=False,
        meaning=_(
            "The server has closed the connection: recv returned 0 bytes (null, an event “end”). Tell your "
            "user, and leave the loop."
        ),
    )


def _reset(bench: ClientBench) -> None:
    _see_end(
        bench,
        reset=True,
        meaning=_(
            "The server has broken the connection off (RST), as when it crashes: recv does not return 0 but "
            "raises an exception (in C it returns -1). Catch it, tell your user, and leave the loop."
        ),
    )


def _see_end(bench: ClientBench, *, reset: bool, meaning: str) -> None:
    bench.join()
    bench.crowd.settle()
    before = bench.assistant.printed
    bench.hang_up(reset=reset)
    told = bench.assistant.sees_end(bench.crowd, before)
    if told:
        expected = _("the program tells its user that the connection is gone")
        raise bench.wrong(expected, f"{told} {meaning}", last_bytes(bench.assistant.printed))


def _back(bench: ClientBench) -> None:
    bench.join()
    bench.crowd.settle()
    bench.close()
    bench.notebook.remark(_("The server is gone for a moment."))
    bench.crowd.pause(_AWAY)
    bench.open()
    bench.wait_for_return(_BY_ITSELF)
    bench.hear(
        _(
            "The server was gone and came back. A new connection begins from the start: a new socket, "
            "the name first, an empty buffer; and what is typed goes into the new socket."
        )
    )


CHECKS: Final = (
    Check(
        "closed",
        5,
        lambda: _("tells that the server has closed the connection"),
        sections.ENDINGS,
        _closed,
        ("shows",),
    ),
    Check(
        "reset",
        5,
        lambda: _("tells that the connection was broken off (RST)"),
        sections.ENDINGS,
        _reset,
        ("shows",),
    ),
    Check("back", 5, lambda: _("talks to a server that has come back"), sections.ENDINGS, _back, ("speaks",)),
)
