"""A Cyrillic letter cut in half, and what readers make of it that decode what each `recv` returned."""

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
    client, ours = _("client"), _("our reader")
    python, java = "Python", "Java, C#"
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
                    notebook.remark(_("decodes: {text}").format(text=repr(data.decode("utf-8"))), python)
                except UnicodeDecodeError as error:
                    errors += 1
                    notebook.remark(f"UnicodeDecodeError: {error}", python)
                # As new String(…, UTF_8) and Encoding.UTF8.GetString do: U+FFFD instead of half a letter.
                marked = repr(data.decode("utf-8", "replace"))
                notebook.remark(_("decodes: {text}").format(text=marked), java)
                lines = reader.feed(data)
                if not lines:
                    notebook.remark(_("keeps {bytes} and waits").format(bytes=reader.held), ours)
                first_read.set()
    notebook.remark(_("decodes: {text}").format(text=repr(lines[0].decode("utf-8"))), ours)
    return notebook.result(
        (1, 2) if errors else (0,),
        _explain(cut, broken=errors > 0),
        (_("letters and bytes of the text"), f"{len(_TEXT)} / {len(_TEXT.encode())}"),
        (_("exceptions in Python"), str(errors)),
    )


def _explain(cut: int, *, broken: bool) -> str:
    halves = _LINE[cut - 1 : cut], _LINE[cut : cut + 1]
    before, after = (half.hex().upper() for half in halves)
    if not broken:
        return _(
            "This cut went between two characters: byte {before} ends one of them, and byte {after} begins "
            "the next, so both parts can be decoded. That was luck: try another place."
        ).format(before=before, after=after)
    text = _(
        "In UTF-8 a Russian letter takes two bytes. The cut went through the middle of «{letter}»: its byte "
        "{before} came with the first recv and its byte {after} with the second, and neither is a letter "
        "alone. What comes of it depends on the language: Python's decode raises UnicodeDecodeError, Java "
        "and C# put the mark U+FFFD instead of each half, and the letter is lost without a word. So collect "
        "bytes first, find the end of the line, and decode the whole line."
    )
    return text.format(letter=b"".join(halves).decode(), before=before, after=after)


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
        _("the text with marks, � or ?, instead of the letter"),
    ),
    parameters=(Parameter("bytes", lambda: _("after how many bytes to cut"), 5, 1, len(_LINE) - 1),),
    conduct=_conduct,
    code=("protocol/framing.py:LineReader.feed", "protocol/message.py:decode"),
)
