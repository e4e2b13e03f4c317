"""The server's sockets and threads.

    client thread ─┐
    client thread ─┼─> inbox (SimpleQueue) ─> hub thread: rooms, history, outboxes
    accept thread ─┘

The accept thread (with TLS a second port has one too) takes connections and starts a thread for each. A
client thread (`sockets/connection.py`) reads bytes, cuts them into lines and puts these into the inbox. The
hub thread alone owns the `ServerState`: it takes a batch from the inbox, acts, commits the history, and only
then sends. It never waits for a socket: what a socket does not take at once is left to a writer thread, which
lives only while there is such a rest. A thread of its own does TLS (`sockets/tls.py`); `Connection` sees a
plain socket.
"""

import contextlib
import queue
import signal
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from chatroom.client import Client
from chatroom.config import Config
from chatroom.dispatch import handle_line
from chatroom.history.store import DEFAULT_LIMIT, open_history
from chatroom.state import ServerState
from chatroom.throttle import reading_delay
from program.log import log, plain_log, print_log
from protocol.fingerprints import format_fingerprint
from sockets.admission import Admission, allow_many_descriptors
from sockets.connection import (
    ClientConnected,
    ClientDisconnected,
    ClientIdle,
    Connection,
    Event,
    Inbox,
    LinesReceived,
)
from sockets.listening import announcement, listen
from sockets.tap import ActivityTap, Call, CallName, Tap
from sockets.tls import Tunnel, certificate_fingerprint, server_context
from translations import _

STACK_SIZE: Final = 256 * 1024
MAX_BATCH: Final = 256
"""Events that the hub takes from the inbox before it commits and sends."""
LINGER_SECONDS: Final = 3.0
"""How long a closed client may take to read its last lines."""
STOP_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What the command line says."""

    host: str = "127.0.0.1"
    port: int = 6667
    """0 lets the system choose."""
    config: Config = field(default_factory=Config)
    history: Path | None = None
    """Which file keeps the history; None keeps none."""
    history_limit: int = DEFAULT_LIMIT
    """Messages that it keeps; 0 keeps all."""
    tls_cert: Path | None = None
    """With `tls_key`, files in PEM format: a second port speaks TLS, as on IRC networks (RFC 7194); the first
    stays plain, for clients that cannot."""
    tls_key: Path | None = None
    tls_port: int = 6697
    """0 lets the system choose."""
    max_clients: int = 1000
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class ClientStatus:
    """One connected client, as a watcher sees it."""

    name: str
    """Its address, `host:port`."""
    thread: str
    """The name of the thread that reads it."""
    nick: str
    """`*` until it has one."""
    waiting: int
    """Bytes that its socket has not taken."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """How full all queues are at one moment."""

    inbox: int
    """Events that wait for the hub."""
    clients: tuple[ClientStatus, ...]
    """In the order in which they came."""


class ChatServer:
    """A chat server on one listening socket, or (with TLS) two."""

    def __init__(
        self, options: ServerOptions, tap: Tap | None = None, activity_tap: ActivityTap | None = None
    ) -> None:
        self.options = options
        self.tap = tap
        self._activity_tap = activity_tap
        self._inbox: Inbox = queue.SimpleQueue()
        self._state: ServerState
        self._listeners: list[socket.socket] = []
        """The second one, if there is one, speaks TLS."""
        self.fingerprint = ""
        """SHA-256 of the TLS certificate, for people."""
        self._connection_of: dict[Client, Connection] = {}
        self._client_of: dict[Connection, Client] = {}
        self._unregistered: deque[tuple[float, Client]] = deque()
        """Clients that have not registered yet, each with its deadline (`time.monotonic`)."""
        self._lingering: deque[tuple[float, Connection]] = deque()
        """Connections that were told to end, each with its deadline."""
        limits = options.config.limits
        self._admission = Admission(options.max_clients, limits.clients_per_address)
        self._stopping = threading.Event()
        self._accept_threads: list[threading.Thread] = []
        self._hub_thread = threading.Thread(target=self._run_hub, name="hub", daemon=True)

    def start(self) -> None:
        """Listen, open the history and start the threads.

        Raises:
            UserFacingError: an address, the certificate or the history cannot be had.
        """
        options = self.options
        with contextlib.ExitStack() as undo:
            self._listeners.append(undo.enter_context(listen(options.host, options.port)))
            contexts: list[ssl.SSLContext | None] = [None]
            if options.tls_cert and options.tls_key:
                contexts.append(server_context(options.tls_cert, options.tls_key))
                self.fingerprint = format_fingerprint(certificate_fingerprint(options.tls_cert))
                tls_listener = listen(options.host, options.tls_port, "--tls-port")
                self._listeners.append(undo.enter_context(tls_listener))
            history = open_history(options.history, options.history_limit) if options.history else None
            undo.pop_all()
        self._state = ServerState(options.config, history)
        threading.stack_size(STACK_SIZE)
        self._hub_thread.start()
        for way_in in zip(self._listeners, contexts, strict=True):
            self._report("listen", "{}:{}".format(*way_in[0].getsockname()[:2]))
            thread = threading.Thread(target=self._accept, args=way_in, name="accept", daemon=True)
            self._accept_threads.append(thread)
            thread.start()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port on which the server listens."""
        host, port = self._listeners[0].getsockname()[:2]
        return host, port

    @property
    def tls_port(self) -> int | None:
        """The port that speaks TLS; None if none does."""
        return self._listeners[1].getsockname()[1] if len(self._listeners) > 1 else None

    # The accept threads.

    def _accept(self, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        """Take connections (with a context: TLS) and start a thread for each. Runs in an accept thread."""
        while not self._stopping.is_set():
            self._show_activity("accept")
            try:
                sock, address = listener.accept()
            except TimeoutError:
                continue
            except OSError as error:
                if not self._stopping.is_set():
                    log.error(_("a connection could not be accepted: {error}").format(error=error))
                    self._stopping.wait(0.2)  # out of descriptors, most likely: do not spin
                continue
            self._report("accept", f"{address[0]}:{address[1]}")
            try:
                self._start_client(sock, (address[0], address[1]), context)
            except (OSError, RuntimeError) as error:  # no descriptor or no thread is left
                log.error(_("a connection could not be accepted: {error}").format(error=error))

    def _start_client(
        self, sock: socket.socket, address: tuple[str, int], context: ssl.SSLContext | None
    ) -> None:
        """Let a client in, if there is room, and start the thread that reads it (`Connection`)."""
        reason = self._admission.admit(address[0])
        if reason:
            log.warning(
                _("refused {host}:{port}: {reason}").format(host=address[0], port=address[1], reason=reason)
            )
            with sock:
                sock.settimeout(0)  # a TLS client does not understand it, and sees the end
                sock.send(f"ERROR :Closing link: {reason}\r\n".encode())
            return
        with contextlib.ExitStack() as undo:
            undo.callback(self._admission.leave, address[0])
            undo.callback(lambda: sock.close())  # noqa: PLW0108 - by then it may be the tunnel's
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if context:
                sock = Tunnel(sock, context).open("{}:{}".format(*address), handshake_first=True)
            connection = Connection(
                sock,
                address,
                self._inbox,
                secure=context is not None,
                throttle=reading_delay(self.options.config),
                tap=self.tap,
                activity_tap=self._activity_tap,
            )
            undo.callback(connection.close)
            connection.thread.start()
            undo.pop_all()

    # The hub thread.

    def _run_hub(self) -> None:
        """Own the state and work in batches: take, act, commit, send. Runs in the hub thread.

        1. A batch MUST be bounded (MAX_BATCH), so that what it answers is sent soon.
        2. The hub MUST NOT wait for a socket, nor for anything but the inbox and the history's file.
        3. It MUST release a client's turn exactly once, before it sends, so that the client's thread can
           read on meanwhile.
        4. What was said MUST be committed before it is sent to anybody.
        5. A client that does not read MUST be dropped in the same batch (SendQ), and the rooms told.
        """
        running = True
        while running:
            turns: list[Connection] = []
            for event in self._take_batch():
                if event is None:
                    running = False
                    break
                if isinstance(event, LinesReceived):
                    self._show_activity("act", event.connection.name)
                    turns.append(event.connection)
                self._handle(event)
            for connection in turns:
                connection.turn.release()
            self._close_overdue()
            self._send_all()
        self._shut_down()

    def _take_batch(self) -> list[Event | None]:
        """Wait for the inbox; return what is there, up to a bound, or nothing when a deadline comes first."""
        batch: list[Event | None] = []
        self._show_activity("wait")
        with contextlib.suppress(queue.Empty):
            batch.append(self._inbox.get(timeout=self._seconds_to_deadline()))
            while len(batch) < MAX_BATCH:
                batch.append(self._inbox.get_nowait())
        return batch

    def _handle(self, event: Event) -> None:
        match event:
            case LinesReceived(connection, lines):
                client = self._client_of[connection]
                for line in lines:
                    for _portion in handle_line(self._state, client, line) or ():
                        pass
            case ClientConnected(connection):
                client = self._state.connect(*connection.address, secure=connection.secure)
                self._client_of[connection], self._connection_of[client] = client, connection
                limit = self.options.config.limits.registration_seconds
                self._unregistered.append((time.monotonic() + limit, client))
            case ClientIdle(connection):
                self._state.ping_or_close(self._client_of[connection])
            case ClientDisconnected(connection, reason):
                client = self._client_of.pop(connection)
                del self._connection_of[client]
                self._state.disconnect(client, reason)
                connection.close()
                self._admission.leave(connection.address[0])

    def _send_all(self) -> None:
        """Commit what was said, and only then send it; once more when the rooms must hear who was dropped."""
        again = True
        while again:
            self._show_activity("commit")
            self._state.commit()
            too_slow: list[Client] = []
            for client, data in self._state.delivery.take():
                connection = self._connection_of.get(client)
                if connection:
                    self._show_activity("send", connection.name)
                    if not connection.send(data):
                        too_slow.append(client)
            for client in self._state.take_closed():
                self._finish(client)
            for client in too_slow:
                if not client.closed:
                    self._state.disconnect(client, "SendQ exceeded")
                    self._finish(client, f"ERROR :Closing link: {client.host} (SendQ exceeded)\r\n".encode())
            again = bool(too_slow)

    def _finish(self, client: Client, last_line: bytes = b"") -> None:
        connection = self._connection_of.get(client)
        if connection is None:  # it said QUIT and hung up in the same batch
            return
        connection.finish(last_line)
        self._lingering.append((time.monotonic() + LINGER_SECONDS, connection))

    def _seconds_to_deadline(self) -> float | None:
        deadlines = [waiting[0][0] for waiting in (self._unregistered, self._lingering) if waiting]
        history = self._state.history
        if history and history.problem:
            deadlines.append(history.retry_at)
        if (wait := self._state.seconds_to_next_password()) is not None:
            deadlines.append(time.monotonic() + wait)
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _close_overdue(self) -> None:
        """Close clients that did not register in time, and connections that did not end when told to."""
        self._state.look_at_passwords()
        now = time.monotonic()
        while self._unregistered and self._unregistered[0][0] <= now:
            client = self._unregistered.popleft()[1]
            if not client.registered:
                self._state.close(client, "Registration timeout")
        while self._lingering and self._lingering[0][0] <= now:
            self._lingering.popleft()[1].abort()

    def _shut_down(self) -> None:
        """Tell everybody, give them a moment to hang up, and end what is left."""
        self._state.shut_down("Server shutting down")
        self._send_all()
        if self._state.history:
            self._state.history.close()
        connections = list(self._connection_of.values())
        deadline = time.monotonic() + LINGER_SECONDS / 3
        for hurry in (False, True):
            for connection in connections:
                if hurry:
                    connection.abort()
                if connection.turn.locked():  # its thread may wait for its turn
                    connection.turn.release()
                connection.thread.join(STOP_SECONDS if hurry else max(0.0, deadline - time.monotonic()))
        for connection in connections:
            connection.close()

    # For any thread.

    def stop(self) -> None:
        """Tell the clients, close the history, end the threads, free the port.

        May be called from any thread.
        """
        self._stopping.set()
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for thread in self._accept_threads:
            thread.join(STOP_SECONDS)
        self._inbox.put(None)
        self._hub_thread.join(STOP_SECONDS)

    @property
    def is_running(self) -> bool:
        """Whether the hub lives; may be asked from any thread."""
        return self._hub_thread.is_alive()

    def status(self) -> ServerStatus:
        """Return how full the queues are; may be called from any thread, takes no lock."""
        # `list` of a dict's view runs no Python code, so the dict cannot change meanwhile.
        clients = tuple(
            ClientStatus(connection.name, connection.thread.name, client.nick or "*", connection.waiting)
            for client, connection in list(self._connection_of.items())
        )
        return ServerStatus(self._inbox.qsize(), clients)

    def _show_activity(self, activity: str, about: str = "") -> None:
        if self._activity_tap:
            self._activity_tap(activity, about)

    def _report(self, name: CallName, connection: str) -> None:
        if self.tap:
            self.tap(Call(name, connection))


def wait_for_the_end(server: ChatServer, stop: threading.Event) -> None:
    """Wait until Ctrl+C or SIGTERM."""
    while server.is_running and not stop.wait(0.5):  # an endless wait would not see Ctrl+C on Windows
        pass


def run(
    options: ServerOptions,
    tap: Tap | None = None,
    *,
    activity_tap: ActivityTap | None = None,
    wait: Callable[[ChatServer, threading.Event], object] = wait_for_the_end,
) -> int:
    """Serve until Ctrl+C or SIGTERM, with one readable line an event on stdout; return the exit code.

    Args:
        wait: spends the time; the server ends when it returns, and it should return when the event is set.

    Raises:
        UserFacingError: the server cannot start.
    """
    stop = threading.Event()

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda _signal, _frame: stop.set())
    allow_many_descriptors()
    server = ChatServer(options, tap, activity_tap)
    with print_log(quiet=options.quiet):
        server.start()
        lines = announcement(*server.address, server.tls_port, server.fingerprint, quiet=options.quiet)
        plain_log.info("%s", "\n".join(lines))
        wait(server, stop)
        failed = not server.is_running  # by a fault of ours, which Python has printed
        log.info(_("stopping"))
        server.stop()
        log.info(_("stopped"))
    return 1 if failed else 0
