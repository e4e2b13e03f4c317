"""A client that does not read: whom does it hold up?"""

import time
from typing import Final

from chatroom.config import Config
from lab.experiments.experiment import Experiment, Notebook, Parameter, Parameters, Result
from lab.experiments.loopback import PlainClient
from server import ChatServer, ServerOptions
from sockets.connection import MAX_SENDQ
from translations import _, plural

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
        _(
            "The server sends without waiting. What the slow client's socket does not take is kept in an "
            "outbox of bounded size, and sent by a thread that only this client waits for. When the outbox "
            "is full, the client is told why (SendQ exceeded) and dropped. The others go on talking "
            "meanwhile. A server that used sendall in one loop over all clients would have stood still here; "
            "one without a bound would have filled its memory."
        ),
        (_("bytes that Anna said before it was dropped"), f"{passed:,}".replace(",", " ")),
        (_("bytes that the server's outbox holds at most"), f"{MAX_SENDQ:,}".replace(",", " ")),
        (
            _("bytes that the slow client still found in its socket (names and line ends among them)"),
            f"{len(unread):,}".replace(",", " "),
        ),
        (_("longest delay of a message for the others, milliseconds"), f"{slowest * 1000:.1f}"),
    )


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
