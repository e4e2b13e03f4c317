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
    return notebook.result(
        0 if len(received) == count else 1 if len(received) < count else 2,
        _explain(received, parameters["delay"]),
        (_("calls of send"), str(count)),
        (_("calls of recv"), str(len(received))),
        (_("bytes sent and received"), f"{sum(map(len, lines))} / {sum(map(len, received))}"),
    )


def _explain(received: list[bytes], delay: int) -> str:
    """Explain what was received, from the boundaries that can be seen in it."""
    stream = _(
        "TCP carries a stream of bytes: send puts bytes into the system's buffer, and recv returns what lies "
        "there at that moment."
    )
    counts = [data.count(b"\r\n") for data in received]
    whole = all(data.endswith(b"\r\n") for data in received)
    work = round(_WORK_SECONDS * 1000)
    if not whole:
        seen = _("This time a recv ended in the middle of a message; the next one brought the rest of it.")
    elif max(counts) == 1:
        seen = _(
            "This time each message was read before the next came: there were {delay} ms between two sends, "
            "and the receiver was busy for {work} ms after each recv. Nobody promises that: with a shorter "
            "pause, or a busier receiver, some come together."
        )
    elif counts[0] > 1:
        seen = _(
            "Recv number 1 returned {count} messages together: they had been sent before the receiver got "
            "its turn."
        )
    else:
        seen = _(
            "Recv number {number} returned {count} messages together: they had come while the receiver was "
            "busy with what it had read before, for {work} ms after each recv; between two sends there were "
            "{delay} ms."
        )
    if whole and max(counts) > 1:
        seen += " " + _(
            "It is not Nagle's algorithm that glues here: it is switched off at both ends (TCP_NODELAY)."
        )
    first = next((index for index, count in enumerate(counts) if count > 1), 0)
    return f"{stream} {seen}".format(number=first + 1, count=counts[first], work=work, delay=delay)


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
