"""A Cyrillic letter cut in half, and the UnicodeDecodeError of a reader that decodes what `recv` returned."""

import threading
from typing import Final

from lab.experiments.experiment import PATIENCE, Experiment, Notebook, Parameter, Parameters, Result
from lab.experiments.loopback import connected_sockets, in_thread, receive
from protocol.framing import LineReader
from translations import _, plural

_TEXT: Final = "Привет!"
_LINE: Final = f"{_TEXT}\r\n".encode()


def _conduct(notebook: Notebook, parameters: Parameters) -> Result:
    cut = parameters["bytes"]
    client, naive, ours = _("client"), _("naive reader"), _("our reader")
    first_read = threading.Event()
    reader = LineReader()
    lines: list[bytes] = []
    errors = 0
    with connected_sockets() as (sender, receiver):

        def send() -> None:
            notebook.note_call(client, "send", _LINE[:cut])
            sender.sendall(_LINE[:cut])
            first_read.wait(PATIENCE)
            notebook.note_call(client, "send", _LINE[cut:])
            sender.sendall(_LINE[cut:])

        with in_thread(send, "letter sender"):
            while not lines:
                data = receive(receiver)
                notebook.note_call(_("server"), "recv", data)
                try:
                    notebook.remark(_("decodes: {text}").format(text=repr(data.decode("utf-8"))), naive)
                except UnicodeDecodeError as error:
                    errors += 1
                    notebook.remark(f"UnicodeDecodeError: {error}", naive)
                lines = reader.feed(data)
                if not lines:
                    notebook.remark(_("keeps {bytes} and waits").format(bytes=reader.held), ours)
                first_read.set()
    notebook.remark(_("decodes: {text}").format(text=repr(lines[0].decode("utf-8"))), ours)
    return notebook.result(
        1 if errors else 0,
        _(
            "In UTF-8 a Russian letter takes two bytes. The cut went through the middle of a letter, and "
            "half a letter cannot be decoded. So collect bytes first, find the end of the line, and decode "
            "the whole line."
        )
        if errors
        else _("This cut went between two letters, so nothing broke. That was luck: try another place."),
        (_("letters and bytes of the text"), f"{len(_TEXT)} / {len(_TEXT.encode())}"),
        (_("errors of the naive reader"), str(errors)),
    )


EXPERIMENT: Final = Experiment(
    name="letter",
    title=lambda: _("Half a letter: bytes are not characters"),
    question=lambda given: plural(
        "The text «Привет!» is cut after {count} byte. What does a reader see that decodes each recv?",
        "The text «Привет!» is cut after {count} bytes. What does a reader see that decodes each recv?",
        given["bytes"],
    ),
    predictions=lambda: (
        _("the two parts of the text"),
        _("an exception: half a letter is not a letter"),
        _("the text with a question mark in it"),
    ),
    parameters=(Parameter("bytes", lambda: _("after how many bytes to cut"), 5, 1, len(_LINE) - 1),),
    conduct=_conduct,
    code=("protocol/framing.py:LineReader.feed", "protocol/message.py:decode"),
)
