"""A server that takes one `recv` for one message, beside the real one: the same bytes for both."""

import socket
from typing import Final

from client.net.address import parse_address
from lab.demo.participants import running_server
from lab.experiments.experiment import PATIENCE, Experiment, Notebook, Parameter, Parameters, Result
from lab.experiments.loopback import PlainClient, receive, send_in_pieces, serving
from lab.wrong import naive_server
from translations import _, plural

_END: Final = "end"


def _conduct(notebook: Notebook, parameters: Parameters) -> Result:
    count = parameters["count"]
    lines = [f"PRIVMSG #lab :Сообщение {number}\r\n" for number in range(1, count + 1)]
    stream = "".join(lines).encode()
    answers = _ask_naive_server(notebook, parameters, stream)
    naive = answers.count(b"\r\n")
    real = _ask_real_server(notebook, parameters, stream)
    return notebook.result(
        0 if naive == count else 1 if naive < count else 2,
        _explain(lines, answers, parameters["bytes"]),
        (_("messages sent"), str(count)),
        (_("messages that the naive server counted"), str(naive)),
        (_("messages that our server passed on"), str(real)),
    )


def _explain(lines: list[str], answers: bytes, size: int) -> str:
    """Explain the naive server's count from its answers, each of which shows what one recv returned."""
    counted, sent = answers.count(b"\r\n"), -(-sum(len(line.encode()) for line in lines) // size)
    right = "".join(f"{number}: {line[:-2]}|\r\n" for number, line in enumerate(lines, 1))
    if answers == right.encode():
        seen = _("This time each recv of the naive server returned exactly one message, by luck.")
    elif counted == len(lines):
        seen = _(
            "The naive server's number is right by chance: its answers show that what it took for messages "
            "are other parts of the stream."
        )
    elif counted > len(lines):
        seen = _(
            "What recv returned to the naive server were pieces of messages, and it took {counted} of them "
            "for messages."
        )
    else:
        seen = _("A recv of the naive server returned bytes of several messages, and it took them for one.")
    if counted < sent:
        seen += " " + _(
            "The {sent} pieces that were sent came with {counted} calls of recv: some pieces lay together."
        )
    rule = _(
        "It counts what recv returns, so its number depends on the pieces and the time between them. Our "
        "server collects bytes and cuts them at CR LF: it counts lines, however they travelled."
    )
    return f"{seen} {rule}".format(counted=counted, sent=sent)


def _ask_naive_server(notebook: Notebook, parameters: Parameters, stream: bytes) -> bytes:
    """Return all that it answers."""
    notebook.remark(_("The server of lab/wrong/naive_server.py:"))
    with serving(naive_server.serve) as address, socket.create_connection(address, PATIENCE) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        send_in_pieces(sock, stream, parameters["bytes"], parameters["delay"] / 1000, notebook, _("client"))
        sock.shutdown(socket.SHUT_WR)
        answers = receive(sock)
        notebook.note_call(_("client"), "recv", answers)
        while data := sock.recv(65536):
            answers += data
            notebook.note_call(_("client"), "recv", data)
    return answers


def _ask_real_server(notebook: Notebook, parameters: Parameters, stream: bytes) -> int:
    notebook.remark(_("Our server:"))
    with running_server() as text:
        address = parse_address(text)
        with PlainClient(address, _("Anna")) as anna, PlainClient(address, _("Boris")) as boris:
            for one in (anna, boris):
                one.enter("#lab")
            boris.notebook = notebook
            delay = parameters["delay"] / 1000
            send_in_pieces(anna.sock, stream, parameters["bytes"], delay, notebook, anna.nick)
            anna.send(f"PRIVMSG #lab {_END}")
            heard = 0
            while not boris.wait_for("PRIVMSG #lab").endswith(_END):
                heard += 1
            return heard


EXPERIMENT: Final = Experiment(
    name="naive",
    title=lambda: _("One recv, one message? A server that is wrong"),
    question=lambda given: plural(
        "{count} message is sent in pieces. How many messages does a server count that takes each recv for "
        "one?",
        "{count} messages are sent in pieces. How many does a server count that takes each recv for one?",
        given["count"],
    ),
    predictions=lambda: (
        _("exactly as many as were sent"),
        _("fewer than were sent"),
        _("more than were sent"),
    ),
    parameters=(
        Parameter("count", lambda: _("messages"), 3, 1, 8),
        Parameter("bytes", lambda: _("bytes in a piece"), 20, 1, 1000),
        Parameter("delay", lambda: _("milliseconds between two pieces"), 20, 0, 200),
    ),
    conduct=_conduct,
    code=("protocol/framing.py:LineReader", "sockets/connection.py:Connection._read_lines"),
)
