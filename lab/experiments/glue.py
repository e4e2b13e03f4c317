"""Several `send`, fewer `recv`: TCP keeps no boundaries between calls."""

import time
from typing import Final

from lab.experiments.experiment import Experiment, Notebook, Parameter, Parameters, Result
from lab.experiments.loopback import connected_sockets, in_thread, receive
from translations import _, plural

_WORK_SECONDS: Final = 0.02


def _conduct(notebook: Notebook, parameters: Parameters) -> Result:
    count, delay = parameters["count"], parameters["delay"] / 1000
    lines = [f"PRIVMSG #lab :{number}\r\n".encode() for number in range(1, count + 1)]
    client, server = _("client"), _("server")
    with connected_sockets() as (sender, receiver):

        def send() -> None:
            for number, line in enumerate(lines):
                if number:
                    time.sleep(delay)
                notebook.note_call(client, "send", line)
                sender.sendall(line)

        received: list[bytes] = []
        with in_thread(send, "glue sender"):
            while sum(map(len, received)) < sum(map(len, lines)):
                data = receive(receiver)
                received.append(data)
                text = plural("{count} line in one recv", "{count} lines in one recv", data.count(b"\r\n"))
                notebook.note_call(server, "recv", data, text)
                time.sleep(_WORK_SECONDS)  # the receiver does something with what it received
    happened = 0 if len(received) == count else 1 if len(received) < count else 2
    return notebook.result(
        happened,
        _(
            "TCP carries a stream of bytes. Each send puts bytes into the system's buffer, and recv returns "
            "what lies there at that moment, up to the number of bytes that it was asked for. While the "
            "receiver is busy with the first message (here for {milliseconds} ms after each recv), the next "
            "ones arrive and lie together. With a longer pause between the sends they come one by one, but "
            "nobody promises that."
        ).format(milliseconds=round(_WORK_SECONDS * 1000)),
        (_("calls of send"), str(count)),
        (_("calls of recv"), str(len(received))),
        (_("bytes sent and received"), f"{sum(map(len, lines))} / {sum(map(len, received))}"),
    )


EXPERIMENT: Final = Experiment(
    name="glue",
    title=lambda: _("Glued: several sends, one recv"),
    question=lambda given: plural(
        "A client calls send {count} time. How often does recv return at the server?",
        "A client calls send {count} times, a message each. How often does recv return at the server?",
        given["count"],
    ),
    predictions=lambda: (
        _("just as often: each recv returns one message"),
        _("less often: some messages come together"),
        _("more often: a message comes in parts"),
    ),
    parameters=(
        Parameter("count", lambda: _("messages"), 5, 2, 50),
        Parameter("delay", lambda: _("milliseconds between two sends"), 0, 0, 500),
    ),
    conduct=_conduct,
    code=("protocol/framing.py:LineReader.feed", "sockets/connection.py:Connection._read_lines"),
)
