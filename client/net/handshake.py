"""TLS as a client uses it: a certificate that the system trusts, or exactly the one that the user trusts."""

import contextlib
import hashlib
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from client.model.events import Problem
from client.net.tls import Tls, TlsProblemError
from sockets.tls import Tunnel, client_context

_BY_VERIFY_CODE: Final[Mapping[int, Problem]] = {
    9: Problem.CERTIFICATE_NOT_YET_VALID,  # X509_V_ERR_CERT_NOT_YET_VALID
    10: Problem.CERTIFICATE_EXPIRED,  # X509_V_ERR_CERT_HAS_EXPIRED
    **dict.fromkeys((18, 19, 20, 21), Problem.CERTIFICATE_UNKNOWN),  # self-signed, or the issuer is not known
    **dict.fromkeys((62, 64), Problem.CERTIFICATE_OF_ANOTHER),  # another host name, another IP address
}
_TRUSTABLE: Final = (Problem.CERTIFICATE_UNKNOWN, Problem.CERTIFICATE_OF_ANOTHER)
"""Of these the user may decide to trust the very certificate. For one that is only out of date the clock has
to be set, or the server needs another one; with `Tls.fingerprint` none of all that is asked."""
_VALIDITY: Final = re.compile(
    rb"\x30.(?:\x17\x0d|\x18\x0f)(\d{12,14})Z(?:\x17\x0d|\x18\x0f)(\d{12,14})Z", re.DOTALL
)
"""From when to when a certificate is valid: two UTCTime or GeneralizedTime (RFC 5280 section 4.1.2.5)."""
_TOO_OLD: Final = ("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION", "WRONG_SSL_VERSION", "VERSION_TOO_LOW")
_NOT_TLS: Final = ("WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")


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
        if tls.fingerprint and (shown := _fingerprint(tunnel.certificate)) != tls.fingerprint:
            raise TlsProblemError(Problem.CERTIFICATE_CHANGED, "other fingerprint", shown)
        return tunnel.open(host)
    except BaseException as error:
        tunnel.close()
        if isinstance(error, ssl.SSLCertVerificationError):
            problem = _BY_VERIFY_CODE.get(error.verify_code, Problem.TLS_FAILED)
            certificate = _certificate(another, host, gone) if problem in _TRUSTABLE else b""
            problem = _problem_of_dates(certificate, time.time()) or problem
            raise TlsProblemError(problem, error.verify_message, _fingerprint(certificate)) from error
        if isinstance(error, ssl.SSLError | TimeoutError):
            raise _problem_of(error) from error
        raise


def _problem_of(error: ssl.SSLError | TimeoutError) -> TlsProblemError:
    """Tell a server that speaks no TLS from one whose TLS we cannot speak."""
    reason = (error.reason or "") if isinstance(error, ssl.SSLError) else ""
    ended = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | TimeoutError)
    problem = Problem.NO_TLS if ended or reason.endswith(_NOT_TLS) else Problem.TLS_FAILED
    if reason.endswith(_TOO_OLD):
        problem = Problem.TLS_TOO_OLD
    return TlsProblemError(problem, reason.replace("_", " ").lower() or str(error))


def _fingerprint(certificate: bytes) -> str:
    return hashlib.sha256(certificate).hexdigest() if certificate else ""


def _problem_of_dates(certificate: bytes, now: float) -> Problem | None:
    """Tell whether a certificate is out of date: Python names one fault of it, and that one last."""
    if found := _VALIDITY.search(certificate):
        with contextlib.suppress(ValueError):
            begin, end = map(_moment, found.groups())
            if not begin <= now <= end:
                return Problem.CERTIFICATE_NOT_YET_VALID if now < begin else Problem.CERTIFICATE_EXPIRED
    return None


def _moment(digits: bytes) -> float:
    """Return a time, of which two digits of the year may be left out, as seconds since the epoch."""
    century = b"" if len(digits) > 12 else b"20" if digits < b"5" else b"19"
    return datetime.strptime(f"{(century + digits).decode()}+0000", "%Y%m%d%H%M%S%z").timestamp()


def _certificate(connect: Callable[[], socket.socket], host: str, gone: Callable[[], bool]) -> bytes:
    with contextlib.suppress(OSError, ValueError):
        tunnel = Tunnel(connect(), client_context(checked=False), hostname=host)
        try:
            tunnel.handshake(given_up=gone)
            return tunnel.certificate
        finally:
            tunnel.close()
    return b""
