"""How a client knows a server with which it speaks TLS, and what may be wrong."""

from dataclasses import dataclass

from client.model.events import Problem


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
