"""TLS as a client uses it: a certificate that the system trusts, or exactly the one that the user trusts."""

import contextlib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from client.model.events import Problem
from sockets.tls import Tunnel, client_context

_OTHER_HOST: Final = frozenset({62, 64})
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH."""


@dataclass(frozen=True, slots=True)
class Tls:
    """How to know the server."""

    fingerprint: str = ""
    """SHA-256 of the one certificate to trust, as `protocol.fingerprints.parse_fingerprint` returns it;
    empty: the certificate is checked by the system's authorities and must name the host."""


class TlsProblemError(OSError):
    """There is no secure connection to this server."""

    def __init__(self, problem: Problem, detail: str, fingerprint: str = "") -> None:
        super().__init__(detail)
        self.problem = problem
        self.fingerprint = fingerprint
        """Of the certificate that the server showed; "" if it is not known."""


def secure(
    sock: socket.socket, host: str, tls: Tls, another: Callable[[], socket.socket], gone: Callable[[], bool]
) -> socket.socket:
    """Speak TLS on a connected socket, which is taken over; return a plain one that stands for it.

    Args:
        another: connects to the same server again. Python does not hand out a certificate that it refuses,
            so a second connection, on which nothing is said, asks for it: its fingerprint is for the user.
        gone: the user does not want the connection any more.

    Raises:
        TlsProblemError: the server is not the one that was wanted, or does not speak TLS.
        OSError: the connection was lost.
    """
    try:
        tunnel = Tunnel(sock, client_context(checked=not tls.fingerprint), hostname=host)
    except ValueError as error:
        raise OSError(str(error)) from error
    try:
        tunnel.handshake(given_up=gone)
        if tls.fingerprint and tunnel.fingerprint != tls.fingerprint:
            raise TlsProblemError(Problem.CERTIFICATE_CHANGED, "other fingerprint", tunnel.fingerprint)
        return tunnel.open(host)
    except BaseException as error:
        tunnel.close()
        if isinstance(error, ssl.SSLCertVerificationError):
            other_host = error.verify_code in _OTHER_HOST
            problem = Problem.CERTIFICATE_OF_ANOTHER if other_host else Problem.CERTIFICATE_UNKNOWN
            raise TlsProblemError(problem, error.verify_message, _fingerprint(another, host, gone)) from error
        if isinstance(error, ssl.SSLError | TimeoutError):
            raise TlsProblemError(Problem.NO_TLS, str(error)) from error
        raise


def _fingerprint(connect: Callable[[], socket.socket], host: str, gone: Callable[[], bool]) -> str:
    with contextlib.suppress(OSError, ValueError):
        tunnel = Tunnel(connect(), client_context(checked=False), hostname=host)
        try:
            tunnel.handshake(given_up=gone)
            return tunnel.fingerprint
        finally:
            tunnel.close()
    return ""
