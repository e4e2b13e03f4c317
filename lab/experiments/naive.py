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
    naive = _ask_naive_server(notebook, parameters, stream)
    real = _ask_real_server(notebook, parameters, stream)
    return notebook.result(
        0 if naive == count else 1 if naive < count else 2,
        _(
            "Both servers got the same bytes in the same pieces. The naive one takes whatever a recv returns "
            "for one message: it counts pieces of the stream. Ours collects bytes and cuts them at CR LF: it "
            "counts lines, however they travelled."
        ),
        (_("messages sent"), str(count)),
        (_("messages that the naive server counted"), str(naive)),
        (_("messages that our server passed on"), str(real)),
    )


def _ask_naive_server(notebook: Notebook, parameters: Parameters, stream: bytes) -> int:
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
    return answers.count(b"\r\n")


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
