"""What is to be judged: as it is typed, at a terminal or in the window."""

import contextlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from client.net.address import AddressError, format_address, is_this_computer, parse_address
from lab.judge.client.catalogue import ClientCheck, client_checks
from lab.judge.server.catalogue import ServerCheck, server_checks
from lab.judge.variants import VARIANTS
from program.errors import UserFacingError
from protocol.text import visible
from translations import _
from translations.system_errors import explain_error

SERVER: Final = "server"
CLIENT: Final = "client"


@dataclass(frozen=True, slots=True)
class Task:
    """Which checks are made of which kind of program."""

    side: str
    """`server` or `client`."""
    protocol: str
    feature: str = ""
    level: int | None = None
    """The highest level; None for all."""
    variant: int | None = None

    def titles(self) -> dict[str, tuple[int, str]]:
        """Return level and title of each check, by its name, in their order."""
        checks: Sequence[ClientCheck | ServerCheck] = (
            client_checks(self.protocol)
            if self.side == CLIENT
            else server_checks(self.protocol, self.feature)
        )
        return {
            one.name: (one.level, one.title()) for one in checks if one.is_within(self.level, self.feature)
        }


def find_task(side: str, protocol: str | None, variant: int | None) -> Task:
    """Return what is judged; a protocol that is given goes before the variant's.

    Raises:
        UserFacingError: there is no such variant.
    """
    if variant is None:
        return Task(side, protocol or "lines")
    if variant not in VARIANTS:
        text = _("There is no variant {number}; they are numbered from 1 to {last}.")
        raise UserFacingError(text.format(number=variant, last=max(VARIANTS)))
    found = VARIANTS[variant]
    feature = found.feature if side == SERVER else ""
    return Task(side, protocol or found.framing, feature, found.level(side), variant)


def read_address(text: str) -> tuple[str, int]:
    """Return host and port.

    Raises:
        UserFacingError: the text is no address.
    """
    with contextlib.suppress(AddressError):
        host, port = parse_address(text)
        if not host.isdigit():  # a port alone
            return host, port
    problem = _("“{text}” is no address; write it as 127.0.0.1:7000.")
    raise UserFacingError(problem.format(text=visible(text)))


def resolve(host: str, port: int) -> tuple[str, int]:
    """Return the number behind a name, once: what was agreed to is what is contacted.

    Raises:
        UserFacingError: it is not found.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        problem = _("The address of {host} cannot be found ({error}); write it in numbers.")
        raise UserFacingError(problem.format(host=visible(host), error=explain_error(error))) from error
    # Programs of beginners listen on IPv4 alone.
    _family, *_rest, sockaddr = min(found, key=lambda one: one[0] != socket.AF_INET)
    return str(sockaddr[0]), port


def question_about(host: str, port: int) -> str:
    """Return what has to be asked before an address is contacted; "" for this computer's."""
    if is_this_computer(host):
        return ""
    question = _(
        "{address} is another computer, which the judge will load heavily. Does its owner want that?"
    )
    return question.format(address=format_address(host, port))
