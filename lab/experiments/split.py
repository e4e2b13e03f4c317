"""One message in several `recv`: what is unfinished waits in the buffer."""

from typing import Final

from lab.experiments.experiment import Experiment, Notebook, Parameter, Parameters, Result
from lab.experiments.loopback import connected_sockets, in_thread, receive, send_in_pieces
from protocol.framing import LineReader
from protocol.text import visible, visible_bytes
from translations import _, plural

_LINE: Final = "PRIVMSG #lab :Привет, лаборатория!\r\n".encode()


def _conduct(notebook: Notebook, parameters: Parameters) -> Result:
    size, delay = parameters["bytes"], parameters["delay"] / 1000
    client, server = _("client"), _("server")
    reader = LineReader()
    lines: list[bytes] = []
    received: list[bytes] = []
    with connected_sockets() as (sender, receiver):

        def send() -> None:
            send_in_pieces(sender, _LINE, size, delay, notebook, client)

        with in_thread(send, "split sender"):
            while not lines:
                data = receive(receiver)
                received.append(data)
                lines = reader.feed(data)
                if lines:
                    text = _("the line is whole: {text}").format(text=visible(lines[0].decode("utf-8")))
                else:
                    held = visible_bytes(reader.held)
                    text = _("left in the buffer: {text}").format(text=held)
                notebook.note_call(server, "recv", data, text)
    return notebook.result(
        (0, 2) if len(received) == 1 else (2,),
        _explain(received, -(-len(_LINE) // size)),
        (_("bytes of the line"), str(len(_LINE))),
        (_("calls of recv"), str(len(received))),
        (_("lines that the receiver got"), str(len(lines))),
    )


def _explain(received: list[bytes], pieces: int) -> str:
    if len(received) == 1:
        text = _(
            "This time the whole line came with one recv: its first {count} bytes were all, CR LF among "
            "them, so nothing had to be kept in the buffer. recv did not wait for that; take smaller pieces."
        )
        if pieces > 1:
            text = _(
                "The line was sent in {pieces} pieces, but one recv returned all of them: they lay together "
                "in the system's buffer. It is whole because CR LF is there, not because recv waited for it."
            )
    else:
        text = _(
            "The first recv returned {count} bytes without CR LF, so the receiver kept them in its buffer, "
            "and no message was there yet. The same until recv number {calls}: it brought CR LF, and the "
            "line was given out."
        )
        if len(received) < pieces:
            text += " " + _(
                "The line was sent in {pieces} pieces, but some of them came together: where the sender cut "
                "it can no longer be seen."
            )
    return text.format(count=len(received[0]), pieces=pieces, calls=len(received))


EXPERIMENT: Final = Experiment(
    name="split",
    title=lambda: _("Cut up: one line, many recvs"),
    question=lambda given: plural(
        "A line travels in pieces of {count} byte. When does the receiver have the message?",
        "A line travels in pieces of {count} bytes. When does the receiver have the message?",
        given["bytes"],
    ),
    predictions=lambda: (
        _("with the first recv: all of it is there"),
        _("with each recv it has one more message, a short one"),
        _("when the end of the line, CR LF, has come"),
    ),
    parameters=(
        Parameter("bytes", lambda: _("bytes in a piece"), 7, 1, 100),
        Parameter("delay", lambda: _("milliseconds between two pieces"), 30, 0, 500),
    ),
    conduct=_conduct,
    code=("protocol/framing.py:LineReader.feed",),
)
