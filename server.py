"""The server's sockets and threads.

    client thread ─┐
    client thread ─┼─> inbox (SimpleQueue) ─> hub thread: rooms, history, outboxes
    accept thread ─┘

The accept thread (with TLS a second port has one too) takes connections and starts a thread for each. A
client thread (`sockets/connection.py`) reads bytes, cuts them into lines and puts these into the inbox. The
hub thread alone owns the `ServerState`: it takes a batch from the inbox, acts, commits the history, and only
then sends. It never waits for a socket: what a socket does not take at once is left to a writer thread, which
lives only while there is such a rest, and is started by another one (`sockets/starter.py`). A thread of its
own does TLS (`sockets/tls.py`); `Connection` sees a plain socket.
"""

import contextlib
import itertools
import math
import queue
import secrets
import socket
import ssl
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Final

from chatroom.classroom.file import ClassFile
from chatroom.client import Client
from chatroom.commands.verbs.table import Actor, Sentence, Sentences, VerbError, run_verb
from chatroom.config import Config
from chatroom.delivery import Portions
from chatroom.dispatch import handle_line, parse_line
from chatroom.history.store import DEFAULT_LIMIT, open_history
from chatroom.state import ServerState
from chatroom.throttle import decrypting_delay, reading_delay
from program.ending import on_console_closed, on_end
from program.errors import UserFacingError
from program.folders import class_file
from program.log import log, plain_log, print_log
from program.memory import collect_all_seldom, give_back_memory
from protocol.addresses import account_of
from protocol.discovery import Offer
from protocol.fingerprints import format_fingerprint
from sockets.admission import Admission, allow_many_descriptors
from sockets.connection import (
    ANSWER_ROOM,
    ClientCaughtUp,
    ClientConnected,
    ClientDisconnected,
    ClientIdle,
    ClientSlowed,
    Connection,
    Event,
    Inbox,
    LinesReceived,
)
from sockets.discovery import Discovery, answer_questions
from sockets.fair_queue import Turns
from sockets.listening import address_of, announcement, listen
from sockets.starter import ThreadStarter
from sockets.tap import ActivityTap, Call, CallName, Tap
from sockets.tls import Tunnel, certificate_fingerprint, server_context
from translations import _
from translations.system_errors import explain_error

STACK_SIZE: Final = 256 * 1024
BATCH_SECONDS: Final = 0.01
"""How long the hub acts before it commits and sends."""
SEND_SECONDS: Final = 0.01
"""How long it sends then, before it looks who has said something."""
TURN_SECONDS: Final = 0.002
"""How long it acts for one connection before it looks whose turn is next."""
MAX_WAITING: Final = 64 * 1024 * 1024
"""Bytes that may wait for all clients together; of the address for which most waits, who lets most wait is
dropped first."""
SWITCH_SECONDS_PER_CLIENT: Final = 0.000025
MOST_SWITCH_SECONDS: Final = 0.05
LINGER_SECONDS: Final = 3.0
"""How long a closed client may take to read its last lines."""
A_CROWD: Final = 50
"""When so many connections have ended, their memory is given back to the system..."""
TIDY_SECONDS: Final = 1.0
"""... so long after the last of them."""
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
    discovery: bool = False
    """Answer who looks for servers in the local network."""
    quiet: bool = False
    write_copies: Callable[[Path, Path], object] | None = None
    """Writes a history for people to read, into a folder, when a class is saved or closed. May take long;
    raises UserFacingError."""


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


@dataclass(slots=True, eq=False)
class _Task:
    """What one connection has for the hub to do, in this order: the rest of an answer, lines, events."""

    connection: Connection
    client: Client
    account: str
    """Whose time it takes (`protocol.addresses.account_of`)."""
    answer: Portions | None = None
    lines: deque[bytes] = field(default_factory=deque)
    events: deque[Event] = field(default_factory=deque)
    has_turn: bool = False
    """The connection's `turn` is to be released when the lines are done."""


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
        self._starter: ThreadStarter
        self._listeners: list[socket.socket] = []
        """The second one, if there is one, speaks TLS."""
        self.fingerprint = ""
        """SHA-256 of the TLS certificate, for people."""
        self._task_of: dict[Client, _Task] = {}
        self._tasks: dict[Connection, _Task] = {}
        self._turns: Turns[_Task] = Turns(account_of=attrgetter("account"))
        self._switch_seconds = sys.getswitchinterval()
        self._left = 0
        """Connections that have ended since memory was given back."""
        self._tidy_at = math.inf
        """When it is given back the next time (`time.monotonic`)."""
        self._done: list[Connection] = []
        """Those whose lines were done in this batch."""
        self._full: list[_Task] = []
        """Those that were given as much in this batch as may wait for a client."""
        self._behind: dict[_Task, None] = {}
        """Those for whose client something waits that its socket did not take at once."""
        self._orders: deque[tuple[Sentences, Callable[[str], object]]] = deque()
        """What the console's operator has ordered, and to whom the answers go."""
        self._unregistered: dict[Client, float] = {}
        """Clients that may not have registered yet, each with its deadline (`time.monotonic`)."""
        self._lingering: deque[tuple[float, Connection]] = deque()
        """Connections that were told to end, each with its deadline."""
        limits = options.config.limits
        self._admission = Admission(options.max_clients, limits.clients_per_address)
        self._stopping = threading.Event()
        self._discovery: Discovery | None = None
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
            if history:
                undo.callback(history.close)
            kept = None
            if history and options.history and options.config.oper_name:
                kept = ClassFile(class_file(options.history), locks=history.has_locks)
            undo.pop_all()
        self._state = ServerState(options.config, history, class_file=kept)
        self._state.write_copies = self._write_copies
        threading.stack_size(STACK_SIZE)
        self._starter = ThreadStarter()
        if history:
            history.run_aside = self._run_aside
        self._hub_thread.start()
        for way_in in zip(self._listeners, contexts, strict=True):
            self._report("listen", "{}:{}".format(*way_in[0].getsockname()[:2]))
            thread = threading.Thread(target=self._accept, args=way_in, name="accept", daemon=True)
            self._accept_threads.append(thread)
            thread.start()
        if options.discovery:
            self._discovery = answer_questions(self._offer(), options.host, self._group)

    def _offer(self) -> Offer:
        """Say what those may know who look for a server."""
        config = self.options.config
        return Offer(
            secrets.token_hex(8),
            self.address[1],
            self.tls_port,
            bool(config.password),
            config.name,
            config.description,
            config.rooms,
        )

    def _group(self) -> str:
        """May be called from any thread."""
        return self._state.classroom.group if self._state.classroom else ""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port on which the server listens."""
        return address_of(self._listeners[0])

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
            except (OSError, MemoryError) as error:
                if not self._stopping.is_set():
                    log.error(
                        _("a connection could not be accepted: {error}").format(error=explain_error(error))
                    )
                    self._stopping.wait(0.2)  # out of descriptors, most likely: do not spin
                continue
            self._report("accept", f"{address[0]}:{address[1]}")
            try:
                self._start_client(sock, (address[0], address[1]), context)
            except (OSError, RuntimeError, MemoryError) as error:  # no descriptor, thread or memory is left
                log.error(_("a connection could not be accepted: {error}").format(error=explain_error(error)))

    def _start_client(
        self, sock: socket.socket, address: tuple[str, int], context: ssl.SSLContext | None
    ) -> None:
        """Let a client in, if there is room, and start the thread that reads it (`Connection`)."""
        reason = self._admission.admit(address[0], sock)
        if reason:
            log.warning(
                _("refused {host}:{port}: {reason}").format(host=address[0], port=address[1], reason=reason)
            )
            with sock:
                sock.settimeout(0)  # a TLS client does not understand it, and sees the end
                sock.send(f"ERROR :Closing link: {reason}\r\n".encode())
            return
        with contextlib.ExitStack() as undo:
            undo.callback(self._admission.leave, address[0], sock)
            undo.callback(lambda: sock.close())  # noqa: PLW0108 - by then it may be the tunnel's
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            outside = sock
            if context:
                name = "{}:{}".format(*address)
                throttle = decrypting_delay(self.options.config)
                sock = Tunnel(sock, context).open(name, handshake_first=True, throttle=throttle)
            connection = Connection(
                sock,
                address,
                self._inbox,
                self._starter,
                secure=context is not None,
                throttle=reading_delay(self.options.config),
                outside=outside,
                tap=self.tap,
                activity_tap=self._activity_tap,
            )
            undo.callback(connection.close)
            connection.thread.start()
            undo.pop_all()

    # The hub thread.

    def _run_hub(self) -> None:
        """Own the state and work in batches: take, act, commit, send. Runs in the hub thread.

        1. Time MUST be shared out, to addresses, then to connections (`Turns`): whatever others ask for, the
           line of somebody who asks for little is handled in the next batch.
        2. A batch MUST end after a few milliseconds (BATCH_SECONDS, SEND_SECONDS); what is still to be done
           or to be sent waits for the next one. Answers are sent first.
        3. A connection's events MUST be handled in their order, each when the answer to the one before is
           complete; and while much waits for a client to read it, its lines MUST wait.
        4. The hub MUST NOT wait for a socket, nor for anything but the inbox and the history's file.
        5. It MUST release a client's turn exactly once, when its lines are done and before it sends, so that
           the client's thread can read on meanwhile.
        6. What was said MUST be committed before it is sent to anybody.
        7. A client that does not read MUST be dropped (SendQ), and the rooms told.
        """
        running = True
        while running:
            running = self._take_events()
            self._act()
            self._do_what_is_due()
            self._send()
            self._look_who_is_full()
        self._shut_down()

    def _take_events(self) -> bool:
        """Give each event in the inbox to its task; return False if the hub is to stop.

        Wait for one if nobody has anything to do, but not beyond the next deadline.
        """
        self._show_activity("wait")
        with contextlib.suppress(queue.Empty):
            event = self._inbox.get(timeout=self._seconds_to_deadline())
            for left in range(self._inbox.qsize(), -1, -1):
                if event is None:
                    return False
                if isinstance(event, Event):
                    self._take_event(event)
                else:
                    event()
                if left:
                    event = self._inbox.get_nowait()
        return True

    def _take_event(self, event: Event) -> None:
        connection = event.connection
        task = self._tasks.get(connection)
        if task:
            hurry = isinstance(event, ClientDisconnected)
            task.client.gone |= hurry
            if not isinstance(event, ClientCaughtUp):
                task.events.append(event)
            self._turns.add(task, hurry=hurry)
        elif isinstance(event, ClientConnected):
            client = self._state.connect(*connection.address, secure=connection.secure)
            task = _Task(connection, client, account_of(connection.address[0]))
            self._tasks[connection] = self._task_of[client] = task
            self._turns.add(task)
            self._calm_threads()
            limit = self.options.config.limits.registration_seconds
            self._unregistered[client] = time.monotonic() + limit
        elif isinstance(event, ClientDisconnected):  # it could not even be announced
            self._release(connection)

    def _act(self) -> None:
        """Give turns until the batch's time is over, the first one to the console."""
        now = time.perf_counter()
        self._obey(now + TURN_SECONDS)
        end = now + BATCH_SECONDS
        while self._turns and now < end:
            task = self._turns.take()
            began = now
            try:
                again = self._give_turn(task, began + TURN_SECONDS)
            except MemoryError:
                self._state.close(task.client, "Out of memory")
                again = True
            now = time.perf_counter()
            is_here = task.connection in self._tasks
            self._turns.charge(task, now - began, again=again and is_here)
            if not is_here:
                self._turns.leave(task)
        for connection in self._done:
            connection.turn.release()
        self._done.clear()

    def _give_turn(self, task: _Task, until: float) -> bool:
        """Act for one connection until a time; tell whether it has more that can be done in this batch."""
        client, connection, lines = task.client, task.connection, task.lines
        room = ANSWER_ROOM - connection.waiting
        while True:
            if lines or task.answer:
                if client.answered > room and not client.closed and not client.gone:
                    self._full.append(task)
                    return False
                if task.answer is None:
                    task.answer = handle_line(self._state, client, parse_line(lines.popleft()))
                elif next(task.answer, self) is self:
                    task.answer = None
            elif task.has_turn:
                task.has_turn = False
                self._done.append(connection)
                continue
            elif task.events:
                self._begin(task, task.events.popleft())
            else:
                return False
            if time.perf_counter() >= until:
                return True

    def _obey(self, until: float) -> None:
        """Go on with what the console's operator has ordered, until a time."""
        while self._orders and time.perf_counter() < until:
            sentences, say = self._orders[0]
            try:
                sentence = next(sentences, self)
            except VerbError as error:
                sentence = error.sentence
            except Exception:
                log.exception("an order of the console")  # a fault of ours must not end the hub
                sentence = None
            if isinstance(sentence, Sentence):
                say(sentence.translated())
            elif sentence is self:
                self._orders.popleft()

    def _begin(self, task: _Task, event: Event) -> None:
        connection, client = task.connection, task.client
        match event:
            case LinesReceived(_, lines):
                self._show_activity("act", connection.name)
                task.lines.extend(lines)
                task.has_turn = True
            case ClientIdle():
                self._state.ping_or_close(client)
            case ClientSlowed():
                self._state.probe(client)
            case ClientDisconnected(_, reason):
                del self._tasks[connection], self._task_of[client]
                self._calm_threads()
                self._behind.pop(task, None)
                self._unregistered.pop(client, None)
                self._state.disconnect(client, reason)
                self._release(connection)

    def _calm_threads(self) -> None:
        """Let threads that wait for Python's lock ask for it more seldom, the more there are.

        Each asks again and again, after the switch interval; when thousands that come or go at once do so,
        the computer is busy with nothing else.
        """
        seconds = SWITCH_SECONDS_PER_CLIENT * len(self._tasks)
        sys.setswitchinterval(min(max(self._switch_seconds, seconds), MOST_SWITCH_SECONDS))

    def _release(self, connection: Connection) -> None:
        self._left += 1
        if self._left >= A_CROWD:
            self._tidy_at = time.monotonic() + TIDY_SECONDS
        self._admission.leave(connection.address[0], connection.outside)
        connection.release()

    def _send(self, seconds: float = SEND_SECONDS) -> None:
        """Commit what was said, and only then send it, for so long at most; the rest waits."""
        if self._state.has_unwritten:
            self._show_activity("commit")
        self._state.commit()
        end = time.perf_counter() + seconds
        for client, data in self._state.delivery.take():
            self._send_to(client, data)
            if time.perf_counter() >= end:
                break
        for client in self._state.take_closed():
            self._send_to(client, self._state.delivery.take_from(client))
            self._finish(client)
        self._drop_slow()

    def _send_to(self, client: Client, data: bytes | bytearray) -> None:
        task = self._task_of.get(client)
        if task and data:
            connection = task.connection
            self._show_activity("send", connection.name)
            if not connection.send(data):
                self._drop(client)
            if connection.waiting:
                self._behind[task] = None

    def _drop_slow(self) -> None:
        """Drop those for whom too much waits."""
        if not self._behind:
            return
        now = time.monotonic()
        waiting: dict[str, list[tuple[int, _Task]]] = {}
        for task in list(self._behind):
            if size := task.connection.waiting:
                waiting.setdefault(task.account, []).append((size, task))
            else:
                del self._behind[task]
            if task.connection.is_too_slow(now):
                self._drop(task.client)
        sizes = {account: sum(size for size, _task in tasks) for account, tasks in waiting.items()}
        while sum(sizes.values()) > MAX_WAITING:
            account = max(sizes, key=sizes.__getitem__)
            largest = max(waiting[account], key=itemgetter(0))
            waiting[account].remove(largest)
            sizes[account] -= largest[0]
            self._drop(largest[1].client)

    def _drop(self, client: Client) -> None:
        """End the connection of a client that cannot be sent to, and let the rooms be told."""
        if not client.closed:
            self._state.disconnect(client, "SendQ exceeded")
            self._state.delivery.take_from(client)  # nothing may follow the last line
            self._finish(client, f"ERROR :Closing link: {client.host} (SendQ exceeded)\r\n".encode())

    def _look_who_is_full(self) -> None:
        """Let those go on whose sockets took what the batch had for them; the others say when they can."""
        for task in self._full:
            if task.connection.waiting <= ANSWER_ROOM and task.connection in self._tasks:
                self._turns.add(task)
        self._full.clear()

    def _finish(self, client: Client, last_line: bytes = b"") -> None:
        task = self._task_of.get(client)
        if task is None:  # it said QUIT and hung up in the same batch
            return
        task.connection.finish(last_line)
        self._turns.add(task)  # its lines need not wait any more
        self._lingering.append((time.monotonic() + LINGER_SECONDS, task.connection))

    def _seconds_to_deadline(self) -> float | None:
        if self._turns or self._orders or self._state.delivery:
            return 0.0
        now = time.monotonic()
        deadlines = [self._tidy_at, now + self._state.seconds_to_next_password()]
        deadlines.append(now + self._state.seconds_to_desks())
        deadlines += [self._lingering[0][0]] if self._lingering else []
        deadlines += itertools.islice(self._unregistered.values(), 1)
        deadlines += [now + 1.0] if self._behind else []
        wake_at = self._state.wake_at
        if wake_at is not None:
            deadlines.append(wake_at)
        first = min(deadlines)
        return None if first == math.inf else max(0.0, first - now)

    def _do_what_is_due(self) -> None:
        """Look at passwords, close who did not register or end in time, give memory back after a crowd."""
        self._state.look_at_passwords()
        self._state.tell_desks()
        now = time.monotonic()
        while self._unregistered and next(iter(self._unregistered.values())) <= now:
            client = next(iter(self._unregistered))
            del self._unregistered[client]
            if not client.registered:
                self._state.close(client, "Registration timeout")
        while self._lingering and self._lingering[0][0] <= now:
            connection = self._lingering.popleft()[1]
            if connection in self._tasks:
                connection.abort()
        if self._tidy_at <= now:
            self._left, self._tidy_at = 0, math.inf
            self._state.compact()
            give_back_memory()

    def _shut_down(self) -> None:
        """Tell everybody, give them a moment to hang up, and end what is left."""
        self._state.shut_down("Server shutting down")
        while self._state.delivery:
            self._send()
        self._state.close_files()
        connections = list(self._tasks)
        deadline = time.monotonic() + LINGER_SECONDS / 3
        for connection in connections:
            connection.release()
        for hurry in (False, True):
            for connection in connections:
                if hurry and connection.thread.is_alive():
                    connection.abort()
                if connection.turn.locked():  # its thread may wait for its turn
                    connection.turn.release()
                connection.thread.join(STOP_SECONDS if hurry else max(0.0, deadline - time.monotonic()))
        sys.setswitchinterval(self._switch_seconds)

    def _run_aside(self, act: Callable[[], object]) -> Callable[[], object]:
        """Run in a thread of its own what waits for the disk; return what waits for its end.

        The program does not end before it.
        """
        done = threading.Event()

        def run() -> None:
            try:
                act()
            finally:
                done.set()

        thread = threading.Thread(target=run, name="disk", daemon=False)  # the hub's own would be daemons
        self._starter.start(thread, refused=run)
        return done.wait

    def _write_copies(self, history: Path, folder: Path) -> None:
        """Write a history for people to read, beside."""
        write = self.options.write_copies

        def write_and_tell() -> None:
            try:
                if write:
                    write(history, folder)
            except UserFacingError as error:
                log.error("%s", error)
            else:
                log.info(_("written: {path}").format(path=folder))

        self._run_aside(write_and_tell)

    # For any thread.

    def stop(self) -> None:
        """Tell the clients, close the history, end the threads, free the port.

        May be called from any thread.
        """
        self._stopping.set()
        if self._discovery:
            self._discovery.stop()
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for thread in self._accept_threads:
            thread.join(STOP_SECONDS)
        self._inbox.put(None)
        self._hub_thread.join(STOP_SECONDS)
        self._starter.stop()

    def order(self, line: str, say: Callable[[str], object]) -> None:
        """Carry out a verb of the class (`chatroom.commands.verbs`) for the console, which is an operator.

        May be called from any thread.

        Args:
            say: called in the hub's thread with each sentence of the answer, in the language in use.
        """

        def take() -> None:
            name = self._state.name
            self._orders.append((run_verb(self._state, Actor(name, name), line), say))

        self._inbox.put(take)

    @property
    def is_running(self) -> bool:
        """Whether the hub lives; may be asked from any thread."""
        return self._hub_thread.is_alive()

    def status(self) -> ServerStatus:
        """Return how full the queues are; may be called from any thread, takes no lock."""
        # `list` of a dict's view runs no Python code, so the dict cannot change meanwhile.
        clients = tuple(
            ClientStatus(connection.name, connection.thread.name, task.client.nick or "*", connection.waiting)
            for connection, task in list(self._tasks.items())
        )
        return ServerStatus(self._inbox.qsize(), clients)

    def _show_activity(self, activity: str, about: str = "") -> None:
        if self._activity_tap:
            self._activity_tap(activity, about)

    def _report(self, name: CallName, connection: str) -> None:
        if self.tap:
            self.tap(Call(name, connection))


def wait_for_the_end(server: ChatServer, stop: threading.Event) -> None:
    """Wait until the program is asked to end."""
    while server.is_running and not stop.wait(0.5):  # an endless wait would not see Ctrl+C on Windows
        pass


def run(
    options: ServerOptions,
    tap: Tap | None = None,
    *,
    activity_tap: ActivityTap | None = None,
    wait: Callable[[ChatServer, threading.Event], object] = wait_for_the_end,
) -> int:
    """Serve until the program is asked to end; return the exit code. Prints one readable line an event.

    Args:
        wait: spends the time; the server ends when it returns, and it should return when the event is set.

    Raises:
        UserFacingError: the server cannot start.
    """
    stop, stopped = threading.Event(), threading.Event()
    on_end(stop.set)
    on_console_closed(stop.set, stopped)
    allow_many_descriptors()
    collect_all_seldom()
    server = ChatServer(options, tap, activity_tap)
    with print_log(quiet=options.quiet):
        server.start()
        lines = announcement(*server.address, server.tls_port, server.fingerprint, quiet=options.quiet)
        plain_log.info("%s", "\n".join(lines))
        if options.config.oper_from_network:
            log.warning(_("the operator's password may come over the open network, where others can read it"))
        wait(server, stop)
        failed = not server.is_running  # by a fault of ours, which Python has printed
        log.info(_("stopping"))
        server.stop()
        log.info(_("stopped"))
    stopped.set()
    return 1 if failed else 0
