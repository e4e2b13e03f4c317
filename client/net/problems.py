"""Why there is no connection, in the user's words."""

from client.model.events import Problem
from sockets.tls import format_fingerprint
from translations import _


def sentence(problem: Problem, server: str = "", reason: str = "", fingerprint: str = "") -> str:
    """Return a sentence that says what happened and what to do.

    `server` is `HOST:PORT` as the user typed it; `reason` is what the server said before it closed;
    `fingerprint` is the SHA-256 of the certificate that was not accepted.
    """
    server = server or _("The server")
    texts = {
        Problem.BAD_ADDRESS: _(
            "{server} is not an address. It looks like this: 192.168.0.5 or 192.168.0.5:6667."
        ),
        Problem.UNKNOWN_HOST: _("There is no computer called {server} here. Please check the address."),
        Problem.REFUSED: _("No server listens at {server}. Is it started, and is the port right?"),
        Problem.UNREACHABLE: _("{server} cannot be reached. Please check the network and the address."),
        Problem.TIMEOUT: _("{server} does not answer. Please check the address and the firewall."),
        Problem.LOST: _("The connection was lost."),
        Problem.CLOSED_BY_SERVER: _("The server closed the connection."),
        Problem.NICK_TAKEN: _("This nick is taken."),
        Problem.NICK_INVALID: _("The server does not accept this nick."),
        Problem.WRONG_PASSWORD: _("The server asks for a password, and this one is not right."),
        Problem.BANNED: _("The server does not let you in."),
        Problem.NO_TLS: _("{server} does not speak TLS. Is the port right? For TLS it is often 6697."),
        Problem.CERTIFICATE_UNKNOWN: _(
            "This computer does not know the certificate of {server}: the server has made it itself, or "
            "somebody is posing as the server."
        ),
        Problem.CERTIFICATE_OF_ANOTHER: _(
            "The certificate of {server} is for another address: the address is wrong, or somebody is "
            "posing as the server."
        ),
        Problem.CERTIFICATE_CHANGED: _(
            "{server} shows a different certificate from the one that you trust: it has a new one, or "
            "somebody is posing as the server."
        ),
    }
    text = texts[problem].format(server=server)
    if fingerprint:
        known = _("Its SHA-256 fingerprint, to compare with the teacher's: {fingerprint}")
        return f"{text} {known.format(fingerprint=format_fingerprint(fingerprint))}"
    if reason and problem in (Problem.LOST, Problem.CLOSED_BY_SERVER):
        return _("The server closed the connection: {reason}").format(reason=reason)
    return text
