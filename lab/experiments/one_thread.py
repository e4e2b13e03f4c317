"""A server without a thread for each client: while it waits for the first, the second waits for it."""

import contextlib
import errno
import os
import socket
import threading
import time
from typing import Final

from client.net.address import parse_address
from lab.demo.participants import running_server
from lab.experiments.experiment import PATIENCE, Experiment, Notebook, Parameter, Parameters, Result
from lab.experiments.loopback import in_thread, receive, serving
from lab.wrong import one_thread_server
from translations import _, decimal, plural

_QUESTION: Final = b"PING 1\r\n"


def _conduct(notebook: Notebook, parameters: Parameters) -> Result:
    quiet = parameters["delay"] / 1000
    notebook.remark(_("The server of lab/wrong/one_thread_server.py:"))
    with serving(one_thread_server.serve) as address:
        wrong = _seconds_of_second_client(notebook, address, quiet)
    notebook.remark(_("Our server:"))
    with running_server() as text:
        right = _seconds_of_second_client(notebook, parse_address(text), quiet)
    if right >= quiet:  # this computer had nothing left for the second client, such as a descriptor
        raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    return notebook.result(
        2 if wrong >= quiet / 2 else 0,
        _explain(wrong, right, quiet),
        (_("the first client is silent, milliseconds"), str(parameters["delay"])),
        (_("the second waits at the server with one thread, milliseconds"), decimal(wrong * 1000)),
        (_("the second waits at our server, milliseconds"), decimal(right * 1000)),
    )


def _explain(wrong: float, right: float, quiet: float) -> str:
    """Explain how long the second client waited at the two servers; all in seconds."""
    if wrong >= quiet / 2:
        seen = _(
            "The only thread of the wrong server slept in recv of the first client, who said nothing for "
            "{quiet} ms. The system had already connected the second client (connect succeeded), and its "
            "bytes lay in a buffer, but nobody called accept. Only when the first hung up was the second "
            "answered, after {wrong} ms."
        )
    else:
        seen = _(
            "This time the second client was answered after {wrong} ms: the first had hung up before the "
            "only thread waited for it. Do it again with a longer silence."
        )
    ours = _(
        "Our server has a thread for each client, and one that sleeps does not hold up the others: there the "
        "second waited for {right} ms."
    )
    return f"{seen} {ours}".format(
        quiet=round(quiet * 1000), wrong=decimal(wrong * 1000), right=decimal(right * 1000)
    )


def _seconds_of_second_client(notebook: Notebook, address: tuple[str, int], quiet: float) -> float:
    """Let the first client be silent for a while; return how long the second waits for its answer."""
    first_name, second_name = _("first client"), _("second client")
    asked, answered = threading.Event(), threading.Event()
    with socket.create_connection(address, PATIENCE) as first:

        def hang_up() -> None:
            asked.wait(PATIENCE)
            answered.wait(quiet)
            with contextlib.suppress(OSError):  # the server may have hung up before
                first.shutdown(socket.SHUT_RDWR)
            notebook.note_call(first_name, "shutdown")

        notebook.note_call(first_name, "connect")
        with in_thread(hang_up, "first client"):
            with socket.create_connection(address, PATIENCE) as second:
                second.settimeout(PATIENCE + quiet)
                notebook.note_call(second_name, "connect")
                began = time.monotonic()
                notebook.note_call(second_name, "send", _QUESTION)
                second.sendall(_QUESTION)
                asked.set()
                data = receive(second)
                seconds = time.monotonic() - began
                told = _("{milliseconds} ms later").format(milliseconds=decimal(seconds * 1000))
                notebook.note_call(second_name, "recv", data, told)
            answered.set()
    return seconds


EXPERIMENT: Final = Experiment(
    name="one-thread",
    title=lambda: _("One thread for all: the second client waits"),
    question=lambda given: plural(
        "A server has a single thread. The first client is silent for {count} millisecond. When is the "
        "second answered?",
        "A server has a single thread. The first client is silent for {count} milliseconds. When is the "
        "second answered?",
        given["delay"],
    ),
    predictions=lambda: (
        _("at once"),
        _("never: it cannot even connect"),
        _("it connects at once, but is answered when the first has hung up"),
    ),
    parameters=(
        Parameter("delay", lambda: _("milliseconds that the first client is silent"), 1000, 100, 5000),
    ),
    conduct=_conduct,
    code=("server.py:ChatServer._accept", "server.py:ChatServer._start_client"),
)
