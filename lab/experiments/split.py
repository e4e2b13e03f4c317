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
    calls = 0
    with connected_sockets() as (sender, receiver):

        def send() -> None:
            send_in_pieces(sender, _LINE, size, delay, notebook, client)

        with in_thread(send, "split sender"):
            while not lines:
                data = receive(receiver)
                calls += 1
                lines = reader.feed(data)
                if lines:
                    text = _("the line is whole: {text}").format(text=visible(lines[0].decode("utf-8")))
                else:
                    held = visible_bytes(reader.held)
                    text = _("left in the buffer: {text}").format(text=held)
                notebook.note_call(server, "recv", data, text)
    return notebook.result(
        0 if calls == 1 else 2,
        _(
            "One recv returned only a part of the line. The receiver keeps the part in its buffer and gives "
            "out a line only when its end, CR LF, has come. Where the sender cut the line can no longer be "
            "seen."
        )
        if calls > 1
        else _(
            "This time the whole line came with one recv; the buffer was not needed. Take smaller pieces."
        ),
        (_("bytes of the line"), str(len(_LINE))),
        (_("calls of recv"), str(calls)),
        (_("lines that the receiver got"), str(len(lines))),
    )


EXPERIMENT: Final = Experiment(
    name="split",
    title=lambda: _("Cut up: one line, many recvs"),
    question=lambda given: plural(
        "A line travels in pieces of {count} byte. When does the receiver have the message?",
        "A line travels in pieces of {count} bytes. When does the receiver have the message?",
        given["bytes"],
    ),
    predictions=lambda: (
        _("with the first recv: it waits until all is there"),
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
