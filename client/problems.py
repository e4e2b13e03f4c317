"""Why there is no connection, in the user's words."""

from client.events import Problem
from translations import _


def sentence(problem: Problem, server: str = "", reason: str = "") -> str:
    """Return a sentence that says what happened and what to do.

    `server` is `HOST:PORT` as the user typed it; `reason` is what the server said before it closed.
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
    }
    text = texts[problem].format(server=server)
    if reason and problem in (Problem.LOST, Problem.CLOSED_BY_SERVER):
        return _("The server closed the connection: {reason}").format(reason=reason)
    return text
