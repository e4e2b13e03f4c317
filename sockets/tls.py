"""TLS behind a plain socket, so that the rest of the program never sees an `ssl` object.

    program ── plain socket ══ socketpair ══ pump thread (ssl.SSLObject) ══ TCP socket ── the other side

An `ssl` object must not be used by two threads at once, but here one thread reads a socket while another
writes to it. So each TLS connection has a thread of its own, the pump, which alone has the `SSLObject` and
moves bytes between the TCP socket and one end of a `socket.socketpair`; the program gets the other end and
reads, writes, shuts down and closes it like any socket. Both directions are bounded: a side that does not
read is not read from, as with TCP itself.

The end of a direction is TLS's close_notify (RFC 8446 section 6.1): the program's `shutdown(SHUT_WR)` sends
it, the other side's is an end of file. TLS 1.2 and newer; no renegotiation.
"""

import contextlib
import hashlib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from program.errors import UserFacingError
from sockets.pump import CHECK_SECONDS, CHUNK, Pump
from translations import _
from translations.system_errors import explain_error

HANDSHAKE_SECONDS: Final = 10.0
"""How long the handshake may take in all."""


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return what a server needs for TLS.

    Raises:
        UserFacingError: a file cannot be read, or is not what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _harden(context)
    for path in (certificate, key):
        try:
            path.open("rb").close()
        except OSError as error:
            text = _("The file {path} cannot be read ({error}); TLS needs a certificate and its key.")
            raise UserFacingError(text.format(path=path, error=explain_error(error))) from None
    try:
        # A key that is encrypted would be asked for on the console; the server has nobody there.
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError) as error:
        if getattr(error, "reason", "") == "KEY_VALUES_MISMATCH":
            text = _("The key {key} does not belong to the certificate {certificate}.")
        else:
            text = _("{certificate} and {key} are not a certificate and its unencrypted key in PEM format.")
        raise UserFacingError(text.format(certificate=certificate, key=key)) from None
    return context


def client_context(*, checked: bool) -> ssl.SSLContext:
    """Return what a client needs for TLS.

    Args:
        checked: the certificate must be trusted by this system and name the host. Without, the caller has
            to look at `Tunnel.certificate`.
    """
    context = ssl.create_default_context() if checked else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _harden(context)
    if not checked:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def certificate_fingerprint(path: Path) -> str:
    """Return the SHA-256 of the first certificate in a PEM file that `server_context` has accepted."""
    text = path.read_text(encoding="latin-1")
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    first = begin + text.partition(begin)[2].partition(end)[0] + end
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()


def _harden(context: ssl.SSLContext) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION


class Tunnel:
    """One TLS connection over a connected TCP socket, which it owns from now on.

    A client calls `handshake` and then `open`; a server calls `open(handshake_first=True)`, so that nobody
    waits for a client that never finishes it. Whoever does not come to `open` calls `close`.
    """

    def __init__(self, tcp: socket.socket, context: ssl.SSLContext, *, hostname: str | None = None) -> None:
        """Prepare a tunnel; nothing is sent yet.

        Args:
            hostname: for a client, the host that it wants to talk to (also the SNI); None for a server.

        Raises:
            ValueError, ssl.SSLError: the host name is none.
        """
        self._tcp = tcp
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(
            self._incoming, self._outgoing, server_side=hostname is None, server_hostname=hostname
        )

    def handshake(self, given_up: Callable[[], bool] = lambda: False) -> None:
        """Agree on keys with the other side; wait for it no longer than `HANDSHAKE_SECONDS`.

        Args:
            given_up: asked every `CHECK_SECONDS`; if it says so, TimeoutError is raised at once.

        Raises:
            ssl.SSLCertVerificationError: the certificate is not trusted, or is another host's.
            ssl.SSLError: the other side does not speak TLS, or hung up.
            TimeoutError: it took too long.
            OSError: the connection was lost.
        """
        deadline = time.monotonic() + HANDSHAKE_SECONDS

        def check() -> None:
            if time.monotonic() > deadline or given_up():
                raise TimeoutError("the TLS handshake took too long")

        self._tcp.settimeout(CHECK_SECONDS)
        while True:
            try:
                self._tls.do_handshake()
                return
            except ssl.SSLWantReadError:
                pass
            finally:  # the other side is also told why it fails
                self._send(self._outgoing.read(), check)
            data = self._receive(check)
            if data:
                self._incoming.write(data)
            else:
                self._incoming.write_eof()

    def _send(self, data: bytes, check: Callable[[], None]) -> None:
        while data:
            try:
                data = data[self._tcp.send(data) :]
            except TimeoutError:
                check()

    def _receive(self, check: Callable[[], None]) -> bytes:
        while True:
            check()
            with contextlib.suppress(TimeoutError):
                return self._tcp.recv(CHUNK)

    @property
    def certificate(self) -> bytes:
        """The other side's certificate (DER), after the handshake; empty if it has none."""
        return self._tls.getpeercert(binary_form=True) or b""

    def open(
        self, name: str, *, handshake_first: bool = False, throttle: Callable[[int], float] | None = None
    ) -> socket.socket:
        """Start the pump thread; return the program's end.

        Args:
            name: what to call the thread.
            handshake_first: the thread does the handshake too; if it fails, the program sees an end of file.
            throttle: see `Pump`.

        Raises:
            OSError, RuntimeError: no descriptor or no thread is left; the caller calls `close`.
        """
        outer, inner = socket.socketpair()
        pump = Pump(self._tcp, inner, self._tls, self._incoming, self._outgoing, throttle)
        handshake = self.handshake if handshake_first else None
        try:
            threading.Thread(target=pump.run, args=(handshake,), name=f"tls {name}", daemon=True).start()
        except RuntimeError:
            outer.close()
            inner.close()
            raise
        return outer

    def close(self) -> None:
        """Close the TCP socket of a tunnel that was not opened."""
        self._tcp.close()
