"""A client that does not read: whom does it hold up?"""

import time
from typing import Final

from chatroom.config import Config
from lab.experiments.experiment import Experiment, Notebook, Parameter, Parameters, Result
from lab.experiments.loopback import PlainClient
from server import ChatServer, ServerOptions
from sockets.connection import MAX_SENDQ
from translations import _, decimal, plural

_NOTICED: Final = 1.0
"""Seconds of delay that anybody would notice."""
_ROUND: Final = 20
"""Messages that are sent before the reader has to confirm them."""
_MOST_BYTES: Final = 16 * 1024 * 1024
"""More than any system's buffers and the server's own hold."""
_ROOM: Final = "#lab"


def _conduct(notebook: Notebook, parameters: Parameters) -> Result:
    server = ChatServer(ServerOptions(port=0, config=Config(throttle=False)))
    server.start()
    try:
        with (
            PlainClient(server.address, _("Anna")) as anna,
            PlainClient(server.address, _("Boris")) as boris,
            PlainClient(server.address, _("Vera"), buffer=4096) as vera,
        ):
            for one in (anna, boris, vera):
                one.enter(_ROOM)
            return _flood(notebook, parameters, anna, boris, vera)
    finally:
        server.stop()


def _flood(
    notebook: Notebook, parameters: Parameters, speaker: PlainClient, reader: PlainClient, slow: PlainClient
) -> Result:
    notebook.remark(_("enters the room and does not read any more"), slow.nick)
    filler = "x" * parameters["bytes"]
    passed = number = 0
    slowest = 0.0
    dropped = ""
    while not dropped and passed < _MOST_BYTES:
        number += _ROUND
        lines = [f"PRIVMSG {_ROOM} :{filler}"] * (_ROUND - 1)
        began = time.monotonic()
        speaker.send(*lines, f"PRIVMSG {_ROOM} :{number}")
        line = reader.wait_for(f" :{number}", " QUIT ")
        if " QUIT " in line:
            dropped = line
            reader.wait_for(f" :{number}")
        slowest = max(slowest, time.monotonic() - began)
        passed += sum(map(len, lines))
    notebook.note_call(reader.nick, "recv", dropped.encode(), _("sees that the slow client was dropped"))
    unread = slow.read_to_end()
    last_line = unread.rstrip(b"\r\n").rpartition(b"\n")[2]
    notebook.note_call(slow.nick, "recv", last_line + b"\r\n", _("reads at last; this is its last line"))
    return notebook.result(
        0 if slowest > _NOTICED else 1 if dropped else 2,
        _explain(last_line, passed, slowest, dropped=bool(dropped)),
        (_("bytes that Anna said before it was dropped"), _grouped(passed)),
        (_("bytes that the server's outbox holds at most"), _grouped(MAX_SENDQ)),
        (
            _("bytes that the slow client still found in its socket (names and line ends among them)"),
            _grouped(len(unread)),
        ),
        (_("longest delay of a message for the others, milliseconds"), decimal(slowest * 1000)),
    )


def _explain(last_line: bytes, passed: int, slowest: float, *, dropped: bool) -> str:
    """Explain a run from Vera's last line, the bytes that Anna said, and the longest delay in seconds."""
    if not dropped:
        seen = _(
            "Anna said {passed} bytes, and Vera was not dropped: the system's buffers and the server's "
            "outbox took all of it. Do it again with longer messages."
        )
    elif b"SendQ exceeded" in last_line:
        seen = _(
            "What the slow client's socket did not take was kept in an outbox of bounded size, and sent by a "
            "thread that only this client waits for. After Anna had said {passed} bytes the outbox was full: "
            "the client was told why (SendQ exceeded) and dropped."
        )
    else:
        seen = _(
            "After Anna had said {passed} bytes the slow client was dropped; the last line that it found in "
            "its socket does not say why, since the connection broke before."
        )
    others = _(
        "The server sends without waiting, so no message to the others took longer than {delay} ms. A server "
        "that calls sendall in one loop over all clients would have stood still here; one without a bound "
        "would have filled its memory."
    )
    if slowest > _NOTICED:
        others = _("A message to the others took {delay} ms: this computer was busy. Do it again.")
    return f"{seen} {others}".format(passed=_grouped(passed), delay=decimal(slowest * 1000))


def _grouped(number: int) -> str:
    """Return a number with a space between its thousands."""
    return f"{number:,}".replace(",", " ")


EXPERIMENT: Final = Experiment(
    name="slow",
    title=lambda: _("A client that does not read"),
    question=lambda given: plural(
        "Vera's program no longer calls recv, while Anna sends message after message of {count} byte. What "
        "happens?",
        "Vera's program no longer calls recv, while Anna sends message after message of {count} bytes. What "
        "happens?",
        given["bytes"],
    ),
    predictions=lambda: (
        _("everybody waits for Vera"),
        _("the server drops Vera, the others notice nothing"),
        _("the server keeps everything for her, however much it is"),
    ),
    parameters=(Parameter("bytes", lambda: _("bytes in a message"), 400, 50, 400),),
    conduct=_conduct,
    code=(
        "sockets/connection.py:Connection.send",
        "sockets/connection.py:Connection._write_rest",
        "server.py:ChatServer._send",
    ),
)
