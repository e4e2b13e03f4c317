"""Why there is no connection, in the user's words."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from client.model.events import Problem
from client.model.sanitize import clean
from protocol.fingerprints import format_fingerprint
from translations import _

_SENTENCES: Final[Mapping[Problem, Callable[[], str]]] = {
    Problem.BAD_ADDRESS: lambda: _(
        "{server} is not an address. It looks like this: 192.168.0.5 or 192.168.0.5:6667."
    ),
    Problem.UNKNOWN_HOST: lambda: _("There is no computer called {server} here. Please check the address."),
    Problem.REFUSED: lambda: _("No server listens at {server}. Is it started, and is the port right?"),
    Problem.UNREACHABLE: lambda: _("{server} cannot be reached. Please check the network and the address."),
    Problem.TIMEOUT: lambda: _("{server} does not answer. Please check the address and the firewall."),
    Problem.EXHAUSTED: lambda: _(
        "This computer has no threads, files or memory left for a connection. Please close other programs."
    ),
    Problem.LOST: lambda: _("The connection was lost."),
    Problem.CLOSED_BY_SERVER: lambda: _("The server closed the connection."),
    Problem.NOT_LET_IN: lambda: _(
        "{server} did not let you in, and did not say why. Is it a chat server, and is the port right?"
    ),
    Problem.CLOSED_SILENTLY: lambda: _(
        "{server} closed the connection without a word. If it speaks TLS at this port, tick “Encrypted "
        "connection (TLS)”."
    ),
    Problem.NO_TLS: lambda: _(
        "{server} does not speak TLS at this port. Untick “Encrypted connection (TLS)”, or write the port "
        "that does; it is often 6697."
    ),
    Problem.TLS_WANTED: lambda: _("{server} speaks TLS at this port. Tick “Encrypted connection (TLS)”."),
    Problem.TLS_TOO_OLD: lambda: _(
        "{server} speaks only an old TLS that is not safe any more; this program needs TLS 1.2 or newer. The "
        "server has to be brought up to date."
    ),
    Problem.TLS_FAILED: lambda: _("No encrypted connection to {server} came about: {detail}."),
    Problem.CERTIFICATE_EXPIRED: lambda: _(
        "The certificate of {server} has expired. Look at this computer's clock: it shows {now}. If that is "
        "right, the server needs a new certificate."
    ),
    Problem.CERTIFICATE_NOT_YET_VALID: lambda: _(
        "The certificate of {server} is not valid yet. Look at this computer's clock: it shows {now}. If "
        "that is right, the server's clock was wrong when the certificate was made."
    ),
    Problem.CERTIFICATE_UNKNOWN: lambda: _(
        "This computer does not know the certificate of {server}: the server has made it itself, or "
        "somebody is posing as the server."
    ),
    Problem.CERTIFICATE_OF_ANOTHER: lambda: _(
        "The certificate of {server} is for another address: the address is wrong, or somebody is "
        "posing as the server."
    ),
    Problem.CERTIFICATE_CHANGED: lambda: _(
        "{server} shows a different certificate from the one that you trust: it has a new one, or "
        "somebody is posing as the server."
    ),
}


def explain_problem(
    problem: Problem, server: str = "", goodbye: str = "", fingerprint: str = "", detail: str = ""
) -> str:
    """Return a sentence that says why there is no connection and what to do (a refusal brings its own).

    Args:
        server: `HOST:PORT` as the user typed it.
        goodbye: what the server said before it closed the connection.
        fingerprint: SHA-256 of the certificate that was not accepted, in hexadecimal.
        detail: the system's own words.
    """
    if goodbye and problem in (Problem.LOST, Problem.CLOSED_BY_SERVER):
        return _("The server closed the connection: {reason}").format(reason=goodbye)
    now = time.strftime("%d.%m.%Y, %H:%M")
    text = _SENTENCES[problem]().format(server=server or _("The server"), now=now, detail=clean(detail))
    if fingerprint:
        known = _("Its SHA-256 fingerprint, to compare with the teacher's: {fingerprint}")
        return f"{text} {known.format(fingerprint=format_fingerprint(fingerprint))}"
    return text
